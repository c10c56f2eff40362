"""Tables in HTML for notebooks: no scripts, no style sheet, no colours of their own, so that light and dark fit."""

from collections.abc import Sequence
from html import escape

from refsync.text.printable import printable

_CELL = (
    "padding:.2em .8em;text-align:{};vertical-align:top;border-bottom:1px solid rgba(128,128,128,.35);background:none"
)
_TABLE = "border-collapse:collapse;margin:.4em 0;color:inherit;font:inherit"  # also where tables inherit nothing
_QUIET = "opacity:.7"
MOST = 20
"""Rows of a table that are shown."""
_LONGEST = 200  # characters of a cell


def cell(value: object) -> str:
    """A value as text in HTML: escaped, without control characters, cut where it is long."""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = "" if value is None else str(value)
    return escape(printable(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"))


def html_table(headings: Sequence[str], rows: Sequence[Sequence[object]], total: int = 0) -> str:
    """A table of the first rows; of more than `MOST` (or of `total` rows in all) the rest is counted below it."""
    shown, total = rows[:MOST], max(total, len(rows))
    head = "".join(_tag("th", name, bool(shown) and _is_number(shown[0][i])) for i, name in enumerate(headings))
    body = "".join(f"<tr>{''.join(_tag('td', value, _is_number(value)) for value in row)}</tr>" for row in shown)
    more = f"<p style='{_QUIET};margin:.3em 0'>and {total - len(shown):,} more</p>" if total > len(shown) else ""
    return f"<table style='{_TABLE}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def html_block(title: str, note: str, *parts: str) -> str:
    """A heading with a remark, and tables below it."""
    quiet = f" <span style='{_QUIET}'>{cell(note)}</span>" if note else ""
    return f"<div><p style='margin:.4em 0'><strong>{cell(title)}</strong>{quiet}</p>{''.join(parts)}</div>"


def html_details(title: str, content: str) -> str:
    """A part that opens when it is clicked."""
    return f"<details><summary>{cell(title)}</summary>{content}</details>"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _tag(name: str, value: object, number: bool) -> str:
    return f"<{name} style='{_CELL.format('right' if number else 'left')}'>{cell(value)}</{name}>"
