"""Papers whose areas the model is unsure about."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from refsync.classify.settings import AreaSettings
from refsync.dedup.merge import merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.planning.run_models import paper_of, tag_papers
from refsync.records import Record
from refsync.review.decisions_file import DecisionLine

if TYPE_CHECKING:
    from refsync.classify.model import Area, Tagging
    from refsync.classify.tagger import Tagger

CANDIDATES = 6
"""How many areas are shown for a paper."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper without an area that is certain enough to be applied.

    Attributes:
        id: stable as long as the records stay the same.
        members: its records (indices).
        record: what they are merged into.
        title: as plain text.
        abstract: as plain text.
        areas: the most probable ones, highest first.
        because: words of the text that support the first area.
    """

    id: str
    members: tuple[int, ...]
    record: Record
    title: str
    abstract: str
    areas: "tuple[Area, ...]"
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """What people answered about a paper's areas; one answer accepts those in `disputed`, another rejects them."""

    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()
    lines: tuple[DecisionLine, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.accepted or self.rejected) and not self.disputed


def unsure_papers(
    records: Sequence[Record],
    deduplication: Deduplication,
    merging: MergeSettings,
    model: "Tagger",
    settings: AreaSettings,
    progress: Progress,
    known: int = 0,
) -> list[Paper]:
    """The papers that the model leaves without an area, or with a domain only, although some area is likely.

    The most probable come first.

    Args:
        records: all records.
        deduplication: which of them are one paper.
        merging: how those are merged.
        model: the area model.
        settings: when an area is applied.
        progress: called with the stage, the papers done and their total.
        known: how many records, from the first on, belong to the `--against` library; these are not asked about.
    """
    cluster_of = {member: cluster.members for cluster in deduplication.clusters for member in cluster.members}
    groups = [cluster_of.get(i, (i,)) for i in range(len(records))]
    groups = [group for i, group in enumerate(groups) if min(group) == i and group[0] >= known]
    merged = [merge_cluster([records[i] for i in group], merging).record for group in groups]
    texts = [paper_of(record) for record in merged]
    taggings = tag_papers(model, texts, settings, progress)
    unsure = [i for i, tagging in enumerate(taggings) if tagging.band == "unsure" or _only_domain(tagging)]
    no_threshold = replace(settings, min_accuracy=0.0, min_probability=0.0, max_areas=CANDIDATES, fallback="abstain")
    candidates = model.tag([texts[i] for i in unsure], no_threshold)
    papers = [
        Paper(
            id=_id(groups[i]),
            members=groups[i],
            record=merged[i],
            title=texts[i].title,
            abstract=texts[i].abstract,
            areas=tagging.areas,
            because=taggings[i].because,
        )
        for i, tagging in zip(unsure, candidates, strict=True)
    ]
    return sorted(papers, key=lambda paper: (-paper.areas[0].probability, paper.members))


def _only_domain(tagging: "Tagging") -> bool:
    """Whether a paper got no more than one of the four domains of all sciences."""
    return [area.level for area in tagging.areas if area.applied] == ["domain"]


def _id(group: Sequence[int]) -> str:
    return hashlib.blake2b(f"areas {sorted(group)}".encode(), digest_size=6).hexdigest()


def area_answers(lines: Sequence[DecisionLine]) -> AreaAnswers:
    """The answers of the lines about one paper, put together."""
    accepted = frozenset[str]().union(*(line.accepted for line in lines))
    rejected = frozenset[str]().union(*(line.rejected for line in lines))
    disputed = accepted & rejected
    return AreaAnswers(accepted - disputed, rejected - disputed, disputed, tuple(lines))
