"""One figure as a file of its own: SVG, PNG, PDF, or its numbers as CSV or JSON."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from refsync.report.counts import common_folder
from refsync.report.figure_tables import Table, table_of
from refsync.report.figures import LibraryFigures
from refsync.report.png import recompressed
from refsync.report.prisma_drawing import prisma_svg

DRAWINGS: Final = ("svg", "png", "pdf")
NUMBERS: Final = ("csv", "json")
SCALE: Final = 2.0  # of a PNG: sharp on paper at the width of a column
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")


def figure_file(name: str, figures: LibraryFigures, form: str) -> bytes:
    """A figure of a library as the bytes of a file in one of `DRAWINGS` or `NUMBERS`."""
    return as_file(name, table_of(name, figures), lambda: drawing_of(name, figures), form)


def as_file(name: str, table: Table, draw: Callable[[], str], form: str) -> bytes:
    """A figure as the bytes of a file.

    Args:
        name: its name in JSON.
        table: its numbers.
        draw: makes the drawing as SVG with the variables of the page.
        form: one of `DRAWINGS` or `NUMBERS`.
    """
    if form == "csv":
        return table.to_csv()
    if form == "json":
        return (json.dumps(table.to_json(name), ensure_ascii=False, indent=1) + "\n").encode()
    svg = _standalone(draw())
    if form == "svg":
        return svg.encode("utf-8", "replace")
    import vl_convert

    return recompressed(vl_convert.svg_to_png(svg, scale=SCALE)) if form == "png" else vl_convert.svg_to_pdf(svg)


def drawing_of(name: str, figures: LibraryFigures) -> str:
    """A figure of a library as SVG, with the variables of the page as colours."""
    if name == "prisma":  # needs no drawing library
        return prisma_svg(figures.prisma)
    from refsync.report import charts

    areas = [
        (item.area if item.area == item.name else f"{item.area} {item.name}", item.papers)
        for item in figures.areas.counts
    ]
    specs: Mapping[str, Callable[[], charts.Spec]] = {
        "databases": lambda: charts.databases(figures.databases),
        "overlap": lambda: charts.overlap(figures.overlap, common_folder(figures.flow)),
        "venues": lambda: charts.bars(figures.venues.counts, "papers"),
        "years": lambda: charts.years(figures.years),
        "areas": lambda: charts.bars(areas, "papers"),
        "fields": lambda: charts.fields(figures.completeness, figures.flow),
        "sizes": lambda: charts.bars([(f"{item.records:,}", item.papers) for item in figures.sizes], "papers"),
        "probabilities": lambda: charts.probabilities(figures.probabilities),
    }
    return charts.to_svg(specs[name]())


def _standalone(svg: str) -> str:
    """An SVG with light colours instead of the page's variables, on white, in fonts that other programs have."""
    colours = light_colours()
    opening, _, rest = svg.partition(">")
    svg = f'{opening}><rect width="100%" height="100%" fill="#fff"/>{rest}'
    svg = _VARIABLE.sub(lambda match: colours[match[1]], svg.replace("currentColor", colours["--ink"]))
    return svg.replace("system-ui, sans-serif", "Helvetica, Arial, sans-serif")


@cache
def light_colours() -> Mapping[str, str]:
    """The light colours of the page, by the names of its variables."""
    css = files("refsync.report").joinpath("page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css.partition("}")[0]))
