"""Records to BibTeX, through bibtexparser's writer, which is imported only when something is written.

What biber's data model and BibTeX's plain styles demand of an entry and the source did not have is added to records in
text (those of saved pages and tables), so that neither program warns of what we wrote: see `completed`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.common.dialect import Dialect
from refsync.records import Record
from refsync.text.latex import VERBATIM_FIELDS, balance_braces, field_to_latex, has_balanced_braces, text_to_latex
from refsync.text.months import MONTHS
from refsync.text.whitespace import collapse_whitespace

SOURCE_FIELD = "verba"
"""The field for where a record came from: BibLaTeX's data model has it for every type, and as verbatim text, so that
file names with `_`, `%` and `#` stay as they are. BibTeX's styles ignore it."""

UNKNOWN_DATE = "XXXX"
"""The year nobody knows, in the notation of ISO 8601-2: biber demands a date of `misc`, and takes this one."""

FIELD_ORDER = (
    "author editor title subtitle year date month journal journaltitle booktitle booksubtitle maintitle series edition "
    "volume number issue chapter eid pages publisher institution school organization howpublished address location "
    "isbn issn doi url urldate eprint eprinttype archiveprefix primaryclass eprintclass crossref xdata note keywords "
    "abstract"
).split()
"""Fields stand in this order, all others after them in that of the alphabet."""

_MACRO_OF = {name: macro for macro, name in MONTHS.items()}
_MONTH_NAMES = list(MONTHS.values())
_UNSAFE_IN_KEY = re.compile(r"[\s,{}()\"#%~\\'=@\x00-\x1f\x7f]+")
_UNSAFE_IN_NAME = re.compile(r"[^\w.+:/-]+")
_UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
_PERCENT_CODES = str.maketrans({"{": "%7B", "}": "%7D"})


def dump(records: Sequence[Record], dialect: Dialect | None = None, preambles: Sequence[str] = ()) -> str:
    """A BibTeX database of these records; the same records give the same text.

    Entries stand in the order of the records, but those that others name in `crossref` or `xdata` after these, as
    BibTeX demands. `record.id` is the key; characters that would break the file are replaced in it, and a key that is
    there already gets a number, so that the file always holds every record.

    Args:
        records: the entries.
        dialect: whom they are written for; both BibTeX and biblatex if it is None.
        preambles: the texts of `@preamble` blocks, in LaTeX.
    """
    from bibtexparser.bibdatabase import BibDatabase, BibDataString, BibDataStringExpression
    from bibtexparser.bwriter import BibTexWriter

    database = BibDatabase()
    for record in _referred_last(_with_safe_keys([complete_record(record, dialect) for record in records])):
        entry: dict[str, Any] = dict(record.fields)
        if macro := _MACRO_OF.get(entry.get("month", "")):
            entry["month"] = BibDataStringExpression([BibDataString(database, macro)])
        database.entries.append({**entry, "ENTRYTYPE": record.type, "ID": record.id})
    writer = BibTexWriter()
    writer.indent = "  "
    writer.order_entries_by = None
    writer.display_order = FIELD_ORDER
    text: str = writer.write(database)
    return "".join(f"@preamble{{{{{preamble}}}}}\n\n" for preamble in preambles if has_balanced_braces(preamble)) + text


def complete_record(record: Record, dialect: Dialect | None = None) -> Record:
    """The record as a reader of the written file finds it: values in LaTeX, with what BibTeX and biber demand.

    A record in text without author and editor gets its title as `key` (BibTeX: "to sort, need author or key"), and a
    `misc` without year the date `UNKNOWN_DATE` (biber: "one of 'date, year' must be defined"), unless it is written for
    BibTeX alone. Fields without a value are left out. Applying it twice changes nothing more.
    """
    fields: dict[str, str] = {}
    for given, value in record.fields.items():
        name = _safe_name(given)
        if written := _value(record, name, value):
            fields[_unused(name, fields)] = written
    type_ = _UNSAFE_IN_NAME.sub("-", record.type.lower()).strip("-")
    if not type_[:1].isalpha() or type_ in ("comment", "string", "preamble"):
        type_ = "misc"
    if record.markup == "text":
        if not any(name in fields for name in ("author", "editor", "key")):
            fields["key"] = _text(record.get("title")) or safe_key(record.id)
        if type_ in ("misc", "online") and "year" not in fields and dialect != "bibtex":
            fields.setdefault("date", UNKNOWN_DATE)
    if fields.get("date") == UNKNOWN_DATE and ("year" in fields or dialect == "bibtex"):
        del fields["date"]  # merged since with a record that knows
    return replace(record, type=type_, fields=fields, markup="latex")


def _value(record: Record, name: str, value: str) -> str:
    if name in VERBATIM_FIELDS:
        value = collapse_whitespace(_UNWRITABLE.sub("\ufffd", value))
        return value if has_balanced_braces(value) else value.translate(_PERCENT_CODES)
    if record.markup == "latex":
        value = _UNWRITABLE.sub("\ufffd", value)
        return collapse_whitespace(value if has_balanced_braces(value) else balance_braces(value))
    if name == "month":
        return _month(value.strip()) or _text(value)
    return collapse_whitespace(field_to_latex(name, value))


def _text(value: str) -> str:
    return collapse_whitespace(text_to_latex(value))


def _month(value: str) -> str:
    """The month's full name, for which the macro is written: BibTeX's styles and biber each spell it their way."""
    if value.isdecimal() and 1 <= int(value) <= 12:
        return _MONTH_NAMES[int(value) - 1]
    name = MONTHS.get(value[:3].lower(), "")
    return name if name.lower().startswith(value.rstrip(".").lower()) else ""


def _with_safe_keys(records: Sequence[Record]) -> Iterator[Record]:
    taken: set[str] = set()
    for record in records:
        key = wanted = safe_key(record.id)
        number = 1
        while key.casefold() in taken:
            number += 1
            key = f"{wanted}-{number}"
        taken.add(key.casefold())
        yield replace(record, id=key)


def safe_key(key: str) -> str:
    """The key without what BibTeX or biber cannot take in one."""
    return _UNSAFE_IN_KEY.sub("-", _UNWRITABLE.sub("", key)).strip("-") or "ref"


def _referred_last(records: Iterator[Record]) -> list[Record]:
    """The records in a stable order in which no entry stands before one that names it in `crossref` or `xdata`."""
    listed = list(records)
    by_key = {record.id.casefold(): record for record in listed}
    rank: dict[str, int] = {}

    def settle(key: str, depth: int) -> None:
        # A chain is as long as there are entries at most; a circle (BibTeX refuses it) ends here.
        if depth > rank.get(key, 0) and depth <= 16:
            rank[key] = depth
        elif depth:
            return
        for target in _referred(by_key[key]):
            if target in by_key and target != key:
                settle(target, depth + 1)

    for key, record in by_key.items():
        if _referred(record):
            settle(key, 0)
    return sorted(listed, key=lambda record: rank.get(record.id.casefold(), 0)) if rank else listed


def _referred(record: Record) -> list[str]:
    named = [*record.get("crossref").split(","), *record.get("xdata").split(",")]
    return [key.strip().casefold() for key in named if key.strip()]


def _safe_name(name: str) -> str:
    """The field name in lower case, without what BibTeX or biber refuse in one (`Author Keywords`, `2nd title`)."""
    safe = _UNSAFE_IN_NAME.sub("-", name.lower()).strip("-").lower()
    return safe if safe[:1].isalpha() else f"field-{safe}".rstrip("-")


def _unused(name: str, fields: dict[str, str]) -> str:
    number, unused = 1, name
    while unused in fields:
        number += 1
        unused = f"{name}-{number}"
    return unused
