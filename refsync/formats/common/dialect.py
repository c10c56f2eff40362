"""BibTeX and BibLaTeX: recognises which of the two a library uses, and converts records between them.

Fields and types are those of BibTeX's standard styles and of BibLaTeX's data model (its manual, sections 2.1 and 2.2).
Nothing is lost: a field that the other dialect lacks stays, and a value is replaced only by one of the same
meaning.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from refsync.formats.common.field_values import split_date
from refsync.records import Record
from refsync.text.dates import date_of, is_edtf, to_edtf, year_month_day
from refsync.text.names import extended_name
from refsync.text.whitespace import collapse_whitespace

Dialect = Literal["bibtex", "biblatex"]

_BIBLATEX_FIELDS = frozenset(
    "date journaltitle eprinttype eprintclass langid origdate eventdate ids xdata related relatedtype entrysubtype "
    "maintitle booksubtitle journalsubtitle shortjournal sortname pubstate".split()
)
_BIBLATEX_TYPES = frozenset(
    "online thesis report collection mvcollection mvbook bookinbook suppbook suppcollection suppperiodical periodical "
    "reference mvreference inreference mvproceedings dataset software patent artwork audio image letter video movie "
    "music performance review standard legal legislation jurisdiction xdata set".split()
)
_EXPORTED_TO_BOTH = frozenset("langid shortjournal pubstate eprinttype eprintclass".split())  # by Better BibTeX
_BIBTEX_FIELDS = frozenset("journal year school archiveprefix primaryclass address".split())
_BIBTEX_TYPES = frozenset("phdthesis mastersthesis techreport conference".split())

_FIELDS = {
    "journal": "journaltitle",
    "address": "location",
    "archiveprefix": "eprinttype",
    "primaryclass": "eprintclass",
    "annote": "annotation",
}
"""BibTeX's fields and BibLaTeX's names for them; `school` and dates have their own rules."""

_NEAREST_TYPE = {
    **dict.fromkeys(("collection", "mvbook", "mvcollection", "reference", "mvreference", "suppbook"), "book"),
    **dict.fromkeys(("bookinbook", "suppcollection", "inreference"), "incollection"),
    **dict.fromkeys(("suppperiodical", "review"), "article"),
    "mvproceedings": "proceedings",
}
"""BibTeX's nearest type for types of BibLaTeX that it lacks; `misc` for all others."""

# The label that BibTeX prints for a thesis or report is in `type`, unless it is the default of the type.
_KINDS = {
    ("thesis", "phdthesis"): ("phdthesis", ""),
    ("thesis", "mathesis"): ("mastersthesis", ""),
    ("thesis", "bathesis"): ("phdthesis", "Bachelor's thesis"),
    ("thesis", "candthesis"): ("phdthesis", "Candidate thesis"),
    ("thesis", ""): ("phdthesis", "Thesis"),
    ("report", "techreport"): ("techreport", ""),
    ("report", "resreport"): ("techreport", "Research report"),
    ("report", ""): ("techreport", "Report"),
}
_KINDS_BACK = {bibtex: biblatex for biblatex, bibtex in _KINDS.items()}

_NAME_SEPARATOR = re.compile(r"\s+and\s+")
UNKNOWN_DATE = "XXXX"
"""What earlier versions wrote for an unknown year; it is not a date."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def dialect_of(records: Sequence[Record]) -> Dialect | None:
    """The dialect of the entries of a library; None if no entry indicates one.

    An entry counts for BibLaTeX if it has a field or type that only BibLaTeX knows, else for BibTeX if it has one that
    BibLaTeX accepts for compatibility (`journal`, `year`, `@phdthesis`); the majority decides. Exporters mix the
    two in one entry (`year` beside `date`), so BibLaTeX takes precedence. But an entry with `journal` and `year` was
    written for BibTeX, even with a single field of BibLaTeX's, or several that exporters add (`langid` with
    `shortjournal`). It counts twice, as does one with `journaltitle` and `date`.
    """
    weights = {"biblatex": 0, "bibtex": 0}
    for record in records:
        if record.markup == "latex" and (vote := _vote(record)):
            weights[vote[0]] += vote[1]
    if not any(weights.values()):
        return None
    return "biblatex" if weights["biblatex"] >= weights["bibtex"] else "bibtex"


def to_dialect(record: Record, dialect: Dialect) -> Record:
    """The record in this dialect. The function is idempotent, and its changes can be reversed."""
    return _to_bibtex(record) if dialect == "bibtex" else _to_biblatex(record)


def has_no_bibtex_type(type_: str) -> bool:
    """Whether BibTeX has no type for works of this type of BibLaTeX, not even under another name."""
    return type_ in _BIBLATEX_TYPES and type_ not in ("thesis", "report", "xdata", "set")


def _vote(record: Record) -> tuple[Dialect, int] | None:
    """The dialect that an entry indicates, and the weight of its vote."""
    has = {name for name, value in record.fields.items() if value.strip()}
    own = has & _BIBLATEX_FIELDS
    written_for_bibtex = {"journal", "year"} <= has
    added = len(own) == 1 or own <= _EXPORTED_TO_BOTH
    if record.type in _BIBLATEX_TYPES or (own and not (written_for_bibtex and added)):
        return "biblatex", 2 if {"journaltitle", "date"} <= has else 1
    if has & _BIBTEX_FIELDS or record.type in _BIBTEX_TYPES:
        return "bibtex", 2 if written_for_bibtex else 1
    return None


def _to_biblatex(record: Record) -> Record:
    fields = dict(record.fields)
    type_ = record.type
    _same_case(fields)
    for old, new in _FIELDS.items():
        _rename(fields, old, new)
    if fields.get("eprinttype", "").lower() == "arxiv":
        fields["eprinttype"] = "arxiv"
    if type_ in ("phdthesis", "mastersthesis", "techreport"):
        label = fields.pop("type", "")
        kind = _KINDS_BACK.get((type_, label))
        type_ = "report" if type_ == "techreport" else "thesis"
        if kind is None:
            fields["type"] = label
            if record.type == "mastersthesis":  # which a custom label does not say
                fields.setdefault("entrysubtype", record.type)
        elif kind[1]:
            fields["type"] = kind[1]
    elif type_ == "conference":
        type_ = "inproceedings"
    elif type_ in ("electronic", "www"):
        type_ = "online"
    elif (kept := fields.get("entrysubtype", "")) in _BIBLATEX_TYPES and type_ == _NEAREST_TYPE.get(kept, "misc"):
        type_ = fields.pop("entrysubtype")
    elif type_ == "misc" and fields.get("url") and not fields.get("howpublished") and kept != "document":
        type_ = "online"
    if type_ == "thesis":
        _rename(fields, "school", "institution")
    _join_date(fields)
    return replace(record, type=type_, fields=fields)


def _to_bibtex(record: Record) -> Record:
    fields = dict(record.fields)
    type_ = record.type
    if type_ in ("thesis", "report"):
        kind = fields.get("type", "")
        type_, label = _KINDS.get((type_, kind), ("phdthesis" if type_ == "thesis" else "techreport", kind))
        fields.pop("type", None)
        if label:
            fields["type"] = label
        if type_ == "phdthesis" and fields.get("entrysubtype") == "mastersthesis":
            type_ = fields.pop("entrysubtype")
    elif type_ in _BIBLATEX_TYPES and type_ not in ("xdata", "set"):  # these are not works
        if not (type_ == "online" and fields.get("url") and not fields.get("howpublished")):
            fields.setdefault("entrysubtype", type_)
        type_ = _NEAREST_TYPE.get(type_, "misc")
    _same_case(fields)
    for old, new in _FIELDS.items():
        _rename(fields, new, old)
    if type_ in ("phdthesis", "mastersthesis"):
        _rename(fields, "institution", "school")
    _split_date(fields)
    for name in ("author", "editor", "translator", "bookauthor"):
        if "=" in fields.get(name, ""):
            fields[name] = _without_extended_names(fields[name])
    return replace(record, type=type_, fields=fields)


def _without_extended_names(value: str) -> str:
    """Names with biblatex's names of their parts in BibTeX's form."""
    names = []
    for name in _NAME_SEPARATOR.split(value):
        found = extended_name(name)
        family = f"{found.prefix} {found.family}".strip() if found else ""
        names.append(", ".join(filter(None, (family, found.suffix, found.given))) if found else name)
    return " and ".join(names)


def _same_case(fields: dict[str, str]) -> None:
    """Write the name of arXiv alike in both fields for it, so that they are equal."""
    for name in ("archiveprefix", "eprinttype"):
        if fields.get(name, "").lower() == "arxiv":
            fields[name] = "arXiv"


def _rename(fields: dict[str, str], old: str, new: str) -> None:
    """Rename a field in its position; keep both if a field of the new name has another value."""
    if old not in fields or (
        fields.get(new, "").strip() and collapse_whitespace(fields[new]) != collapse_whitespace(fields[old])
    ):
        return
    renamed = {new if name == old else name: value for name, value in fields.items() if name != new}
    fields.clear()
    fields.update(renamed)


def _join_date(fields: dict[str, str]) -> None:
    """Join `year`, `month` and `day` to one `date`, if they are valid; drop parts that `date` has already."""
    date = date_of(*(fields.get(name, "").strip() for name in ("year", "month", "day")))
    if not date:
        return
    if fields.get("date", "").strip() and not re.match(rf"{date}(?!\d)", fields["date"].strip()):
        return
    joined = {
        "date" if name == "year" else name: fields.get("date", "").strip() or date if name == "year" else value
        for name, value in fields.items()
        if name not in ("date", "month", "day")
    }
    fields.clear()
    fields.update(joined)


def _split_date(fields: dict[str, str]) -> None:
    """Split `date` into `year`, `month` and `day`; keep it too if it says more (a range, an uncertain year)."""
    date = fields.get("date", "").strip()
    found = _DATE.match(date)
    year, month, day = year_month_day(found[0]) if found else ("", "", "")
    whole = found is not None and found.end() == len(date)
    if not found and not fields.get("year", "").strip() and date != UNKNOWN_DATE and not is_edtf(date):
        *parts_in_words, rest = split_date(date)
        year, month, day = year_month_day(to_edtf(date)) if rest or not parts_in_words[0] else parts_in_words
        year, whole = year or date, True  # `in press`, `198X`: BibTeX prints what is in `year`
    if not year:
        return
    parts = {name: value for name, value in (("year", year), ("month", month), ("day", day)) if value}
    if any(fields.get(name, "").strip() not in ("", value) for name, value in parts.items()):
        return
    renamed: dict[str, str] = {}
    for name, value in fields.items():
        if name == "date":
            renamed |= parts
            if not whole:
                renamed[name] = value
        elif name not in parts:
            renamed[name] = value
    fields.clear()
    fields.update(renamed)
