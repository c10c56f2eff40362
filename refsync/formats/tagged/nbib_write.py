"""Records in PubMed's tagged format: see `nbib`.

What the tags don't say is in general notes (`GN`) with the names of the fields, among them whatever reading the other
tags would not give back: types that PubMed lacks, groups between authors, dates in words.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

from refsync.formats.common.field_values import join_names
from refsync.formats.common.text_record import TextRecord, inverted_name, split_keywords, to_text_record
from refsync.formats.common.unmapped import TYPE, unmapped_lines
from refsync.formats.common.written_date import take_date
from refsync.formats.tagged.nbib_tags import CITATION_KEY, SIMPLE_TAGS, fields_of
from refsync.records import Name, Record
from refsync.text.months import MONTH_NAMES

_OWN = re.compile(r"nbib-([a-z][a-z0-9]{1,3})")
_WIDTH = 84
_INDENT = "      "


def write(records: Sequence[Record]) -> bytes:
    """A file of these records, each of which starts with `PMID`."""
    return "\n".join("".join(map(_line, _values(to_text_record(record)))) for record in records).encode()


def _line(item: tuple[str, str]) -> str:
    tag, value = item
    wrapped = textwrap.wrap(
        " ".join(value.split()), _WIDTH, break_long_words=False, break_on_hyphens=False, expand_tabs=False
    )
    return f"{tag:<4}- " + f"\n{_INDENT}".join(wrapped) + "\n"


def _values(record: TextRecord) -> Iterator[tuple[str, str]]:
    tags = list(_tags(record))
    values: dict[str, list[str]] = {}
    for tag, value in tags:
        if value:
            values.setdefault(tag, []).append(" ".join(value.split()))
    type_, _, read = fields_of(values)
    wanted = record.fields | {name: join_names(people) for name, people in record.creators.items()}
    missing = {name: value for name, value in wanted.items() if not _same(name, value, read.get(name, ""))}
    if TYPE in missing:
        missing[f"{TYPE}-field"] = missing.pop(TYPE)
    own = {CITATION_KEY: record.id} if record.id else {}
    if type_ != record.type:
        own[TYPE] = record.type
    yield from tags
    for line in unmapped_lines({**own, **missing}):
        yield "GN", line


def _same(name: str, value: str, other: str) -> bool:
    if name == "keywords":
        return split_keywords(value) == split_keywords(other)
    return value.split() == other.split()


def _tags(record: TextRecord) -> Iterator[tuple[str, str]]:
    fields = dict(record.fields)
    yield "PMID", fields.pop("pmid", "") if re.fullmatch(r"\d{1,8}", fields.get("pmid", "")) else ""
    for number in re.split(r",\s*", fields.pop("issn", "")):
        yield from _given("IS", number)
    year, month, day = take_date(fields)
    date = " ".join(filter(None, (year, MONTH_NAMES[month - 1][:3] if month else "", str(day) if day else "")))
    yield from _given("DP", date)
    for tag, name in SIMPLE_TAGS.items():
        if tag != "PMID":
            yield from _given(tag, fields.pop(name, ""))
    yield from _given("PG", fields.pop("pages", "").replace("--", "-"))
    if doi := fields.pop("doi", ""):
        yield "LID", f"{doi} [doi]"
        yield "AID", f"{doi} [doi]"
    for person in record.creators.get("author", ()):
        yield ("CN" if _is_group(person) else "FAU"), inverted_name(person)
    for person in record.creators.get("editor", ()):
        yield "FED", inverted_name(person)
    yield from _given("AD", fields.pop("affiliation", ""))
    for language in re.split(r",\s*", fields.pop("language", "")):
        yield from _given("LA", language)
    for number in re.split(r",\s*", fields.pop("isbn", "")):
        yield from _given("ISBN", number)
    if record.type == "article" and "nbib-pt" not in fields:
        yield "PT", "Journal Article"
    for word in split_keywords(fields.pop("keywords", "")):
        yield "OT", word
    for name, value in fields.items():
        if (own := _OWN.fullmatch(name)) and own[1].upper() != "GN":
            for part in value.split("; "):
                yield own[1].upper(), part


def _given(tag: str, value: str) -> Iterator[tuple[str, str]]:
    if value:
        yield tag, value


def _is_group(name: Name) -> bool:
    return not name.given and not name.prefix and not name.suffix
