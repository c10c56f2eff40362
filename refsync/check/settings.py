"""Settings of `refsync check`: the table `[check]`."""

from dataclasses import dataclass
from typing import Literal

ScopeKind = Literal["document", "folder", "each-file", "together"]


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Which rules are checked, and against what.

    Attributes:
        select: codes or their beginnings (`RS1`, `RS201`, `ALL`), instead of the default selection.
        extend_select: codes in addition to those selected.
        ignore: codes that are not checked.
        scope: which files belong together: those that one document names as its bibliographies (`document`), those in
            one folder, each file by itself, or all files.
        library: patterns of `.bib` files that are always searched for duplicates, keys and macros, but not reported on.
        baseline: the file of existing findings, which are not reported.

    Patterns and paths are relative to the folder of the configuration file.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    scope: ScopeKind = "document"
    library: tuple[str, ...] = ()
    baseline: str = ""
