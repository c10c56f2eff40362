"""Formatting the text of one .bib file."""

import re
from collections.abc import Sequence
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

_LINE_END = re.compile(r"\r\n?|\n")
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
        renamed: the citation keys that are gone, each with the new one.
        notes: what was left as it is, and why.
        damage: why the file is left as it is.
    """

    source: str
    before: str
    after: str
    entries: int = 0
    changed: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
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
    line_end = (_LINE_END.search(text) or ["\n"])[0]
    after, notes, changed = _formatted_entries(source, text, blocks, settings, journals, line_end)
    renamed: dict[str, str] = {}
    if settings.keys:
        from refsync.formatting.keys import rename_keys  # slow to import

        for _ in range(_MOST_PASSES):  # an entry that had no key is formatted once it has one, and may get another
            rekeyed = rename_keys(after, settings.keys, aliases=aliases)
            if rekeyed.text == after:
                break
            renamed = {old: rekeyed.renamed.get(new, new) for old, new in renamed.items()}
            renamed |= {old: new for old, new in rekeyed.renamed.items() if old not in renamed.values()}
            after, notes, _ = _formatted_entries(
                source, rekeyed.text, [*scan(rekeyed.text)], settings, journals, line_end
            )
        changed = _count_differences(text, after)
    arranged, note = arrange_blocks(after, [*scan(after)], settings, line_end)
    _check_blocks(after, arranged, comments=not settings.strip_comments)
    if note:
        notes.append(Problem(source, note, kind="note"))
    return Formatted(
        source=source,
        before=text,
        after=arranged,
        entries=count,
        changed=changed,
        renamed=renamed,
        notes=tuple(notes),
    )


def _formatted_entries(
    source: str, text: str, blocks: Sequence[Block], settings: FormatSettings, journals: JournalTable, line_end: str
) -> tuple[str, list[Problem], int]:
    """The text with each block formatted where it is, with notes, and how many entries changed."""
    values = ValueFormatter(settings, journals, macros_of(text, blocks).keys())
    formatter = EntryFormatter(values, line_end)
    place = line_column_lookup(text)
    pieces: list[str] = []
    expected: list[EntryDraft | None] = []
    notes: list[Problem] = []
    changed = 0
    for block in blocks:
        written = text[block.start : block.end]
        new = written
        if block.kind == "entry":
            draft = EntryDraft.of(text, block)
            expected.append(draft)
            if draft is None:
                fault = block.faults[0] if block.faults else None
                line, column = place(fault.position if fault else block.start)
                why = fault.message if fault else "it has no key"
                message = f"{block.key or 'an entry'!r} is left as it is: {why}; `refsync check --fix` may correct it"
                notes.append(Problem(source, message, line, column, kind="note"))
            else:
                line = place(block.start)[0]
                notes += [
                    Problem(source, f"{block.key!r}: {note}", line, kind="note") for note in formatter.format(draft)
                ]
                new = draft.render()
                changed += new != written
        elif block.kind != "text":
            new = _TYPE.sub(lambda found: found[1] + set_case(found[2], settings.type_case), written, count=1)
        pieces.append(new)
    after = "".join(pieces)
    if after != text:
        _check_entries(after, expected)
    return after, notes, changed


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
