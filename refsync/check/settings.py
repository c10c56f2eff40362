"""Settings of `refsync check`: the table `[check]`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What is checked.

    Attributes:
        select: codes or their beginnings (`RS1`, `RS201`, `ALL`), instead of the default selection.
        extend_select: more of them, beside those selected.
        ignore: codes that are not looked for.
        certain: how probable it must be that two entries are one paper to be told as an error; below, it is a note.
        duplicates: whether they are sought across all files together, or within each by itself.
        library: patterns of `.bib` files among which duplicates, keys and macros are sought, whatever files are passed.
        baseline: the file of old debts, which are not reported.

    Patterns and paths start from the folder of the configuration file.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    certain: float = 0.95
    duplicates: Literal["together", "each-file"] = "together"
    library: tuple[str, ...] = ()
    baseline: str = ""
