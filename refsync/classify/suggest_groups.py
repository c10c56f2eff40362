"""Groups for a library without labels: clusters of papers, with the terms that describe each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refsync.classify.embedding import Embedding
from refsync.classify.feature_space import FeatureSpace
from refsync.classify.model_file import Weights
from refsync.classify.terms import content_words, word_pairs
from refsync.errors import ConfigError

MAX_TERMS = 8  # of a group
_DIMENSIONS = 64
_STARTS, _MAX_ITERATIONS = 8, 50
_MIN_GROUP = 3  # papers
_STEM = 6  # letters that words of one stem share: `equivariance`, `equivariant`
_NAMES = 60  # strongest terms among which a group's name is sought
_NEARLY = 0.35  # of the strength of the strongest term, which a pair of words needs to be the name
_UNKNOWN_IDF = 6.0  # of a word that the embedding does not have; it may be a name


@dataclass(frozen=True, slots=True)
class Group:
    """Papers on one subject.

    Attributes:
        name: its strongest pair of words, or word; a person may replace it.
        terms: terms of its papers that other papers rarely have, the strongest first.
        papers: their indices, the most typical first.
        cohesion: mean cosine of its papers with their mean, from 0 to 1.
    """

    name: str
    terms: tuple[str, ...]
    papers: tuple[int, ...]
    cohesion: float


def suggest_groups(
    papers: Sequence[tuple[str, str]], count: int, base: Weights, embedding: Embedding
) -> tuple[Group, ...]:
    """At most `count` groups of papers, the largest first; groups of fewer than three papers join the nearest group.

    Spherical k-means (Dhillon and Modha, 2001), the best of several starts (k-means++, Arthur and Vassilvitskii, 2007),
    on the features that own areas are trained on. Papers without text are in no group. The result is deterministic.

    Args:
        papers: title and abstract of each.
        count: how many groups, 2 or more.
        base: the shipped model.
        embedding: the shipped embedding.

    Raises:
        ConfigError: too few papers for so many groups.
    """
    texts = [[content_words(part) for part in paper] for paper in papers]
    readable = np.array([index for index, text in enumerate(texts) if any(text)], np.intp)
    if len(readable) < count * _MIN_GROUP:
        raise ConfigError(
            f"{count} groups need {count * _MIN_GROUP} papers with a title or abstract; there are {len(readable)}",
            hint="ask for fewer groups, or name more files",
        )
    vectors = _vectors([papers[index] for index in readable], base, embedding)
    points = vectors - vectors.mean(0)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    runs = (_cluster(points, count, np.random.default_rng(seed)) for seed in range(_STARTS))
    members, _ = max(runs, key=lambda run: run[1])
    members = _merge_small(points, members)
    terms, phrases = _terms(texts, readable, members, dict(zip(embedding.words, embedding.idf.tolist(), strict=True)))
    groups: list[Group] = []
    for number in np.unique(members):
        rows = np.flatnonzero(members == number)
        closeness = points[rows] @ _mean(points[rows])
        order = np.argsort(-closeness, kind="stable")
        taken = {group.name for group in groups}
        name = next((phrase for phrase in phrases[number] if phrase not in taken), f"group {number + 1}")
        groups.append(Group(name, terms[number], tuple(readable[rows[order]].tolist()), float(closeness.mean())))
    return tuple(sorted(groups, key=lambda group: (-len(group.papers), group.papers)))


def _vectors(papers: Sequence[tuple[str, str]], base: Weights, embedding: Embedding) -> NDArray[np.float32]:
    """(N, D): the features of papers, reduced to their main directions."""
    from sklearn.decomposition import TruncatedSVD

    features = FeatureSpace.of(papers, base, embedding).features(papers)
    reduce = TruncatedSVD(min(_DIMENSIONS, len(papers) - 1, features.shape[1] - 1), random_state=0)
    return np.asarray(reduce.fit_transform(features), np.float32)


def _cluster(points: NDArray[np.float32], count: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], float]:
    """The cluster of each point (of length 1), and the sum of cosines of points with their clusters' means."""
    centres = points[[rng.integers(len(points))]]
    while len(centres) < count:
        far = np.maximum(1 - (points @ centres.T).max(1), 0).astype(float) + 1e-12
        centres = np.vstack([centres, points[rng.choice(len(points), p=far / far.sum())]])
    members = np.full(len(points), -1)
    for _ in range(_MAX_ITERATIONS):
        closeness = points @ centres.T
        nearest = closeness.argmax(1)
        if (nearest == members).all():
            break
        members = nearest
        centres = np.array([_mean(points[members == k]) if (members == k).any() else c for k, c in enumerate(centres)])
    return members, float((points @ centres.T).max(1).sum())


def _mean(points: NDArray[np.float32]) -> NDArray[np.float32]:
    mean = points.mean(0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _merge_small(points: NDArray[np.float32], members: NDArray[np.intp]) -> NDArray[np.intp]:
    members = members.copy()
    while True:
        numbers, sizes = np.unique(members, return_counts=True)
        if len(numbers) < 2 or sizes.min() >= _MIN_GROUP:
            return np.unique(members, return_inverse=True)[1].reshape(-1)
        small = numbers[sizes.argmin()]
        others = [number for number in numbers if number != small]
        centres = np.array([_mean(points[members == number]) for number in others])
        rows = members == small
        members[rows] = np.array(others)[(points[rows] @ centres.T).argmax(1)]


def _terms(
    texts: Sequence[Sequence[Sequence[str]]],
    readable: NDArray[np.intp],
    members: NDArray[np.intp],
    idf: Mapping[str, float],
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The terms that distinguish each group: many of its papers have them, and few of the others.

    The measure is the number of the group's papers with a term, times the log ratio of its frequencies inside and
    outside the group, times the inverse document frequency of its most common word (that of `demonstrate` is low). A
    term that shares the beginning of a word with a term chosen before is left out.

    Returns:
        The terms of each group, and phrases that may name it, the best first: a pair of words that says nearly as much
        as the strongest word is the better name.
    """
    count = int(members.max()) + 1
    inside = [Counter[str]() for _ in range(count)]
    for index, number in zip(readable.tolist(), members.tolist(), strict=True):
        title, abstract = texts[index]
        inside[number].update({*title, *abstract, *word_pairs(title), *word_pairs(abstract)})
    whole: Counter[str] = sum(inside, Counter())
    sizes = np.bincount(members)
    chosen, phrases = [], []
    for number in range(count):
        rest = len(members) - sizes[number]

        def strength(term: str, number: int = number, rest: int = int(rest)) -> float:
            within, outside = inside[number][term], whole[term] - inside[number][term]
            rarity = min(idf.get(word, _UNKNOWN_IDF) for word in term.split())
            return float(within * rarity * np.log((within + 0.5) / (sizes[number] + 1) * (rest + 1) / (outside + 0.5)))

        min_papers = max(2, int(0.04 * sizes[number]))
        known = [term for term, papers in inside[number].items() if papers >= min_papers and len(term) > 2]
        selected: list[str] = []
        seen: set[str] = set()
        for term in sorted(known, key=lambda term: (-strength(term), term)):
            stems = {word.removesuffix("s")[:_STEM] for word in term.split()}
            if seen.isdisjoint(stems):
                selected.append(term)
                seen |= stems
            if len(selected) == MAX_TERMS:
                break
        chosen.append(tuple(selected))
        ranked = sorted(known, key=lambda term: (-strength(term), term))[:_NAMES]
        best = strength(ranked[0]) if ranked else 0.0
        pairs = [term for term in ranked if _is_phrase(term) and strength(term) >= _NEARLY * best]
        phrases.append((*pairs, *selected))
    return chosen, phrases


def _is_phrase(term: str) -> bool:
    """Whether a term is two words of different stems."""
    first, _, second = term.partition(" ")
    return bool(second) and first[:_STEM] != second[:_STEM]
