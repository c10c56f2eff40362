"""Edits of long texts word by word, so that paragraphs and line ends stay where nothing was edited. Pure."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+")


def with_edit(before: str, after: str) -> str:
    r"""The words of a text, with the line ends that the text before had between them.

    >>> with_edit("One two.\n\nThree.", "One 2. Three."), with_edit("One\ntwo", "New one\n\ntwo")
    ('One 2.\n\nThree.', 'New one\n\ntwo')
    """
    if "\n" not in before or "\n" in after.strip():
        return after
    old, new = list(_WORD.finditer(before)), after.split()
    spaces = [before[old[n - 1].end() if n else 0 : word.start()] for n, word in enumerate(old)]
    text = ""
    skipped = ""  # white space before words that are left out
    matcher = SequenceMatcher(None, [word[0] for word in old], new, autojunk=False)
    for how, start, end, first, last in matcher.get_opcodes():
        for number in range(max(end - start, last - first)):
            space = spaces[start + number] if start + number < end else ""
            if first + number >= last:
                skipped = max(skipped, space, key=_lines)
                continue
            space = skipped if _lines(skipped) > _lines(space) else space
            text += (space if "\n" in space or (space and how == "equal") else " ") + new[first + number]
            skipped = ""
    return text.strip()


def _lines(space: str) -> int:
    return space.count("\n")
