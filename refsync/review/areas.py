"""Papers of whose areas the model is unsure."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from refsync.classify.settings import AreaSettings
from refsync.dedup.merge import merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.planning.run_models import tag_papers, title_and_abstract
from refsync.records import Record
from refsync.review.decisions_file import Said

if TYPE_CHECKING:
    from refsync.classify.model import Area, Model

CANDIDATES = 6
"""Areas that are shown for a paper."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of which no area is sure enough to be applied.

    Attributes:
        id: names the paper as long as its records stay as they are.
        members: its records (indices).
        record: what they are merged into.
        title: as plain text.
        abstract: as plain text.
        areas: the likeliest, highest first.
        because: words of the text that speak for the first of them.
    """

    id: str
    members: tuple[int, ...]
    record: Record
    title: str
    abstract: str
    areas: "tuple[Area, ...]"
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people said of a paper's areas; those in `disputed` some accept and others reject."""

    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    disputed: frozenset[str] = frozenset()
    said: tuple[Said, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.accepted or self.rejected) and not self.disputed


def unsure_papers(
    records: Sequence[Record],
    found: Deduplication,
    merging: MergeSettings,
    model: "Model",
    settings: AreaSettings,
    progress: Progress,
    known: int = 0,
) -> list[Paper]:
    """The papers that the model leaves untagged although it has something to say, the surest first.

    Args:
        records: what was read.
        found: which of them are one paper.
        merging: how they are merged.
        model: tells areas.
        settings: how.
        progress: told how far tagging is.
        known: how many records, counted from the first, are a library's: nobody is asked about those.
    """
    home = {member: cluster.members for cluster in found.clusters for member in cluster.members}
    groups = [home.get(i, (i,)) for i in range(len(records))]
    groups = [group for i, group in enumerate(groups) if min(group) == i and group[0] >= known]
    merged = [merge_cluster([records[i] for i in group], merging).record for group in groups]
    texts = [title_and_abstract(record) for record in merged]
    taggings = tag_papers(model, texts, settings, progress)
    unsure = [i for i, tagging in enumerate(taggings) if tagging.band == "unsure"]
    wide = replace(settings, min_accuracy=0.0, min_probability=0.0, max_areas=CANDIDATES, fallback="abstain")
    listed = model.tag([texts[i] for i in unsure], wide)
    papers = [
        Paper(_id(groups[i]), groups[i], merged[i], *texts[i], tagging.areas, taggings[i].because)
        for i, tagging in zip(unsure, listed, strict=True)
    ]
    return sorted(papers, key=lambda paper: (-paper.areas[0].probability, paper.members))


def _id(group: Sequence[int]) -> str:
    return hashlib.blake2b(f"areas {sorted(group)}".encode(), digest_size=6).hexdigest()


def opinion(said: Sequence[Said]) -> Opinion:
    """What lines about one paper come to."""
    accepted = frozenset[str]().union(*(line.accepted for line in said))
    rejected = frozenset[str]().union(*(line.rejected for line in said))
    disputed = accepted & rejected
    return Opinion(accepted - disputed, rejected - disputed, disputed, tuple(said))
