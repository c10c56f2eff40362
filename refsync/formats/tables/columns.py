"""The meaning of the columns of a table, guessed from the names that databases and screening tools use.

The names of Scopus, Web of Science, PubMed, IEEE Xplore, Zotero, Rayyan, Covidence and ASReview are known; every other
column becomes a field of its own name. The guesses are reported.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.formats.common.field_values import bibtex_name, join_names, split_date
from refsync.formats.tables.cells import LONGEST_EMPTY, read_cell, whole_number
from refsync.formats.tables.column_names import COLUMN_NAMES, SPECIFIC_TYPES, TYPE_NAMES, WOS_TAGS
from refsync.records import Problem, Record
from refsync.text.dates import to_edtf, year_month_day
from refsync.text.months import month_name
from refsync.text.names import MAX_NAMES, split_names

_FIELD_OF = {
    column: (name, rank) for name, columns in COLUMN_NAMES.items() for rank, column in enumerate(columns.split("; "))
}

_WOS_SIGNS = {"pt", "au", "ti", "so"}

_TYPE_OF = {type_name: type_ for type_, names in TYPE_NAMES.items() for type_name in names.split("; ")}
_NOT_FIELDS = {"id", "entrytype", "first page", "last page"}
RECORD_COLUMNS = ("id", "entrytype")
"""The first columns of a table that refsync writes."""
KEY_COLUMN = "citation key"
_KEY_COLUMNS = {KEY_COLUMN, "citekey", "cite key", "bibtex key"}
_NEEDED = {"title", "doi", "pmid", "eprint"}
_AUTHOR_ID = re.compile(r"\s*\(\d{6,}\)")  # Scopus
_UNSURE = {"source", "no"}  # with another meaning if another column is the journal or number
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ISO_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?:[/T ].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})([01]\d)([0-3]\d)")
_NOT_WORD = re.compile(r"[^\w]+|_")
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
        header: their names in the table.
        names: the meaning of each: a field, or one of `id`, `entrytype`, `first page` and `last page`.
        guessed: whether the meaning differs from the name of the column.
        fallback: the field that each fills if the column for that field is empty.
        named_keys: whether the column of ids is called one of citation keys.
        unseparated_names: whether authors have no separator between them, as in Springer's tables.
    """

    header: tuple[str, ...]
    names: tuple[str, ...]
    guessed: tuple[bool, ...]
    fallback: tuple[str, ...]
    unseparated_names: bool = False
    named_keys: bool = False

    @property
    def own(self) -> bool:
        """Whether refsync wrote the table."""
        return self.header[:2] == RECORD_COLUMNS

    @property
    def usable(self) -> bool:
        """Whether there is a title, or at least an identifier."""
        return not _NEEDED.isdisjoint(self.names)

    def notes(self, source: str) -> list[Problem]:
        """Notes on guessed meanings and on repeated columns."""
        lower = [name.strip().lower() for name in self.header]
        repeated = [
            Problem(source, f"the column {name!r} appears twice; the first non-empty value is used", 1)
            for name in sorted({name for name in lower if name and lower.count(name) > 1})
        ]
        pairs = [(old, new) for old, new, own in zip(self.header, self.names, self.guessed, strict=True) if own]
        if not pairs:
            return repeated
        recognised = ", ".join(f"{old.strip()!r} as {new}" for old, new in pairs)
        meanings = zip(self.names, self.guessed, self.fallback, strict=True)
        others = [new for new, own, fallback in meanings if not own and not fallback and new not in COLUMN_NAMES]
        kept = f"; kept as they are: {', '.join(others)}" if others else ""
        fallbacks = [
            f"{old.strip()!r} where {new} is empty" for old, new in zip(self.header, self.fallback, strict=True) if new
        ]
        recognised += f"; {', '.join(fallbacks)}" if fallbacks else ""
        return [*repeated, Problem(source, f"columns recognised: {recognised}{kept}", 1, kind="columns")]


def guess_columns(header: Sequence[str]) -> Columns:
    """The meaning of each column of a table.

    >>> guess_columns(["Article Title", "Source Title", "Shelf"]).names
    ('title', 'journal', 'shelf')
    """
    words = _words(header)
    best: dict[str, tuple[int, int]] = {}
    for position, word in enumerate(words):
        name, rank = _FIELD_OF.get(word, ("", 0))
        if name and (name not in best or rank < best[name][0]):
            best[name] = (rank, position)
    if "title" not in best:
        for position, word in enumerate(words):
            parts = set(word.split())
            if "title" in parts and not parts & _OTHER_TITLES:
                best["title"] = (0, position)
                break
    meaning = {position: name for name, (_, position) in best.items()}
    own = [name.strip().lower() for name in header]
    names = [meaning.get(i) or _own_name(own[i], words[i], best, i) for i in range(len(header))]
    fallback = [
        "" if position in meaning or word in _UNSURE else _FIELD_OF.get(word, ("", 0))[0]
        for position, word in enumerate(words)
    ]
    guessed = (new != old and not other for new, old, other in zip(names, own, fallback, strict=True))
    unseparated = _SPRINGER_SIGNS.issubset(words)
    return Columns(
        header=tuple(header),
        names=tuple(names),
        guessed=tuple(guessed),
        fallback=tuple(fallback),
        unseparated_names=unseparated,
        named_keys=any(name == "id" and word in _KEY_COLUMNS for name, word in zip(names, words, strict=True)),
    )


def _own_name(own: str, word: str, best: dict[str, tuple[int, int]], position: int) -> str:
    """The field of a column of unknown meaning: its own name, unless another column has that field."""
    if not own:
        return f"column{position + 1}"
    return word if own in best or own in _NOT_FIELDS else own


def row_record(
    source: str, index: int, columns: Columns, cells: Sequence[str], line: int, *, as_text: bool = True
) -> Record:
    """The record of one row. Cells beyond the header get names of their own (`column7`).

    Args:
        source: of the table.
        index: of the record.
        columns: the meaning of its columns.
        cells: of the row.
        line: of the row.
        as_text: whether cells are text throughout, so that words stand for empty ones: see `read_cell`.
    """
    fields: dict[str, str] = {}
    names, own = columns.names, columns.own
    if len(cells) > len(names):
        names = (*names, *(f"column{position + 1}" for position in range(len(names), len(cells))))
    for name, cell in zip(names, cells, strict=False):
        value = cell.strip()
        if not value or name in fields:
            continue
        if as_text and not (value[0].isalnum() and (len(value) > LONGEST_EMPTY or value.isdecimal())):
            value = read_cell(cell, own=own)
            if not value:
                continue
        fields[name] = whole_number(name, value) if value[-2:] == ".0" else value
    if any(columns.fallback):
        _fill(fields, columns)
    key = fields.pop("id", f"#{index}")
    first, last = fields.pop("first page", ""), fields.pop("last page", "")
    if first and "pages" not in fields:
        fields["pages"] = f"{first}--{last}" if last and last != first else first
    for name in ("author", "editor"):
        if name in fields:
            join = split_unseparated_names if columns.unseparated_names else join_author_list
            fields[name] = join(fields[name])
    _put_date(fields)
    if fields.get("pmid", "").startswith("http"):
        fields["pmid"] = fields["pmid"].rstrip("/").rpartition("/")[2]
    stated = columns.named_keys and not key.startswith("#")
    if named := fields.pop(KEY_COLUMN, ""):
        key, stated = named, True
    return Record(source, index, key, type=_type(fields), fields=fields, line=line, id_is_key=stated)


def _fill(fields: dict[str, str], columns: Columns) -> None:
    """Fill a field that is empty in this row from another column of the same meaning."""
    for name, fallback in zip(columns.names, columns.fallback, strict=True):
        if fallback and fallback not in fields and name in fields:
            fields[fallback] = fields.pop(name)


def _put_date(fields: dict[str, str]) -> None:
    """Normalise the month, and split a date that is not in ISO 8601 into year, month and day."""
    if fields.get("month", "").isdecimal() and (name := month_name(fields["month"])):
        fields["month"] = name
    date = fields.get("date", "")
    if not date or _ISO_DATE.fullmatch(date):
        return
    if compact := _COMPACT_DATE.fullmatch(date):
        date = "-".join(compact.groups())
    year, month, day, rest = split_date(date)
    if rest and (in_words := year_month_day(to_edtf(date)))[0]:
        year, month, day, rest = *in_words, ""
    if rest or not (year or month) or fields.get("year", year) != (year or fields.get("year", "")):
        return
    found = {"year": year, "month": month, "day": day}
    if all(fields.get(name, value) == value for name, value in found.items() if value):
        del fields["date"]
        fields |= {name: value for name, value in found.items() if value}


def _type(fields: dict[str, str]) -> str:
    """The entry type, from the table or else from the field of the journal or proceedings."""
    given = fields.pop("entrytype", "")
    kind = given.split(";")[0].strip().casefold()
    known = _TYPE_OF.get(kind, "")
    if kind in SPECIFIC_TYPES:
        fields.setdefault("entrysubtype", given)
    if not given and (typed := _TYPE_OF.get(fields.get("type", "").casefold())):
        known = typed
        del fields["type"]
    if known in ("inproceedings", "incollection") and "journal" in fields and "booktitle" not in fields:
        fields["booktitle"] = fields.pop("journal")
    if known or given.isidentifier():
        return known or given.lower()
    if given:
        fields.setdefault("entrysubtype", given)
    return "article" if "journal" in fields else "inproceedings" if "booktitle" in fields else "misc"


def join_author_list(value: str) -> str:
    """A list of authors joined as in BibTeX if it is certainly one; else the value unchanged.

    >>> join_author_list("Doe, Jane (57190000001); Roe, A."), join_author_list("Doe J, Roe AB.")
    ('Doe, Jane and Roe, A.', 'Doe, J and Roe, AB')
    >>> join_author_list("Doe, Jane")
    'Doe, Jane'
    """
    value = _AUTHOR_ID.sub("", value)
    for sign, least in ((";", 1), ("|", 2)):
        if sign in value and len(parts := [part for piece in value.split(sign) if (part := piece.strip())]) >= least:
            return join_names(parts) or value
    if " and " in value:
        return value if "{" in value else " and ".join(filter(None, map(bibtex_name, value.split(" and ")))) or value
    if value.count(",") < 1:
        return bibtex_name(value) or value
    names, truncated = split_names(value.rstrip(".") if value.count(".") == 1 else value)
    certain = len(names) + truncated > 1 and len(names) < MAX_NAMES
    return join_names([*names, *["others"] * truncated]) if certain else value


def split_unseparated_names(value: str) -> str:
    """Names without separators, joined by ` and `; a part with one word is not a name, as in `McDoe`.

    >>> split_unseparated_names("Jane DoeMax A. McRoeÖzge Poe")
    'Jane Doe and Max A. McRoe and Özge Poe'
    """
    names: list[str] = []
    start = 0
    cuts = [i for i in range(1, len(value)) if value[i - 1].islower() and value[i].isupper()]
    for end in (*cuts, len(value)):
        part, start = value[start:end], end
        if names and not (" " in part.strip() and " " in names[-1]):
            names[-1] += part
        else:
            names.append(part)
    return " and ".join(names)


def count_known_columns(header: Iterable[str]) -> int:
    """How many of these names of columns are known."""
    return sum(word in _FIELD_OF for word in _words(header))


def _word(name: str) -> str:
    """A column's name as words: `Article Title`, `article_title` and `articleTitle` are the same."""
    word, split_word = (" ".join(_NOT_WORD.sub(" ", form.casefold()).split()) for form in (name, _CAMEL.sub(" ", name)))
    return word if word in _FIELD_OF else split_word


def _words(header: Iterable[str]) -> list[str]:
    """Names of columns as words, with names for the tags of Web of Science."""
    words = [_word(name) for name in header]
    if set(words) >= _WOS_SIGNS:
        return [WOS_TAGS.get(word, word) for word in words]
    if "eid" in words and not _SCOPUS_SIGNS.isdisjoint(words):  # Scopus's own identifier, not an article number
        return ["scopus" if word == "eid" else word for word in words]
    if _SPRINGER_SIGNS.issubset(words):
        return ["entrytype" if word == "content type" else word for word in words]
    if "booktitle" in words:  # BibTeX's names, in which the venue is the location of the event
        return ["event place" if word == "venue" else word for word in words]
    return words
