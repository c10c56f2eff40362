"""XML files of records, read one record at a time, so that only one is in memory, and safe against what XML can do.

No entity is expanded, no document type loaded, nothing fetched, and libxml2's limits on depth and size hold.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

from refsync.errors import SourceError
from refsync.formats.decode import decode_file
from refsync.records import Problem

Element = Any
"""An element of lxml."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=|\xff\xfe|\xfe\xff")
_ENTITY = b"<!ENTITY"


def elements(data: bytes, source: str, tags: tuple[str, ...], problems: list[Problem]) -> Iterator[Element]:
    """The outermost elements of these names, in any namespace; each is emptied when the next is asked for.

    Where the file is broken or cut off, those before that place are given, and it is told in `problems`.

    Raises:
        SourceError: the file declares entities, or is no XML from its start on.
    """
    from lxml import etree

    if _ENTITY in data[:65536]:
        line = data.count(b"\n", 0, data.index(_ENTITY)) + 1
        raise SourceError(
            source, "XML that declares entities, which refsync does not expand", line=line, hint="take these lines out"
        )
    if not _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf")):  # it is UTF-8, or somebody's mistake
        decoded = decode_file(data, source)
        problems += decoded.problems
        if decoded.problems:
            data = decoded.text.encode()
    found = 0
    events = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
    )  # fmt: skip
    try:
        for _, element in events:
            if any(etree.QName(above).localname in tags for above in element.iterancestors(etree.Element)):
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


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> list[Element]:
    """The children of these names."""
    return [child for child in element if local(child) in names]


def text(element: Element) -> str:
    """All text in an element, tags left out, HTML's named characters read, white space folded."""
    if element is None:
        return ""
    parts = [html.unescape(part) if part.startswith("&") else part for part in element.itertext()]
    return " ".join("".join(parts).split())


def value(element: Element, *names: str) -> str:
    """The text of the first child of one of these names that has any."""
    return next((said for name in names for child in children(element, name) if (said := text(child))), "")


def values(element: Element, *names: str) -> list[str]:
    """The texts of all children of these names."""
    return [said for child in children(element, *names) if (said := text(child))]
