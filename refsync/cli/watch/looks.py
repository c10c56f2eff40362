"""What was found at one look, and how it differs from the look before. Pure."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync.schemas import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A finding or a group of duplicates.

    Attributes:
        identity: what stays when lines move.
        line: for the terminal.
        row: for JSON.
    """

    identity: Hashable
    line: str
    row: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPlan:
    """A plan that merges what was found: its file, and how many entries it removes."""

    path: Path
    merges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found at one time.

    Attributes:
        sources: the files or the library.
        items: what was found in them.
        problems: what could not be read, or not be written.
        plans: the plans that are ready.
        entries: how many entries each file has.
        broken: how many entries are malformed.
        unread: the files that could not be read.
        command: what writes the merges, where there is no plan.
    """

    sources: tuple[str, ...]
    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()
    plans: tuple[ReadyPlan, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)
    broken: int = 0
    unread: frozenset[str] = frozenset()
    command: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is new since the last look, and what is not found any more."""

    new: tuple[Item, ...]
    fixed: tuple[Item, ...]


def compare(before: Look | None, now: Look) -> Change:
    """What differs between two looks; of equal items the number counts."""
    earlier = before.items if before else ()
    return Change(_without(now.items, earlier), _without(earlier, now.items))


def is_half_written(before: Look, now: Look) -> bool:
    """Whether a file looks as if it were being written: gone, empty or broken, which it was not before."""
    lost = any(count and not now.entries.get(name) for name, count in before.entries.items())
    return lost or now.broken > before.broken


def with_unread(before: Look, now: Look) -> Look:
    """The look with the earlier findings of files that cannot be read now: nobody has fixed them."""
    kept = [item for item in before.items if item.row.get("source") in now.unread]
    return replace(now, items=(*now.items, *_without(kept, now.items)))


def _without(items: Sequence[Item], others: Sequence[Item]) -> tuple[Item, ...]:
    left = Counter(item.identity for item in others)
    kept = []
    for item in items:
        if left[item.identity]:
            left[item.identity] -= 1
        else:
            kept.append(item)
    return tuple(kept)
