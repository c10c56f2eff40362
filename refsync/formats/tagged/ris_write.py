"""Records as RIS, in the form of the specification of 2011: two spaces, CR LF, `TY` first and `ER` last.

The databases of a record are in `DB`, EndNote's "Name of Database" (rispy, which ASReview reads with, calls it
`name_of_database`), and its PMID is in `AN`, the accession number, as in exports of PubMed from EndNote.
"""

import re
from collections.abc import Iterator, Sequence

from refsync.formats.common.item_types import ARTICLE_TYPES, BOOK_TYPES, PART_TYPES, publisher_field
from refsync.formats.common.kinds import KINDS, kind_of
from refsync.formats.common.text_record import (
    TextRecord,
    date_parts,
    first_and_last_page,
    inverted_name,
    split_keywords,
    to_text_record,
)
from refsync.formats.tagged.ris_tags import (
    CITATION_KEY,
    CODE_OF_TYPE,
    PROSE_TAGS,
    SINGLE_FIELD_TAGS,
    TYPE_OF_CODE,
    UNMAPPED_FIELD,
    UNMAPPED_TYPE,
    states_pmid,
)
from refsync.records import Record
from refsync.text.dates import SEASON_NAMES

_SIMPLE = {name: tag for tag, name in SINGLE_FIELD_TAGS.items()}
_OWN = re.compile(r"ris-([a-z][a-z0-9])")
_WHOLE_NOTE = re.compile(
    r"\s*(?:ASReview_(?:relevant|irrelevant|not_seen)\s*$|asreview_\w+:|Database: |RAYYAN-[A-Z]+:)"
)
_TAG = re.compile(r"\s*[A-Z][A-Z0-9][ \t]{0,2}-(?:\s|$)")


def dump(records: Sequence[Record]) -> str:
    """A RIS file of these records. Fields without a tag are written into `U5` with their names."""
    return "".join(
        "".join(_line(tag, value) for tag, value in tagged_values(to_text_record(record))) + "ER  - \r\n\r\n"
        for record in records
    )


def tagged_values(record: TextRecord) -> Iterator[tuple[str, str]]:
    """The tags and values of a record, `TY` first, without `ER`."""
    fields = dict(record.fields)
    type_ = record.type
    code = fields.pop("ris-ty", "")
    if (kind := kind_of(type_, fields)) and KINDS[kind].ris:
        code = KINDS[kind].ris
        del fields["entrysubtype"]
    elif TYPE_OF_CODE.get(code, "misc") != type_ or not re.fullmatch(r"[A-Z]{2,8}", code):
        code = CODE_OF_TYPE.get(type_, "GEN")
    yield ("TY", code)
    if record.id:
        yield ("ID", record.id)
    if record.says_key:
        yield ("U5", f"{CITATION_KEY}{record.id}")
    if TYPE_OF_CODE.get(code) != type_:
        yield ("U5", f"{UNMAPPED_TYPE}{type_}")
    for name, tag in (("author", "AU"), ("editor", "A2"), ("translator", "A4")):
        for person in record.creators.get(name, ()):
            yield (tag, inverted_name(person))

    def take(name: str, tag: str) -> Iterator[tuple[str, str]]:
        if value := fields.pop(name, ""):
            yield (tag, value)

    yield from take("title", "TI")
    if type_ in PART_TYPES:
        named_event = type_ == "inproceedings" and "booktitle" in fields and "eventtitle" in fields
        yield from take("booktitle", "C3" if named_event else "T2")
        if named_event:
            yield from take("eventtitle", "T2")
        yield from take("series", "T3")
        yield from take("shortjournal", "J2")
    elif type_ in BOOK_TYPES:
        yield from take("series", "T2")
    elif publisher_field(type_) != "publisher":
        yield from take("series", "T3")
    else:
        yield from take("journal", "T2")
        yield from take("series", "T3")
        yield from take("shortjournal", "J2")
    year, month, day, whole = date_parts(fields)
    if re.fullmatch(r"\d{4}", year):
        yield ("PY", year)
        del fields["year"]
        if month:
            yield ("DA", f"{year}/{month:02}/{f'{day:02}' if day else ''}/")
        for name in ("month", "day") if whole else ():
            fields.pop(name, "")
        if fields.get("month") in SEASON_NAMES.values():
            yield ("DA", f"{year}///{fields.pop('month')}")
    elif year and not year.startswith("-") and "\n" not in year and "date" not in fields and "month" not in fields:
        yield ("PY", fields.pop("year"))
    first, last = first_and_last_page(fields.pop("pages", ""))
    if first:
        yield ("SP", first)
    if last:
        yield ("EP", last)
    yield from take("number", "IS")
    if type_ in ARTICLE_TYPES | PART_TYPES:
        yield from take("eid", "C7")
    yield from take(publisher_field(type_), "PB")
    yield from take("address", "CY")
    for name, tag in _SIMPLE.items():
        yield from take(name, tag)
    yield from take("url", "UR")
    for name in ("isbn", "issn"):
        yield from take(name, "SN")
    yield from take("abstract", "AB")
    for word in split_keywords(fields.pop("keywords", "")):
        yield ("KW", word)
    yield from take("affiliation", "AD")
    if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", fields.get("urldate", "")):
        yield ("Y2", fields.pop("urldate").replace("-", "/"))
    if publisher_field(type_) != "publisher":
        yield from take("type", "M3")
    if type_ in ("incollection", "inreference"):
        yield from take("chapter", "SE")
    if "accession" not in fields and re.fullmatch(r"\d{1,8}", pmid := fields.get("pmid", "")):
        yield ("AN", pmid)
        if states_pmid(record.fields.get("database", "")):
            del fields["pmid"]  # else `U5` says that it is one
    yield from take("accession", "AN")
    for note in _notes(fields.pop("annote", "")):
        yield ("N1", note)
    for name, value in fields.items():
        if own := _OWN.fullmatch(name):
            yield (own[1].upper(), value)
        else:
            yield ("U5", f"{UNMAPPED_FIELD}{'entrytype-field' if name == 'entrytype' else name}: {value}")


def _notes(text: str) -> Iterator[str]:
    """The notes of a record: what programs look for as a whole note, and the other lines together."""
    lines = text.split("\n")
    yield from (line.strip() for line in lines if _WHOLE_NOTE.match(line))
    if rest := "\n".join(line for line in lines if not _WHOLE_NOTE.match(line)).strip("\n"):
        yield rest


def _line(tag: str, value: str) -> str:
    """A tag with its value. Only prose keeps several lines, none of which is empty or looks like a tag."""
    if "\n" not in value and "\r" not in value:
        return f"{tag}  - {value.strip()}\r\n"
    parts: list[str] = []
    for line in re.split(r"\r\n?|\n", value):
        if parts and (tag not in PROSE_TAGS or _TAG.match(line)):
            parts[-1] = f"{parts[-1]} {line.strip()}".strip()
        elif line.strip():
            parts.append(line.strip())
    return f"{tag}  - " + "\r\n".join(parts) + "\r\n"
