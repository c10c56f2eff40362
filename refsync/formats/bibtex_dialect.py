"""BibTeX and BibLaTeX: which of the two a library is written for, and records of one in the words of the other."""

from collections.abc import Sequence
from typing import Literal

from refsync.records import Record

Dialect = Literal["bibtex", "biblatex"]
DIALECTS: tuple[Dialect, ...] = ("bibtex", "biblatex")

_BIBLATEX_FIELDS = frozenset(
    "date journaltitle eprinttype eprintclass langid origdate eventdate ids xdata related relatedtype entrysubtype "
    "maintitle booksubtitle journalsubtitle shortjournal sortname pubstate".split()
)
_BIBLATEX_TYPES = frozenset(
    "online thesis report collection mvcollection mvbook bookinbook suppbook suppcollection suppperiodical periodical "
    "reference inreference mvreference mvproceedings dataset software patent artwork audio image letter video xdata "
    "set".split()
)
_BIBTEX_FIELDS = frozenset("journal year school archiveprefix primaryclass address".split())
_BIBTEX_TYPES = frozenset("phdthesis mastersthesis techreport conference".split())


def dialect_of(records: Sequence[Record]) -> Dialect | None:
    """What the entries of a library are written for; None where nothing tells.

    An entry speaks for BibLaTeX where it has a field or type that only BibLaTeX knows, else for BibTeX where it has one
    that BibLaTeX takes for old times' sake (`journal`, `year`, `@phdthesis`); the majority decides. Exporters mix the
    two in one entry (`year` beside `date`), never the other way round.
    """
    votes = [vote for record in records if record.markup == "latex" and (vote := _vote(record))]
    if not votes:
        return None
    return "biblatex" if votes.count("biblatex") * 2 >= len(votes) else "bibtex"


def _vote(record: Record) -> Dialect | None:
    has = {name for name, value in record.fields.items() if value.strip()}
    if has & _BIBLATEX_FIELDS or record.type in _BIBLATEX_TYPES:
        return "biblatex"
    return "bibtex" if has & _BIBTEX_FIELDS or record.type in _BIBTEX_TYPES else None
