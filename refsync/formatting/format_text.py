"""Formatting the text of one .bib file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from refsync.formats.bibtex.edit import EditRefusedError
from refsync.formats.bibtex.scan import Block, scan
from refsync.formats.common.positions import line_column_lookup
from refsync.formatting.damage import find_damage
from refsync.formatting.draft import EntryDraft
from refsync.formatting.entries import EntryFormatter
from refsync.formatting.file_records import macros_of
from refsync.formatting.journal_table import JournalTable
from refsync.formatting.layout import set_case
from refsync.formatting.order import arrange_blocks
from refsync.formatting.settings import FormatSettings
from refsync.formatting.values import ValueFormatter
from refsync.records import Problem

_TYPE = re.compile(r"(@\s*)([A-Za-z]+)")
_MOST_PASSES = 3
NO_JOURNALS = JournalTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A file before and after formatting.

    Attributes:
        source: the file.
        before: its text.
        after: its text, formatted; the same if `damage` is given.
        entries: how many entries it has.
        changed: how many of them differ, without those that only moved.
        keys: the new key of each entry, in their order before; empty if no key changes.
        notes: what was left as it is, and why.
        damage: why the file is left as it is.
    """

    source: str
    before: str
    after: str
    entries: int = 0
    changed: int = 0
    keys: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()
    damage: Problem | None = None


def format_text(
    source: str,
    text: str,
    settings: FormatSettings,
    journals: JournalTable = NO_JOURNALS,
    *,
    aliases: bool = False,
) -> Formatted:
    """The text of a .bib file, formatted; what the settings do not name stays as it is. Twice is the same as once.

    Args:
        source: the file, for messages.
        text: its text.
        settings: what to change.
        journals: the table for `settings.journals`.
        aliases: whether entries keep their old keys in the field `ids`.

    Raises:
        ConfigError: the template for keys is malformed.
        EditRefusedError: the result would not have the same entries, because of a bug; nothing may be written then.
    """
    settings = settings.complete()
    blocks = [*scan(text)]
    count = sum(block.kind == "entry" for block in blocks)
    if damage := find_damage(source, text, blocks):
        return Formatted(source=source, before=text, after=text, entries=count, damage=damage)
    formatter = _TextFormatter(source, settings, journals, aliases=aliases, line_end=_usual_line_end(text))
    after = formatter.format(text)
    if (line_end := _usual_line_end(after)) != formatter.line_end:  # most line ends of the other kind are gone
        second = _TextFormatter(source, settings, journals, aliases=aliases, line_end=line_end)
        after = second.format(after)
    return Formatted(
        source=source,
        before=text,
        after=after,
        entries=count,
        changed=formatter.changed,
        keys=tuple(formatter.keys),
        notes=tuple(formatter.notes),
    )


def _usual_line_end(text: str) -> str:
    """The most frequent line end; of two as frequent, the first in this order: `\\n`, `\\r\\n`, `\\r`."""
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=lambda end: counts[end])


@dataclass(slots=True)
class _TextFormatter:
    """Formats one text with one kind of line end, and keeps what is to be reported about it."""

    source: str
    settings: FormatSettings
    journals: JournalTable
    aliases: bool
    line_end: str
    changed: int = 0
    keys: Sequence[str] = ()
    notes: list[Problem] = field(default_factory=list)

    def format(self, text: str) -> str:
        """The text, formatted."""
        after = self._entries(text, [*scan(text)])
        if self.settings.keys:
            after = self._keys(text, after)
        arranged, note = arrange_blocks(after, [*scan(after)], self.settings, self.line_end)
        _check_blocks(after, arranged, comments=not self.settings.strip_comments)
        if note:
            self.notes.append(Problem(self.source, note, kind="note"))
        return arranged

    def _keys(self, text: str, formatted: str) -> str:
        """The formatted text with new citation keys."""
        from refsync.formatting.keys import rename_keys  # slow to import

        after = formatted
        for _ in range(_MOST_PASSES):  # an entry that had no key is formatted once it has one, and may get another
            rekeyed = rename_keys(after, self.settings.keys, aliases=self.aliases)
            if rekeyed.text == after:
                break
            self.keys = rekeyed.keys
            after = self._entries(rekeyed.text, [*scan(rekeyed.text)])
        self.changed = _count_differences(text, after)
        return after

    def _entries(self, text: str, blocks: Sequence[Block]) -> str:
        """The text with each block formatted where it is; sets the notes, and how many entries changed."""
        values = ValueFormatter(self.settings, self.journals, macros_of(text, blocks).keys())
        formatter = EntryFormatter(values, self.line_end)
        place = line_column_lookup(text)
        pieces: list[str] = []
        expected: list[EntryDraft | None] = []
        self.notes, self.changed = [], 0
        for block in blocks:
            written = text[block.start : block.end]
            new = written
            if block.kind == "entry":
                draft = EntryDraft.of(text, block)
                expected.append(draft)
                if draft is None:
                    self._note_fault(block, place)
                else:
                    for note in formatter.format(draft):  # a line is searched for only where there is a note
                        self._note(f"{block.key!r}: {note}", place(block.start)[0])
                    new = draft.render()
                    self.changed += new != written
            elif block.kind != "text":
                new = _TYPE.sub(lambda found: found[1] + set_case(found[2], self.settings.type_case), written, count=1)
            pieces.append(new)
        after = "".join(pieces)
        if after != text:
            _check_entries(after, expected)
        return after

    def _note_fault(self, block: Block, place: Callable[[int], tuple[int, int]]) -> None:
        fault = block.faults[0] if block.faults else None
        why = fault.message if fault else "it has no key"
        message = f"{block.key or 'an entry'!r} is left as it is: {why}; `refsync check --fix` may correct it"
        self._note(message, *place(fault.position if fault else block.start))

    def _note(self, message: str, line: int, column: int = 0) -> None:
        self.notes.append(Problem(self.source, message, line, column, kind="note"))


def _check_entries(after: str, expected: Sequence[EntryDraft | None]) -> None:
    """Check, by a scan of the new text, that its entries are those that were meant to be written."""
    found = [block for block in scan(after) if block.kind in ("entry", "malformed")]
    if len(found) != len(expected):
        raise EditRefusedError(f"{len(found)} entries instead of {len(expected)}")
    for block, draft in zip(found, expected, strict=True):
        if draft is None:
            continue
        names = [(field.name, after[field.value_start : field.value_end]) for field in block.fields]
        if (
            block.kind != "entry"
            or (block.type, block.key) != (draft.type, draft.key)
            or names != [(field.name, field.value) for field in draft.fields]
        ):
            raise EditRefusedError(f"the entry {draft.key!r} would be read differently")


def _check_blocks(before: str, after: str, *, comments: bool) -> None:
    """Check that both texts have the same blocks, and the same text between them but for white space and order."""
    if before == after:
        return

    def content(text: str) -> tuple[list[str], list[str]]:
        own = [(block.kind, text[block.start : block.end]) for block in scan(text)]
        blocks = sorted(written for kind, written in own if kind not in ("text", "comment"))
        words = sorted(word for kind, written in own if kind in ("text", "comment") for word in written.split())
        return blocks, words if comments else []

    if content(before) != content(after):
        raise EditRefusedError("blocks or comments would be lost")


def _count_differences(before: str, after: str) -> int:
    old, new = ([text[b.start : b.end] for b in scan(text) if b.kind == "entry"] for text in (before, after))
    return sum(one != other for one, other in zip(old, new, strict=True))
