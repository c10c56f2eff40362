"""The blocks of a file: their order, the lines between them, and the comments that belong to them."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from refsync.formats.bibtex.scan import Block
from refsync.formatting.file_records import macros_of, records_of
from refsync.formatting.settings import FormatSettings
from refsync.records import Record, keys_in
from refsync.text.fold import fold
from refsync.text.latex import latex_to_text
from refsync.text.months import MONTH_NAMES, MONTHS, month_name
from refsync.text.names import parse_name, split_names

_LINE = re.compile(r"[^\r\n]*")
_LINE_ENDS = re.compile(r"\r\n?|\n")
_PROGRAM_DATA = re.compile(r"@\s*comment\s*\{\s*(?:jabref|bibdesk)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")
_YEAR = re.compile(r"\d{4}")
_SPACE = " \t\r\n\f\v"


@dataclass(slots=True, kw_only=True)
class _Group:
    """A block with what moves with it: the text above it, and the rest of its last line."""

    kind: str
    above: str = ""
    between: str = ""
    body: str = ""
    beside: str = ""
    entry: int = -1


def arrange_blocks(text: str, blocks: Sequence[Block], settings: FormatSettings, line_end: str) -> tuple[str, str]:
    """The text with its blocks in order and the set number of blank lines, and a note if the order had to stay.

    `@string` and `@preamble` come first, entries that others name in `crossref` after these, as BibTeX requires.
    Entries with one key stay in their order, because BibTeX uses the first. The text at the start of the file up to an
    empty line, and that after the last entry, stay where they are.
    """
    tidy, strip = bool(settings.tidy_comments), bool(settings.strip_comments)
    lines = settings.blank_lines if isinstance(settings.blank_lines, int) else None
    if not (settings.sort or tidy or strip) and lines is None:
        return text, ""
    groups, spaces = _groups(text, blocks, line_end if tidy else "", with_header=bool(settings.sort))
    note = ""
    order = [*range(len(groups))]
    if settings.sort:
        if reason := _order_matters(text, blocks):
            note = f"the order of the entries stays: {reason}"
        else:
            order = _sorted(groups, text, blocks, settings.sort)
    moved = order != [*range(len(groups))]
    groups = [groups[i] for i in order]
    for group in groups:
        _tidy(group, line_end, tidy=tidy, strip=strip)
    if strip:
        kept = [i for i, group in enumerate(groups) if group.body or group.above]
        spaces = [*(spaces[i] for i in kept), spaces[-1]]
        groups = [groups[i] for i in kept]
    pieces: list[str] = []
    for i, group in enumerate(groups):
        space = spaces[i]
        if lines is not None:
            space = _space(groups[i - 1], group, spaces[i], lines, line_end) if i else ""
        elif i and (moved or strip or tidy) and not _LINE_ENDS.search(space):
            space += line_end
        elif tidy and group.above:
            space = space.rstrip(" \t")
        pieces += (space, group.above, group.between, group.body, group.beside)
    if groups:
        pieces.append(line_end if lines is not None else spaces[-1])
    else:
        pieces.append("" if lines is not None or strip else spaces[-1])
    return "".join(pieces), note


def _space(before: _Group, group: _Group, space: str, lines: int, line_end: str) -> str:
    """The lines between two groups."""
    if before.kind == group.kind == "string" and not group.above:  # a list of macros stays a list
        present = max(len(_LINE_ENDS.findall(space)) - 1, 0)
        lines = min(lines, present)
    if before.kind == "header":
        return space
    return line_end * (1 + lines)


def _groups(
    text: str, blocks: Sequence[Block], between_comments: str, *, with_header: bool
) -> tuple[list[_Group], list[str]]:
    """The groups of a text, and the white space before each and after the last.

    `between_comments`, if not empty, is put between texts and comments; `with_header` if the first may be a header.
    """
    groups: list[_Group] = []
    spaces: list[str] = []
    pending: list[str] = []
    entry = 0

    def split_pending() -> tuple[str, str, str]:
        """The white space, the text and the white space before the next block; the rest of a line goes to the last."""
        if between_comments and len(pending) > 1:
            first, *others = pending
            texts = [item for item in (other.strip(_SPACE) for other in others) if item]
            if content := first.rstrip(_SPACE):
                texts.insert(0, content)
            last_space = pending[-1][len(pending[-1].rstrip(_SPACE)) :]
            chunk = ("" if content else first) + between_comments.join(texts) + last_space
        else:
            chunk = "".join(pending)
        pending.clear()
        if groups and groups[-1].body and not chunk.startswith("@"):
            rest = _LINE.match(chunk)[0]  # type: ignore[index]  # matches the empty string
            if rest.strip():
                groups[-1].beside = rest.rstrip()
                chunk = chunk[len(groups[-1].beside) :]
        middle = chunk.strip(_SPACE)
        if not middle:
            return chunk, "", ""
        start = chunk.index(middle[0], len(chunk) - len(chunk.lstrip(_SPACE)))
        return chunk[:start], middle, chunk[start + len(middle) :]

    def split_header() -> None:
        """Make a group of the text up to the last empty line, before the first block."""
        chunk = "".join(pending)
        start = len(chunk) - len(chunk.lstrip(_SPACE))
        end = start + len(chunk[start : _last_blank_line(chunk, start, len(chunk))].rstrip(_SPACE))
        if end <= start:
            return
        header, rest = _cut(pending, end)
        texts = [item for item in (piece.strip(_SPACE) for piece in header) if item]
        groups.append(
            _Group(kind="header", above=between_comments.join(texts) if between_comments else chunk[start:end])
        )
        spaces.append(chunk[:start])
        pending[:] = rest

    for block in blocks:
        written = text[block.start : block.end]
        if block.kind not in ("entry", "string", "preamble"):
            pending.append(written)
            continue
        if with_header and not groups:
            split_header()
        space, above, between = split_pending()
        spaces.append(space)
        groups.append(_Group(kind=block.kind, above=above, between=between, body=written))
        if block.kind == "entry":
            groups[-1].entry = entry
            entry += 1
    space, above, between = split_pending()
    if above:
        spaces.append(space)
        groups.append(_Group(kind="end", above=above))
        space = between
    return groups, [*spaces, space]


def _cut(pieces: Sequence[str], position: int) -> tuple[list[str], list[str]]:
    """Pieces of a text before a position in it, and those after."""
    before: list[str] = []
    after: list[str] = []
    for piece in pieces:
        before.append(piece[: max(position, 0)])
        after.append(piece[max(position, 0) :])
        position -= len(piece)
    return [piece for piece in before if piece], [piece for piece in after if piece]


def _last_blank_line(text: str, start: int, end: int) -> int:
    """Where the last empty line within a text ends; 0 if there is none."""
    found = 0
    previous = -1
    for line in _LINE_ENDS.finditer(text, start, end):
        if previous >= 0 and not text[previous : line.start()].strip():
            found = line.end()
        previous = line.end()
    return found


def _tidy(group: _Group, line_end: str, *, tidy: bool, strip: bool) -> None:
    if strip:
        kept = _program_data(group.above)
        group.between = line_end if kept and group.body else ""
        group.above = kept
        group.beside = ""
    if tidy:
        group.between = line_end if group.above and group.body else ""
        if group.beside:
            group.beside = f" {group.beside.strip()}"


def _program_data(text: str) -> str:
    """The `@comment` blocks in which JabRef and BibDesk keep groups and settings."""
    if not _PROGRAM_DATA.search(text):
        return ""
    from refsync.formats.bibtex.scan import scan

    blocks = (text[block.start : block.end] for block in scan(text) if block.kind == "comment")
    return "\n".join(block for block in blocks if _PROGRAM_DATA.match(block))


def _order_matters(text: str, blocks: Sequence[Block]) -> str:
    """Why the blocks must stay in their order; empty if they need not."""
    values: dict[str, str] = {}
    entries = False
    for block in blocks:
        if block.kind == "entry":
            entries = True
        for field in block.fields if block.kind == "string" else ():
            name = field.name.lower()
            written = text[field.value_start : field.value_end]
            if values.setdefault(name, written) != written:
                return f"the macro `{field.name}` is defined twice, with different values"
            if entries and name in MONTHS:
                return f"`{field.name}` is defined anew after the first entry"
    return ""


def _sorted(groups: Sequence[_Group], text: str, blocks: Sequence[Block], criteria: Sequence[str]) -> list[int]:
    """The new order of the groups."""
    records = records_of(text, blocks, macros_of(text, blocks))
    entries = [i for i, group in enumerate(groups) if group.kind == "entry"]
    order = [*range(len(records))]
    for criterion in reversed(criteria):
        name = criterion.lstrip("-").lower()
        keys = [_sort_key(record, name) for record in records]
        order.sort(key=lambda i: keys[i] or (), reverse=criterion.startswith("-"))
        order.sort(key=lambda i: keys[i] is None)  # entries without a value last
    ranks = _generations(records)
    order.sort(key=lambda i: ranks.get(records[i].id.casefold(), 0))
    order = _with_repeated_keys_in_order(records, order)
    first = [i for i, group in enumerate(groups) if group.kind == "header"]
    macros = [i for i, group in enumerate(groups) if group.kind in ("string", "preamble")]
    last = [i for i, group in enumerate(groups) if group.kind == "end"]
    return [*first, *macros, *(entries[i] for i in order), *last]


SortKey = tuple[tuple[int, int, str], ...]


def _sort_key(record: Record, name: str) -> SortKey | None:
    """What a record is sorted by; None where it has no value."""
    match name:
        case "key":
            return None if record.id.startswith("#") else _text_key(record.id.casefold())
        case "type":
            return _text_key(record.type)
        case "year":
            year = _YEAR.search(record.get("year", "date"))
            return ((0, int(year[0]), ""),) if year else None
        case "month":
            month = month_name(record.get("month"))
            return ((0, MONTH_NAMES.index(month), ""),) if month else None
        case "author" | "editor":
            names = record.get("author", "editor") if name == "author" else record.get("editor")
            people = [parse_name(person) for person in split_names(latex_to_text(names))[0]]
            folded = [fold(f"{person.family}, {person.given}") for person in people]
            return tuple((1, 0, person) for person in folded) or None
    value = fold(latex_to_text(record.get(name)))
    return _natural_key(value) if value else None


def _text_key(text: str) -> SortKey:
    return ((1, 0, text),)


def _natural_key(text: str) -> SortKey:
    """Numbers in a text count as numbers: `Part 9` before `Part 10`."""
    return tuple(
        (0, int(part[:18]), part) if i % 2 else (1, 0, part) for i, part in enumerate(_DIGITS.split(text[:1000]))
    )


def _generations(records: Sequence[Record]) -> dict[str, int]:
    """For each key that `crossref` names, how many generations are below it."""
    edges = [
        (record.id.casefold(), parent.casefold())
        for record in records
        if "crossref" in record.fields
        for parent in keys_in(record.fields["crossref"])
        if parent.casefold() != record.id.casefold()
    ]
    below = Counter(parent for _, parent in edges)
    parents = defaultdict(list)
    for child, parent in edges:
        parents[child].append(parent)
    ranks: dict[str, int] = {}
    ready = [child for child in parents if not below[child]]
    while ready:  # entries in a circle, which BibTeX refuses, are never ready
        child = ready.pop()
        for parent in parents[child]:
            ranks[parent] = max(ranks.get(parent, 0), ranks.get(child, 0) + 1)
            below[parent] -= 1
            if not below[parent]:
                ready.append(parent)
    return {key: rank for key, rank in ranks.items() if not below[key]}


def _with_repeated_keys_in_order(records: Sequence[Record], order: Sequence[int]) -> list[int]:
    """The order, in which entries of one key follow the one that is the first of them in the file."""
    first: dict[str, int] = {}
    for i, record in enumerate(records):
        first.setdefault(record.id.casefold(), i)
    result: list[int] = []
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    placed: set[int] = set()
    for i in order:
        leader = first[records[i].id.casefold()]
        if leader != i and leader not in placed:
            waiting[leader].append(i)
            continue
        placed.add(i)
        result += (i, *waiting.pop(i, ()))
    return result
