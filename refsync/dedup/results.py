"""What deduplication finds. Indices count from 0 within the records given."""

from dataclasses import dataclass

BINS = 20
"""Of equal width, in which pairs are counted by their probability."""


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """What one field says about a pair: `weight` is its share of the log-odds, negative where it speaks against."""

    field: str
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records compared, `a < b`. A pair with vetoes is never merged on its own evidence.

    `score` is the pair model's log-odds, where the probability is not theirs: a calibration changed it.
    """

    a: int
    b: int
    probability: float
    fields: tuple[FieldEvidence, ...]
    vetoes: tuple[str, ...] = ()
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Two or more records that are one paper. The probability is that of its weakest necessary link."""

    members: tuple[int, ...]
    probability: float
    evidence: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that belong together but are not merged.

    `relation` names how `members[0]` relates to `members[1]` (`preprint-of`, `conference-version-of`, `variant-of`);
    it is empty for a pair that a person should judge.
    """

    members: tuple[int, int]
    probability: float
    relation: str
    evidence: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Deduplication:
    """The whole result: disjoint clusters, version links, and the queue for a person; each sorted by members.

    `different` counts the pairs that were compared and judged different, by their probability; records of equal content
    are compared as one.
    """

    clusters: tuple[Cluster, ...] = ()
    versions: tuple[Link, ...] = ()
    review: tuple[Link, ...] = ()
    different: tuple[int, ...] = (0,) * BINS
