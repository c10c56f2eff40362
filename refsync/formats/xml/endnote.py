"""EndNote's XML export, as EndNote, Zotero and Mendeley write it.

Its elements correspond to the tags of RIS, so that both use `ris_tags` and keep the same fields.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.etree.ElementTree import Element, SubElement, tostring

from refsync.errors import SourceError
from refsync.formats.common.text_record import to_text_record
from refsync.formats.registry import Format
from refsync.formats.tagged.endnote_types import endnote_type, ris_code
from refsync.formats.tagged.ris_tags import UNMAPPED_FIELD, fields_of
from refsync.formats.tagged.ris_write import tagged_values
from refsync.formats.xml.flat_records import FlatRecordReader, element_text, styled_text
from refsync.records import Record, Snapshot, repeated_ids
from refsync.text.citation_keys import is_key_in_label
from refsync.text.inline_markup import mark_html, plain_markup

_PATHS = {
    "AU": "contributors/authors/author", "A2": "contributors/secondary-authors/author",
    "A3": "contributors/tertiary-authors/author", "A4": "contributors/subsidiary-authors/author",
    "TA": "contributors/translated-authors/author", "AD": "auth-address", "TI": "titles/title",
    "T2": "titles/secondary-title", "T3": "titles/tertiary-title", "J2": "titles/alt-title", "ST": "titles/short-title",
    "TT": "titles/translated-title", "JF": "periodical/full-title", "JA": "periodical/abbr-1", "SP": "pages",
    "VL": "volume", "IS": "number", "NV": "num-vols", "ET": "edition", "SE": "section", "RP": "reprint-edition",
    "KW": "keywords/keyword", "PY": "dates/year", "DA": "dates/pub-dates/date", "CY": "pub-location",
    "PB": "publisher", "OP": "orig-pub", "SN": "isbn", "AN": "accession-num", "CN": "call-num", "M2": "report-id",
    "DO": "electronic-resource-num", "AB": "abstract", "LB": "label", "CA": "caption", "N1": "notes",
    "RN": "research-notes", "M3": "work-type", "RI": "reviewed-item", "AV": "availability",
    "DB": "remote-database-name", "DP": "remote-database-provider", "LA": "language", "UR": "urls/related-urls/url",
    "L1": "urls/pdf-urls/url", "L2": "urls/text-urls/url", "L4": "urls/image-urls/url", "Y2": "access-date",
    "C1": "custom1", "C2": "custom2", "C3": "custom3", "C4": "custom4", "C5": "custom5", "C6": "custom6",
    "C7": "custom7", "M1": "misc1",
}  # fmt: skip
_TAGS = {path: tag for tag, path in _PATHS.items()} | {
    "issue": "IS", "periodical/abbr-2": "J1", "periodical/abbr-3": "J9", "alt-periodical/full-title": "J2",
    "alt-periodical/abbr-1": "J1", "urls/web-urls/url": "UR", "auth-affiliaton": "AD", "auth-affiliation": "AD",
    "electronic-resource-num/url": "DO", "custom8": "C8",
}  # fmt: skip
_STYLED = frozenset({"TI", "T2", "T3", "AB", "ST", "N1"})
_FACES = {"i": "italic", "b": "bold", "sub": "subscript", "sup": "superscript"}
_STYLE_TAG = re.compile(r"(</?(?:i|b|sub|sup|span)(?: [^<>]*)?>)")
_NOT_FIELDS = frozenset({"database", "source-app", "ref-type", "rec-number"})
_SNIFF = re.compile(rb"<record[\s>].{0,4000}?<ref-type[\s>]", re.DOTALL)
_ROOT = re.compile(rb"(?:<\?xml[^>]*>|\s|<!--.*?-->)*<xml[\s>]\s*<records[\s>]", re.DOTALL)


def sniff(head: bytes) -> float:
    """High for `<xml><records>` or a record with a `ref-type`."""
    return 0.97 if _ROOT.match(head) or _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export. Styled text is read as plain text.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    reader = FlatRecordReader(data, source, "record")
    records: list[Record] = []
    for line, element in reader:
        values = _values(element)
        key = _key(element, values)
        type_, _, fields = fields_of(values)
        index = len(records) + 1
        stated = fields.pop("citation-key", "")
        key = stated or key
        records.append(
            Record(
                source,
                index,
                key or f"#{index}",
                type=type_,
                fields=fields | _others(element),
                line=line,
                id_is_key=bool(stated),
            )
        )
    if not any(record.fields for record in records):
        raise SourceError(source, "no EndNote record in it", hint="is it another format? name it with --from")
    return Snapshot(source, "endnotexml", tuple(records), (*reader.problems, *repeated_ids(records)))


def _key(element: Element, values: dict[str, list[str]]) -> str:
    """The id of a record: the label if it is a citation key, else the number.

    EndNote's label is where programs put citation keys; people put words of their own there.
    """
    labels = values.get("LB", [])
    if labels and (element_text(element.find("source-app")) == "refsync" or is_key_in_label(labels[0])):
        return labels.pop(0)
    return element_text(element.find("rec-number"))


def _values(record: Element) -> dict[str, list[str]]:
    """The record's values by the tags of RIS."""
    type_ = record.find("ref-type")
    code = ris_code(type_.get("name", ""), element_text(type_)) if type_ is not None else "GEN"
    values: dict[str, list[str]] = {"TY": [code]}
    for path, element in _leaves(record):
        tag = _TAGS.get(path)
        text = styled_text(element) if tag in _STYLED else element_text(element)
        if not tag or not text:
            continue
        if tag == "RN":
            for line in text.split("\n"):
                values.setdefault("U5" if line.startswith(UNMAPPED_FIELD) else tag, []).append(line)
        elif tag in ("KW", "UR", "SN"):
            values.setdefault(tag, []).extend(part.strip() for part in text.split("\n") if part.strip())
        else:
            values.setdefault(tag, []).append(text)
    if values.get("JF") == values.get("T2"):
        values.pop("JF", None)
    return values


def _leaves(element: Element, path: str = "") -> Iterator[tuple[str, Element]]:
    for child in element:
        here = f"{path}{child.tag}"
        if here in _TAGS or not len(child) or child.find("style") is not None:
            yield here, child
        else:
            yield from _leaves(child, f"{here}/")


def _others(record: Element) -> dict[str, str]:
    """Elements without a tag of RIS, by their own names."""
    fields: dict[str, str] = {}
    for path, element in _leaves(record):
        if path not in _TAGS and path not in _NOT_FIELDS and (text := element_text(element)):
            name = "groups" if path == "groups/group" else f"endnote-{path.replace('/', '-').lower()}"
            fields[name] = f"{fields[name]}; {text}" if name in fields else text
    return fields


def write(records: Sequence[Record]) -> bytes:
    """An EndNote XML file of these records. Fields without an element go into the research notes with their names."""
    written = [tostring(_element(record), encoding="unicode") for record in records]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n{chr(10).join(written)}\n</records></xml>\n'.encode()
    )


def _element(record: Record) -> Element:
    text_record = to_text_record(record, tags=True)
    root = Element("record")
    SubElement(root, "source-app", name="refsync").text = "refsync"
    grouped: dict[str, list[str]] = {}
    for tag, value in tagged_values(text_record):
        if tag in _PATHS or tag in ("TY", "ID", "EP", "U5"):
            grouped.setdefault(tag, []).append(value)
        else:
            grouped.setdefault("U5", []).append(f"{UNMAPPED_FIELD}ris-{tag.lower()}: {value}")
    SubElement(root, "rec-number").text = str(record.index)
    if label := "; ".join(grouped.pop("LB", [])):  # `label` has the id
        grouped.setdefault("U5", []).append(f"{UNMAPPED_FIELD}label: {label}")
    if grouped["TY"] == ["SLIDE"]:  # which EndNote has not
        grouped["TY"] = ["UNPB"]
        grouped.setdefault("U5", []).append(f"{UNMAPPED_FIELD}entrysubtype: presentation")
    if text_record.id:
        grouped["LB"] = [text_record.id]
    name, number = endnote_type(grouped["TY"][0])
    SubElement(root, "ref-type", name=name).text = str(number)
    if last := grouped.pop("EP", []):
        grouped["SP"] = [f"{grouped['SP'][0]}-{last[0]}"]
    kept = [" ".join(value.split()) for value in grouped.pop("U5", [])]
    if kept:
        grouped.setdefault("RN", []).extend(kept)
    for tag, path in _PATHS.items():
        values = grouped.get(tag, [])
        if tag in ("SN", "RN"):
            values = ["\n".join(values)] if values else []
        for value in values:
            if "<" in value and tag in _STYLED:
                _put_styled(_put(root, path, ""), value)
            else:
                _put(root, path, plain_markup(mark_html(value)) if "<" in value else value)
    return root


def _put_styled(element: Element, value: str) -> None:
    """Write text with tags as EndNote's styles."""
    faces: list[str] = []
    for piece in _STYLE_TAG.split(value):
        if found := _STYLE_TAG.fullmatch(piece):
            faces = faces[:-1] if piece.startswith("</") and faces else [*faces, _FACES.get(found[0].strip("<>"), "")]
        elif piece:
            face = " ".join(filter(None, dict.fromkeys(faces)))
            SubElement(element, "style", face=face or "normal", font="default", size="100%").text = piece


def _put(root: Element, path: str, value: str) -> Element:
    *groups, leaf = path.split("/")
    parent = root
    for group in groups:
        found = parent.find(group)
        parent = SubElement(parent, group) if found is None else found
    element = SubElement(parent, leaf)
    element.text = value
    return element


FORMAT = Format(name="endnotexml", suffixes=(".xml",), sniff=sniff, read=read, write=write, read_stream=read)
