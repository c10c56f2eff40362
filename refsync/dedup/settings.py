"""What a user may choose about deduplication and merging. Imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.errors import ConfigError

Policy = Literal["first", "longest", "newest", "union", "join", "most-complete", "ask"]
"""Which value a merged record takes where its members differ.

`first` is that of the record that is cited, `newest` that of the record with the latest date, `union` all members of
lists, `join` all different texts, `most-complete` what says most by the rules of the field (most names, a page range, a
name not abbreviated). `ask` takes the first and puts the difference before a person.
"""


MergeRule = Literal["doi", "title-author-year"]
"""What has to be equal for a merge, where a user allows only such merges."""


@dataclass(frozen=True, slots=True)
class DedupSettings:
    """How sure is sure enough. The defaults are the `balanced` profile.

    `same` and `review` are probabilities: pairs at `same` or above are merged, unless a veto applies; pairs
    from `review` up to there are questions for a person. `versions` says whether a preprint and its published form, or
    a conference paper and its journal form, are linked or merged. `evidence` says how much a merge needs beyond the
    probability: `strict` equal titles and years, or an identifier, a place or an abstract that agrees; `loose` merges
    likely pairs although a veto that asks a person applies, unless it is about the form of publication.
    `merge_only` lists rules of which a merge needs at least one, in addition to all else: an equal `doi`, or equal
    `title-author-year`; other pairs become questions. Records of the entry types (or of Zotero's item types) in `never`
    are never merged, and nobody is asked. `calibration` is a file that `refsync learn` wrote; empty for the one beside
    the answers, if there is one.
    """

    same: float = 0.80
    review: float = 0.35
    versions: Literal["link", "merge"] = "link"
    evidence: Literal["strict", "normal", "loose"] = "normal"
    calibration: str = ""
    merge_only: tuple[MergeRule, ...] = ()
    never: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 < self.review <= self.same < 1.0:
            raise ConfigError(
                f"dedup: review ({self.review}) and same ({self.same}) must be probabilities",
                hint="0 < review <= same < 1",
            )
        if self.versions not in {"link", "merge"}:
            raise ConfigError(f"dedup: versions is {self.versions!r}", hint='it is "link" or "merge"')
        if self.evidence not in {"strict", "normal", "loose"}:
            raise ConfigError(f"dedup: evidence is {self.evidence!r}", hint='it is "strict", "normal" or "loose"')


@dataclass(frozen=True, slots=True)
class MergeSettings:
    """How several records become one.

    `keep` says which record the merged one carries on: the published form, whichever is more complete, or the one that
    was read first.
    `fields` gives the policy of single fields, for those whose default does not suit.
    """

    keep: Literal["published", "complete", "first"] = "published"
    fields: Mapping[str, Policy] = field(default_factory=dict)
