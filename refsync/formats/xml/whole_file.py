"""An XML file as one tree, for formats whose records refer to each other."""

import io
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.formats.xml.declared_encoding import encoding_problems, to_utf8
from refsync.formats.xml.elements import Element, XmlText, refuse_entities
from refsync.records import Problem


def read_root(data: bytes | BinaryIO, source: str, problems: list[Problem]) -> Element:
    """The root element; of a file that is damaged or cut off, with what came before, and `problems` gets the fault.

    Raises:
        SourceError: the file is empty, declares entities, or does not start as XML.
    """
    from lxml import etree

    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    head = refuse_entities(stream, source)
    lines = LineReader(to_utf8(stream), source)
    root: Element = None
    try:
        for _, element in etree.iterparse(
            XmlText(lines, problems), events=("start",), encoding="utf-8",
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        ):  # fmt: skip
            root = element if root is None else root
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        reason = str(error.msg or error).partition(", line ")[0]
        if root is None or not len(root):
            raise SourceError(
                source, f"not well-formed XML: {reason}", line=line, hint="check that it was saved completely"
            ) from None
        message = f"not well-formed XML from here on ({reason}); only what came before was read; download it again"
        problems.append(Problem(source, message, line, fatal=True))
    problems += encoding_problems(lines, head)
    return root
