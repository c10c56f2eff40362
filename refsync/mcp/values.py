"""Values of results: texts without characters that a terminal would obey, all of bounded length, lists in pages."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from refsync.text.printable import printable

T = TypeVar("T")
Json = dict[str, Any]

MOST_TEXT = 2_000  # characters of a text
MOST_ITEMS = 100  # of a list or a record within an item, and of a page
MOST_BYTES = 60_000  # of a page
_MOST_OF_LIST = 20_000  # bytes of a list within an item


def bounded(value: Any) -> Any:
    """The same value for JSON; what is left out is counted at the end of a text, list or object."""
    if isinstance(value, str):
        shown = printable(value[:MOST_TEXT])
        return shown if len(value) <= MOST_TEXT else f"{shown}... ({len(value) - MOST_TEXT:,} more characters)"
    if isinstance(value, Mapping):
        kept = {printable(str(name)[:MOST_TEXT]): bounded(item) for name, item in [*value.items()][:MOST_ITEMS]}
        return kept | ({"...": f"{len(value) - len(kept):,} more"} if len(value) > len(kept) else {})
    if isinstance(value, list | tuple):
        rows = _first_rows(value[:MOST_ITEMS], _MOST_OF_LIST)
        return [*rows, *([f"... ({len(value) - len(rows):,} more)"] if len(value) > len(rows) else [])]
    return value


def _first_rows(items: Sequence[Any], most: int) -> list[Any]:
    """The first items, bounded, as many as so many bytes have room for, but one at least."""
    rows: list[Any] = []
    size = 0
    for item in items:
        row = bounded(item)
        size += len(json.dumps(row, ensure_ascii=False).encode())
        if rows and size > most:
            break
        rows.append(row)
    return rows


def page(name: str, items: Sequence[T], offset: int, limit: int, shown: Callable[[T], Any]) -> Json:
    """Some of the items, as `name`, with the total and where the next page starts; None on the last one.

    Args:
        name: of the list in the result.
        items: all of them.
        offset: the first one.
        limit: how many, at most; a page is shorter where its items are long.
        shown: an item as JSON.
    """
    start = max(offset, 0)
    rows = _first_rows([*map(shown, items[start : start + max(1, min(limit, MOST_ITEMS))])], MOST_BYTES)
    following = start + len(rows)
    return {name: rows, "total": len(items), "next_offset": following if following < len(items) else None}
