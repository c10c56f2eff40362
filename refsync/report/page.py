"""The page: figures in, one HTML file out, without scripts and without other files."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from refsync.dedup.results import BINS
from refsync.report import charts
from refsync.report.counts import common_folder
from refsync.report.figure_files import as_file, drawing_of
from refsync.report.figure_tables import FIGURES, Table, calibration_table, coverage_table, prisma_rows, table_of
from refsync.report.figures import LibraryFigures, ModelFigures

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv", "json": "application/json"}
DOWNLOADS = tuple(MEDIA_TYPES)
LABELS = {
    "prisma": "PRISMA 2020 flow diagram. Its numbers are in the table below.",
    "years": "Columns: papers by year and area. Table beside.",
    "probabilities": "Histograms: pairs by probability, with the two thresholds. Table beside.",
    "calibration": "Line: share of right areas against probability. Table beside.",
    "coverage": "Line: share of right areas against the share of papers that get one. Table beside.",
}
"""The drawings that the page shows, with their texts for screen readers."""
MAX_ROWS = 100  # of a table of sources or sizes
MAX_AREAS, MAX_CONFUSIONS = 30, 25


@dataclass(frozen=True, slots=True)
class About:
    """What the head of a report states: version, date, profile, area model, and the library compared with."""

    version: str
    made: date
    profile: str = ""
    model: str = ""
    library: str = ""


def render(about: About, library: LibraryFigures | None = None, model: ModelFigures | None = None) -> bytes:
    """The report as the bytes of an HTML file.

    Args:
        about: the contents of its head.
        library: figures of a library.
        model: figures of an area model on labelled papers.
    """
    svgs: dict[str, str] = {}
    tables: dict[str, Table] = {}
    if library:
        tables = {name: table for name in FIGURES if (table := table_of(name, library)).rows}
        svgs = {name: drawing_of(name, library) for name in tables}
    if model:
        tables["calibration"] = calibration_table(model.evaluation)
        tables["coverage"] = coverage_table(model.evaluation)
        svgs["calibration"] = charts.to_svg(charts.calibration(model.evaluation))
        svgs["coverage"] = charts.to_svg(charts.coverage(model.evaluation))
    drawn = {name: charts.embedded(svgs[name], label) for name, label in LABELS.items() if name in svgs}
    downloads = {name: _downloads(name, tables[name], svg) for name, svg in svgs.items()}
    page = _environment().get_template("page.html.j2").render(
        about=about, library=library, model=model, drawn=drawn, downloads=downloads, bins=BINS,
        folder=common_folder(library.flow) if library else "", prisma=prisma_rows(library.prisma) if library else (),
        most_rows=MAX_ROWS, most_areas=MAX_AREAS, most_confusions=MAX_CONFUSIONS,
    )  # fmt: skip
    return charts.NOT_XML.sub("\ufffd", page).encode()  # HTML cannot contain control characters and lone surrogates


def _downloads(name: str, table: Table, svg: str) -> list[tuple[str, str]]:
    """A figure as files inside the page: for each form the address of its data."""
    return [(form, _data_address(as_file(name, table, lambda: svg, form), form)) for form in DOWNLOADS]


def _data_address(data: bytes, form: str) -> str:
    return f"data:{MEDIA_TYPES[form]};base64,{b64encode(data).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("refsync.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": "{:,}".format, "share": _share}
    return environment


def _share(part: float, whole: float) -> str:
    """A percentage."""
    return f"{part / whole:.1%}" if whole else "–"
