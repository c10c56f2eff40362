"""Groups for a library without labels: phrases that name a subject, and the papers nearest to each."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refsync.classify.embedding import Embedding
from refsync.classify.phrases import Phrase, as_written, find_phrases, stem
from refsync.classify.terms import content_words, word_pairs
from refsync.classify.topics import directions, points_of
from refsync.errors import ConfigError

MAX_TERMS = 8  # of a group
_MIN_GROUP = 3  # papers
_MAX_WORDS = 1000  # commonest words of a library that its own space is computed from
_LARGEST = 0.3  # share of the papers with a phrase, above which it distinguishes nothing
_DIMENSIONS = 64  # of that space
_CANDIDATES = 500  # phrases among which the groups' names are chosen
_HAS_PHRASE = 0.35  # how much nearer a paper is to a phrase that it has in its title
_MIN_CLOSENESS = 0.12  # of a paper with a phrase to the others that have it
_MIN_MEMBER = 0.37  # closeness of a paper without the phrase, at least
_SURELY = 0.7  # of a phrase's weight, from which a paper is about it: in the title, or repeated
_QUANTILE = 0.12  # of the closeness of a phrase's own papers, which another paper needs
_MEMBER = 0.3  # weight of a paper without the phrase in the centre of its group
_STEPS = 3  # of assigning papers and moving the groups' centres
_STEM = 6  # letters that words of one stem share: `equivariance`, `equivariant`
_UNKNOWN_IDF = 6.0  # of a word that the embedding does not have; it may be a name
_MIN_WORD_IDF = 4.4  # of a name of one word; commoner words are of every subject
_MIN_PHRASE_IDF = 4.4  # of the rarest word of a longer name
_LENGTH = 0.6  # how much a name of two words is better than one, as a power
_OVERLAP = 0.5  # of the papers of two names, from which they are one subject


@dataclass(frozen=True, slots=True)
class Group:
    """Papers on one subject.

    Attributes:
        name: a phrase of its papers; a person may replace it.
        terms: terms of its papers that other papers rarely have, the strongest first.
        papers: their indices, the most typical first.
        cohesion: mean cosine of its papers with their mean, from 0 to 1.
    """

    name: str
    terms: tuple[str, ...]
    papers: tuple[int, ...]
    cohesion: float


def suggest_groups(papers: Sequence[tuple[str, str]], count: int, embedding: Embedding) -> tuple[Group, ...]:
    """At most `count` groups of papers, the largest first.

    The names come first: phrases that papers have in their titles, chosen one after another so that as many papers as
    possible are near one of them (facility location). Then each paper joins the nearest group, if any is near.
    The result is deterministic.

    Args:
        papers: title and abstract of each.
        count: how many groups, 2 or more.
        embedding: the shipped embedding.

    Raises:
        ConfigError: too few papers for so many groups.
    """
    readable = [index for index, paper in enumerate(papers) if any(map(content_words, paper))]
    if len(readable) < count * _MIN_GROUP:
        raise ConfigError(
            f"{count} groups need {count * _MIN_GROUP} papers with a title or abstract; there are {len(readable)}",
            hint="ask for fewer groups, or name more files",
        )
    texts = [papers[index] for index in readable]
    points = _points(texts, embedding)
    idf = dict(zip(embedding.words, embedding.idf.tolist(), strict=True))
    phrases = _candidates(texts, count, idf)
    if not phrases:
        raise ConfigError(
            "no phrase is shared by the titles of several papers, so that no group has a name",
            hint="name more files, or label some papers and use `refsync train`",
        )
    has = np.zeros((len(texts), len(phrases)), np.float32)
    for column, phrase in enumerate(phrases):
        has[list(phrase.papers), column] = list(phrase.papers.values())
    chosen = _choose(points, has, phrases, count)
    members, closeness = _assign(points, has[:, chosen])
    terms = _terms([[content_words(part) for part in paper] for paper in texts], members, idf)
    groups: list[Group] = []
    taken: set[str] = set()
    for number in range(len(chosen)):
        rows = np.flatnonzero(members == number)
        if len(rows) < _MIN_GROUP:
            continue
        order = rows[np.argsort(-closeness[rows], kind="stable")]
        cohesion = float((points[rows] @ _mean(points[rows])).mean())
        indices = tuple(readable[row] for row in order.tolist())
        name = _name(has, members == number, phrases, taken)
        taken.add(name)
        text = as_written(name, [texts[row] for row in order.tolist()])
        groups.append(Group(text, terms[number], indices, max(cohesion, 0.0)))
    return tuple(sorted(groups, key=lambda group: (-len(group.papers), group.papers)))


def _name(
    has: NDArray[np.float32], inside: NDArray[np.bool_], phrases: Sequence[Phrase], taken: Collection[str]
) -> str:
    """The phrase that most of a group's papers and few others are about, a longer one before a shorter one."""
    within, outside = has[inside].sum(0), has[~inside].sum(0)
    ratio = np.log((within + 0.5) / (inside.sum() + 1) * ((~inside).sum() + 1) / (outside + 0.5))
    length = np.array([min(len(phrase.key), 2) for phrase in phrases], np.float32)
    order = np.argsort(-within * ratio * length**_LENGTH, kind="stable")
    return next((phrases[k].text for k in order.tolist() if phrases[k].text not in taken), "")


def _points(papers: Sequence[tuple[str, str]], embedding: Embedding) -> NDArray[np.float32]:
    """(N, D) of length 1: papers by the embedding, which knows what words mean, and by the library's own words."""
    embedded, _ = points_of(papers, embedding)
    own = _own_space(papers)
    both = [directions(part, part.mean(0)) for part in (embedded, own) if part.shape[1]]
    points = np.hstack(both)
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9), np.float32)


def _own_space(papers: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
    """(N, D): latent semantic analysis of the library's commonest words."""
    counts = [
        Counter(stem(word) for word in content_words(f"{title} {title} {abstract}") if len(word) > 2)
        for title, abstract in papers
    ]
    frequency = Counter(word for of in counts for word in of)
    common = [word for word, number in frequency.items() if 2 <= number <= 0.4 * len(papers)]
    words = sorted(common, key=lambda word: (-frequency[word], word))[:_MAX_WORDS]
    if not words:
        return np.zeros((len(papers), 0), np.float32)
    column = {word: number for number, word in enumerate(words)}
    matrix = np.zeros((len(papers), len(words)), np.float32)
    for row, of in enumerate(counts):
        for word, number in of.items():
            if (place := column.get(word)) is not None:
                matrix[row, place] = (1 + np.log(number)) * np.log(len(papers) / frequency[word])
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    _, vectors = np.linalg.eigh((matrix.T @ matrix).astype(np.float64))
    return np.asarray(matrix @ vectors[:, ::-1][:, :_DIMENSIONS].astype(np.float32), np.float32)


def _candidates(papers: Sequence[tuple[str, str]], count: int, idf: Mapping[str, float]) -> list[Phrase]:
    """Phrases that may name a group, the best first."""
    smallest = max(2, min(5, len(papers) // (10 * count)))
    found = find_phrases(papers, smallest, max(_LARGEST, 1.5 / count))
    specific = []
    for phrase in found:
        words = phrase.text.split()
        rarest = max(idf.get(word, _UNKNOWN_IDF) for word in words)
        if sum(weight >= _SURELY for weight in phrase.papers.values()) < smallest:
            continue
        if rarest >= (_MIN_WORD_IDF if len(words) == 1 else _MIN_PHRASE_IDF):
            in_title = sum(weight == 1 for weight in phrase.papers.values())
            specific.append((phrase.score * rarest * in_title / len(phrase.papers), phrase))
    specific.sort(key=lambda item: -item[0])
    return [phrase for _, phrase in specific[:_CANDIDATES]]


def _choose(points: NDArray[np.float32], has: NDArray[np.float32], phrases: Sequence[Phrase], count: int) -> list[int]:
    """The columns of at most `count` phrases, such that papers are near to one of them: greedy facility location.

    A phrase whose papers are scattered names no subject, and one of several words names it better than one word.
    """
    nearness = np.maximum(_nearness(points, has, has), 0)
    length = np.array([min(len(phrase.key), 2) for phrase in phrases], np.float32)
    nearness *= _coherence(points, has) * length**_LENGTH
    chosen: list[int] = []
    best = np.zeros(len(points), np.float32)
    possible = np.ones(len(phrases), bool)
    while len(chosen) < count and possible.any():
        gains = np.where(possible, np.maximum(nearness - best[:, None], 0).sum(0), -1)
        new = int(gains.argmax())
        chosen.append(new)
        best = np.maximum(best, nearness[:, new])
        possible &= np.array([not _alike(phrases[new], other) for other in phrases])
    return chosen


def _coherence(points: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """(K,) the root of the mean cosine of two different papers of a phrase."""
    total, squares = weight.sum(0), (weight**2).sum(0)
    length = (((weight / np.maximum(total, 1e-9)).T @ points) ** 2).sum(1)
    chance = squares / np.maximum(total**2, 1e-9)
    return np.asarray(np.sqrt(np.maximum(length - chance, 0) / np.maximum(1 - chance, 1e-9)), np.float32)


def _alike(one: Phrase, other: Phrase) -> bool:
    """Whether two phrases name one subject: one is part of the other, or they have most of their papers in common."""
    shared = len(one.papers.keys() & other.papers.keys())
    if shared >= _OVERLAP * min(len(one.papers), len(other.papers)):
        return True
    stems, others = ({word[:_STEM] for word in phrase.key} for phrase in (one, other))
    return stems <= others or others <= stems


def _assign(points: NDArray[np.float32], has: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The group of each paper, -1 for none, and how near it is to it: k-means from the phrases' papers."""
    weight = has
    members, closeness = np.full(len(points), -1), np.zeros(len(points), np.float32)
    for _ in range(_STEPS):
        nearness = _nearness(points, weight, has)
        closeness = nearness.max(1)
        members = np.where(closeness > 0, nearness.argmax(1), -1)
        weight = has + _MEMBER * (members[:, None] == np.arange(has.shape[1]))
    return members, closeness


def _nearness(
    points: NDArray[np.float32], weight: NDArray[np.float32], has: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(N, K) how near papers are to the weighted means of the groups; -1 where a paper does not belong to a group.

    A paper without a group's phrase belongs to it where it is as near as most of the papers with the phrase are.
    """
    cosines = _cosines_with_others(points, weight)
    surely = has >= _SURELY
    floors = [np.quantile(cosines[rows, k], _QUANTILE) if rows.any() else 1.0 for k, rows in enumerate(surely.T)]
    belongs = (cosines >= np.maximum(floors, _MIN_MEMBER)) | (surely & (cosines >= _MIN_CLOSENESS))
    return np.asarray(np.where(belongs, cosines + _HAS_PHRASE * has, -1), np.float32)


def _cosines_with_others(points: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, K) the cosine of each point with the weighted mean of the other points."""
    sums = weight.T @ points
    dots = points @ sums.T
    lengths = (sums**2).sum(1) - 2 * weight * dots + weight**2
    return np.asarray((dots - weight) / np.sqrt(np.maximum(lengths, 1e-9)), np.float32)


def _mean(points: NDArray[np.float32]) -> NDArray[np.float32]:
    mean = points.mean(0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _terms(
    texts: Sequence[Sequence[Sequence[str]]], members: NDArray[np.intp], idf: Mapping[str, float]
) -> list[tuple[str, ...]]:
    """The terms that distinguish each group: many of its papers have them, and few of the others.

    The measure is the number of the group's papers with a term, times the log ratio of its frequencies inside and
    outside the group, times the inverse document frequency of its most common word (that of `demonstrate` is low). A
    term that shares the beginning of a word with a term chosen before is left out.
    """
    count = int(members.max()) + 1
    inside = [Counter[str]() for _ in range(count + 1)]
    for (title, abstract), number in zip(texts, members.tolist(), strict=True):
        inside[number].update({*title, *abstract, *word_pairs(title), *word_pairs(abstract)})
    whole: Counter[str] = sum(inside, Counter())
    sizes = np.bincount(members[members >= 0], minlength=count)
    return [_distinctive(inside[number], whole, (int(sizes[number]), len(members)), idf) for number in range(count)]


def _distinctive(
    inside: Counter[str], whole: Counter[str], sizes: tuple[int, int], idf: Mapping[str, float]
) -> tuple[str, ...]:
    own, rest = sizes[0], sizes[1] - sizes[0]

    def strength(term: str) -> float:
        within, outside = inside[term], whole[term] - inside[term]
        rarity = min(idf.get(word, _UNKNOWN_IDF) for word in term.split())
        return float(within * rarity * np.log((within + 0.5) / (own + 1) * (rest + 1) / (outside + 0.5)))

    known = [term for term, number in inside.items() if number >= max(2, int(0.04 * own)) and len(term) > 2]
    return _of_different_stems(sorted(known, key=lambda term: (-strength(term), term)))


def _of_different_stems(terms: Iterable[str]) -> tuple[str, ...]:
    selected: list[str] = []
    seen: set[str] = set()
    for term in terms:
        stems = {stem(word)[:_STEM] for word in term.split()}
        if seen.isdisjoint(stems):
            selected.append(term)
            seen |= stems
        if len(selected) == MAX_TERMS:
            break
    return tuple(selected)
