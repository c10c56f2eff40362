"""Groups for a library without labels: clusters of papers, and the terms of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refsync.classify.embedding import Embedding
from refsync.classify.feature_space import Space
from refsync.classify.model_file import Weights
from refsync.classify.terms import content_words, pairs
from refsync.errors import ConfigError

TERMS = 8
_DIMENSIONS = 64
_STARTS, _ROUNDS = 8, 50
_SMALLEST = 3  # papers of a group
_RARE = 6.0  # inverse document frequency of a word that the embedding does not have, which may be a name


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that are about one thing.

    Attributes:
        name: its two strongest terms, for a person to better.
        terms: that its papers have and the others lack, the strongest first.
        papers: their places, the most typical first.
        cohesion: mean cosine of its papers with their mean, of 0 to 1.
    """

    name: str
    terms: tuple[str, ...]
    papers: tuple[int, ...]
    cohesion: float


def suggest(papers: Sequence[tuple[str, str]], count: int, base: Weights, embedding: Embedding) -> tuple[Group, ...]:
    """At most so many groups, the largest first; a group of fewer than three papers joins the nearest.

    Spherical k-means (Dhillon and Modha, 2001), the best of several starts (k-means++, Arthur and Vassilvitskii, 2007).
    Papers are told apart by what own areas are learnt on. Those without text are in no group. The same papers give the
    same groups.

    Args:
        papers: title and abstract of each.
        count: of groups, 2 or more.
        base: the model that ships.
        embedding: the one that ships.

    Raises:
        ConfigError: too few papers for so many groups.
    """
    texts = [[content_words(part) for part in paper] for paper in papers]
    there = np.array([place for place, text in enumerate(texts) if any(text)], np.intp)
    if len(there) < count * _SMALLEST:
        raise ConfigError(
            f"{count} groups need {count * _SMALLEST} papers with a title or abstract; there are {len(there)}",
            hint="ask for fewer groups, or name more files",
        )
    vectors = _vectors([papers[place] for place in there], base, embedding)
    points = vectors - vectors.mean(0)
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    runs = (_cluster(points, count, np.random.default_rng(seed)) for seed in range(_STARTS))
    members, _ = max(runs, key=lambda run: run[1])
    members = _without_small(points, members)
    terms = _terms(texts, there, members, dict(zip(embedding.words, embedding.idf.tolist(), strict=True)))
    groups = []
    for number in np.unique(members):
        mine = np.flatnonzero(members == number)
        closeness = points[mine] @ _mean(points[mine])
        order = np.argsort(-closeness, kind="stable")
        name = " ".join(terms[number][:2]) or f"group {number + 1}"
        groups.append(Group(name, terms[number], tuple(there[mine[order]].tolist()), float(closeness.mean())))
    return tuple(sorted(groups, key=lambda group: (-len(group.papers), group.papers)))


def _vectors(papers: Sequence[tuple[str, str]], base: Weights, embedding: Embedding) -> NDArray[np.float32]:
    """(N, D): the features of papers in their main directions."""
    from sklearn.decomposition import TruncatedSVD

    features = Space.of(papers, base, embedding).features(papers)
    reduce = TruncatedSVD(min(_DIMENSIONS, len(papers) - 1, features.shape[1] - 1), random_state=0)
    return np.asarray(reduce.fit_transform(features), np.float32)


def _cluster(points: NDArray[np.float32], count: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], float]:
    """The cluster of each point of length 1, and how close points are to their clusters' means."""
    centres = points[[rng.integers(len(points))]]
    while len(centres) < count:
        far = np.maximum(1 - (points @ centres.T).max(1), 0).astype(float) + 1e-12
        centres = np.vstack([centres, points[rng.choice(len(points), p=far / far.sum())]])
    members = np.full(len(points), -1)
    for _ in range(_ROUNDS):
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


def _without_small(points: NDArray[np.float32], members: NDArray[np.intp]) -> NDArray[np.intp]:
    members = members.copy()
    while True:
        numbers, sizes = np.unique(members, return_counts=True)
        if len(numbers) < 2 or sizes.min() >= _SMALLEST:
            return np.unique(members, return_inverse=True)[1].reshape(-1)
        small = numbers[sizes.argmin()]
        others = [number for number in numbers if number != small]
        centres = np.array([_mean(points[members == number]) for number in others])
        mine = members == small
        members[mine] = np.array(others)[(points[mine] @ centres.T).argmax(1)]


def _terms(
    texts: Sequence[Sequence[Sequence[str]]],
    there: NDArray[np.intp],
    members: NDArray[np.intp],
    idf: Mapping[str, float],
) -> list[tuple[str, ...]]:
    """The terms that tell each group from the others: by how many of its papers have them, and how few of the rest.

    The measure is the papers that have a term, times the log of how much commoner it is within the group than without,
    times how rare its commonest word is anywhere (`idf`; that of `demonstrate` is low). A word that stands in a pair
    chosen before adds nothing.
    """
    count = int(members.max()) + 1
    inside = [Counter[str]() for _ in range(count)]
    for place, number in zip(there.tolist(), members.tolist(), strict=True):
        title, abstract = texts[place]
        inside[number].update({*title, *abstract, *pairs(title), *pairs(abstract)})
    whole: Counter[str] = sum(inside, Counter())
    sizes = np.bincount(members)
    chosen = []
    for number in range(count):
        rest = len(members) - sizes[number]

        def strength(term: str, number: int = number, rest: int = int(rest)) -> float:
            own, other = inside[number][term], whole[term] - inside[number][term]
            rare = min(idf.get(word, _RARE) for word in term.split())
            return float(own * rare * np.log((own + 0.5) / (sizes[number] + 1) * (rest + 1) / (other + 0.5)))

        least = max(2, int(0.04 * sizes[number]))
        known = [term for term, papers in inside[number].items() if papers >= least and len(term) > 2]
        mine: list[str] = []
        seen: set[str] = set()
        for term in sorted(known, key=lambda term: (-strength(term), term)):
            stems = {word.removesuffix("s") for word in term.split()}
            if seen.isdisjoint(stems):
                mine.append(term)
                seen |= stems
            if len(mine) == TERMS:
                break
        chosen.append(tuple(mine))
    return chosen
