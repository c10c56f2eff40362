"""The data model: what readers return and all stages work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Markup = Literal["text", "latex"]
"""The markup of a record's values: Unicode text that may contain some LaTeX, or LaTeX throughout."""

REFERRING_FIELDS = ("crossref", "xdata", "xref", "related", "entryset")
"""BibLaTeX fields whose values are citation keys, separated by commas."""


def keys_in(value: str) -> list[str]:
    """The citation keys in the value of such a field, or of `ids`."""
    return [key.strip() for key in value.split(",") if key.strip()]


@dataclass(frozen=True, slots=True)
class Name:
    """A creator. A group (`ATLAS Collaboration`) has only a family name."""

    family: str
    given: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One bibliographic record, as in its source.

    `source` and `index` identify it; `id` may repeat. Field names are BibTeX's, in lower case (`author` joins names
    with ` and `); values are in `markup` and not changed by reading. `id_is_key`: the source
    defines the id as a citation key, whatever its form.
    """

    source: str
    index: int
    id: str
    type: str = "misc"
    fields: Mapping[str, str] = field(default_factory=dict)
    markup: Markup = "text"
    line: int = 0
    id_is_key: bool = False

    def get(self, *names: str) -> str:
        """The first non-empty value among these fields, or an empty string.

        >>> Record("a.bib", 1, "k", fields={"journaltitle": "Nature"}).get("journal", "journaltitle")
        'Nature'
        """
        for name in names:
            if value := self.fields.get(name, ""):
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that could not be read or looks wrong; the rest of the source is still read.

    Attributes:
        source: as in `Record`.
        message: one line.
        line, column: counted from 1; 0 for none.
        fatal: (part of) the source could not be read.
        kind: `damage`: something in the source was lost or misread; `encoding`: some bytes are in another encoding than
            the rest; `repeated-id` and `note`: nothing was lost; `columns`: how the columns of a table were understood.
        code: what is wrong, as a name that stays when the wording changes; empty where nothing identifies problems.
        partial: the entry that it is about is among the records, with what could be read of it.
    """

    source: str
    message: str
    line: int = 0
    column: int = 0
    fatal: bool = False
    kind: Literal["damage", "encoding", "repeated-id", "note", "columns"] = "damage"
    code: str = ""
    partial: bool = False

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of one source when it was read.

    `preambles` are a .bib file's LaTeX for documents that cite it, `macros` the values of those that it defines, and
    `plain_entries` the places in it that `formats.bibtex.plain_entries` describes.
    """

    source: str
    format: str
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    preambles: tuple[str, ...] = ()
    macros: Mapping[str, str] = field(default_factory=dict)
    plain_entries: Sequence[int] = field(default=(), compare=False, repr=False)


def repeated_ids(records: Sequence[Record]) -> list[Problem]:
    """A problem for each record that has the id of an earlier one of the same source; both are kept."""
    first: dict[str, Record] = {}
    problems = []
    for record in records:
        if record.id.startswith("#"):  # a number, assigned by the reader
            continue
        earlier = first.setdefault(record.id, record)
        if earlier is not record:
            message = f"the id {record.id!r} is used twice (first in line {earlier.line}); both records are kept"
            problems.append(Problem(record.source, message, record.line, kind="repeated-id"))
    return problems
