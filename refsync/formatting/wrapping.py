"""Lines of a value: joined, or wrapped at a column. BibTeX reads a line break as a space, so that nothing changes."""

import re

from refsync.formats.bibtex.scan import Field, parts

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_LINE_END = re.compile(r"\r\n?|\n")
_WORD = re.compile(r"(?:[^ \t\\]|\\(?:.|\Z))+", re.DOTALL)
_SPACE = " \t\r\n\f\v"
_PARAGRAPH = "\n\n"


def join_lines(content: str) -> str:
    """The content with its lines joined by spaces; an empty line, which separates paragraphs, becomes two line ends."""
    if "\n" not in content and "\r" not in content:
        return content
    return _SPACES.sub(_joined, content)


def _joined(run: re.Match[str]) -> str:
    ends = len(_LINE_END.findall(run[0]))
    return _PARAGRAPH if ends > 1 else " " if ends else run[0]


def wrap_value(value: str, prefix: int, width: int, indent: str, line_end: str) -> str:
    """A value in braces or quotes on one line; on lines of its own if it has paragraphs or is too long.

    Args:
        value: with its delimiters.
        prefix: the columns before it.
        width: the longest line; 0 for any.
        indent: of the fields of the entry; that of the value is twice as much.
        line_end: of the file.
    """
    content = join_lines(value[1:-1]).strip(_SPACE)
    if _ends_in_backslash(content):  # a control space, which needs its space
        content += " "
    paragraphs = content.split(_PARAGRAPH)
    words = _WORD.findall(content) if width and prefix + len(content) + 3 > width else []
    too_long = prefix + len(" ".join(words)) + 3 > width  # without the spaces that wrapping removes
    if len(paragraphs) == 1 and not (len(words) > 1 and too_long):
        return f"{value[0]}{content}{value[-1]}"
    inner = line_end + 2 * indent
    if width:
        paragraphs = [inner.join(_wrapped(paragraph, width - 2 * len(indent))) for paragraph in paragraphs]
    text = f"{line_end}{inner}".join(paragraphs)
    return f"{value[0]}{inner}{text}{line_end}{indent}{value[-1]}"


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    length = 0
    for word in _WORD.findall(paragraph):
        if line and length + 1 + len(word) >= width:
            lines.append(" ".join(line))
            line, length = [], 0
        length += len(word) + bool(line)
        line.append(word)
    return [*lines, " ".join(line)]


def join_parts(value: str) -> str:
    """A concatenation on one line, with ` # ` between its parts."""
    pieces = []
    for part in parts(value, Field("", 0, 0, len(value), True)):
        written = value[part.start : part.end]
        if part.kind in ("braced", "quoted"):
            written = written[0] + join_lines(written[1:-1]).replace(_PARAGRAPH, " ") + written[-1]
        pieces.append(written)
    return " # ".join(pieces)


def _ends_in_backslash(content: str) -> bool:
    return (len(content) - len(content.rstrip("\\"))) % 2 == 1
