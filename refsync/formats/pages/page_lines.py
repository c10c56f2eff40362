"""The lines of a page saved or copied as text, without bullets, link targets and the breaks of wrapped lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from refsync.formats.pages.author_line import people_in
from refsync.formats.pages.labels import arxiv_heading, label_in
from refsync.formats.pages.markdown_page import is_markdown, without_markup

MAX_TITLE = 300  # characters

_ENDS = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
_LINK_TARGET = re.compile(r"\s?<(?:https?://|mailto:|/|#|\?)[^<>\s]{0,2000}>")
_TARGET_FIRST = re.compile(r"<(?:https?://|mailto:|/|#|\?)[^<>\s]{1,2000}>")
_INNER_BULLET = re.compile(r"^\s{4,}[o+]\s(?=\S)")  # of lists inside lists
_FEW_TARGETS = 4
_CLOSING = ",;.)]|·"
_BULLET = re.compile(r"^(?:[*•‣·–—▪●○◦]|[-+](?=\s))\s+(?=\S)")
_NUMBER = re.compile(r"^\(?(\d{1,4})[.):]\s+(?=\S)|^\[(\d{1,4})\]\s*(?=\S)")
_LINK_LIST = re.compile(r"^\s*(?:Visible links|References)\s*$")
_LINK_ENTRY = re.compile(r"^\s*\d{1,5}\. (?:https?|file|mailto|javascript):")
_LINK_NUMBER = re.compile(r"\[\d{1,5}\](?=\S)")
_SEPARATOR = re.compile(r"(?:[,;|·•&]|and)")
_MORE_PEOPLE = re.compile(r"\+\s?\d{1,4} (?:more )?(?:authors?|others)", re.IGNORECASE)
_OPEN_ENDS = (",", ";", "|", "·")
_WIDEST = 100  # characters: programs wrap at 72 to 80, or at the window's width
_USUAL = 72
_NARROWEST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or several that were one before a program wrapped them.

    Attributes:
        line: where it begins, counted from 1.
        text: without white space at its ends, bullet and number.
        number: that of a numbered list, else 0.
        first: whether it begins a paragraph.
    """

    line: int
    text: str
    number: int = 0
    first: bool = False


def page_lines(text: str) -> list[Line]:
    """The lines that are not empty."""
    if is_markdown(text):
        text = without_markup(text)
    raw: Sequence[str | None] = _without_link_list(_ENDS.split(text))
    if sum(_LINK_TARGET.search(line) is not None for line in raw if line) > _FEW_TARGETS:
        raw = [line and _without_targets(line) for line in _joined_at_targets([line or "" for line in raw])]
        width = 0
    else:
        width = _wrapped_at([line or "" for line in raw])
    lines = list(_paragraph_lines(raw))
    numbered = _numbered(lines)
    lengths = {number: len(line.rstrip()) for number, line in enumerate(raw, 1) if line}
    return _with_people_joined(list(_unwrapped(numbered, lengths, width)))


def _with_people_joined(lines: list[Line]) -> list[Line]:
    """Lines where names that stand one to a line, with a comma below or behind each or `+5 authors`, are one line."""
    groups: list[list[Line]] = []  # the lines of which each line is made
    index = 0
    while index < len(lines):
        line = lines[index]
        after = lines[index + 1] if index + 1 < len(lines) else None
        last = groups[-1][-1].text if groups else ""
        if _SEPARATOR.fullmatch(line.text) and after and _is_name(last) and _is_name(after.text):
            groups[-1].append(after)
            index += 1
        elif last.endswith(_OPEN_ENDS) and _is_name(last) and _is_name(line.text):
            groups[-1].append(line)
        elif _MORE_PEOPLE.fullmatch(line.text) and _is_name(last):
            if len(groups) > 2 and _is_name(groups[-2][-1].text):  # two names are shown before it
                groups[-2:] = [[*groups[-2], *groups[-1]]]
            groups[-1].append(line)
            if after and _is_name(after.text):
                groups[-1].append(after)
                index += 1
        else:
            groups.append([line])
        index += 1
    return [
        group[0] if len(group) == 1 else replace(group[0], text=", ".join(line.text.rstrip(" ,;|·") for line in group))
        for group in groups
    ]


def _is_name(text: str) -> bool:
    return len(text) < 80 and bool(people_in(text, labelled=True).names)


def _without_link_list(raw: list[str]) -> list[str]:
    """Lines without the numbers of links and their list, as text browsers write them."""
    for index in range(len(raw) - 1, -1, -1):
        line = raw[index]
        if _LINK_LIST.match(line):
            return [_LINK_NUMBER.sub("", kept) for kept in raw[:index]]
        if line.strip() and not _LINK_ENTRY.match(line):
            break
    return raw


def _joined_at_targets(raw: Sequence[str]) -> list[str | None]:
    """Lines of a text with link targets (`Ann Roe <https://...>`), each with what a program wrapped; `None` for that.

    The program counted the targets, and put one that is too long on a line of its own.
    """
    longest = max((len(line.rstrip()) for line in raw if " " in _BULLET.sub("", line.strip())), default=0)
    width = max(longest, _USUAL) if longest <= _WIDEST else 0
    result: list[str | None] = list(raw)
    start = -1  # where the current line begins
    for index, line in enumerate(raw):
        above = raw[index - 1].rstrip() if index else ""
        if start >= 0 and line.strip() and above.strip() and _continues(above, line, width):
            result[start] = f"{(result[start] or '').rstrip()} {line.strip()}"
            result[index] = None
        else:
            start = index if line.strip() else -1
    return result


def _without_targets(line: str) -> str:
    """A line without the targets of its links; two if people follow the link of a title: `Kelp <...> /Ann Roe/`."""
    title, *rest = _LINK_TARGET.split(_INNER_BULLET.sub("", line))
    people = "".join(rest).strip().strip("/_*")
    if len(rest) == 1 and len(title.split()) > 2 and people_in(people, labelled=True).names:
        return f"{title}\n{people}"
    return "".join([title, *rest])


def _continues(above: str, line: str, width: int) -> bool:
    """Whether a line goes on where the one above it was too long."""
    text = line.strip()
    if _TARGET_FIRST.match(text):
        return True
    if text[0] in "*•" or len(above) + 1 + len(text.split(" ", 1)[0]) <= width:
        return False
    open_end = above.endswith(_OPEN_ENDS) or above.endswith((" and", " ["))
    if above.endswith(">") and len(above) > width:  # the next word would not have fitted, whatever it is
        return text[0].islower() or text[0] in _CLOSING
    shown = _LINK_TARGET.sub("", text).strip()
    linked = shown != text  # as names are, where the page has links
    named = linked and len(shown.split()) > 1 and bool(people_in(shown, labelled=True).names)
    if not width or arxiv_heading(shown):
        return False
    if text[0].islower():
        return True
    if label_in(shown):
        return False
    return open_end or not (named or people_in(shown).sure)


def _paragraph_lines(raw: Sequence[str | None]) -> Iterator[Line]:
    first = True
    for number, line in enumerate(raw, 1):
        if line is None:
            continue
        for part in line.split("\n"):
            yield from _paragraph_line(number, part, first=first)
        first = not line.strip()


def _paragraph_line(number: int, line: str, *, first: bool) -> Iterator[Line]:
    text = " ".join(line.split())
    if not text.isascii():
        text = " ".join(text.translate(_INVISIBLE).split()) if text[0] in "\u200b\u200e\u200f\ufeff" else text
    if text.startswith(("*", "_", "/")) and text.endswith(text[0]) and len(text) > 2:
        text = text.strip("*_/").strip()  # bold, underlined, italic
    if text:
        yield Line(number, text, first=first)


def _numbered(lines: list[Line]) -> list[Line]:
    """Lines without bullets, and without numbers where they count up."""
    found = [_NUMBER.match(line.text) for line in lines]
    values = [int(match[1] or match[2]) if match else 0 for match in found]
    counted = [value for value in values if value]
    steps = sum(later == earlier + 1 for earlier, later in pairwise(counted))
    counts_up = steps * 3 >= 2 * (len(counted) - 1) and (steps or counted == [1])
    result = []
    for line, match, value in zip(lines, found, values, strict=True):
        if match and counts_up:
            result.append(replace(line, text=line.text[match.end() :], number=value))
        elif bullet := _BULLET.match(line.text):
            result.append(replace(line, text=line.text[bullet.end() :]))
        else:
            result.append(line)
    return result


def _wrapped_at(raw: Sequence[str]) -> int:
    """The width at which a program wrapped all lines, or 0."""
    lengths = [len(line.rstrip()) for line in raw if " " in line.strip()]
    if len(lengths) < 6 or not _NARROWEST <= (width := max(lengths)) <= _WIDEST:
        return 0
    full = sum(length > width - 12 for length in lengths)
    broken = [  # where the next word would not have fitted
        later.lstrip()
        for line, later in pairwise(raw)
        if line.strip() and later.strip() and len(line.rstrip()) + 1 + len(later.split()[0]) > width
    ]
    inside = sum(later[0].islower() for later in broken)  # a title or a name hardly begins with a small letter
    return width if full * 4 >= len(lengths) and inside * 3 >= len(broken) else 0


def _unwrapped(lines: Sequence[Line], lengths: dict[int, int], width: int) -> Iterator[Line]:
    """Lines, joined where a program wrapped one: the first word of the next line would not have fitted."""
    paragraph: list[Line] = []
    for line in [*lines, Line(0, "", first=True)]:
        if line.first and paragraph:
            yield from _joined_by_width(paragraph, lengths, width) if width else _joined(paragraph)
            paragraph = []
        paragraph.append(line)


def _joined_by_width(paragraph: list[Line], lengths: dict[int, int], width: int) -> Iterator[Line]:
    texts = [paragraph[0].text]
    start = last = paragraph[0]
    for line in paragraph[1:]:
        word = line.text.split(" ", 1)[0]
        if not line.number and lengths[last.line] + 1 + len(word) > width and not starts_anew(line.text):
            texts.append(line.text)
        else:
            yield replace(start, text=" ".join(texts))
            texts, start = [line.text], line
        last = line
    yield replace(start, text=" ".join(texts))


def _joined(paragraph: list[Line]) -> Iterator[Line]:
    """One line if all but the last are about equally long, else the lines: a dense page is one paragraph."""
    lengths = [len(line.text) for line in paragraph[:-1]]
    if (
        lengths
        and _is_wrapped(lengths, len(paragraph[-1].text))
        and not any(line.number or starts_anew(line.text) for line in paragraph[1:])
    ):
        yield replace(paragraph[0], text=" ".join(line.text for line in paragraph))
    else:
        yield from paragraph


def _is_wrapped(lengths: Sequence[int], last: int) -> bool:
    return 40 <= max(lengths) < MAX_TITLE and min(lengths) > 0.7 * max(lengths) and last <= max(lengths) + 10


def starts_anew(text: str) -> bool:
    """Whether a line is certainly no continuation of the one before it."""
    return label_in(text) is not None or arxiv_heading(text) is not None or bool(people_in(text).names)
