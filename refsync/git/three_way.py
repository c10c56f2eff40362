"""The three-way merge of .bib files: by entries, and inside an entry by fields. Pure.

What neither side touched stays byte for byte. `merge(x, x, y) == merge(x, y, x) == y`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from refsync.git.entry_merge import ConflictStyle, MergedBody, merge_added, merge_entry
from refsync.git.segments import Name, Segment, segments

DEFAULT_STYLE = ConflictStyle()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the sides disagree: the entry's key (or another block's kind) and its fields; none for all of it."""

    name: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.fields)}" if self.fields else self.name


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text, where it has conflicts, and the keys of the entries that each side added, in lower case."""

    text: str
    conflicts: tuple[Conflict, ...] = ()
    added_by_us: tuple[str, ...] = ()
    added_by_them: tuple[str, ...] = ()


def merge(base: str, ours: str, theirs: str, style: ConflictStyle = DEFAULT_STYLE) -> Merge:
    """Merge two versions of a file that come from one.

    Args:
        base: the common ancestor; empty where there is none.
        ours: the version that the result is closest to.
        theirs: the other one.
        style: how conflicts are settled or marked.
    """
    parts = [{segment.name: segment for segment in segments(text)} for text in (base, ours, theirs)]
    added = [tuple(name[1] for name in side if name[0] == "entry" and name not in parts[0]) for side in parts[1:]]
    if theirs in (base, ours):
        return Merge(ours, (), *added)
    if ours == base:
        return Merge(theirs, (), *added)
    pieces: list[str] = []
    conflicts: list[Conflict] = []
    for name in _order(*([*side] for side in parts)):
        merged = _merge_segment(parts[0].get(name), parts[1].get(name), parts[2].get(name), style)
        if merged is None:
            continue
        text, conflict = merged
        if not pieces and not (ours + theirs).startswith("\n"):
            text = text.lstrip("\n")  # what was above it is gone
        if pieces and not pieces[-1].endswith("\n") and not text.startswith("\n"):
            text = f"\n\n{text}"
        if conflict and (conflict.whole or conflict.fields):
            conflicts.append(Conflict(name[1] or name[0], conflict.fields))
        pieces.append(text)
    return Merge("".join(pieces), tuple(conflicts), *added)


def _order(base: Sequence[Name], ours: Sequence[Name], theirs: Sequence[Name]) -> list[Name]:
    """All names of both sides, in the order of the side that changed it; others follow the name that is before them."""
    shared = {*base} & {*ours} & {*theirs}
    in_base, in_ours, in_theirs = ([name for name in names if name in shared] for names in (base, ours, theirs))
    main, other = (theirs, ours) if in_ours == in_base != in_theirs else (ours, theirs)
    result = [name for name in main if name[0] != "tail"]
    place = {name: i for i, name in enumerate(result)}
    after: dict[int, list[Name]] = {}
    at = -1
    for name in other:
        if name in place:
            at = place[name]
        elif name[0] != "tail":
            after.setdefault(at, []).append(name)
    known = {*other}
    ordered = list(after.get(-1, ())) if result[:1] and result[0][0] != "header" else []
    waiting = [] if ordered else list(after.get(-1, ()))
    for i, name in enumerate(result):
        ordered.append(name)
        waiting += after.get(i, ())
        # entries that only the main side has at this place stay beside their neighbour
        if waiting and not (i + 1 < len(result) and result[i + 1] not in known):
            ordered += waiting
            waiting = []
    return [*ordered, *waiting, *(name for name in dict.fromkeys((*main, *other)) if name[0] == "tail")]


def _merge_segment(
    base: Segment | None, ours: Segment | None, theirs: Segment | None, style: ConflictStyle
) -> tuple[str, MergedBody | None] | None:
    """The merged text of a segment; None if it is gone."""
    if ours and theirs:
        above = _above(base, ours, theirs)
        if theirs.body in (ours.body, base.body if base else None):
            return above + ours.body, None
        if base and ours.body == base.body:
            return above + theirs.body, None
        merged = _merge_bodies(base, ours, theirs, style)
        start = "" if not merged.whole or above.endswith("\n") or not above else "\n"
        return above + start + merged.text, merged
    there = ours or theirs
    assert there
    if base is None:
        return there.text, None
    if there.content == base.content:  # deleted on the other side
        return None
    if style.prefer:
        return (there.text, None) if (style.prefer == "ours") == (there is ours) else None
    texts = (there.body, "") if there is ours else ("", there.body)
    start = "" if there.above.endswith("\n") or not there.above else "\n"
    marked = style.marked(*texts).removesuffix("\n")
    return there.above + start + marked, MergedBody(marked, whole=True)


def _merge_bodies(base: Segment | None, ours: Segment, theirs: Segment, style: ConflictStyle) -> MergedBody:
    if base is None:
        return merge_added(ours, theirs, style)
    if ours.content == theirs.content:
        return MergedBody(ours.body)  # they differ in layout only
    return merge_entry(base, ours, theirs, style)


def _above(base: Segment | None, ours: Segment, theirs: Segment) -> str:
    """The text above a block: the side's that changed it; both, line by line, where both did."""
    if theirs.above == ours.above or (base and theirs.above == base.above):
        return ours.above
    if base and ours.above == base.above:
        return theirs.above
    if not theirs.above.strip() or not ours.above.strip():  # one has words, the other only other white space
        return ours.above if ours.above.strip() or not theirs.above.strip() else theirs.above
    return "".join(_united_lines(ours.above, theirs.above))


def _united_lines(ours: str, theirs: str) -> Iterator[str]:
    """Our lines, and before our last blank ones those of theirs that we lack: comments are never in conflict."""
    mine = ours.splitlines(keepends=True)
    present = {line.strip() for line in mine}
    new = [line.strip() + "\n" for line in theirs.splitlines() if line.strip() and line.strip() not in present]
    end = len(mine)
    while end and not mine[end - 1].strip():
        end -= 1
    yield from mine[:end]
    if new and end and not mine[end - 1].endswith("\n"):
        yield "\n"
    yield from new
    yield from mine[end:]
