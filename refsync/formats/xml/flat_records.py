"""XML files of flat records, each parsed alone, so that damage is limited to one record.

The file is cut at the tags of its records, with one record in memory, and only the pieces are parsed. A document type
and its entities precede the first record and never reach the parser, so that none can be expanded or fetched; an
entity that XML itself doesn't define stays as it is written and is reported.
"""

import html
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from refsync.formats.common.line_reader import LineReader
from refsync.formats.xml.declared_encoding import encoding_problems, to_utf8
from refsync.records import Problem

_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w.-]*);)?")
_XML_ENTITIES = frozenset("amp lt gt quot apos".split())
_INVALID_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_TAG = 128
_MAX_DEPTH = 200
_ELEMENT = re.compile("<[A-Za-z_]")
_AFTER_NAME = frozenset(("", ">", " ", "\n", "\t", "\r"))
_UNBOUND_PREFIX, _NO_ELEMENTS = 27, 3  # expat's codes of these errors; the second is that of a missing end tag
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z][\w.-]{0,40}):(?=[A-Za-z_])")
_HEAD = 400  # bytes with the declaration of the encoding
_End = Literal["tag", "next", "file"]
"""Where a record ends: at its end tag, at the start of the next record, or at the end of the file."""

_TAIL = 4096  # characters after the last record in which its parent's end tag is searched for


class FlatRecordReader:
    """The elements of some names, at any depth, each with its line; `problems` has the faults of those read so far.

    Args:
        data: the file.
        source: its name.
        tags: names of elements with one record each, which are never nested.

    Raises:
        SourceError: the file is empty or binary.
    """

    def __init__(self, data: bytes | BinaryIO, source: str, *tags: str) -> None:
        stream = io.BytesIO(data) if isinstance(data, bytes) else data
        self._head = stream.read(_HEAD)
        stream.seek(0)
        self._lines = LineReader(to_utf8(stream), source)
        self._open = re.compile(rf"<((?:[A-Za-z][\w.-]{{0,40}}:)?(?:{'|'.join(tags)}))(?=[\s/>])")
        self._source = source
        self._problems: list[Problem] = []
        self.cut_off = False

    @property
    def problems(self) -> list[Problem]:
        """The faults so far, by line."""
        return sorted((*encoding_problems(self._lines, self._head), *self._problems), key=lambda problem: problem.line)

    def __iter__(self) -> Iterator[tuple[int, Element]]:
        last = 0
        for line, text, end in self._pieces():
            element = self._parsed(text, line, end)
            last = line
            if element is not None:
                yield line, element
        if last and self.cut_off:
            message = "the file ends after this record without its root's end tag; it looks cut off"
            self._problems.append(Problem(self._source, message, last, fatal=True))

    def _pieces(self) -> Iterator[tuple[int, str, _End]]:
        """The line and text of each record, and where it ends."""
        buffer, line, tag = "", 1, ""
        seen = rooted = False  # whether the records are in another element
        for piece in self._lines.pieces():
            scanned = max(0, len(buffer) - _MAX_TAG)  # what was searched already
            buffer += piece
            start = 0  # of the record, or of the text after the last one
            while True:
                if not tag:
                    found = self._open.search(buffer, max(start, scanned))
                    if not found:
                        kept = max(start, len(buffer) - _TAIL)
                        rooted = rooted or (not seen and _ELEMENT.search(buffer, 0, kept) is not None)
                        line += buffer.count("\n", start, kept)
                        start = kept
                        break
                    line += buffer.count("\n", start, found.start())
                    rooted = rooted or (not seen and _ELEMENT.search(buffer, 0, found.start()) is not None)
                    seen = True
                    start, tag = found.start(), found[1]
                    scanned = start + 1
                end = _find_end(buffer, tag, max(start + 1, scanned))
                stop = buffer.find(">", end) + 1 if end >= 0 else 0
                other = self._open.search(buffer, max(start + 1, scanned), end if end >= 0 else len(buffer))
                if other:  # the next record begins in this one
                    stop = other.start()
                elif not stop:
                    break
                yield line, buffer[start:stop], "next" if other else "tag"
                line += buffer.count("\n", start, stop)
                start = scanned = stop
                tag = ""
            buffer = buffer[start:] if start else buffer
        if tag:
            yield line, buffer, "file"
        else:
            self.cut_off = rooted and "</" not in buffer

    def _parsed(self, text: str, line: int, end: _End) -> Element | None:
        try:
            return self._checked(ElementTree.fromstring(text), line)
        except ElementTree.ParseError as error:
            first = error
        if first.code == _UNBOUND_PREFIX:
            text = _with_prefixes(text)
            try:
                return self._checked(ElementTree.fromstring(text), line)
            except ElementTree.ParseError as error:
                first = error
        faults: list[str] = []
        lost = end == "file"
        repaired = _REFERENCE.sub(lambda found: _repaired(found, faults), _INVALID_XML.sub("", text))
        parser = ElementTree.XMLParser(target=(target := _Target()))
        try:
            parser.feed(repaired)
            parser.close()
        except ElementTree.ParseError as error:
            at = line + error.position[0] - 1
            reason = str(error).partition(":")[0]
            faults.append(f"{reason} in line {at}; the text before it was read")
            unclosed = error.code == _NO_ELEMENTS
            lost = lost or not unclosed
            if end == "file" or (end == "next" and unclosed):
                faults[-1] = "its end tag is missing; it was read up to there"
        if not faults:
            faults = [f"characters that XML does not allow, left out ({str(first).partition(':')[0]})"]
        for message in dict.fromkeys(faults):
            self._problems.append(Problem(self._source, f"in this record: {message}", line, fatal=lost))
        root = target.root()
        return None if root is None else self._checked(root, line)

    def _checked(self, root: Element, line: int) -> Element | None:
        """The record, unless it is nested so deeply that readers would take it for an attack."""
        level = [root]
        for _ in range(_MAX_DEPTH):
            level = [child for element in level for child in element if len(child)]
            if not level:
                return root
        self._problems.append(Problem(self._source, "nested too deeply; this record is not read", line, fatal=True))
        return None


def _find_end(buffer: str, tag: str, start: int) -> int:
    """Where the end tag of this name begins, of which the next character is known; -1 if nowhere."""
    sought = f"</{tag}"
    end = buffer.find(sought, start)
    while end >= 0 and buffer[end + len(sought) : end + len(sought) + 1] not in _AFTER_NAME:
        end = buffer.find(sought, end + 1)
    return end


def _with_prefixes(text: str) -> str:
    """The record with a declaration of each prefix of a namespace that it uses, in its first line."""
    declared = set(re.findall(r"\sxmlns:([\w.-]+)\s*=", text)) | {"xml", "xmlns"}
    prefixes = sorted(set(_PREFIX.findall(text)) - declared)
    name = re.match(r"<[^\s/>]+", text)
    if not name:
        return text
    return name[0] + "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in prefixes) + text[name.end() :]


class _Target(ElementTree.TreeBuilder):
    """Keeps the elements that were read before a fault."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._root: Element | None = None

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        element = super().start(tag, attrs)
        self._names.append(tag)
        self._root = element if self._root is None else self._root
        return element

    def end(self, tag: str) -> Element:
        self._names.pop()
        return super().end(tag)

    def root(self) -> Element | None:
        while self._names:
            self.end(self._names[-1])
        return self._root


def _repaired(found: re.Match[str], faults: list[str]) -> str:
    """A reference that XML allows: entities of HTML as their characters, others as literal text."""
    name = found[1]
    if name in _XML_ENTITIES:
        return found[0]
    if name is None:
        faults.append("an & that is not written as &amp;, read literally")
        return "&amp;"
    text = html.unescape(found[0])
    if text == found[0]:
        faults.append(f"{found[0]} is not defined by XML and kept as text")
    return html.escape(_INVALID_XML.sub("", text), quote=False)


_ELEMENT = re.compile(r"<[A-Za-z]")
_FACES = {"italic": "i", "bold": "b", "subscript": "sub", "superscript": "sup"}
_INLINE = {"i": "i", "b": "b", "sub": "sub", "sup": "sup", "sc": "sc", "italic": "i", "bold": "b", "inf": "sub"}


def styled_text(element: Element | None) -> str:
    """The text of an element with tags of HTML for styled parts, and formulas in a line: see `inline_markup`."""
    if element is None or not len(element):
        return element_text(element)
    return (element.text or "").lstrip() + "".join(map(_styled_part, element)).rstrip()


def _styled_part(element: Element) -> str:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name == "math":
        from refsync.text.mathml import linear_formula

        if hasattr(element, "getroottree"):  # of lxml
            from lxml import etree

            return linear_formula(etree.tostring(element, encoding="unicode", with_tail=False)) + (element.tail or "")
        return linear_formula(ElementTree.tostring(element, encoding="unicode")) + (element.tail or "")
    inner = (element.text or "") + "".join(map(_styled_part, element))
    style = _INLINE.get(name) or next((tag for face, tag in _FACES.items() if face in element.get("face", "")), "")
    return (
        f"<{style}>{inner}</{style}>{element.tail or ''}" if style and inner.strip() else inner + (element.tail or "")
    )


def element_text(element: Element | None) -> str:
    """The text of an element without markup, with line ends as `\\n`."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
