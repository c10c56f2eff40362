"""Minimal edits of a BibTeX file: spans replaced in the style of what stands around them, all else untouched."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from refsync.errors import RefsyncError
from refsync.formats.bibtex.entry_style import EntryStyle, last_line_start
from refsync.formats.bibtex.scan import Block, Field, scan
from refsync.formats.bibtex.tokens import skip_space

NO_SOURCES: Mapping[str, str] = {}
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n?|\n)")
_TO_THE_END = re.compile(r"\s*+\Z")
_COMMENT = re.compile(r"%[^\r\n]*")
_COMMA_BEHIND = re.compile(r"\s*,")
_TYPE_NAME = re.compile(r"@\s*([^\s{(]+)")
_NOT_IN_A_KEY = re.compile(r"[\s,{}()\"#%~\\'=@]")


class EditRefusedError(RefsyncError, ValueError):
    """An edit would change more than it was to: a fault of ours, or of a malformed block beside it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="so nothing was written; `refsync check` shows blocks that cannot be read")


@dataclass(frozen=True, slots=True)
class Edit:
    """The span `text[start:end]` gives way to `new`."""

    start: int
    end: int
    new: str


def entries(text: str) -> list[Block]:
    """The entries of a text; the record with index n was read from number n - 1."""
    return [block for block in scan(text) if block.kind == "entry"]


def delete_entry(text: str, block: Block) -> Edit:
    """Take out an entry with the rest of its line, and with the blank lines behind it if there are some before it."""
    start, end = block.start, block.end
    line_start = max(last_line_start(text, 0, start), 0)
    alone = not text[line_start:start].strip(" \t")
    end_before = line_start
    while end_before and text[end_before - 1].isspace():
        end_before -= 1
    if not alone or not (rest := _BLANK_LINE.match(text, end)):
        if alone and _TO_THE_END.match(text, end):  # the last entry of a file without a final line end
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
    """Add fields behind the last one, as the entry's own fields are written: see `EntryStyle`.

    Values are LaTeX. A month's full name is written as its macro. `sources` has, for some of the fields, the value as
    it is to stand in the file, with macros and delimiters.
    """
    if not fields:
        return []
    style = EntryStyle.of(text, block)
    closing = block.end - 1
    last = block.fields[-1].value_end if block.fields else block.key_end
    between = text[last:closing]
    lead = style.lead
    if "%" in between and not _BLANK_LINE.match(lead):  # or the comment would hold what is added
        lead = style.line_end + lead
    written = [style.field(name, value, sources.get(name, "")) for name, value in fields.items()]
    comma = "," in _COMMENT.sub(lambda found: " " * len(found[0]), between)
    if style.comma_first and not comma:
        return [Edit(last, last, "".join(lead + field for field in written))]
    behind = last + len(between.rstrip())  # behind a trailing comma and comments
    addition = ",".join(lead.replace(",", "") + field for field in written) + ("," if comma and block.fields else "")
    if comma:
        return [Edit(behind, behind, addition)]
    if behind == last:
        return [Edit(last, last, "," + addition)]
    return [Edit(last, last, ","), Edit(behind, behind, addition)]


def set_fields(
    text: str, block: Block, fields: Mapping[str, str], sources: Mapping[str, str] = NO_SOURCES
) -> list[Edit]:
    """Give fields of an entry these values: those that it has in the delimiters that they have, others added.

    `sources` has, for some of them, the value as it is to stand in the file, with macros and delimiters.
    """
    style = EntryStyle.of(text, block)
    present: dict[str, Field] = {}
    for field in block.fields:
        present.setdefault(field.name.lower(), field)  # the first one counts
    edits: list[Edit] = []
    lacking: dict[str, str] = {}
    for name, value in fields.items():
        if name.lower() in present:
            start, end = present[name.lower()][2:4]
            edits.append(Edit(start, end, sources.get(name) or style.value(name, value, text[start:end])))
        else:
            lacking[name] = value
    return edits + add_fields(text, block, lacking, sources)


def remove_fields(text: str, block: Block, names: Collection[str]) -> list[Edit]:
    """Take fields out of an entry, each with the comma before it; a comment beside one stays."""
    edits = []
    before = block.key_end
    for field in block.fields:
        start, end = field.name_start, field.value_end
        if field.name.lower() in names:
            comma = _COMMA_BEHIND.match(text, end)
            if "%" not in text[before:start] and "," in text[before:start]:
                edits.append(Edit(before, end, ""))
            else:
                edits.append(Edit(start, comma.end() if comma else end, ""))
        before = end
    return edits


def set_type(text: str, block: Block, kind: str) -> Edit:
    """Make an entry one of another type."""
    found = _TYPE_NAME.match(text, block.start)
    assert found, "every entry starts with its type"
    return Edit(found.start(1), found.end(1), kind)


def rename_key(text: str, block: Block, key: str) -> Edit:
    """Give an entry another key, or one where it has none.

    Raises:
        ValueError: BibTeX could not read the key.
    """
    if not key or _NOT_IN_A_KEY.search(key):
        raise ValueError(f"{key!r} is no citation key")
    comma_follows = block.key or text[skip_space(text, block.key_start)] in ",})"
    return Edit(block.key_start, block.key_end, key if comma_follows else f"{key}, ")


def replace_citation_keys(value: str, new: Mapping[str, str], own: str = "") -> str:
    """A comma-parted value, such as the keys that `related` names, with some of them exchanged.

    One that would stand there twice then, or name the entry itself (its key is `own`), is taken out.
    """
    words = [*re.finditer(r"[^\s,{}\"]+", value)]
    if not any(word[0] in new for word in words):
        return value
    held = {word[0] for word in words if word[0] not in new} | {own}
    result, end = value[: words[0].start()], 0
    for word in words:
        key = new.get(word[0], word[0])
        if word[0] not in new or key not in held:
            result += (value[end : word.start()] if end else "") + key
            held.add(key)
            end = word.end()
    return result + value[words[-1].end() :]


def merge_deletions(edits: Iterable[Edit]) -> list[Edit]:
    """The same deletions without overlaps: neighbours both take the blank line between them."""
    made: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: edit.start):
        if made and edit.start < made[-1].end:
            made[-1] = Edit(made[-1].start, max(made[-1].end, edit.end), "")
        else:
            made.append(edit)
    return made


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made.

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
    """Scan the new text and compare every block that was not to change with the old one.

    Args:
        before: the old text.
        after: the new text.
        deleted: starts of the blocks that were taken out.
        changed: starts of those that may differ.

    Raises:
        EditRefusedError: something else changed; the new text must not be written.
    """
    old, old_text = _parted(before)
    new, new_text = _parted(after)
    old = [block for block in old if block.start not in deleted]
    if len(old) != len(new):
        raise EditRefusedError(f"{len(new)} blocks where {len(old)} were to be")
    for one, other in zip(old, new, strict=True):
        if one.start not in changed and before[one.start : one.end] != after[other.start : other.end]:
            raise EditRefusedError(f"the block {one.key or one.kind!r} would change")
    if old_text != new_text:
        raise EditRefusedError("text between entries would change")


def _parted(text: str) -> tuple[list[Block], str]:
    """The blocks that can be read, and what stands between them.

    The latter is without white space, of which a deletion takes some with it; and it is one text, since a malformed
    block ends where the next one begins.
    """
    blocks: list[Block] = []
    between: list[str] = []
    for block in scan(text):
        if block.kind in ("text", "malformed"):
            between += text[block.start : block.end].split()
        else:
            blocks.append(block)
    return blocks, "".join(between)
