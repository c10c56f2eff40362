"""The vocabulary of the house: what a reader gives and everything else works on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Markup = Literal["text", "latex"]
"""What a record's values are written in: Unicode text that may hold some LaTeX, or LaTeX throughout."""

REFERRING_FIELDS = ("crossref", "xdata", "xref", "related", "entryset")
"""BibLaTeX fields whose values are citation keys, parted by commas."""


def keys_in(value: str) -> list[str]:
    """The citation keys that such a field, or `ids`, names."""
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
    """One bibliographic record as its source has it.

    `source` and `index` identify it; `id` may repeat. Field names are BibTeX's, in lower case (`author` joins names
    with ` and `); values are in `markup` and never rewritten by reading.
    """

    source: str
    index: int
    id: str
    type: str = "misc"
    fields: Mapping[str, str] = field(default_factory=dict)
    markup: Markup = "text"
    line: int = 0

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
    """Something in a source that could not be read or looks wrong: bad input is data, and the rest survives.

    `line` and `column` count from 1; 0 where there is none. A `fatal` problem means that (part of) the source could
    not be read, so that the run is not whole. `damage` means that something in the source was lost or misread, and
    `encoding` that bytes in it are of another encoding than the rest; `repeated-id` and `note` lose nothing, and
    `columns` tells only how a table was understood.
    """

    source: str
    message: str
    line: int = 0
    column: int = 0
    fatal: bool = False
    kind: Literal["damage", "encoding", "repeated-id", "note", "columns"] = "damage"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part)
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one source held when it was read; `preambles` are LaTeX that a .bib file hands to the documents."""

    source: str
    format: str
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    preambles: tuple[str, ...] = ()


def repeated_ids(records: Sequence[Record]) -> list[Problem]:
    """A problem for each record whose id an earlier one of the same source has; both are kept."""
    first: dict[str, Record] = {}
    problems = []
    for record in records:
        if record.id.startswith("#"):  # a number that the reader gave
            continue
        earlier = first.setdefault(record.id, record)
        if earlier is not record:
            message = f"the id {record.id!r} is used twice (first in line {earlier.line}); both records are kept"
            problems.append(Problem(record.source, message, record.line, kind="repeated-id"))
    return problems
