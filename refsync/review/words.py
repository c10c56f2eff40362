"""Two values word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")  # scripts without spaces: each letter
_ISLAND = 1  # words between two differences that are shown as one difference, so that it reads in one piece
_RUN, _EDGE = 40, 10
"""Tokens that are alike in one run before its middle is folded away, and how many are left at each end."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a value: `same` as in the other, `only` here, or `folded`, the middle of a long alike stretch."""

    text: str
    mark: Literal["same", "only", "folded"] = "same"


def differences(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both values, parted where they differ; joined again the spans give the values back.

    >>> differences("a red fish", "a blue fish")[0]
    (Span(text='a ', mark='same'), Span(text='red', mark='only'), Span(text=' fish', mark='same'))
    """
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    marks_left, marks_right = [True] * len(left), [True] * len(right)
    for code in Indel.opcodes(left, right):
        if code.tag == "equal":
            marks_left[code.src_start : code.src_end] = [False] * (code.src_end - code.src_start)
            marks_right[code.dest_start : code.dest_end] = [False] * (code.dest_end - code.dest_start)
    return _spans(left, marks_left), _spans(right, marks_right)


def whole(text: str) -> tuple[Span, ...]:
    """A value that is compared with nothing; the middle of a long one is folded away."""
    tokens = _TOKEN.findall(text)
    return _spans(tokens, [False] * len(tokens))


def _spans(tokens: Sequence[str], only: list[bool]) -> tuple[Span, ...]:
    """Runs of tokens of one mark, small islands of likeness given to the differences around them."""
    runs: list[tuple[bool, int, int]] = []
    start = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or only[place] != only[start]:
            runs.append((only[start], start, place))
            start = place
    marked: list[tuple[bool, int, int]] = []
    for number, (mark, start, end) in enumerate(runs):
        inside = 0 < number < len(runs) - 1
        wide = mark or not inside or sum(not token.isspace() for token in tokens[start:end]) > _ISLAND
        here = mark or not wide
        if marked and marked[-1][0] == here:
            marked[-1] = (here, marked[-1][1], end)
        else:
            marked.append((here, start, end))
    spans: list[Span] = []
    for mark, start, end in marked:
        if mark or end - start <= _RUN:
            spans.append(Span("".join(tokens[start:end]), "only" if mark else "same"))
            continue
        head = start if start == 0 and len(marked) > 1 else start + _EDGE
        tail = end if end == len(tokens) and len(marked) > 1 else end - _EDGE
        if len(marked) == 1:
            head, tail = _RUN, end
        parts = (Span("".join(tokens[start:head])), Span("".join(tokens[head:tail]), "folded"))
        spans += [part for part in (*parts, Span("".join(tokens[tail:end]))) if part.text]
    return tuple(spans)
