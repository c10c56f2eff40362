"""Word-by-word differences of two values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]"
)  # scripts without spaces: each character
_MAX_GAP = 1  # equal words between two differences that are marked with them, so that the difference reads as one
_SHOWN_ALONE, _SHOWN_AT_EDGE = 40, 10
"""Tokens shown of a long equal run: if it is the whole value, and next to a difference."""


Mark = Literal["same", "case", "only", "folded"]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a value.

    Its mark: `same` as in the other value, equal except for `case`, `only` in this value, or `folded`: the middle of a
    long equal part, which is collapsed.
    """

    text: str
    mark: Mark = "same"


def diff_words(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both values as spans, split where they differ; the texts of the spans joined are the values.

    >>> diff_words("a red fish", "a blue fish")[0]
    (Span(text='a ', mark='same'), Span(text='red', mark='only'), Span(text=' fish', mark='same'))
    """
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    marks: tuple[list[Mark], list[Mark]] = (["only"] * len(left), ["only"] * len(right))
    for code in Indel.opcodes([word.casefold() for word in left], [word.casefold() for word in right]):
        if code.tag == "equal":
            for i, j in zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True):
                marks[0][i] = marks[1][j] = "same" if left[i] == right[j] else "case"
    return _spans(left, marks[0]), _spans(right, marks[1])


def unmarked(text: str) -> tuple[Span, ...]:
    """A value that is compared with nothing; the middle of a long one is folded."""
    tokens = _TOKEN.findall(text)
    return _spans(tokens, ["same"] * len(tokens))


def _spans(tokens: Sequence[str], marks: Sequence[Mark]) -> tuple[Span, ...]:
    """Runs of tokens with the same mark; short equal runs between differences join them."""
    runs = [(mark, [*run]) for mark, run in groupby(range(len(tokens)), marks.__getitem__)]
    joined: list[tuple[Mark, list[int]]] = []
    for number, (mark, positions) in enumerate(runs):
        around = [other for other, _ in (*runs[max(number - 1, 0) : number], *runs[number + 1 : number + 2])]
        is_gap = around == ["only", "only"] and sum(not tokens[i].isspace() for i in positions) <= _MAX_GAP
        own: Mark = "only" if is_gap else mark
        if joined and joined[-1][0] == own:
            joined[-1][1].extend(positions)
        else:
            joined.append((own, positions))
    spans: list[Span] = []
    for number, (mark, positions) in enumerate(joined):
        words = [tokens[i] for i in positions]
        if mark != "same" or len(words) <= _SHOWN_ALONE + 2 * _SHOWN_AT_EDGE:
            spans.append(Span("".join(words), mark))
            continue
        head = _SHOWN_ALONE if len(joined) == 1 else _SHOWN_AT_EDGE
        tail = 0 if number == len(joined) - 1 else _SHOWN_AT_EDGE
        parts = (words[:head], words[head : len(words) - tail], words[len(words) - tail :])
        kinds: tuple[Mark, ...] = ("same", "folded", "same")
        spans += [Span("".join(part), kind) for part, kind in zip(parts, kinds, strict=True) if part]
    return tuple(spans)
