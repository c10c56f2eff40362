"""The outline of a .bib file: its entries, with their titles, and its macros. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from refsync.formats.bibtex.scan import scan
from refsync.lsp.entry_spans import Span
from refsync.text.latex import latex_to_text
from refsync.text.printable import printable

_LONGEST_TITLE = 120


class Symbol(NamedTuple):
    """A block with a name; the name is at `text[name_start:name_end]`."""

    name: str
    detail: str
    is_entry: bool
    start: int
    end: int
    name_start: int
    name_end: int


def symbols(text: str, spans: tuple[Span, ...]) -> Iterator[Symbol]:
    """The entries and macros of a text, in order."""
    for start, end, kind, _ in spans:
        if kind in ("entry", "string", "malformed") and (found := _symbol(text[start:end])):
            name_start, name_end = found.name_start + start, found.name_end + start
            yield found._replace(start=start, end=end, name_start=name_start, name_end=name_end)


@lru_cache(maxsize=50_000)
def _symbol(written: str) -> Symbol | None:
    """The symbol of one block, in a text of its own; most blocks are as they were the last time."""
    block = next(scan(written), None)
    if block is None or not (block.is_record or block.kind == "string"):
        return None
    if block.kind == "string":
        if not block.fields:
            return None
        first = block.fields[0]
        return Symbol(
            name=printable(first.name),
            detail="macro",
            is_entry=False,
            start=0,
            end=len(written),
            name_start=first.name_start,
            name_end=first.name_end,
        )
    title = next((item for item in block.fields if item.name.lower() == "title"), None)
    detail = " ".join(latex_to_text(written[title.value_start + 1 : title.value_end - 1]).split()) if title else ""
    name = printable(block.key) or "(no key)"
    start = block.key_start if block.key else block.start
    end = block.key_end if block.key else block.start + 1
    shown = printable(f"@{block.type.lower()} {detail[:_LONGEST_TITLE]}".strip())
    return Symbol(name=name, detail=shown, is_entry=True, start=0, end=len(written), name_start=start, name_end=end)
