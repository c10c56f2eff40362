"""Cells of tables: what is empty, and what spreadsheets would run as a formula."""

EMPTY_CELLS = frozenset(
    {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN", "NaT", "None", "null", "NULL", "-", "--", "–", "—"}
)
"""What programs write into a cell without a value."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MARK = "'"
LONGEST_EMPTY = max(map(len, EMPTY_CELLS))


def written_cell(value: str) -> str:
    """A value as a cell that is text: with an apostrophe if a spreadsheet would run it, or read it as empty."""
    if len(value) > LONGEST_EMPTY and value[0].isalnum():
        return value
    start = value.lstrip(_MARK)
    marked = value and (start.startswith(_FORMULA_STARTS) or start.strip() in EMPTY_CELLS)
    return f"{_MARK}{value}" if marked else value


def read_cell(cell: str, *, own: bool) -> str:
    """The value of a cell, without the mark of text.

    Args:
        cell: as in the table.
        own: whether refsync wrote the table; elsewhere an apostrophe may be a quotation mark (`'@home' care`).
    """
    if len(cell) > LONGEST_EMPTY and cell[0].isalnum():
        return cell.strip()
    value = cell.strip(" \n\r\f\v\xa0") if own else cell.strip()
    if value in EMPTY_CELLS:
        return ""
    if value.startswith(_MARK):
        rest = value[1:]
        start = rest.lstrip(_MARK)
        if (start.startswith(_FORMULA_STARTS) or start.strip() in EMPTY_CELLS) and (own or _MARK not in rest):
            return rest if own else rest.strip()
    return value
