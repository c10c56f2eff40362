"""Settings of a plan: how papers are merged, tagged and written. Cheap to import."""

from dataclasses import dataclass, field
from typing import Literal

from refsync.classify.settings import AreaSettings
from refsync.dedup.settings import MergeSettings

Sort = Literal["none", "key", "author", "year"]


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Options of the written library.

    Attributes:
        dialect: `bibtex` or `biblatex`: every entry in that dialect. Empty: users' entries keep their dialect, and new
            entries follow it.
        keys: a template for citation keys, see `parse_template`. Empty: keys stay, and entries without a key get one.
        sort: the order of the entries; `none` is that of the input.
        format: the name of the format; empty for the one that the file's suffix determines.
        provenance: whether each entry names its sources.
        versions: how versions of a work are linked: `related` by BibLaTeX's fields, where the library is for BibLaTeX;
            `note` in a note, in any library; `none` not at all.
        databases: whether each record names the databases that it was found in (the field `database`).
        style: the CSL style of a formatted bibliography, or the path of a `.csl` file; empty for APA.

    Raises:
        ConfigError: the template is malformed.
    """

    dialect: Literal["", "bibtex", "biblatex"] = ""
    keys: str = ""
    sort: Sort = "none"
    format: str = ""
    style: str = ""
    provenance: bool = True
    versions: Literal["related", "note", "none"] = "related"
    databases: bool = False

    def __post_init__(self) -> None:
        if self.keys:
            from refsync.planning.citation_keys import parse_template

            parse_template(self.keys)


PLAIN = ExportSettings()


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The parts of a configuration that a plan needs: merging records, tagging papers, writing entries."""

    merge: MergeSettings = field(default_factory=MergeSettings)
    areas: AreaSettings = field(default_factory=AreaSettings)
    export: ExportSettings = field(default_factory=ExportSettings)


DEFAULTS = PlanSettings()
