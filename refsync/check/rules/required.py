"""Rules about the fields that an entry must have (Patashnik, BibTeXing, 3.1; the biblatex manual, 2.1.1)."""

from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding

_CREATOR, _BOOK_CREATOR = "author", "author/editor"
_WHEN, _WHERE, _SCHOOL = "year/date", "journal/journaltitle", "school/institution"

# Fields by type; `/` separates alternatives. One with `*` is required in BibTeX files only, not by biblatex.
_REQUIRED = {
    "article": (_CREATOR, "title", _WHERE, _WHEN),
    "book": (_BOOK_CREATOR, "title", "publisher*", _WHEN),
    "mvbook": (_CREATOR, "title", _WHEN),
    "inbook": (_BOOK_CREATOR, "title", "chapter/pages/booktitle", "publisher*", _WHEN),
    "booklet": ("title",),
    "collection": ("editor", "title", _WHEN),
    "incollection": (_CREATOR, "title", "booktitle", "publisher*", _WHEN),
    "inproceedings": (_CREATOR, "title", "booktitle", _WHEN),
    "conference": (_CREATOR, "title", "booktitle", _WHEN),
    "proceedings": ("title", _WHEN),
    "manual": ("title",),
    "mastersthesis": (_CREATOR, "title", _SCHOOL, _WHEN),
    "phdthesis": (_CREATOR, "title", _SCHOOL, _WHEN),
    "thesis": (_CREATOR, "title", _SCHOOL, _WHEN),
    "techreport": (_CREATOR, "title", "institution", _WHEN),
    "report": (_CREATOR, "title", "institution", _WHEN),
    "online": ("title", "url/doi/eprint"),
    "patent": (_CREATOR, "title", "number", _WHEN),
    "periodical": ("editor", "title", _WHEN),
    "dataset": (_BOOK_CREATOR, "title", _WHEN),
    "unpublished": (_CREATOR, "title", "note*"),
}


def missing_fields(entry: Entry) -> Iterator[EntryFinding]:
    """RS601: required fields that the entry neither has nor inherits."""
    required = _REQUIRED.get(entry.record.type, ())
    present = {name for name, value in entry.record.fields.items() if value}
    if any(not _has(present, wanted, entry.biblatex) for wanted in required):
        if not entry.library.knows_parents(entry.record):
            return  # what it inherits is in a file that is not read, or missing: RS203
        present |= entry.library.inherited_fields(entry.record).keys()
    missing = [wanted.rstrip("*") for wanted in required if not _has(present, wanted, entry.biblatex)]
    if missing:
        names = ", ".join(wanted.replace("/", " or ") for wanted in missing)
        yield EntryFinding("RS601", entry.key_position, f"lacks {names}", ",".join(missing))


def _has(present: set[str], wanted: str, biblatex: bool) -> bool:
    if wanted.endswith("*") and biblatex:
        return True
    return not present.isdisjoint(wanted.rstrip("*").split("/"))
