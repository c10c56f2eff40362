"""The layout of one entry of a BibTeX file, so that a field added to it looks like its other fields."""

import re
from collections import Counter
from dataclasses import dataclass

from refsync.formats.bibtex.scan import Block, Field
from refsync.text.months import MONTHS

_MACRO_OF = {name: macro for macro, name in MONTHS.items()}
_LINE_END = re.compile(r"\r\n?|\n")
_COMMA_FIRST = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*,[ \t]*")


def last_line_start(text: str, start: int, end: int) -> int:
    """The start of the last line that begins in `text[start:end]`, or -1."""
    newline = text.rfind("\n", start, end)
    return max(newline, text.rfind("\r", max(newline, start), end)) + 1 or -1


@dataclass(frozen=True, slots=True)
class EntryStyle:
    """The layout of an entry's fields.

    Attributes:
        lead: the text before a name: line end and indent, or a space; with the comma, if commas come first.
        line_end: of the entry's lines.
        comma_first: each line starts with the comma that ends the one before.
        case: `lower`, `upper` or `capitalize`, by which a name is written.
        equals: the text from the name's end to the value if nothing is aligned.
        equals_at: columns from a name's start to its `=` if these are aligned, else 0.
        value_at: columns from a name's start to its value if only values are aligned, else 0.
        quotes: whether values are in quotes rather than braces.
    """

    lead: str
    line_end: str
    comma_first: bool = False
    case: str = "lower"
    equals: str = " = "
    equals_at: int = 0
    value_at: int = 0
    quotes: bool = False

    @classmethod
    def of(cls, text: str, block: Block) -> "EntryStyle":
        """The style of an entry; two spaces and braces if it has no field."""
        end = _LINE_END.search(text, block.start, block.end) or _LINE_END.search(text)
        line_end = end[0] if end else "\n"
        if not block.fields:
            return cls(f"{line_end}  ", line_end)
        lead, comma_first = _lead(text, block, line_end)
        opening = Counter(text[field.value_start : field.value_start + 1] for field in block.fields)
        equals, equals_at, value_at = _equals(text, block)
        return cls(
            lead,
            line_end,
            comma_first,
            case=_case([field.name for field in block.fields]),
            equals=equals,
            equals_at=equals_at,
            value_at=value_at,
            quotes=opening['"'] > opening["{"],
        )

    def field(self, name: str, value: str, source: str = "") -> str:
        """A field in this style, without comma and lead; with the value as in `source` if given."""
        name = getattr(name, self.case)()
        before, _, after = self.equals.partition("=")
        if self.equals_at:
            before = " " * max(self.equals_at - len(name), len(before[:1]))
        elif self.value_at:
            after = " " * max(self.value_at - len(name) - len(before) - 1, len(after[:1]))
        return f"{name}{before}={after}{source or self.value(name, value)}"

    def value(self, name: str, value: str, current: str = "") -> str:
        """A value with the delimiters of `current`, else those of the entry; a month's name as its macro."""
        if name.lower() == "month" and value in _MACRO_OF:
            return _MACRO_OF[value]
        quotes = current[:1] == '"' or (self.quotes and current[:1] != "{")
        return f'"{value}"' if quotes and '"' not in value else f"{{{value}}}"


def _lead(text: str, block: Block, line_end: str) -> tuple[str, bool]:
    fields = block.fields
    ends = [block.key_end, *(field.value_end for field in fields[:-1])]
    between = [text[end : field.name_start] for end, field in zip(ends, fields, strict=True)]
    if _COMMA_FIRST.fullmatch(between[-1]):
        return between[-1], True
    starts = [last_line_start(text, block.start, field.name_start) for field in fields]
    indents = [text[start : field.name_start] for start, field in zip(starts, fields, strict=True) if start >= 0]
    own_line = [indent for indent in indents if not indent.strip()]
    if 2 * len(own_line) >= len(fields):
        return line_end + own_line[-1], False
    before, comma, after = between[-1].rpartition(",")
    return (after if comma and "%" not in before and not after.strip() else " "), False


def _case(names: list[str]) -> str:
    if 2 * sum(name.isupper() for name in names) > len(names):
        return "upper"
    return "capitalize" if 2 * sum(name[:1].isupper() for name in names) > len(names) else "lower"


def _equals(text: str, block: Block) -> tuple[str, int, int]:
    """The most frequent text between name and value, and the column of aligned `=` signs or else values, if any."""
    gaps = [text[field.name_end : field.value_start] for field in block.fields]
    plain = [(field, gap) for field, gap in zip(block.fields, gaps, strict=True) if gap.strip(" \t") == "="]
    if not plain:
        return " = ", 0, 0
    usual = Counter(gap for _, gap in reversed(plain)).most_common(1)[0][0]
    at_equals = _common_column([(field, _width(text, field, gap.partition("=")[0])) for field, gap in plain])
    if at_equals:
        before = " " if all(gap[0] != "=" for _, gap in plain) else ""
        return f"{before}={usual.partition('=')[2]}", at_equals, 0
    at_values = _common_column([(field, _width(text, field, gap)) for field, gap in plain])
    return (f"{usual.partition('=')[0]}= " if at_values else usual), 0, at_values


def _width(text: str, field: Field, gap: str) -> int:
    """Columns from the start of the name to the end of the gap after it."""
    start = max(last_line_start(text, 0, field.name_start), 0)
    before = text[start : field.name_start] if field.name_start - start < 200 else ""
    return len((before + field.name + gap).expandtabs(8)) - len(before.expandtabs(8))


def _common_column(widths: list[tuple[Field, int]]) -> int:
    """The column that names of different lengths share, except names that are too long for it; 0 if there is none."""
    column = Counter(width for _, width in widths).most_common(1)[0][0]
    lengths = {len(field.name) for field, width in widths if width == column}
    others_too_long = all(width == column or len(field.name) + 1 >= column for field, width in widths)
    return column if len(lengths) > 1 and others_too_long else 0
