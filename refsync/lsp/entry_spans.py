"""The blocks of a .bib text while it is edited: after a change only those around it are scanned again. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from refsync.formats.bibtex.scan import Block, Kind, scan
from refsync.lsp.positions import Change

_BEFORE = 3  # blocks before a change that are scanned again: what follows a block may decide where it ends


class Span(NamedTuple):
    """Where a block is, and whether the text after it decides where it ends.

    An entry that is not closed reaches to wherever the next one seems to begin, and a brace typed far below closes it.
    """

    start: int
    end: int
    kind: Kind
    open: bool


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of all blocks of a text, in order, and which of them a change made."""

    all: tuple[Span, ...]
    first: int = 0
    last: int = 0

    @classmethod
    def of(cls, text: str) -> "Spans":
        """The spans of a text."""
        found = tuple(_span(text, block) for block in scan(text))
        return cls(found, 0, len(found))

    def changed(self, before_length: int, after: str, change: Change) -> "Spans":
        """The spans of the text `after` a change of one of this length; `first` to `last` are those scanned again."""
        old = self.all
        shift = len(after) - before_length
        first = self._first_affected(change.start)
        position = old[first].start if first < len(old) else 0
        new_end = change.start + len(change.new)
        ends = [span.end for span in old]
        made: list[Span] = []
        rest = len(old)
        for block in scan(after, position):
            span = _span(after, block)
            made.append(span)
            if span.kind == "text" or span.open or span.end <= new_end:
                continue
            same = bisect_left(ends, span.end - shift)
            if same < len(ends) and ends[same] == span.end - shift and old[same].kind != "text":
                rest = same + 1
                break
        kept = [Span(s.start + shift, s.end + shift, s.kind, s.open) for s in old[rest:]] if shift else old[rest:]
        return Spans((*old[:first], *made, *kept), first, first + len(made))

    def at(self, offset: int) -> Span | None:
        """The block that an offset is in; at the border of two, the one that is no free text."""
        found = bisect_right(self.all, offset, key=lambda span: span.start) - 1
        if found < 0:
            return None
        span = self.all[found]
        if span.kind == "text" and found and span.start == offset:
            return self.all[found - 1]
        return span

    def _first_affected(self, start: int) -> int:
        """The first span to scan again: before it nothing depends on the change, and the scanner can start there."""
        spans = self.all
        near = max(0, bisect_right(spans, start, key=lambda span: span.start) - 1 - _BEFORE)
        first = next((number for number in range(near) if spans[number].open), near)
        while first and spans[first - 1].kind == "text":
            first -= 1
        return first


def changed_stretch(spans: Spans, length: int) -> tuple[int, int]:
    """From where to where the text with these spans was scanned again."""
    made: Sequence[Span] = spans.all[spans.first : spans.last]
    if made:
        return made[0].start, made[-1].end
    at = spans.all[spans.first].start if spans.first < len(spans.all) else length
    return at, at


def _span(text: str, block: Block) -> Span:
    match block.kind:
        case "text":
            is_open = "@" in text[block.start : block.end]
        case "comment":
            written = text[block.start : block.end]
            is_open = written.count("{") != written.count("}")
        case "malformed":
            is_open = True
        case _:
            is_open = bool(block.faults)
    return Span(block.start, block.end, block.kind, is_open)
