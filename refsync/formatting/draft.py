"""One entry taken apart, so that each part can be changed by itself: what is not changed is written as it was."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from refsync.formats.bibtex.scan import Block

_GAP = re.compile(r"(?P<comma>,)|(?P<comment>%[^\r\n]*)|(?P<end>\r\n?|\n)|[^,%\r\n]+")
_TYPE = re.compile(r"(@\s*)([^\s{(]+)(\s*)([{(])")


@dataclass(slots=True)
class FieldDraft:
    """A field: its name, the text between name and value, and the value as in the file.

    `joined`: the value is a concatenation with `#`.
    """

    name: str
    equals: str
    value: str
    joined: bool


@dataclass(slots=True, kw_only=True)
class EntryDraft:
    """An entry.

    Attributes:
        at: `@` and the white space before the type.
        type: the type.
        opening: the white space after it, the opening brace or parenthesis, and the text before the key.
        key: the citation key.
        gaps: the text before each field, with the comma, and the text before the closing brace.
        fields: in order.
        closer: the closing brace or parenthesis.
    """

    at: str
    type: str
    opening: str
    key: str
    gaps: list[str]
    fields: list[FieldDraft]
    closer: str

    @classmethod
    def of(cls, text: str, block: Block) -> "EntryDraft | None":
        """The parts of an entry; None if it has faults that leave open what belongs to what."""
        empty = {item.value_start for item in block.fields if item.value_start == item.value_end}
        if not block.key or any(fault.position not in empty for fault in block.faults):
            return None
        head = _TYPE.match(text, block.start)
        if head is None:
            return None
        drafts: list[FieldDraft] = []
        gaps: list[str] = []
        position = block.key_end
        for item in block.fields:
            name_start, value_start, value_end = item[1:4]
            gaps.append(text[position:name_start])
            name_end = name_start + len(item.name)
            drafts.append(FieldDraft(item.name, text[name_end:value_start], text[value_start:value_end], item.joined))
            position = value_end
        gaps.append(text[position : block.end - 1])
        return cls(
            at=head[1],
            type=head[2],
            opening=text[head.end(2) : block.key_start],
            key=block.key,
            gaps=gaps,
            fields=drafts,
            closer=text[block.end - 1],
        )

    def render(self) -> str:
        """The entry's text."""
        pieces = [self.at, self.type, self.opening, self.key]
        for gap, item in zip(self.gaps, self.fields, strict=False):
            pieces += (gap, item.name, item.equals, item.value)
        return "".join((*pieces, self.gaps[-1], self.closer))

    @property
    def has_comments(self) -> bool:
        """Whether there are comments between its fields."""
        return any("%" in gap for gap in self.gaps)

    def arrange(self, order: Sequence[int], line_end: str, indent: str) -> None:
        """Keep only the fields at these positions, in this order.

        The gaps stay where they are, unless there are comments: these move with the field that follows them, or that
        is before them on their line, and those of removed fields stay.
        """
        if [*order] == [*range(len(self.fields))]:
            return
        comments = [Gap.of(gap) for gap in self.gaps] if self.has_comments else []
        trailing_comma = "," in _without_comments(self.gaps[-1])
        kept = set(order)
        if not comments:
            if sorted(order) == [*range(len(self.fields))]:
                self.fields = [self.fields[i] for i in order]
                return
            first = [gap for i, gap in enumerate(self.gaps[:-1]) if i in kept]
            self.gaps = [*first, self.gaps[-1]]
            self.fields = [self.fields[i] for i in order]
            return
        above = {i: list(comments[i].own_lines) for i in range(len(self.fields))}
        beside = {i: comments[i + 1].inline for i in range(len(self.fields))}
        loose: list[str] = []
        for i in range(len(self.fields)):
            if i not in kept:
                loose += [*above[i], *([beside[i]] if beside[i] else [])]
        last = Gap(inline="", own_lines=[*loose, *comments[-1].own_lines])
        gaps = []
        inline = comments[0].inline  # beside the key
        for i in order:
            gaps.append(Gap(inline=inline, own_lines=above[i]).render(line_end, indent, comma=True))
            inline = beside[i]
        last.inline = inline
        closing = line_end if "\n" in self.gaps[-1] or "\r" in self.gaps[-1] or last.own_lines or inline else ""
        self.gaps = [
            *gaps,
            last.render(line_end, indent, comma=trailing_comma, closing=closing),
        ]
        self.fields = [self.fields[i] for i in order]


@dataclass(slots=True)
class Gap:
    """The comments between two fields: the one on the line of the first, and those on lines of their own."""

    inline: str = ""
    own_lines: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, gap: str) -> "Gap":
        """The comments in the text between two fields."""
        found = cls()
        if "%" not in gap:
            return found
        first_line = True
        for token in _GAP.finditer(gap):
            if token["end"]:
                first_line = False
            elif token["comment"]:
                if first_line:
                    found.inline = token["comment"].rstrip()
                else:
                    found.own_lines.append(token["comment"].rstrip())
        return found

    def render(self, line_end: str, indent: str, *, comma: bool, closing: str | None = None) -> str:
        """The gap, with each field and comment on a line of its own.

        `closing` is the text before the closing brace; None between fields.
        """
        pieces = [","] if comma else []
        if self.inline:
            pieces += (" ", self.inline)
        for comment in self.own_lines:
            pieces += (line_end, indent, comment)
        pieces.append(line_end + indent if closing is None else closing)
        return "".join(pieces)


def has_comma(gap: str) -> bool:
    """Whether there is a comma in a gap outside comments."""
    return "," in (gap if "%" not in gap else _without_comments(gap))


def without_comma(gap: str) -> str:
    """The gap without its comma."""
    return "".join(token[0] for token in _GAP.finditer(gap) if not token["comma"])


def _without_comments(gap: str) -> str:
    return "".join(token[0] for token in _GAP.finditer(gap) if not token["comment"])
