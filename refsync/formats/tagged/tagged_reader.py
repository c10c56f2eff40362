"""Reader for formats with a tag and a value in each line: RIS, PubMed, Web of Science, EndNote and others.

A grammar of each format classifies its lines; faults of records (no end, no start, text outside) are reported here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem, Record, Snapshot, repeated_ids

_SHOWN = 60  # characters of a line in a message
_MAX_REPORTED = 20  # messages of one kind


class TaggedLine(NamedTuple):
    """One classified line of a tagged file.

    `start` begins a record, `end` ends it, `item` is a tag with its value, `more` continues the value before it
    (joined by `separator`), `skip` belongs to no record (a file's header).
    """

    kind: Literal["start", "end", "item", "more", "skip"]
    tag: str = ""
    value: str = ""
    separator: str = "\n"


@dataclass(slots=True)
class TaggedEntry:
    """One record as in the file: tags and their values in order; a tag may be repeated."""

    line: int
    started: bool
    items: list[tuple[str, str]] = field(default_factory=list)
    ended: bool = False

    def values(self) -> dict[str, list[str]]:
        """The non-empty values by tag, in the order of the file."""
        values: dict[str, list[str]] = {}
        for tag, value in self.items:
            if value := value.strip():
                values.setdefault(tag, []).append(value)
        return values


Grammar = Callable[[str, TaggedEntry | None], TaggedLine]
"""Classifies a line, given the record that has not ended yet."""


class EntryReader:
    """The records of a tagged file, one by one; `problems` has the faults of those read so far.

    Args:
        lines: the file.
        grammar: classifies its lines.
        end_tag: the tag that ends a record, or empty if records end with the start of the next one.
        end_required: whether a last record without that tag is always cut off, or only if others in the file have it.
        blank_ends: whether, without such a tag, a tag after an empty line begins a record whose first line is missing.
        last_tag: the last tag of each record, if the format has a fixed one; else those of other records are compared.
    """

    def __init__(
        self,
        lines: LineReader,
        grammar: Grammar,
        end_tag: str = "",
        *,
        end_required: bool = False,
        blank_ends: bool = True,
        last_tag: str = "",
    ) -> None:
        self.lines = lines
        self._grammar = grammar
        self._end_tag = end_tag
        self._end_required = end_required
        self._blank_ends = blank_ends and not end_tag
        self._last_tag = last_tag
        self._last_tags: set[str] = set()  # of the records read so far
        self._counts: dict[str, int] = {}  # of messages by kind
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[TaggedEntry]:
        entry: TaggedEntry | None = None
        seen_end = blank = False
        parts: list[str] = []  # of the last value, so that long values take linear time
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
                    if self._end_tag and entry.started:
                        message = f"no {self._end_tag} at the end of this record; it was read up to line {number - 1}"
                        self.report("unended", message, entry.line, "note")
                    self._last_tags.add(entry.items[-1][0])
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
                    self.report("end", f"{line.tag} without a record before it", number, "note")
            elif line.kind == "item":
                if entry is None or (blank and self._blank_ends):
                    if entry:
                        yield close(entry)
                    entry = TaggedEntry(number, started=False)
                    self.report("unstarted", f"a record that starts with {line.tag}; is a line missing above?", number)
                elif parts:
                    close(entry)
                entry.items.append((line.tag, line.value))
                parts = [line.value]
            elif line.kind == "more" and entry:
                parts += [line.separator, line.value]
            elif line.kind == "more":
                self.report("outside", f"text outside any record: {text.strip()[:_SHOWN]!r}", number)
            blank = False
        if entry:
            self._report_end(entry, seen_end=seen_end)
            yield close(entry)
        for message, count in self._counts.items():
            if count > _MAX_REPORTED:
                rest = f"{count - _MAX_REPORTED} more problems like this one: {message}"
                self.problems.append(Problem(self.lines.source, rest, number, kind="note"))

    def _report_end(self, entry: TaggedEntry, *, seen_end: bool) -> None:
        """Report a last record that only the end of the file ended."""
        message, cut = "", False
        if self._end_tag and entry.started:
            cut = seen_end or self._end_required  # other records in the file have the tag
            message = f"no {self._end_tag} at the end of this record and of the file"
        elif not self._end_tag:
            if ("OWN", "ERIC") in entry.items:  # whose records end with any tag
                return
            usual = self._last_tags or {self._last_tag} - {""}
            # A line end does not make a record complete if all others end with the last tag of the format.
            certain = not self.lines.ended or self._last_tags == {self._last_tag}
            cut = bool(usual) and certain and entry.items[-1][0] not in usual
            if cut:
                message = f"the file ends in this record with {entry.items[-1][0]}, as no other record does"
            elif not self.lines.ended:
                message = "the file ends within a line; if it was cut off, this record is incomplete"
        if message:
            message = f"{message}; it looks cut off" if cut else message
            kind: Literal["damage", "note"] = "damage" if cut else "note"
            self.problems.append(Problem(self.lines.source, message, entry.line, fatal=cut, kind=kind))

    def report(self, sort: str, message: str, line: int, kind: Literal["damage", "note"] = "damage") -> None:
        """Report a problem; of one kind at most `_MAX_REPORTED`, and then the number of the others."""
        self._counts[sort] = self._counts.get(sort, 0) + 1
        if self._counts[sort] <= _MAX_REPORTED:
            self.problems.append(Problem(self.lines.source, message, line, kind=kind))


Fields = tuple[str, str, dict[str, str]]
"""A record's type, id (empty if it has none) and fields."""


def read_entries(
    format_: str,
    reader: EntryReader,
    fields_of: Callable[[dict[str, list[str]]], Fields],
    check: Callable[[TaggedEntry], None] = lambda entry: None,
) -> Snapshot:
    """The records of a file with its problems.

    Args:
        format_: the format's name.
        reader: the records as in the file.
        fields_of: converts the values of a record.
        check: called for each record, to report more problems.

    Raises:
        SourceError: the file has no record.
    """
    source = reader.lines.source
    records: list[Record] = []
    for entry in reader:
        type_, key, fields = fields_of(entry.values())
        index = len(records) + 1
        stated = fields.pop("citation-key", "")
        key = stated or key or f"#{index}"
        records.append(Record(source, index, key, type=type_, fields=fields, line=entry.line, id_is_key=bool(stated)))
        if entry.started and len(entry.items) == 1:
            reader.report("bare", "a record with a type and nothing else", entry.line)
        check(entry)
    if not any(record.fields for record in records):
        raise SourceError(source, f"no {format_} record in it", hint="is it another format? name it with --from")
    problems = sorted((*reader.lines.problems, *reader.problems), key=lambda problem: problem.line)
    return Snapshot(source, format_, tuple(records), (*problems, *repeated_ids(records)))
