"""What a user may choose about deduplication."""

from dataclasses import dataclass
from typing import Literal

from refsync.errors import ConfigError


@dataclass(frozen=True, slots=True)
class DedupSettings:
    """How sure is sure enough. The defaults are the `balanced` profile.

    `same` and `review` are probabilities: pairs at `same` or above are merged, unless a veto holds them apart; pairs
    from `review` up to there are put before a person. `versions` says whether a preprint and its published form, or a
    conference paper and its journal form, are linked or merged; `keep` says which of the two survives a merge.
    """

    same: float = 0.80
    review: float = 0.35
    versions: Literal["link", "merge"] = "link"
    keep: Literal["published", "complete"] = "published"

    def __post_init__(self) -> None:
        if not 0.0 < self.review <= self.same < 1.0:
            raise ConfigError(
                f"dedup: review ({self.review}) and same ({self.same}) must be probabilities",
                hint="0 < review <= same < 1",
            )
        if self.versions not in {"link", "merge"}:
            raise ConfigError(f"dedup: versions is {self.versions!r}", hint='it is "link" or "merge"')
        if self.keep not in {"published", "complete"}:
            raise ConfigError(f"dedup: keep is {self.keep!r}", hint='it is "published" or "complete"')
