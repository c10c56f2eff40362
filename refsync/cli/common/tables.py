"""Tables of text: rows of figures, and columns under headings."""

import sys
from collections.abc import Sequence

from refsync.cli.common.output import echo, safe_console


def print_columns(headings: Sequence[str], rows: Sequence[Sequence[str]], indent: int = 2) -> None:
    """Print a table; columns are aligned to the right, the first one and those without a heading to the left."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    for number, row in enumerate((headings, *rows)):
        cells = [
            cell.rjust(width) if column and heading else cell.ljust(width)
            for column, (cell, width, heading) in enumerate(zip(row, widths, headings, strict=True))
        ]
        echo(" " * indent + "  ".join(cells).rstrip(), bold=not number)


def print_rows(
    rows: Sequence[tuple[str, str, str]], areas: Sequence[tuple[str, int]] = (), to_stderr: bool = False
) -> None:
    """Print rows of (what, how many, remark), and the number of papers of each area."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream.isatty():
        _print_table(rows, areas, to_stderr)
        return
    for what, number, remark in rows:
        echo(f"{what:<18} {number:>7}  {remark}".rstrip(), err=to_stderr)
    if areas:
        echo("areas", err=to_stderr)
        for area, count in areas:
            echo(f"  {area:<16} {count:>7,}  {_area_name(area)}", err=to_stderr)


def _print_table(rows: Sequence[tuple[str, str, str]], areas: Sequence[tuple[str, int]], to_stderr: bool) -> None:
    from rich.table import Table

    console = safe_console(stderr=to_stderr)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right", style="cyan")
    table.add_column(style="dim", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    if not areas:
        return
    most = areas[0][1]
    chart = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    chart.add_column("area")
    chart.add_column("papers", justify="right", style="cyan")
    chart.add_column("")
    chart.add_column("", style="dim")
    for area, count in areas:
        chart.add_row(area, f"{count:,}", "█" * max(1, round(20 * count / most)), _area_name(area))
    console.print()
    console.print(chart)


def _area_name(area: str) -> str:
    from refsync.classify.taxonomy import readable

    name = readable(area)
    return name if name != area else ""
