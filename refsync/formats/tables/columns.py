"""What the columns of a table mean: guessed from their names, as databases and screening tools spell them.

Scopus, Web of Science, PubMed, IEEE Xplore, Zotero, Rayyan, Covidence and ASReview are known by their words; every
other column stays a field of its own name. What was guessed is told, so that nobody has to wonder.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.formats.common.field_values import split_date
from refsync.formats.tables.column_names import COLUMN_NAMES, SPECIFIC_TYPES, TYPE_NAMES, WOS_TAGS
from refsync.records import Problem, Record
from refsync.text.months import month_name
from refsync.text.names import MAX_NAMES, split_names

_MEANS = {
    spelling: (name, rank) for name, said in COLUMN_NAMES.items() for rank, spelling in enumerate(said.split("; "))
}

_WOS_SIGNS = {"pt", "au", "ti", "so"}

_TYPE_OF = {spelling: name for name, said in TYPE_NAMES.items() for spelling in said.split("; ")}
_NO_FIELDS = {"id", "entrytype", "first page", "last page"}
_NEEDED = {"title", "doi", "pmid", "eprint"}
_AUTHOR_ID = re.compile(r"\s*\(\d{6,}\)")  # Scopus
_UNSURE = {"source", "no"}  # something else where another column is the journal, or the number
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ISO_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?:[/T ].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})([01]\d)([0-3]\d)")
_NO_WORD = re.compile(r"[^\w]+|_")
_OTHER_TITLES = {
    "journal",
    "source",
    "book",
    "series",
    "abbreviated",
    "conference",
    "short",
    "publication",
    "translated",
}
_SPRINGER_SIGNS = {"item title", "item doi", "authors"}
_SCOPUS_SIGNS = {"source title", "art no"}


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of one table are read.

    Attributes:
        header: their names as the table has them.
        names: what each is taken for: a field, or one of `id`, `entrytype`, `first page` and `last page`.
        guessed: which columns got another name than their own.
        spare: what each would be taken for, were the column that is taken for it empty.
        glued: whether authors stand without anything between them, as Springer has them.
    """

    header: tuple[str, ...]
    names: tuple[str, ...]
    guessed: tuple[bool, ...]
    spare: tuple[str, ...]
    glued: bool = False

    @property
    def usable(self) -> bool:
        """Whether there is a title, or at least an identifier."""
        return not _NEEDED.isdisjoint(self.names)

    def notes(self, source: str) -> list[Problem]:
        """A note of what was guessed, if anything was, and of columns that stand twice."""
        lower = [name.strip().lower() for name in self.header]
        twice = [
            Problem(source, f"the column {name!r} stands twice; the first one that is filled counts", 1)
            for name in sorted({name for name in lower if name and lower.count(name) > 1})
        ]
        pairs = [(old, new) for old, new, own in zip(self.header, self.names, self.guessed, strict=True) if own]
        if not pairs:
            return twice
        taken = ", ".join(f"{old.strip()!r} as {new}" for old, new in pairs)
        told = zip(self.names, self.guessed, self.spare, strict=True)
        others = [new for new, own, spare in told if not own and not spare and new not in COLUMN_NAMES]
        kept = f"; kept as they are: {', '.join(others)}" if others else ""
        spares = [
            f"{old.strip()!r} where {new} is empty" for old, new in zip(self.header, self.spare, strict=True) if new
        ]
        taken += f"; {', '.join(spares)}" if spares else ""
        return [*twice, Problem(source, f"columns taken: {taken}{kept}", 1, kind="columns")]


def guess_columns(header: Sequence[str]) -> Columns:
    """What each column of a table is.

    >>> guess_columns(["Article Title", "Source Title", "Shelf"]).names
    ('title', 'journal', 'shelf')
    """
    words = _words(header)
    best: dict[str, tuple[int, int]] = {}
    for place, word in enumerate(words):
        name, rank = _MEANS.get(word, ("", 0))
        if name and (name not in best or rank < best[name][0]):
            best[name] = (rank, place)
    if "title" not in best:
        for place, word in enumerate(words):
            parts = set(word.split())
            if "title" in parts and not parts & _OTHER_TITLES:
                best["title"] = (0, place)
                break
    taken = {place: name for name, (_, place) in best.items()}
    own = [name.strip().lower() for name in header]
    names = [taken.get(place) or _free(own[place], words[place], best, place) for place in range(len(header))]
    spare = [
        "" if place in taken or word in _UNSURE else _MEANS.get(word, ("", 0))[0] for place, word in enumerate(words)
    ]
    guessed = (new != old and not other for new, old, other in zip(names, own, spare, strict=True))
    glued = _SPRINGER_SIGNS.issubset(words)
    return Columns(tuple(header), tuple(names), tuple(guessed), tuple(spare), glued)


def _free(own: str, word: str, best: dict[str, tuple[int, int]], place: int) -> str:
    """The field of a column that has no meaning here: its own name, unless another column is that field."""
    if not own:
        return f"column{place + 1}"
    return word if own in best or own in _NO_FIELDS else own


def row_record(source: str, index: int, columns: Columns, cells: Sequence[str], line: int) -> Record:
    """The record of one row. Cells beyond the header get names of their own (`column7`)."""
    fields: dict[str, str] = {}
    for place, cell in enumerate(cells):
        name = columns.names[place] if place < len(columns.names) else f"column{place + 1}"
        if (value := cell.strip()) and name not in fields:
            fields[name] = value
    _fill(fields, columns)
    key = fields.pop("id", f"#{index}")
    first, last = fields.pop("first page", ""), fields.pop("last page", "")
    if first and "pages" not in fields:
        fields["pages"] = f"{first}--{last}" if last and last != first else first
    for name in ("author", "editor"):
        if name in fields:
            fields[name] = split_glued_names(fields[name]) if columns.glued else join_author_list(fields[name])
    _put_date(fields)
    if fields.get("pmid", "").startswith("http"):
        fields["pmid"] = fields["pmid"].rstrip("/").rpartition("/")[2]
    return Record(source, index, key, _type(fields), fields, line=line)


def _fill(fields: dict[str, str], columns: Columns) -> None:
    """Give a field that is empty in this row the value of another column of that meaning."""
    for name, spare in zip(columns.names, columns.spare, strict=True):
        if spare and spare not in fields and name in fields:
            fields[spare] = fields.pop(name)


def _put_date(fields: dict[str, str]) -> None:
    """Month and day by their usual names; a date that is none of ISO 8601's forms as year, month and day."""
    if fields.get("month", "").isdecimal() and (name := month_name(fields["month"])):
        fields["month"] = name
    said = fields.get("date", "")
    if not said or _ISO_DATE.fullmatch(said):
        return
    if compact := _COMPACT_DATE.fullmatch(said):
        said = "-".join(compact.groups())
    year, month, day, rest = split_date(said)
    if rest or not (year or month) or fields.get("year", year) != (year or fields.get("year", "")):
        return
    found = {"year": year, "month": month, "day": day}
    if all(fields.get(name, value) == value for name, value in found.items() if value):
        del fields["date"]
        fields |= {name: value for name, value in found.items() if value}


def _type(fields: dict[str, str]) -> str:
    """The entry type, from what the table says or, where it says nothing, from where the paper appeared."""
    said = fields.pop("entrytype", "")
    kind = said.split(";")[0].strip().casefold()
    known = _TYPE_OF.get(kind, "")
    if kind in SPECIFIC_TYPES:
        fields.setdefault("entrysubtype", said)
    if not said and (typed := _TYPE_OF.get(fields.get("type", "").casefold())):
        known = typed
        del fields["type"]
    if known in ("inproceedings", "incollection") and "journal" in fields and "booktitle" not in fields:
        fields["booktitle"] = fields.pop("journal")
    if known or said.isidentifier():
        return known or said.lower()
    if said:
        fields.setdefault("entrysubtype", said)
    return "article" if "journal" in fields else "inproceedings" if "booktitle" in fields else "misc"


def join_author_list(value: str) -> str:
    """A list of authors as BibTeX joins it, where it is one without doubt; else as it stands.

    >>> join_author_list("Doe, Jane (57190000001); Roe, A."), join_author_list("Doe J, Roe AB."), join_author_list("Doe, Jane")
    ('Doe, Jane and Roe, A.', 'Doe J and Roe AB', 'Doe, Jane')
    """
    value = _AUTHOR_ID.sub("", value)
    for sign, least in ((";", 1), ("|", 2)):
        if sign in value and len(parts := [part for piece in value.split(sign) if (part := piece.strip())]) >= least:
            return " and ".join(parts)
    if " and " in value or value.count(",") < 1:
        return value
    names, truncated = split_names(value.rstrip(".") if value.count(".") == 1 else value)
    return " and ".join(names) if 1 < len(names) < MAX_NAMES and not truncated else value


def split_glued_names(value: str) -> str:
    """Names without anything between them, joined by ` and `; a part of one word is none, as in `McDoe`.

    >>> split_glued_names("Jane DoeMax A. McRoeÖzge Poe")
    'Jane Doe and Max A. McRoe and Özge Poe'
    """
    names: list[str] = []
    start = 0
    cuts = [place for place in range(1, len(value)) if value[place - 1].islower() and value[place].isupper()]
    for end in (*cuts, len(value)):
        part, start = value[start:end], end
        if names and not (" " in part.strip() and " " in names[-1]):
            names[-1] += part
        else:
            names.append(part)
    return " and ".join(names)


def count_known_columns(header: Iterable[str]) -> int:
    """How many of these names are known ones."""
    return sum(word in _MEANS for word in _words(header))


def _word(name: str) -> str:
    """A column's name as words: `Article Title`, `article_title` and `articleTitle` are the same."""
    word, parted = (" ".join(_NO_WORD.sub(" ", said.casefold()).split()) for said in (name, _CAMEL.sub(" ", name)))
    return word if word in _MEANS else parted


def _words(header: Iterable[str]) -> list[str]:
    """Names of columns as words; the tags of Web of Science as what they stand for."""
    words = [_word(name) for name in header]
    if set(words) >= _WOS_SIGNS:
        return [WOS_TAGS.get(word, word) for word in words]
    if "eid" in words and not _SCOPUS_SIGNS.isdisjoint(words):  # Scopus's own identifier, not an article number
        return ["scopus" if word == "eid" else word for word in words]
    if _SPRINGER_SIGNS.issubset(words):
        return ["entrytype" if word == "content type" else word for word in words]
    if "booktitle" in words:  # by BibTeX's names, in which the venue is the place of the event
        return ["event place" if word == "venue" else word for word in words]
    return words
