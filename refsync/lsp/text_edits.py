"""The difference of two texts as few small edits, so that cursors, folds and undo of the editor survive. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from refsync.formats.bibtex.edit import Edit

_MOST_LINES = 20_000  # that differ; comparing more takes longer than replacing them


def minimal_edits(before: str, after: str) -> list[Edit]:
    """Edits that turn one text into the other, in order and without overlaps.

    >>> minimal_edits("a\\nb\\nc\\n", "a\\nB\\nc\\n")
    [Edit(start=2, end=3, new='B')]
    """
    if before == after:
        return []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    at = sum(map(len, old[:head]))
    if min(len(old_middle), len(new_middle)) > _MOST_LINES:
        return [_trimmed(at, "".join(old_middle), "".join(new_middle))]
    starts = [at]
    for line in old_middle:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=len(old_middle) > 1000)
    return [
        _trimmed(starts[a], "".join(old_middle[a:b]), "".join(new_middle[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _trimmed(at: int, old: str, new: str) -> Edit:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    return Edit(at + head, at + len(old) - tail, new[head : len(new) - tail])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items at the beginning are equal."""
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)
