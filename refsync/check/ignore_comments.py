"""Comments above entries that hide findings: `% refsync: ignore[RS103]`, `% refsync: ignore-all`."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from refsync.check.rule_table import RULES
from refsync.formats.bibtex.scan import Block, scan

_COMMENT = re.compile(
    r"(?<![\\%])(%[ \t%]{0,80}?refsync:[ \t]*ignore(?:(-all)(?![\w-])|[ \t]*\[([^\]\r\n]*)\]|(?![\w\[-])))",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n?|\n")
_UNMERGED = ("RS101", "RS102")
"""The rules whose comment keeps an entry from being merged, whichever of the two reports it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreComment:
    """A comment, and the entry (or other block) directly below it.

    Attributes:
        position: where the comment begins.
        codes: the codes or beginnings of codes that it names, in upper case; empty for all rules.
        named: whether it names codes or says `ignore-all`; else it hides every finding and is reported itself.
        start: where the block below begins; -1 where there is none directly below.
        end: where it ends.
        entry: the number of the entry below, from 0; -1 if it is no entry.
        used: the codes, of those that it names, that hid something; added to by `hides`.
    """

    position: int
    codes: tuple[str, ...]
    named: bool
    start: int = -1
    end: int = -1
    entry: int = -1
    used: set[str] = field(default_factory=set)

    def hides(self, *codes: str) -> bool:
        """Whether it hides findings with any of these codes; then it is marked as used."""
        matching = [prefix for prefix in self.codes or ("",) if any(code.startswith(prefix) for code in codes)]
        self.used.update(matching)
        return bool(matching)

    @property
    def unused(self) -> list[str]:
        """The codes that hid nothing; an empty one for all rules."""
        return [code for code in self.codes or ("",) if code not in self.used]


def ignore_comments(text: str) -> list[IgnoreComment]:
    """The comments of a file, in order.

    A comment belongs to the block below if only comment lines are between them; one beside something else in its line
    belongs to none. What looks like one inside a value is none. Codes are separated by commas.
    """
    if "refsync" not in text.lower():
        return []
    found = [*_COMMENT.finditer(text)]
    if not found:
        return []
    below = _blocks_below(text)[::-1]  # the next one last
    comments = []
    beside = {match.start(1) for match in found if not _begins_a_line(text, match.start(1))}
    in_values = _in_values(text, beside)
    for match in found:
        if match.start(1) in in_values:
            continue
        listed = tuple(code.strip().upper() for code in (match[3] or "").split(",") if code.strip())
        everything = bool(match[2]) or "ALL" in listed
        while below and below[-1][1].start <= match.start(1):
            below.pop()
        start, block, entry = below[-1] if below else _NONE
        if match.start(1) < start or match.start(1) in beside:
            _, block, entry = _NONE
        comments.append(
            IgnoreComment(
                position=match.start(1),
                codes=() if everything else listed,
                named=everything or bool(listed),
                start=block.start,
                end=max(block.end, *(fault.position for fault in block.faults), -1),
                entry=entry,
            )
        )
    return comments


_NONE = (-1, Block("text", -1, -1), -1)


def _blocks_below(text: str) -> list[tuple[int, Block, int]]:
    """The blocks with comment lines directly above: where these begin, the block, and the entry's number or -1."""
    below: list[tuple[int, Block, int]] = []
    previous = Block("text", 0, 0)
    entries = 0
    for block in scan(text):
        if block.kind != "text" and previous.kind == "text" and previous.end > previous.start:
            start = _comment_lines_start(text, previous.start, previous.end)
            if start < previous.end:
                below.append((start, block, entries if block.is_record else -1))
        entries += block.is_record
        previous = block
    return below


def _begins_a_line(text: str, position: int) -> bool:
    """Whether only spaces and tabs are before a position in its line."""
    while position and text[position - 1] in " \t":
        position -= 1
    return not position or text[position - 1] in "\r\n"


def _in_values(text: str, positions: Collection[int]) -> set[int]:
    """Those of some positions that are inside the value of a field."""
    left = sorted(positions, reverse=True)
    found: set[int] = set()
    for block in scan(text) if left else ():
        while left and left[-1] < block.end:
            position = left.pop()
            if any(field.value_start <= position < field.value_end for field in block.fields):
                found.add(position)
    return found


def _comment_lines_start(text: str, start: int, end: int) -> int:
    """Where the comment lines at the end of free text begin; its end where there are none."""
    *lines, indent = _LINE_END.split(text[start:end])
    if indent.strip():
        return end
    position = end - len(indent)
    ends = [*_LINE_END.finditer(text, start, end)]
    for line, line_end in zip(reversed(lines), reversed(ends), strict=True):
        if not line.lstrip().startswith("%"):
            break
        position = line_end.start() - len(line)
    return position


def entries_not_merged(text: str) -> set[int]:
    """The entries of a file, counted from 1, that a comment keeps from being merged with others."""
    return {item.entry + 1 for item in ignore_comments(text) if item.entry >= 0 and item.hides(*_UNMERGED)}


def unused_comments(
    comments: Collection[IgnoreComment], judged: Collection[str]
) -> Iterator[tuple[IgnoreComment, str, str]]:
    """RS001 and RS002: comments that are wrong or hide nothing, each with the rule's code and the message.

    Args:
        comments: of one file, after they have hidden findings.
        judged: the rules of which all findings are known, so that a comment about them that hid none is superfluous.
    """
    for item in comments:
        if not item.named:
            message = "names no rule and hides every finding: write `ignore[CODE]`, or `ignore-all` if that is meant"
            yield item, "RS002", f"the comment `refsync: ignore` {message}"
            continue
        for code in item.unused:
            meant = [rule for rule in RULES if rule.startswith(code)]
            name = f"the comment `refsync: ignore{f'[{code}]' if code else '-all'}`"
            if not meant:
                yield item, "RS001", f"{name} names no rule; `refsync rules` lists them"
            elif item.start < 0:
                yield item, "RS001", f"{name} hides nothing: it has to be directly above an entry"
            elif all(rule in judged for rule in (meant if code else (r for r in meant if RULES[r].default))):
                yield item, "RS001", f"{name} hides nothing; delete it"
