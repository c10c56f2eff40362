"""Settings of a plan: how papers are merged, tagged and written. Imports nothing heavy."""

from dataclasses import dataclass, field
from typing import Literal

from refsync.classify.settings import AreaSettings
from refsync.dedup.settings import MergeSettings

Sort = Literal["none", "key", "author", "year"]


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """What a user may choose about what is written.

    Attributes:
        dialect: `bibtex` or `biblatex`: every entry in the words of that dialect. Empty: the users' entries in the
            words that they have, and new ones in those of the users' entries.
        keys: a template for citation keys, see `parse_template`. Empty: keys stay, and what has none gets one.
        sort: the order of the entries; `none` is that of the input.
        format: the name of the format; empty for the one that the file's ending tells.
        style: the CSL style of a formatted bibliography, or the path of a `.csl` file; empty for APA's.
    """

    dialect: Literal["", "bibtex", "biblatex"] = ""
    keys: str = ""
    sort: Sort = "none"
    format: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        if self.keys:
            from refsync.planning.citation_keys import parse_template

            parse_template(self.keys)


PLAIN = ExportSettings()


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a plan takes of a configuration: how records are merged, how papers are tagged, how entries are written."""

    merge: MergeSettings = field(default_factory=MergeSettings)
    areas: AreaSettings = field(default_factory=AreaSettings)
    export: ExportSettings = field(default_factory=ExportSettings)


DEFAULTS = PlanSettings()
