"""The three-way merge of one entry and one item, unit by unit. Pure: values in, values out.

The base has two halves: what the file said at the last sync, and what the library did. Each side is held against its
own half, so what one side cannot say, or spells otherwise, is never taken for an edit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.zotero.sync.merge_units import LISTS, Unit, Units, agree, identical, with_members, words

Side = Literal["ours", "theirs"]
"""The file is ours, the library theirs."""

Pair = tuple[Unit, Unit]
NOTHING: Unit = {}


@dataclass(frozen=True, slots=True)
class Base:
    """What both sides said at the last sync.

    Attributes:
        ours: the file's units.
        theirs: the library's.
        open: the units in which they were not brought together then, each with the halves that still count; None where
            there never were any.
    """

    ours: Units
    theirs: Units
    open: Mapping[str, Pair | None] = field(default_factory=dict)

    def of(self, name: str) -> Pair | None:
        """The two halves of a unit; None where both sides were never brought together."""
        return self.open[name] if name in self.open else (self.ours.get(name, NOTHING), self.theirs.get(name, NOTHING))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit that both sides changed differently; `taken` is the side that was chosen, if one was."""

    name: str
    base: Pair | None
    ours: Unit
    theirs: Unit
    taken: Side | None


Decide = Callable[[str], Side | None]
"""The side to take where both changed a unit; None to ask."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What each side gets of the other, by unit, and the conflicts, the decided ones too."""

    to_ours: Mapping[str, Unit]
    to_theirs: Mapping[str, Unit]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def open(self) -> dict[str, Pair | None]:
        """The units that were not brought together, with their base."""
        return {conflict.name: conflict.base for conflict in self.conflicts if conflict.taken is None}


def merge(base: Base | None, ours: Units, theirs: Units, decide: Decide, agreeing: Collection[str] = ()) -> Merged:
    """Bring both sides together.

    What one side changed goes to the other; of lists, each member does. Without a base what one side lacks is filled.

    Args:
        base: what both said at the last sync; None where there was none.
        ours: what the file says.
        theirs: what the library says.
        decide: asked about each unit that both changed differently.
        agreeing: units known to say the same on both sides although their values differ.
    """
    to_ours: dict[str, Unit] = {}
    to_theirs: dict[str, Unit] = {}
    conflicts: list[Conflict] = []
    known = [*base.ours, *base.theirs, *base.open] if base else []
    for name in dict.fromkeys([*ours, *theirs, *known]):
        one, other = ours.get(name, NOTHING), theirs.get(name, NOTHING)
        before = base.of(name) if base else None
        if name in LISTS:
            _merge_list(name, before, one, other, to_ours, to_theirs)
            continue
        we = bool(one) if before is None else not identical(name, one, before[0])
        they = bool(other) if before is None else not identical(name, other, before[1])
        if we and they:
            if name in agreeing or agree(name, one, other):
                continue
            taken = decide(name)
            conflicts.append(Conflict(name, before, one, other, taken))
            we, they = taken == "ours", taken == "theirs"
        if we:
            to_theirs[name] = one
        elif they and not agree(name, one, other):
            to_ours[name] = other
    return Merged(to_ours, to_theirs, tuple(conflicts))


def _merge_list(
    name: str, before: Pair | None, ours: Unit, theirs: Unit, to_ours: dict[str, Unit], to_theirs: dict[str, Unit]
) -> None:
    """Members that one side added or took away since are added or taken away on the other."""
    has, other = words(name, ours), words(name, theirs)
    had, had_other = (words(name, half).keys() for half in before or (NOTHING, NOTHING))
    added = (has.keys() - had) | (other.keys() - had_other)
    gone = ((had - has.keys()) | (had_other - other.keys())) - added
    for mine, theirs_, unit, target in ((has, other, ours, to_ours), (other, has, theirs, to_theirs)):
        more = [spelled for word, spelled in theirs_.items() if word in added and word not in mine]
        if more or gone & mine.keys():
            target[name] = with_members(name, unit, gone, more)
