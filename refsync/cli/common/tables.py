"""Tables of text: rows of figures, and columns under headings."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from refsync.cli.common.output import echo, safe_console
from refsync.cli.common.text import counted

if TYPE_CHECKING:
    from rich.text import Text

SHOWN_AREAS = 5


def print_columns(headings: Sequence[str], rows: Sequence[Sequence[str]], indent: int = 2) -> None:
    """Print a table; columns are aligned to the right, the first one and those without a heading to the left."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    for number, row in enumerate((headings, *rows)):
        cells = [
            cell.rjust(width) if column and heading else cell.ljust(width)
            for column, (cell, width, heading) in enumerate(zip(row, widths, headings, strict=True))
        ]
        echo(" " * indent + "  ".join(cells).rstrip(), bold=not number)


def print_rows(rows: Sequence[tuple[str, str, str]], to_stderr: bool = False) -> None:
    """Print rows of (what, how many, remark)."""
    if not _is_terminal(to_stderr):
        for what, number, remark in rows:
            echo(f"{what:<18} {number:>7}  {remark}".rstrip(), err=to_stderr)
        return
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right", style="cyan")
    table.add_column(style="dim", overflow="fold")
    for row in rows:
        table.add_row(*map(_literal, row))
    safe_console(stderr=to_stderr).print(table)


def print_areas(areas: Sequence[tuple[str, int]], to_stderr: bool = False, most: int = SHOWN_AREAS) -> None:
    """Print how many papers each area has, the most frequent first; only the first `most` one by one."""
    if not areas:
        return
    shown, rest = areas[:most], areas[most:]
    hidden = f"and {counted(len(rest), 'more area')}" if rest else ""
    if not _is_terminal(to_stderr):
        echo("areas", err=to_stderr)
        width = max(16, *(len(area) for area, _ in shown))
        for area, count in shown:
            echo(f"  {area:<{width}} {count:>7,}  {_area_name(area)}".rstrip(), err=to_stderr)
        if hidden:
            echo(f"  {hidden}", err=to_stderr)
        return
    from rich.table import Table

    chart = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    chart.add_column("area")
    chart.add_column("papers", justify="right", style="cyan")
    chart.add_column("")
    chart.add_column("", style="dim")
    for area, count in shown:
        chart.add_row(_literal(area), f"{count:,}", "█" * max(1, round(20 * count / areas[0][1])), _area_name(area))
    console = safe_console(stderr=to_stderr)
    console.print(chart)
    if hidden:
        console.print(f"[dim]{hidden}[/dim]")
    console.print()


def _is_terminal(to_stderr: bool) -> bool:
    return (sys.stderr if to_stderr else sys.stdout).isatty()


def _literal(text: str) -> "Text":
    """Text in which brackets are no markup."""
    from rich.text import Text

    return Text(text)


def _area_name(area: str) -> str:
    from refsync.classify.taxonomy import readable

    name = readable(area)
    return name if name != area else ""
