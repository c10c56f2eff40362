"""Minimal edits of a BibTeX file: spans replaced in the style of what stands around them, all else untouched."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from refsync.formats.bibtex_scan import Block, Field, scan
from refsync.formats.bibtex_values import MONTHS

_MACRO_OF = {name: macro for macro, name in MONTHS.items()}
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n?|\n)")


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
    """Take out an entry with the rest of its line and one blank line behind it (or before it, at the end of a file)."""
    start, end = block.start, block.end
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    alone = not text[line_start:start].strip(" \t")
    if not alone or not (rest := _BLANK_LINE.match(text, end)):
        if alone and not text[end:].strip():  # the last entry of a file without a final line end
            return Edit(len(text[:start].rstrip()) if text[:start].strip() else 0, end, "")
        return Edit(start, end, "")
    start, end = line_start, rest.end()
    if blank := _BLANK_LINE.match(text, end):
        end = blank.end()
    elif end == len(text):
        end_before = len(text[:start].rstrip())
        blanks = [*_BLANK_LINE.finditer(text, end_before, start)]
        start = blanks[0].end() if blanks else start
    return Edit(start, end, "")


def add_fields(text: str, block: Block, fields: Mapping[str, str]) -> list[Edit]:
    """Add fields behind the last one, as the entry's own fields are written: indent, `=`, delimiters, case, comma.

    Values are LaTeX. A month's full name is written as its macro.
    """
    if not fields:
        return []
    style = _Style.of(text, block)
    closing = block.end - 1
    last = block.fields[-1].value_end if block.fields else block.key_end
    between = text[last:closing]
    comma = re.search(r",", re.sub(r"%[^\r\n]*", lambda found: " " * len(found[0]), between))
    behind = last + len(between.rstrip())  # behind a trailing comma and comments
    written = [f"{style.between}{style.field(name, value)}" for name, value in fields.items()]
    addition = ",".join(written) + ("," if comma and block.fields else "")
    if comma:
        return [Edit(behind, behind, addition)]
    if behind == last:
        return [Edit(last, last, "," + addition)]
    return [Edit(last, last, ","), Edit(behind, behind, addition)]


def replace_words(text: str, field: Field, new: Mapping[str, str]) -> Iterator[Edit]:
    """Exchange members of a comma-parted value, such as the keys that `crossref` names."""
    for word in re.finditer(r"[^\s,{}\"]+", text[field.value_start : field.value_end]):
        if (replacement := new.get(word[0], word[0])) != word[0]:
            yield Edit(field.value_start + word.start(), field.value_start + word.end(), replacement)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made.

    Raises:
        ValueError: two edits overlap.
    """
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < position:
            raise ValueError(f"edits overlap at {edit.start}")
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
        ValueError: something else changed; the new text must not be written.
    """
    old = [block for block in scan(before) if block.kind != "text" and block.start not in deleted]
    new = [block for block in scan(after) if block.kind != "text"]
    if len(old) != len(new):
        raise ValueError(f"{len(new)} blocks where {len(old)} were to be")
    for one, other in zip(old, new, strict=True):
        if one.start not in changed and before[one.start : one.end] != after[other.start : other.end]:
            raise ValueError(f"the block {one.key or one.kind!r} would change")
    if _free_text(before) != _free_text(after):
        raise ValueError("text between entries would change")


def _free_text(text: str) -> str:
    """What stands between the blocks, without white space, of which a deletion takes some with it."""
    return "".join("".join(text[block.start : block.end].split()) for block in scan(text) if block.kind == "text")


@dataclass(frozen=True, slots=True)
class _Style:
    """How an entry writes its fields."""

    between: str  # what stands before a field's name: line end and indent, or a space
    upper: bool
    width: int  # of the name, filled with spaces where the `=` stand below each other
    equals: str
    delimiters: str

    @classmethod
    def of(cls, text: str, block: Block) -> "_Style":
        line_end = "\r\n" if "\r\n" in text[block.start : block.end] else "\n"
        fields = block.fields
        if not fields:
            return cls(f"{line_end}  ", False, 0, " = ", "{}")
        last = fields[-1]
        line_start = (
            max(text.rfind("\n", block.start, last.name_start), text.rfind("\r", block.start, last.name_start)) + 1
        )
        indent = text[line_start : last.name_start] if line_start else " "
        between = f"{line_end}{indent}" if line_start and not indent.strip() else " "
        gaps = [text[field.name_end : field.value_start] for field in fields]
        columns = {len(field.name) + gap.find("=") for field, gap in zip(fields, gaps, strict=True)}
        aligned = len(fields) > 1 and len(columns) == 1 and len({len(field.name) for field in fields}) > 1
        gap = gaps[-1] if "\n" not in gaps[-1] else " = "
        before = "" if aligned else gap[: gap.find("=")]
        opening = [text[field.value_start : field.value_start + 1] for field in fields]
        return cls(
            between,
            all(field.name.isupper() for field in fields),
            columns.pop() if aligned else 0,
            before + gap[gap.find("=") :],
            '""' if opening.count('"') > opening.count("{") else "{}",
        )

    def field(self, name: str, value: str) -> str:
        if name == "month" and value in _MACRO_OF:
            written = _MACRO_OF[value]
        elif self.delimiters == '""' and '"' not in value:
            written = f'"{value}"'
        else:
            written = f"{{{value}}}"
        return f"{(name.upper() if self.upper else name).ljust(self.width)}{self.equals}{written}"
