"""Pages that have title and people in one line without a mark between them: `Kelp in Noise Ann Roe, Ed Poe`.

Where the title ends is decided only where it is certain: just the last two words before the first comma may be a name,
or just one of the possible first words of the name is a given name elsewhere on the page and no word of a title there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from refsync.formats.pages.author_line import clean_name, people_in
from refsync.formats.pages.labels import label_in
from refsync.formats.pages.page_lines import Line

_LEAST_LINES = 3
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_TITLE_WORDS = 2
_PARTS = re.compile(r",\s(?:and\s)?|\sand\s(?=[^\W\d_a-z])")
_MAX_LINE = 5000


@dataclass(frozen=True, slots=True)
class _Names:
    """The words that are given names on this page, and those that are in titles."""

    given: frozenset[str]
    in_titles: frozenset[str]


def with_people_below_titles(lines: Sequence[Line]) -> list[Line]:
    """Lines, of which each that has a title and its people is two; all as they are if the page is not of this kind."""
    lists = {index: parts for index, line in enumerate(lines) if (parts := title_and_people(line.text))}
    if len(lists) < _LEAST_LINES:
        return list(lines)
    given = {part.split()[0] for _, *people in lists.values() for part in people}
    titles = {word for first, *_ in lists.values() for word in first.split()[:-_LONGEST_NAME]}
    return list(_split(lines, lists, _Names(frozenset(given), frozenset(titles))))


def _split(lines: Sequence[Line], lists: dict[int, list[str]], names: _Names) -> Iterator[Line]:
    for index, line in enumerate(lines):
        words = (lists[index][0] if index in lists else line.text).split()
        size = _name_at_end(words, names, alone=index not in lists)
        if not size:
            yield line
            continue
        title = " ".join(words[:-size])
        yield replace(line, text=title, first=True)
        yield replace(line, text=line.text[len(title) :].strip(), number=0, first=False)


def title_and_people(text: str) -> list[str]:
    """The parts of a line between commas if all but the first are names, and the first is more than one."""
    if label_in(text):
        return []
    parts = _PARTS.split(text) if len(text) <= _MAX_LINE else []
    if len(parts) < 2 or len(parts[0].split()) < _TITLE_WORDS + _SHORTEST_NAME:
        return []
    if people_in(parts[0], labelled=True).names and len(parts[0].split()) <= _LONGEST_NAME:
        return []
    return parts if all(" " in part and people_in(part, labelled=True).names for part in parts[1:]) else []


def _name_at_end(words: Sequence[str], names: _Names, *, alone: bool) -> int:
    """How many words at the end are the name of the first author; 0 where this is not certain.

    Args:
        words: of the line up to the first comma.
        names: what is known from the other lines.
        alone: whether no other people follow, so that the words may be the end of a title.
    """
    possible = [
        size
        for size in range(_SHORTEST_NAME, min(_LONGEST_NAME, len(words) - _TITLE_WORDS) + 1)
        if people_in(" ".join(words[-size:]), labelled=True).names and words[-size][0].isupper()
    ]
    possible = [size for size in possible if words[-size] not in names.in_titles or words[-size] in names.given]
    known = [size for size in possible if words[-size] in names.given and words[-size] not in names.in_titles]
    if len(known) == 1:
        return known[0]
    if alone or known or not possible:
        return 0
    before = words[-possible[0] - 1]
    certain = len(possible) == 1 and (before in names.in_titles or not clean_name(before))
    return possible[0] if certain else 0
