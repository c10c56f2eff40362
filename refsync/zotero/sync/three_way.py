"""The three-way merge of one entry and one item, unit by unit. Pure: values in, values out.

The merge base has two halves: the values of the file at the last sync, and those of the library. Each side is compared
with its own half, so that values which one side cannot represent, or writes differently, do not count as edits.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.zotero.items.dates import compare_dates
from refsync.zotero.sync.merge_units import DATE, LISTS, Unit, Units, agree, identical, list_members, with_members

Side = Literal["ours", "theirs"]
"""The file is ours, the library theirs."""

BasePair = tuple[Unit, Unit]
"""The two halves of the merge base of one unit: ours, theirs."""

EMPTY: Unit = {}


@dataclass(frozen=True, slots=True)
class MergeBase:
    """The values of both sides at the last sync.

    Attributes:
        ours: the file's units.
        theirs: the library's.
        open: the units that were in conflict then, each with the base that still applies; None if it never had one.
    """

    ours: Units
    theirs: Units
    open: Mapping[str, BasePair | None] = field(default_factory=dict)

    def of(self, name: str) -> BasePair | None:
        """The base of a unit; None if both sides were never merged."""
        return self.open[name] if name in self.open else (self.ours.get(name, EMPTY), self.theirs.get(name, EMPTY))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit that both sides changed differently; `side` is the one that was chosen, if any."""

    name: str
    base: BasePair | None
    ours: Unit
    theirs: Unit
    side: Side | None


_MORE_PRECISE: Mapping[str, Side | None] = {"first": "ours", "second": "theirs"}

Decide = Callable[[str], Side | None]
"""The side to take for a unit that both changed; None to ask."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The units that each side gets from the other, and all conflicts, resolved or not."""

    to_ours: Mapping[str, Unit]
    to_theirs: Mapping[str, Unit]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def open(self) -> dict[str, BasePair | None]:
        """The units that stay in conflict, with their base."""
        return {conflict.name: conflict.base for conflict in self.conflicts if conflict.side is None}


def merge(
    base: MergeBase | None, ours: Units, theirs: Units, decide: Decide, agreeing: Collection[str] = ()
) -> MergeResult:
    """Merge both sides.

    A change of one side goes to the other; lists are merged member by member. Without a base, each side gets what it
    lacks.

    Args:
        base: the values at the last sync; None if there was none.
        ours: the file's units.
        theirs: the library's.
        decide: called for each unit that both sides changed differently.
        agreeing: units that are known to be equal on both sides although their values differ, or one has none.
    """
    to_ours: dict[str, Unit] = {}
    to_theirs: dict[str, Unit] = {}
    conflicts: list[Conflict] = []
    known = [*base.ours, *base.theirs, *base.open] if base else []
    for name in dict.fromkeys([*ours, *theirs, *known]):
        our_unit, their_unit = ours.get(name, EMPTY), theirs.get(name, EMPTY)
        before = base.of(name) if base else None
        if before is None and name in agreeing:
            continue
        if name in LISTS:
            merged_ours, merged_theirs = _merge_list(name, before, our_unit, their_unit)
            to_ours |= {} if merged_ours is None else {name: merged_ours}
            to_theirs |= {} if merged_theirs is None else {name: merged_theirs}
            continue
        we_changed = bool(our_unit) if before is None else not identical(name, our_unit, before[0])
        they_changed = bool(their_unit) if before is None else not identical(name, their_unit, before[1])
        if we_changed and they_changed:
            if name in agreeing or agree(name, our_unit, their_unit):
                continue
            if name == DATE and (side := _MORE_PRECISE.get(compare_dates(our_unit, their_unit))) is not None:
                # the date that says more fills the other
                to_theirs |= {name: our_unit} if side == "ours" else {}
                to_ours |= {name: their_unit} if side == "theirs" else {}
                continue
            side = decide(name)
            conflicts.append(Conflict(name=name, base=before, ours=our_unit, theirs=their_unit, side=side))
            we_changed, they_changed = side == "ours", side == "theirs"
        if we_changed:
            to_theirs[name] = our_unit
        elif they_changed and not agree(name, our_unit, their_unit):
            to_ours[name] = their_unit
    return MergeResult(to_ours, to_theirs, tuple(conflicts))


def _merge_list(name: str, before: BasePair | None, ours: Unit, theirs: Unit) -> tuple[Unit | None, Unit | None]:
    """The lists that both sides get; None for a side that stays.

    Members that one side added or removed since the last sync are added or removed on the other.
    """
    our_members, their_members = list_members(name, ours), list_members(name, theirs)
    our_base, their_base = (list_members(name, half).keys() for half in before or (EMPTY, EMPTY))
    added = (our_members.keys() - our_base) | (their_members.keys() - their_base)
    removed = ((our_base - our_members.keys()) | (their_base - their_members.keys())) - added

    def merged(unit: Unit, own: Mapping[str, str], other: Mapping[str, str]) -> Unit | None:
        more = [written for member, written in other.items() if member in added and member not in own]
        return with_members(name, unit, removed, more) if more or removed & own.keys() else None

    return merged(ours, our_members, their_members), merged(theirs, their_members, our_members)
