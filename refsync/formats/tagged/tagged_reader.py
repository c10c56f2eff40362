"""What the tagged formats have in common (RIS, PubMed, Web of Science, EndNote): lines of a tag and a value.

A grammar says what a line is; what is odd about records (no end, no start, text outside) is told here once for all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem, Record, Snapshot, repeated_ids

_SHOWN = 60  # characters of a line in a message
_MOST_TOLD = 20  # messages of one kind


class TaggedLine(NamedTuple):
    """What one line of a tagged file is.

    `start` begins a record, `end` ends it, `item` is a tag with its value, `more` goes on with the value before
    (joined to it by `glue`), `skip` belongs to no record by right (a file's header).
    """

    kind: Literal["start", "end", "item", "more", "skip"]
    tag: str = ""
    value: str = ""
    glue: str = "\n"


@dataclass(slots=True)
class TaggedEntry:
    """One record as its file has it: tags with their values in order; a tag may stand several times."""

    line: int
    started: bool
    items: list[tuple[str, str]] = field(default_factory=list)
    ended: bool = False

    def values(self) -> dict[str, list[str]]:
        """The non-empty values by tag, in the order of the file."""
        found: dict[str, list[str]] = {}
        for tag, value in self.items:
            if value := value.strip():
                found.setdefault(tag, []).append(value)
        return found


Grammar = Callable[[str, TaggedEntry | None], TaggedLine]
"""What a line is, given the record that is open."""


class EntryReader:
    """The records of a tagged file, one after the other; `problems` has what was odd in those read so far.

    Args:
        lines: the file.
        grammar: what its lines are.
        ends: the tag that ends a record, or empty where records end with the next one's start.
        always_ends: a record without that tag is cut off; else only where others in the file have it.
        blank_ends: where there is no such tag, a tag after an empty line begins a record, whose first line is missing.
        last: the tag that records end with in this format, if there is one; else what most in this file end with tells.
    """

    def __init__(
        self,
        lines: LineReader,
        grammar: Grammar,
        ends: str = "",
        *,
        always_ends: bool = False,
        blank_ends: bool = True,
        last: str = "",
    ) -> None:
        self.lines = lines
        self._grammar = grammar
        self._ends = ends
        self._always_ends = always_ends
        self._blank_ends = blank_ends and not ends
        self._last = last
        self._lasts: set[str] = set()  # tags that records were seen to end with
        self._told: dict[str, int] = {}
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[TaggedEntry]:
        entry: TaggedEntry | None = None
        seen_end = blank = False
        parts: list[str] = []  # of the last value, so that a long one costs no more than its length
        number = 0

        def close(ended: TaggedEntry) -> TaggedEntry:
            if parts and ended.items:
                ended.items[-1] = (ended.items[-1][0], "".join(parts))
            parts.clear()
            return ended

        for number, text in self.lines:
            if not text or text.isspace():
                blank = True
                continue
            line = self._grammar(text, entry)
            if line.kind == "start":
                if entry:
                    if self._ends and entry.started:
                        message = f"no {self._ends} at the end of this record; it was read up to line {number - 1}"
                        self.tell("unended", message, entry.line, "note")
                    self._lasts.add(entry.items[-1][0])
                    yield close(entry)
                entry = TaggedEntry(number, started=True, items=[(line.tag, line.value)])
                parts = [line.value]
            elif line.kind == "end":
                seen_end = True
                if entry:
                    entry.ended = True
                    yield close(entry)
                    entry = None
                else:
                    self.tell("end", f"{line.tag} without a record before it", number, "note")
            elif line.kind == "item":
                if entry is None or (blank and self._blank_ends):
                    if entry:
                        yield close(entry)
                    entry = TaggedEntry(number, started=False)
                    self.tell("unstarted", f"a record that starts with {line.tag}; is a line missing above?", number)
                elif parts:
                    close(entry)
                entry.items.append((line.tag, line.value))
                parts = [line.value]
            elif line.kind == "more" and entry:
                parts += [line.glue, line.value]
            elif line.kind == "more":
                self.tell("outside", f"text outside any record: {text.strip()[:_SHOWN]!r}", number)
            blank = False
        if entry:
            self._tell_end(entry, seen_end=seen_end)
            yield close(entry)
        for message, count in self._told.items():
            if count > _MOST_TOLD:
                rest = f"{count - _MOST_TOLD} more like the last of these: {message}"
                self.problems.append(Problem(self.lines.source, rest, number, kind="note"))

    def _tell_end(self, entry: TaggedEntry, *, seen_end: bool) -> None:
        """What there is to say of a last record that nothing ended but the file."""
        message, cut = "", False
        if self._ends and entry.started:
            cut = seen_end or self._always_ends  # elsewhere in this file records do end
            message = f"no {self._ends} at the end of this record and of the file"
        elif not self._ends:
            usual = self._lasts or {self._last} - {""}
            # A line's end does not make a record whole where all others end with the last tag that the format has.
            sure = not self.lines.ended or self._lasts == {self._last}
            cut = bool(usual) and sure and entry.items[-1][0] not in usual
            if cut:
                message = f"the file ends in this record with {entry.items[-1][0]}, as no other record does"
            elif not self.lines.ended:
                message = "the file ends within a line; if it was cut off, this record is not whole"
        if message:
            said = f"{message}; it looks cut off" if cut else message
            kind: Literal["damage", "note"] = "damage" if cut else "note"
            self.problems.append(Problem(self.lines.source, said, entry.line, fatal=cut, kind=kind))

    def tell(self, sort: str, message: str, line: int, kind: Literal["damage", "note"] = "damage") -> None:
        """A problem; of one sort no more than `_MOST_TOLD`, and then how many more there are."""
        self._told[sort] = self._told.get(sort, 0) + 1
        if self._told[sort] <= _MOST_TOLD:
            self.problems.append(Problem(self.lines.source, message, line, kind=kind))


Fields = tuple[str, str, dict[str, str]]
"""A record's type, id (empty where it has none) and fields."""


def read_entries(
    format_: str,
    entries: EntryReader,
    fields_of: Callable[[dict[str, list[str]]], Fields],
    check: Callable[[TaggedEntry], None] = lambda entry: None,
) -> Snapshot:
    """All the records of a file with its problems.

    Args:
        format_: the format's name.
        entries: the records as the file has them.
        fields_of: what the values of one are.
        check: called for each, to tell more of it.

    Raises:
        SourceError: no record is in it.
    """
    source = entries.lines.source
    records: list[Record] = []
    for entry in entries:
        type_, key, fields = fields_of(entry.values())
        index = len(records) + 1
        records.append(Record(source, index, key or f"#{index}", type_, fields, line=entry.line))
        if entry.started and len(entry.items) == 1:
            entries.tell("bare", "a record that has a type and nothing else", entry.line)
        check(entry)
    if not any(record.fields for record in records):
        raise SourceError(source, f"no {format_} record in it", hint="is it another format? name it with --from")
    problems = sorted((*entries.lines.problems, *entries.problems), key=lambda problem: problem.line)
    return Snapshot(source, format_, tuple(records), (*problems, *repeated_ids(records)))
