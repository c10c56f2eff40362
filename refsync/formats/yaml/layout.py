"""Where the names and values of a YAML file with one mapping are in its text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from refsync.formats.bibtex.edit import EditRefusedError

Kind = Literal["scalar", "list", "mapping", "alias"]

HINT = "nothing was written; edit the file itself"
"""What to do where an edit is refused."""

LINE_END = re.compile(r"\r\n?|\n")
_MAX_DEPTH = 62
_COLON = re.compile(r"\s*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A name of the mapping with its value.

    Attributes:
        name: the name.
        start: where the name begins.
        colon: the position after the colon.
        value: where the value begins, with its anchor and tag, and where it ends without blank lines.
        end: where it ends with the blank lines that belong to it.
        kind: what the value is.
        flow: whether it is written with brackets.
        items: where the items of a list begin and end.
        is_open: whether it ends with a block of lines of which the last has no line end.
        node: the value.
    """

    name: str
    start: int
    colon: int
    value: tuple[int, int]
    end: int
    kind: Kind
    flow: bool
    items: tuple[tuple[int, int], ...]
    is_open: bool
    node: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The mapping of a file: its members, whether it is written with braces, its indentation and line ends."""

    text: str
    members: tuple[Member, ...]
    flow: bool
    indent: str
    line_end: str

    def find(self, name: str) -> Member | None:
        """The member of a name.

        Raises:
            EditRefusedError: there are several.
        """
        found = [member for member in self.members if member.name == name]
        if len(found) > 1:
            raise EditRefusedError(f"{name!r} is given {len(found)} times", HINT)
        return found[0] if found else None


def parse_mapping(text: str) -> Mapped:
    """The mapping of a file.

    Raises:
        EditRefusedError: it is not YAML, or not one mapping.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = [*_shallow(yaml.parse(text, Loader=loader))]
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise EditRefusedError(" ".join(str(error).split())[:200], HINT) from None
    if not isinstance(root, yaml.MappingNode):
        raise EditRefusedError("the file is no mapping of names to values", HINT)
    at = next(i for i, event in enumerate(events) if isinstance(event, yaml.MappingStartEvent))
    flow = bool(getattr(events[at], "flow_style", False))
    members = []
    position = at + 1
    for key, node in root.value:
        name = events[position]
        if not isinstance(key, yaml.ScalarNode) or not isinstance(name, yaml.ScalarEvent):
            raise EditRefusedError("a name that is no text", HINT)
        first = position + 1
        position = _end_of_value(events, first)
        members.append(_member(text, name, events[first:position], node))
    ends = [found[0] for found in LINE_END.finditer(text)]
    line_end = max(set(ends), key=ends.count) if ends else "\n"
    indent = _indent(text, members[0].start) if members and not flow else ""
    return Mapped(text=text, members=tuple(members), flow=flow, indent=indent, line_end=line_end)


def _shallow(events: Iterator[Any]) -> Iterator[Any]:
    """The events of a file that is not nested more deeply than the reader allows."""
    depth = 0
    for event in events:
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > _MAX_DEPTH:
            raise EditRefusedError("nested too deeply", HINT)
        yield event


def _end_of_value(events: Sequence[Any], first: int) -> int:
    depth, position = 0, first
    while True:
        name = type(events[position]).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        position += 1
        if not depth:
            return position


def _member(text: str, name: Any, events: Sequence[Any], node: Any) -> Member:
    first, *rest = events
    kind: Kind = {"ScalarEvent": "scalar", "AliasEvent": "alias", "SequenceStartEvent": "list"}.get(
        type(first).__name__, "mapping"
    )  # type: ignore[assignment]
    colon = _COLON.match(text, name.end_mark.index)
    if not colon:
        raise EditRefusedError(f"{name.value!r} is written in a way that cannot be edited", HINT)
    start = first.start_mark.index
    end = raw = max((_end_mark(event) for event in events), default=start)
    if not rest and kind == "scalar" and first.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    elif rest and not getattr(first, "flow_style", False):
        end = raw = start + len(text[start:end].rstrip())
    return Member(
        name=name.value,
        start=name.start_mark.index,
        colon=colon.end(),
        value=(max(start, colon.end()), max(end, colon.end())),
        end=max(raw, colon.end()),
        kind=kind,
        flow=bool(getattr(first, "flow_style", False)),
        items=tuple(_items(events)) if kind == "list" else (),
        is_open=_is_block(events) and end == len(text),
        node=node,
    )


def _is_block(events: Sequence[Any]) -> bool:
    """Whether the last text of a value is a block of lines."""
    return next((event.style in ("|", ">") for event in reversed(events) if hasattr(event, "style")), False)


def _end_mark(event: Any) -> int:
    """Where an event ends; the end of a list or mapping without brackets is that of its last value."""
    name = type(event).__name__
    if name in ("SequenceEndEvent", "MappingEndEvent") and event.end_mark.index == event.start_mark.index:
        return 0
    index: int = event.end_mark.index
    return index


def _items(events: Sequence[Any]) -> Iterator[tuple[int, int]]:
    position = 1
    while position < len(events) - 1:
        after = _end_of_value(events, position)
        ends = [_end_mark(event) for event in events[position:after]]
        yield events[position].start_mark.index, max(ends)
        position = after


def _indent(text: str, start: int) -> str:
    return text[line_start(text, start) : start]


def line_start(text: str, position: int) -> int:
    """Where the line begins that a position is in."""
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def rest_of_line(text: str, position: int) -> int:
    """Where the line ends that a position is in, before its line end."""
    found = LINE_END.search(text, position)
    return found.start() if found else len(text)
