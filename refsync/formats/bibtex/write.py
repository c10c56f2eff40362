"""Records as BibTeX, through bibtexparser's writer, which is imported only when something is written.

Records in text (from saved pages and tables) get what biber's data model and BibTeX's plain styles require of an entry,
so that neither program warns about the output: see `complete_record`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.bibtex.macros import MacroExpression
from refsync.formats.common.dialect import UNKNOWN_DATE, Dialect
from refsync.records import Record
from refsync.text.bare_identifiers import bare_identifier
from refsync.text.dates import DATE_FIELDS, is_edtf
from refsync.text.inline_markup import mark_html, plain_markup
from refsync.text.latex import VERBATIM_FIELDS, balance_braces, field_to_latex, has_balanced_braces, text_to_latex
from refsync.text.months import MONTH_NAMES, MONTHS
from refsync.text.whitespace import collapse_whitespace

SOURCE_FIELD = "refsync-source"
"""The field for the sources of an entry, as verbatim text. BibTeX and biber ignore fields that they do not know."""

FIELD_ORDER = (
    "author editor title subtitle year date month journal journaltitle booktitle booksubtitle maintitle series edition "
    "volume number issue chapter eid pages publisher institution school organization howpublished address location "
    "isbn issn doi url urldate eprint eprinttype archiveprefix primaryclass eprintclass crossref xdata note keywords "
    "abstract"
).split()
"""The order of fields; all others follow in alphabetical order."""

_WITHOUT_FIELDS = re.compile(r"(?m)^(@[^\s{]+\{[^\s,]+)\n\}")
"""An entry without fields, in which biber needs a comma after the key."""
_MACRO_OF = {name: macro for macro, name in MONTHS.items()}

_UNSAFE_IN_KEY = re.compile(r"[\s,{}()\"#%~\\'=@\x00-\x1f\x7f]+")
_UNSAFE_IN_NAME = re.compile(r"[^\w.+:/-]+")
_UNWRITABLE = re.compile(r"[\x00\ud800-\udfff]")
_PATHS = frozenset({"file", "localfile", "pdf"})
_PERCENT_CODES = str.maketrans({"{": "%7B", "}": "%7D"})


def dump(records: Sequence[Record], dialect: Dialect | None = None, preambles: Sequence[str] = ()) -> str:
    """A BibTeX database of these records; the output is deterministic.

    Entries are in the order of the records, except that entries that others name in `crossref` or `xdata` follow these,
    as BibTeX requires. `record.id` is the key; characters that would break the file are replaced, and a repeated key
    gets a number, so that the file always has every record.

    Args:
        records: the entries.
        dialect: the target; None for output that both BibTeX and biblatex can read.
        preambles: the texts of `@preamble` blocks, in LaTeX.
    """
    from bibtexparser.bibdatabase import BibDatabase, BibDataString, BibDataStringExpression
    from bibtexparser.bwriter import BibTexWriter

    database = BibDatabase()
    for record in _referenced_last(_with_safe_keys([complete_record(record, dialect) for record in records])):
        entry: dict[str, Any] = dict(record.fields)
        if macro := _MACRO_OF.get(entry.get("month", "")):
            entry["month"] = BibDataStringExpression([BibDataString(database, macro)])
        for name, value in record.fields.items():
            if isinstance(value, MacroExpression):
                entry[name] = BibDataStringExpression(
                    [BibDataString(database, part.text) if part.macro else part.text for part in value.parts]
                )
        database.entries.append({**entry, "ENTRYTYPE": record.type, "ID": record.id})
    writer = BibTexWriter()
    writer.indent = "  "
    writer.order_entries_by = None
    writer.display_order = FIELD_ORDER
    text: str = _WITHOUT_FIELDS.sub(r"\1,\n}", writer.write(database))
    return "".join(f"@preamble{{{{{preamble}}}}}\n\n" for preamble in preambles if has_balanced_braces(preamble)) + text


def complete_record(record: Record, dialect: Dialect | None = None) -> Record:
    """The record as it is written: values in LaTeX, with what BibTeX and biber require.

    A record in text without author and editor gets its title as `key` (BibTeX: "to sort, need author or key"), unless
    it is written for BibLaTeX alone. Fields without a value are left out. The function is idempotent.
    """
    fields: dict[str, str] = {}
    for given, value in record.fields.items():
        name = _safe_name(given)
        if written := _value(record, name, value):
            fields[_unused(name, fields)] = written
    if record.get("eprint") != fields.get("eprint", "") and not {"archiveprefix", "eprinttype"} & fields.keys():
        fields[_unused("archiveprefix", fields)] = "arXiv"  # which the identifier said
    type_ = _UNSAFE_IN_NAME.sub("-", record.type.lower()).strip("-")
    if not type_[:1].isalpha() or type_ in ("comment", "string", "preamble"):
        type_ = "misc"
    sorted_by = ("author", "editor", "key")
    if record.markup == "text" and dialect != "biblatex" and not any(name in fields for name in sorted_by):
        fields["key"] = _text(plain_markup(mark_html(record.get("title")))) or safe_key(record.id)
    if fields.get("date") == UNKNOWN_DATE:
        del fields["date"]
    return replace(record, type=type_, fields=fields, markup="latex")


def _value(record: Record, name: str, value: str) -> str:
    if isinstance(value, MacroExpression):
        return value
    value = bare_identifier(name, value)
    if name in VERBATIM_FIELDS:
        value = collapse_whitespace(_UNWRITABLE.sub("\ufffd", value))
        if record.markup != "latex" and name not in _PATHS:
            value = value.replace("\\", "%5C").replace("^^", "%5E%5E")  # styles print it, some of them not verbatim
        return value if has_balanced_braces(value) else value.translate(_PERCENT_CODES)
    if record.markup == "latex":
        value = _UNWRITABLE.sub("\ufffd", value)
        return collapse_whitespace(value if has_balanced_braces(value) else balance_braces(value))
    if name in DATE_FIELDS and is_edtf(value.strip()):
        return value.strip()
    if name == "month":
        return _month(value.strip()) or _text(value)
    return collapse_whitespace(field_to_latex(name, value))


def _text(value: str) -> str:
    return collapse_whitespace(text_to_latex(value))


def _month(value: str) -> str:
    """The month's full name, for which the macro is written: BibTeX's styles and biber format it differently."""
    if value.isdecimal() and 1 <= int(value) <= 12:
        return MONTH_NAMES[int(value) - 1]
    name = MONTHS.get(value[:3].lower(), "")
    return name if name.lower().startswith(value.rstrip(".").lower()) else ""


def _with_safe_keys(records: Sequence[Record]) -> Iterator[Record]:
    used: set[str] = set()
    for record in records:
        key = wanted = safe_key(record.id)
        number = 1
        while key.casefold() in used:
            number += 1
            key = f"{wanted}-{number}"
        used.add(key.casefold())
        yield replace(record, id=key)


def safe_key(key: str) -> str:
    """The key without characters that BibTeX or biber does not allow."""
    return _UNSAFE_IN_KEY.sub("-", _UNWRITABLE.sub("", key)).strip("-") or "ref"


def _referenced_last(records: Iterator[Record]) -> list[Record]:
    """The records in a stable order with each entry after those that name it in `crossref` or `xdata`.

    Entries that name each other in a circle, which BibTeX refuses, keep their order.
    """
    listed = list(records)
    by_key = {record.id.casefold(): record for record in listed}
    parents = {
        key: {parent for parent in _referenced_keys(record) if parent in by_key and parent != key}
        for key, record in by_key.items()
        if _referenced_keys(record)
    }
    if not parents:
        return listed
    children: dict[str, set[str]] = {}
    for child, named in parents.items():
        for parent in named:
            children.setdefault(parent, set()).add(child)
    rank = _levels(by_key.keys(), children, parents)
    circular = by_key.keys() - rank.keys()
    middle = max(rank.values(), default=0) + 1
    # What is left are circles and the parents of their entries, which come last.
    above = _levels(
        circular,
        {key: parents.get(key, set()) & circular for key in circular},
        {key: children.get(key, set()) & circular for key in circular},
    )
    highest = max(above.values(), default=0)
    rank |= {key: middle + 1 + highest - level for key, level in above.items()}
    return sorted(listed, key=lambda record: rank.get(record.id.casefold(), middle))


def _levels(
    keys: Collection[str], before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]
) -> dict[str, int]:
    """The length of the longest chain that ends at each key; keys in and after circles are left out."""
    waiting = {key: len(before.get(key, ())) for key in keys}
    level = {key: 0 for key, count in waiting.items() if not count}
    ready = list(level)
    for key in ready:
        for other in after.get(key, ()):
            waiting[other] -= 1
            level[other] = max(level.get(other, 0), level[key] + 1)
            if not waiting[other]:
                ready.append(other)
    return {key: level[key] for key in ready}


def _referenced_keys(record: Record) -> list[str]:
    named = [*record.get("crossref").split(","), *record.get("xdata").split(",")]
    return [key.strip().casefold() for key in named if key.strip()]


def _safe_name(name: str) -> str:
    """The field name in lower case, without what BibTeX or biber does not allow (`Author Keywords`, `2nd title`)."""
    safe = _UNSAFE_IN_NAME.sub("-", name.lower()).strip("-").lower()
    return safe if safe[:1].isalpha() else f"field-{safe}".rstrip("-")


def _unused(name: str, fields: dict[str, str]) -> str:
    number, unused = 1, name
    while unused in fields:
        number += 1
        unused = f"{name}-{number}"
    return unused
