"""XML files of records, read one record at a time, so that only one is in memory, and safe against what XML can do.

No entity is expanded, no document type loaded, nothing fetched, and libxml2's limits on depth and size hold.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.formats.xml.declared_encoding import encoding_problems, to_utf8
from refsync.records import Problem

Element = Any
"""An element of lxml."""

_ENTITY = b"<!ENTITY"
_HEAD = 1 << 16
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Text:
    """A file's text in UTF-8, read piece by piece, without the characters that XML does not allow."""

    def __init__(self, lines: LineReader, problems: list[Problem]) -> None:
        self._pieces = lines.pieces()
        self._source = lines.source
        self._problems = problems
        self._line = 1
        self._told = False

    def read(self, size: int = -1) -> bytes:
        piece = next(self._pieces, "")
        if found := _NO_XML.search(piece):
            if not self._told:
                line = self._line + piece.count("\n", 0, found.start())
                message = f"characters that XML does not allow ({found[0]!r}) are left out, here and below"
                self._problems.append(Problem(self._source, message, line))
            self._told = True
            piece = _NO_XML.sub("", piece) or " "
        self._line += piece.count("\n")
        return piece.encode()


def iter_elements(
    data: bytes | BinaryIO, source: str, tags: tuple[str, ...], problems: list[Problem]
) -> Iterator[Element]:
    """The outermost elements of these names, in any namespace; each is emptied when the next is asked for.

    Where the file is broken or cut off, those before that place are given, and it is told in `problems`.

    Raises:
        SourceError: the file is empty, declares entities, or is no XML from its start on.
    """
    from lxml import etree

    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    head = stream.read(_HEAD)
    stream.seek(0)
    if _ENTITY in head:
        line = head.count(b"\n", 0, head.index(_ENTITY)) + 1
        raise SourceError(
            source, "XML that declares entities, which refsync does not expand", line=line, hint="take these lines out"
        )
    lines = LineReader(to_utf8(stream), source)
    found = 0
    events = etree.iterparse(
        _Text(lines, problems), events=("end",), tag=[f"{{*}}{tag}" for tag in tags], encoding="utf-8",
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
    )  # fmt: skip
    parent, nested = None, False
    try:
        for _, element in events:
            if parent is not element.getparent():  # asked once for all records of a list
                parent = element.getparent()
                nested = any(local_name(above) in tags for above in element.iterancestors())
            if nested:
                continue
            found += 1
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        reason = str(error.msg or error).partition(", line ")[0]
        if not found:
            raise SourceError(source, f"not well-formed XML: {reason}", line=line, hint="was it saved whole?") from None
        message = f"not well-formed XML from here on ({reason}); read is what came before that: get it again"
        problems.append(Problem(source, message, line, fatal=True))
    problems += encoding_problems(lines, head)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> list[Element]:
    """The children of these names."""
    return [child for child in element if local_name(child) in names]


def element_text(element: Element) -> str:
    """All text in an element, tags left out, HTML's named characters read, white space folded."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    parts = [html.unescape(part) if part.startswith("&") else part for part in element.itertext()]
    return " ".join("".join(parts).split())


def texts_by_name(element: Element) -> dict[str, list[str]]:
    """The texts of all children by their names."""
    found: dict[str, list[str]] = {}
    for child in element:
        if said := element_text(child):
            found.setdefault(local_name(child), []).append(said)
    return found


def child_text(element: Element, *names: str) -> str:
    """The text of the first child of one of these names that has any."""
    return next((said for name in names for child in children(element, name) if (said := element_text(child))), "")


def child_texts(element: Element, *names: str) -> list[str]:
    """The texts of all children of these names."""
    return [said for child in children(element, *names) if (said := element_text(child))]
