"""XML files of nested records, read safely and one record at a time, so that only one is in memory.

No entity is expanded, no document type is loaded, nothing is fetched, and libxml2's limits on depth and size apply.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.formats.xml.declared_encoding import encoding_problems, to_utf8
from refsync.formats.xml.flat_records import styled_text
from refsync.records import Problem

Element = Any
"""An element of lxml."""

_ENTITY = b"<!ENTITY"
_HEAD = 1 << 16
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XmlText:
    """A file's text in UTF-8, read piece by piece, without characters that XML does not allow."""

    def __init__(self, lines: LineReader, problems: list[Problem]) -> None:
        self._pieces = lines.pieces()
        self._source = lines.source
        self._problems = problems
        self._line = 1
        self._reported = False

    def read(self, size: int = -1) -> bytes:
        piece = next(self._pieces, "")
        if found := _NO_XML.search(piece):
            if not self._reported:
                line = self._line + piece.count("\n", 0, found.start())
                message = f"characters that XML does not allow ({found[0]!r}) are left out from here on"
                self._problems.append(Problem(self._source, message, line))
            self._reported = True
            piece = _NO_XML.sub("", piece) or " "
        self._line += piece.count("\n")
        return piece.encode()


def refuse_entities(stream: BinaryIO, source: str) -> bytes:
    """The first bytes of a file, which is then at its start again.

    Raises:
        SourceError: it declares entities.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    if _ENTITY in head:
        line = head.count(b"\n", 0, head.index(_ENTITY)) + 1
        raise SourceError(
            source, "XML that declares entities, which refsync does not expand", line=line, hint="remove these lines"
        )
    return head


def iter_elements(
    data: bytes | BinaryIO, source: str, tags: tuple[str, ...], problems: list[Problem]
) -> Iterator[Element]:
    """The outermost elements of these names, in any namespace; each is cleared when the next one is requested.

    If the file is damaged or cut off, the elements before that are yielded, and `problems` gets the fault.

    Raises:
        SourceError: the file is empty, declares entities, or does not start as XML.
    """
    from lxml import etree

    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    head = refuse_entities(stream, source)
    lines = LineReader(to_utf8(stream), source)
    count = 0
    events = etree.iterparse(
        XmlText(lines, problems), events=("end",), tag=[f"{{*}}{tag}" for tag in tags], encoding="utf-8",
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
    )  # fmt: skip
    parent, nested = None, False
    try:
        for _, element in events:
            if parent is not element.getparent():  # checked once for all records of a list
                parent = element.getparent()
                nested = any(local_name(above) in tags for above in element.iterancestors())
            if nested:
                continue
            count += 1
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        reason = str(error.msg or error).partition(", line ")[0]
        if not count:
            raise SourceError(
                source, f"not well-formed XML: {reason}", line=line, hint="check that it was saved completely"
            ) from None
        message = f"not well-formed XML from here on ({reason}); only what came before was read; download it again"
        problems.append(Problem(source, message, line, fatal=True))
    problems += encoding_problems(lines, head)


def local_name(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> list[Element]:
    """The children of these names."""
    return [child for child in element if local_name(child) in names]


def element_text(element: Element) -> str:
    """The text of an element without tags, with HTML's named characters decoded and white space collapsed."""
    if element is None:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    parts = [html.unescape(part) if part.startswith("&") else part for part in element.itertext()]
    return " ".join("".join(parts).split())


def texts_by_name(element: Element) -> dict[str, list[str]]:
    """The texts of all children by the names of the elements."""
    texts: dict[str, list[str]] = {}
    for child in element:
        if text := element_text(child):
            texts.setdefault(local_name(child), []).append(text)
    return texts


def child_text(element: Element, *names: str) -> str:
    """The first text of a child of one of these names, in the order of the names; else an empty string."""
    return next((text for name in names for child in children(element, name) if (text := element_text(child))), "")


def child_title(element: Element, *names: str) -> str:
    """As `child_text`, with the tags of styled parts: see `styled_text`."""
    found = (child for name in names for child in children(element, name))
    return next((text for child in found if (text := " ".join(styled_text(child).split()))), "")


def child_texts(element: Element, *names: str) -> list[str]:
    """The texts of all children of these names."""
    return [text for child in children(element, *names) if (text := element_text(child))]
