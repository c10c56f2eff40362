"""Unified diffs of texts."""

import difflib
import itertools
from collections.abc import Iterator

LONG = 5000
"""In lines: longer files are compared entry by entry first."""


def unified_diff(name: str, before: str, after: str) -> Iterator[str]:
    """The lines of the unified diff of two versions of a file; none where they are the same."""
    old, new = before.splitlines(), after.splitlines()
    if old != new:
        yield from (f"--- a/{name}", f"+++ b/{name}")
        yield from _hunks(old, new)


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    """The hunks of a unified diff. Long files are compared entry by entry first: line by line is quadratic."""
    matcher = difflib.SequenceMatcher(None, old, new)
    if len(old) > LONG:
        merged: list[tuple[str, int, int, int, int]] = []
        for code in _opcodes(_entries(old), _entries(new)):
            if merged and merged[-1][0] == code[0] == "equal":
                merged[-1] = ("equal", merged[-1][1], code[2], merged[-1][3], code[4])
            else:
                merged.append(code)
        matcher.opcodes = merged  # type: ignore[attr-defined]  # what get_opcodes keeps
    for group in matcher.get_grouped_opcodes(3):
        spans = (group[0][1], group[-1][2]), (group[0][3], group[-1][4])
        starts = [f"{start + (end > start)}" + ("" if end - start == 1 else f",{end - start}") for start, end in spans]
        yield f"@@ -{starts[0]} +{starts[1]} @@"
        for tag, a, a_end, b, b_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[a:a_end])
            else:
                yield from (f"-{line}" for line in old[a:a_end])
                yield from (f"+{line}" for line in new[b:b_end])


def _entries(lines: list[str]) -> list[tuple[str, ...]]:
    """The lines, split before each that starts with `@`."""
    starts = [0, *(i for i, line in enumerate(lines) if i and line.startswith("@")), len(lines)]
    return [tuple(lines[start:end]) for start, end in itertools.pairwise(starts)]


def _opcodes(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> Iterator[tuple[str, int, int, int, int]]:
    """The edits from the old lines to the new ones, like `difflib`'s opcodes."""
    a = b = 0
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        left, right = [*itertools.chain(*old[i:i_end])], [*itertools.chain(*new[j:j_end])]
        inner = [(tag, 0, len(left), 0, len(right))]
        if tag == "replace":
            inner = difflib.SequenceMatcher(None, left, right).get_opcodes()
        for kind, start, end, other, other_end in inner:
            yield kind, a + start, a + end, b + other, b + other_end
        a, b = a + len(left), b + len(right)
