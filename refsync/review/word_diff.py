"""Two values word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")  # scripts without spaces: each letter
_ISLAND = 1  # words between two differences that are shown as one difference, so that it reads in one piece
_RUN, _EDGE = 40, 10
"""Tokens of one long alike run that are shown where it is all there is, and at its ends where it is not."""


Mark = Literal["same", "case", "only", "folded"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a value.

    `same` as in the other, the same but for `case`, `only` here, or `folded`: the middle of a long alike stretch.
    """

    text: str
    mark: Mark = "same"


def differences(one: str, other: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both values, parted where they differ; joined again the spans give the values back.

    >>> differences("a red fish", "a blue fish")[0]
    (Span(text='a ', mark='same'), Span(text='red', mark='only'), Span(text=' fish', mark='same'))
    """
    left, right = _TOKEN.findall(one), _TOKEN.findall(other)
    marks: tuple[list[Mark], list[Mark]] = (["only"] * len(left), ["only"] * len(right))
    for code in Indel.opcodes([word.casefold() for word in left], [word.casefold() for word in right]):
        if code.tag == "equal":
            for i, j in zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True):
                marks[0][i] = marks[1][j] = "same" if left[i] == right[j] else "case"
    return _spans(left, marks[0]), _spans(right, marks[1])


def whole(text: str) -> tuple[Span, ...]:
    """A value that is compared with nothing; the middle of a long one is folded away."""
    tokens = _TOKEN.findall(text)
    return _spans(tokens, ["same"] * len(tokens))


def _spans(tokens: Sequence[str], marks: Sequence[Mark]) -> tuple[Span, ...]:
    """Runs of tokens of one mark, small islands of likeness given to the differences around them."""
    runs = [(mark, [*found]) for mark, found in groupby(range(len(tokens)), marks.__getitem__)]
    joined: list[tuple[Mark, list[int]]] = []
    for number, (mark, places) in enumerate(runs):
        around = [other for other, _ in (*runs[max(number - 1, 0) : number], *runs[number + 1 : number + 2])]
        small = around == ["only", "only"] and sum(not tokens[i].isspace() for i in places) <= _ISLAND
        here: Mark = "only" if small else mark
        if joined and joined[-1][0] == here:
            joined[-1][1].extend(places)
        else:
            joined.append((here, places))
    spans: list[Span] = []
    for number, (mark, places) in enumerate(joined):
        words = [tokens[i] for i in places]
        if mark != "same" or len(words) <= _RUN + 2 * _EDGE:
            spans.append(Span("".join(words), mark))
            continue
        head = _RUN if len(joined) == 1 else _EDGE
        tail = 0 if number == len(joined) - 1 else _EDGE
        parts = (words[:head], words[head : len(words) - tail], words[len(words) - tail :])
        kinds: tuple[Mark, ...] = ("same", "folded", "same")
        spans += [Span("".join(part), kind) for part, kind in zip(parts, kinds, strict=True) if part]
    return tuple(spans)
