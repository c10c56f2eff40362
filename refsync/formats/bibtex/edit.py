"""Minimal edits of a BibTeX file: spans are replaced in the style of the entry, all else is untouched."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from refsync.errors import RefsyncError
from refsync.formats.bibtex.conflict_markers import conflict_markers
from refsync.formats.bibtex.entry_style import EntryStyle, last_line_start
from refsync.formats.bibtex.scan import Block, Field, scan
from refsync.formats.bibtex.tokens import skip_space

NO_SOURCES: Mapping[str, str] = {}
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n?|\n)")
_REST_IS_SPACE = re.compile(r"\s*\Z")
_COMMENT = re.compile(r"%[^\r\n]*")
_COMMA_AFTER = re.compile(r"\s*,")
_TYPE_NAME = re.compile(r"@\s*([^\s{(]+)")
_NOT_IN_A_KEY = re.compile(r"[\s,{}()\"#%~\\'=@]")


class EditRefusedError(RefsyncError, ValueError):
    """An edit would change more than intended, because of a bug or of a malformed block next to it."""

    def __init__(
        self, message: str, hint: str = "nothing was written; `refsync check` shows blocks that cannot be read"
    ) -> None:
        super().__init__(message, hint=hint)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the span `text[start:end]` by `new`."""

    start: int
    end: int
    new: str


def entries(text: str) -> list[Block]:
    """The entries of a text; a record with index n was read from `entries[n - 1]`."""
    return [block for block in scan(text) if block.is_record]


def delete_entry(text: str, block: Block) -> Edit:
    """Delete an entry with the rest of its line, and the blank lines after it if there are some before it."""
    start, end = block.start, block.end
    line_start = max(last_line_start(text, 0, start), 0)
    alone = not text[line_start:start].strip(" \t")
    end_before = line_start
    while end_before and text[end_before - 1].isspace():
        end_before -= 1
    if not alone or not (rest := _BLANK_LINE.match(text, end)):
        if alone and _REST_IS_SPACE.match(text, end):  # the last entry of a file without a final line end
            return Edit(end_before, end, "")
        return Edit(start, end, "")
    start, end = line_start, rest.end()
    blanks = [*_BLANK_LINE.finditer(text, end_before, start)]  # the first is the end of a line with something on it
    if len(blanks) > 1 or not end_before:
        while blank := _BLANK_LINE.match(text, end):
            end = blank.end()
        if end == len(text) and blanks:
            start = blanks[0].end()
    return Edit(start, end, "")


def add_fields(
    text: str, block: Block, fields: Mapping[str, str], sources: Mapping[str, str] = NO_SOURCES
) -> list[Edit]:
    """Add fields after the last one, in the style of the entry's fields: see `EntryStyle`.

    Values are LaTeX. A month's full name is written as its macro. `sources` has, for some of the fields, the value to
    be written in the file, with macros and delimiters.
    """
    if not fields:
        return []
    style = EntryStyle.of(text, block)
    closing = block.end - 1
    last = block.fields[-1].value_end if block.fields else block.key_end
    between = text[last:closing]
    lead = style.lead
    if "%" in between and not _BLANK_LINE.match(lead):  # or the addition would be in the comment
        lead = style.line_end + lead
    written = [style.field(name, value, sources.get(name, "")) for name, value in fields.items()]
    comma = "," in _COMMENT.sub(lambda found: " " * len(found[0]), between)
    if style.comma_first and not comma:
        return [Edit(last, last, "".join(lead + field for field in written))]
    after = last + len(between.rstrip())  # after a trailing comma and comments
    addition = ",".join(lead.replace(",", "") + field for field in written) + ("," if comma and block.fields else "")
    if comma:
        return [Edit(after, after, addition)]
    if after == last:
        return [Edit(last, last, "," + addition)]
    return [Edit(last, last, ","), Edit(after, after, addition)]


def set_fields(
    text: str, block: Block, fields: Mapping[str, str], sources: Mapping[str, str] = NO_SOURCES
) -> list[Edit]:
    """Set fields of an entry: replace values within their delimiters, and add fields that it lacks.

    `sources` has, for some of them, the value as be written in the file, with macros and delimiters.
    """
    style = EntryStyle.of(text, block)
    present: dict[str, Field] = {}
    for field in block.fields:
        present.setdefault(field.name.lower(), field)  # the first one counts
    edits: list[Edit] = []
    missing: dict[str, str] = {}
    for name, value in fields.items():
        if name.lower() in present:
            start, end = present[name.lower()][2:4]
            edits.append(Edit(start, end, sources.get(name) or style.value(name, value, text[start:end])))
        else:
            missing[name] = value
    return edits + add_fields(text, block, missing, sources)


def remove_fields(text: str, block: Block, names: Collection[str]) -> list[Edit]:
    """Remove fields from an entry, each with the comma before it; comments stay."""
    edits = []
    before = block.key_end
    for field in block.fields:
        start, end = field.name_start, field.value_end
        if field.name.lower() in names:
            comma = _COMMA_AFTER.match(text, end)
            if "%" not in text[before:start] and "," in text[before:start]:
                edits.append(Edit(before, end, ""))
            else:
                edits.append(Edit(start, comma.end() if comma else end, ""))
        before = end
    return edits


def set_type(text: str, block: Block, kind: str) -> Edit:
    """Change the type of an entry."""
    found = _TYPE_NAME.match(text, block.start)
    assert found, "every entry starts with its type"
    return Edit(found.start(1), found.end(1), kind)


def rename_key(text: str, block: Block, key: str) -> Edit:
    """Change the key of an entry, or add one.

    Raises:
        ValueError: BibTeX could not read the key.
    """
    if not key or _NOT_IN_A_KEY.search(key):
        raise ValueError(f"{key!r} is not a citation key")
    comma_follows = block.key or text[skip_space(text, block.key_start)] in ",})"
    return Edit(block.key_start, block.key_end, key if comma_follows else f"{key}, ")


def replace_citation_keys(value: str, new: Mapping[str, str], own: str = "") -> str:
    """A comma-separated list of citation keys, as in `related`, with some keys replaced.

    Keys that would be repeated, or are the entry's own key (`own`), are removed.
    """
    words = [*re.finditer(r"[^\s,{}\"]+", value)]
    if not any(word[0] in new for word in words):
        return value
    present = {word[0] for word in words if word[0] not in new} | {own}
    result, end = value[: words[0].start()], 0
    for word in words:
        key = new.get(word[0], word[0])
        if word[0] not in new or key not in present:
            result += (value[end : word.start()] if end else "") + key
            present.add(key)
            end = word.end()
    return result + value[words[-1].end() :]


def merge_deletions(edits: Iterable[Edit]) -> list[Edit]:
    """The deletions without overlaps: those of adjacent entries both include the blank line between them."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if merged and edit.start < merged[-1].end:
            merged[-1] = Edit(merged[-1].start, max(merged[-1].end, edit.end), "")
        else:
            merged.append(edit)
    return merged


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits applied.

    Raises:
        EditRefusedError: two edits overlap.
    """
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < position:
            raise EditRefusedError(f"edits overlap at {edit.start}")
        pieces += (text[position : edit.start], edit.new)
        position = edit.end
    return "".join((*pieces, text[position:]))


def check_untouched(before: str, after: str, deleted: Collection[int], changed: Collection[int]) -> None:
    """Check, by a scan of the new text, that no other block changed.

    Args:
        before: the old text.
        after: the new text.
        deleted: starts of the deleted blocks in the old text.
        changed: starts of the blocks that may differ.

    Raises:
        EditRefusedError: something else changed, or the old text has an unresolved conflict, of which it is unknown
            what its author wants; the new text must not be written.
    """
    refuse_conflict(before)
    old, old_text = _blocks_and_text(before)
    new, new_text = _blocks_and_text(after)
    old = [block for block in old if block.start not in deleted]
    if len(old) != len(new):
        raise EditRefusedError(f"{len(new)} blocks instead of {len(old)}")
    for one, other in zip(old, new, strict=True):
        if one.start not in changed and before[one.start : one.end] != after[other.start : other.end]:
            raise EditRefusedError(f"the block {one.key or one.kind!r} would change")
    if old_text != new_text:
        raise EditRefusedError("text between entries would change")


def refuse_conflict(text: str, source: str = "the file") -> None:
    """Refuse to edit a file with an unresolved conflict of a merge.

    Raises:
        EditRefusedError: there is one.
    """
    if (position := next(conflict_markers(text), -1)) >= 0:
        line = text.count("\n", 0, position) + 1
        hint = "nothing was written; resolve the conflict, delete its markers, and run it again"
        raise EditRefusedError(f"{source} has an unresolved conflict of a merge in line {line}", hint)


def _blocks_and_text(text: str) -> tuple[list[Block], str]:
    """The blocks that can be read, and the text between them.

    The text is without white space, some of which a deletion removes, and in one piece, because a malformed block ends
    where the next one begins.
    """
    blocks: list[Block] = []
    between: list[str] = []
    for block in scan(text):
        if block.kind in ("text", "malformed"):
            between += text[block.start : block.end].split()
        else:
            blocks.append(block)
    return blocks, "".join(between)
