"""Files of MARC 21: the exchange format, MARCXML, and the text of MarcEdit and pymarc (`=245  10$aTitle`)."""

import re
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.formats.marc.marc_fields import MarcRecord, to_record
from refsync.formats.marc.unimarc import is_unimarc, to_marc21
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, local_name
from refsync.formats.xml.flat_records import FlatRecordReader
from refsync.records import Problem, Record, Snapshot

_LEADER = re.compile(rb"\s*\d{5}[a-z ][a-z ].{3}\d\d\d{5}.{3}45", re.S)
_XML = re.compile(
    rb"<(?:\w+:)?(?:collection|record)[\s>].{0,2000}?<(?:\w+:)?(?:leader|controlfield|datafield)[\s>]", re.S
)
_LINE = re.compile(r"=([A-Z0-9]{3})  ?(.*)")
_TEXT = re.compile(rb"\s*=(?:LDR|000)  ")
_END_OF_RECORD = b"\x1d"
_LONGEST = 1 << 20  # bytes of a record; the exchange format allows 99,999


def sniff(head: bytes) -> float:
    """High for a leader of the exchange format."""
    return 0.95 if _LEADER.match(head) else 0.0


def sniff_xml(head: bytes) -> float:
    """High for records with MARC's elements, unless they are in another format's envelope."""
    start = head.lstrip()
    return 0.95 if start.startswith(b"<") and _XML.search(start[:8000]) and b"OAI-PMH" not in start[:2000] else 0.0


def sniff_text(head: bytes) -> float:
    """High for text that starts with a leader."""
    return 0.95 if _TEXT.match(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a file in the exchange format, in UTF-8 or MARC-8.

    Raises:
        SourceError: it has no record that can be read.
    """
    content = data if isinstance(data, bytes) else data.read()
    problems: list[Problem] = []
    records: list[Record] = []
    for number, chunk in enumerate(_chunks(content), 1):
        try:
            marc = _decoded(chunk)
        except _DamagedError as error:
            message = f"record {number} (of {len(chunk):,} bytes) cannot be read: {error}"
            problems.append(Problem(source, message, fatal=True))
            continue
        if is_unimarc(marc) and not _is_utf8(chunk):  # in ISO 5426, which looks like MARC-8 and is another code
            message = (
                f"record {number} is UNIMARC in another encoding than UTF-8, which is not read; export it in UTF-8"
            )
            problems.append(Problem(source, message, fatal=True))
            continue
        _add(marc, source, 0, records, problems)
    return _snapshot("marc", source, records, problems)


class _DamagedError(Exception):
    """A record that is not in the exchange format."""


def _chunks(content: bytes) -> Iterator[bytes]:
    """The bytes of each record, with its end mark."""
    start = 0
    while start < len(content):
        end = content.find(_END_OF_RECORD, start)
        stop = end + 1 if end >= 0 else len(content)
        if chunk := content[start:stop].lstrip(b"\r\n\t \x1a\0\xef\xbb\xbf"):
            yield chunk
        start = stop


def _is_utf8(chunk: bytes) -> bool:
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(chunk: bytes) -> MarcRecord:
    import pymarc

    if not chunk.endswith(_END_OF_RECORD):
        raise _DamagedError("the file ends inside it")
    if len(chunk) > _LONGEST:
        raise _DamagedError("it is too long")
    in_utf8 = _is_utf8(chunk) and not chunk.isascii()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pymarc.Record(data=chunk, force_utf8=in_utf8, hide_utf8_warnings=True, utf8_handling="replace")
    except (pymarc.exceptions.PymarcException, ValueError, IndexError, LookupError, TypeError) as error:
        raise _DamagedError(str(error) or type(error).__name__) from error
    marc = MarcRecord(str(found.leader))
    for one in found.fields:
        if not isinstance(one, pymarc.Field):
            continue
        if one.control_field:
            marc.control[one.tag] = one.data or ""
        else:
            marc.fields.append((one.tag, [(sub.code, _clean(sub.value)) for sub in one.subfields]))
    return marc


def _clean(text: str) -> str:
    return " ".join(text.replace("\x98", "").replace("\x9c", "").split())  # marks of words that do not sort


def read_xml(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a MARCXML file (loc.gov/standards/marcxml).

    Raises:
        SourceError: the file is not XML, or has no record.
    """
    problems: list[Problem] = []
    records: list[Record] = []
    reader = FlatRecordReader(data, source, "record")
    for line, element in reader:
        _add(_from_xml(element), source, line, records, problems)
    return _snapshot("marcxml", source, records, [*reader.problems, *problems])


def _from_xml(element: Element) -> MarcRecord:
    marc = MarcRecord()
    for child in element.iter():
        name, tag = local_name(child), child.get("tag", "") if isinstance(child.tag, str) else ""
        if name == "leader":
            marc.leader = child.text or ""
        elif name == "controlfield":
            marc.control[tag] = child.text or ""
        elif name == "datafield":
            subfields = [(one.get("code", ""), _clean("".join(one.itertext()))) for one in child if local_name(one)]
            marc.fields.append((tag, subfields))
    return marc


def read_text(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a text file of MarcEdit, each of which starts with its leader.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    lines = LineReader(data, source)
    problems: list[Problem] = []
    records: list[Record] = []
    marc: MarcRecord | None = None
    start = 0
    for number, line in lines:
        found = _LINE.match(line)
        if found and found[1] in ("LDR", "000"):
            if marc:
                _add(marc, source, start, records, problems)
            marc, start = MarcRecord(found[2]), number
        elif found and marc:
            tag, text = found[1], found[2]
            if tag < "010":
                marc.control[tag] = text.replace("\\", " ")
            else:
                parts = text.split("$")[1:]  # what comes before are the indicators
                marc.fields.append(
                    (tag, [(part[0], _clean(part[1:].replace("{dollar}", "$"))) for part in parts if part])
                )
        elif line.strip():
            message = f"not a field of MARC: {line.strip()[:60]!r}; left out"
            problems.append(Problem(source, message, number, fatal=True))
    if marc:
        _add(marc, source, start, records, problems)
    return _snapshot("marctext", source, records, [*lines.problems, *problems])


def _add(marc: MarcRecord, source: str, line: int, records: list[Record], problems: list[Problem]) -> None:
    record = to_record(to_marc21(marc) if is_unimarc(marc) else marc, source, len(records) + 1, line)
    if record.fields:
        records.append(record)


def _snapshot(name: str, source: str, records: list[Record], problems: list[Problem]) -> Snapshot:
    if not records:
        reason = f"; {problems[0].message}" if problems else ""
        raise SourceError(
            source, f"no record of MARC 21 in it{reason}", hint="is it another format? name it with --from"
        )
    return Snapshot(source, name, tuple(records), tuple(problems))


FORMAT = Format(name="marc", suffixes=(".mrc", ".marc"), sniff=sniff, read=read)
XML = Format(name="marcxml", suffixes=(".marcxml", ".xml"), sniff=sniff_xml, read=read_xml, read_stream=read_xml)
TEXT = Format(name="marctext", suffixes=(".mrk",), sniff=sniff_text, read=read_text, read_stream=read_text)
