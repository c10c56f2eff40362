"""Values of results: texts without characters that a terminal would obey, all of bounded length, lists in pages."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from refsync.text.printable import printable

T = TypeVar("T")
Json = dict[str, Any]

MOST_TEXT = 2_000  # characters of a text
MOST_ITEMS = 100  # of a list within an item, and of a page
MOST_BYTES = 60_000  # of a page


def bounded(value: Any) -> Any:
    """The same value for JSON; what is left out is counted at the end of a text or list."""
    if isinstance(value, str):
        shown = printable(value[:MOST_TEXT])
        return shown if len(value) <= MOST_TEXT else f"{shown}... ({len(value) - MOST_TEXT:,} more characters)"
    if isinstance(value, Mapping):
        return {printable(str(name)[:MOST_TEXT]): bounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        more = [f"... ({len(value) - MOST_ITEMS:,} more)"] if len(value) > MOST_ITEMS else []
        return [*map(bounded, value[:MOST_ITEMS]), *more]
    return value


def page(name: str, items: Sequence[T], offset: int, limit: int, shown: Callable[[T], Any]) -> Json:
    """Some of the items, as `name`, with the total and where the next page starts; None on the last one.

    Args:
        name: of the list in the result.
        items: all of them.
        offset: the first one.
        limit: how many, at most; a page is shorter where its items are long.
        shown: an item as JSON.
    """
    start, size = max(offset, 0), 0
    rows: list[Any] = []
    for item in items[start : start + max(1, min(limit, MOST_ITEMS))]:
        row = bounded(shown(item))
        size += len(json.dumps(row, ensure_ascii=False).encode())
        if rows and size > MOST_BYTES:
            break
        rows.append(row)
    following = start + len(rows)
    return {name: rows, "total": len(items), "next_offset": following if following < len(items) else None}
