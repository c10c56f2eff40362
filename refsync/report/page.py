"""The page: figures in, one HTML file out, without scripts and without other files."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from refsync.dedup.results import BINS
from refsync.report import charts
from refsync.report.counts import common_folder
from refsync.report.figure_files import as_file, figure_file
from refsync.report.figure_tables import FIGURES, calibration_table, coverage_table, prisma_rows, table_of
from refsync.report.figures import LibraryFigures, ModelFigures
from refsync.report.prisma_drawing import prisma_svg

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv", "json": "application/json"}
DOWNLOADS = tuple(MEDIA_TYPES)
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
    drawn = {}
    downloads: dict[str, list[tuple[str, str]]] = {}
    if library:
        label = "PRISMA 2020 flow diagram. Its numbers are in the table below."
        drawn["prisma"] = charts.embedded(prisma_svg(library.prisma), label)
        for name in FIGURES:
            if table_of(name, library).rows:
                downloads[name] = _downloads(partial(figure_file, name, library))
    if library and library.years.periods:
        drawn["years"] = charts.draw(charts.years(library.years), "Columns: papers by year and area. Table beside.")
    pairs = library.probabilities if library else None
    if pairs and any(pairs.merged + pairs.versions + pairs.asked + pairs.different):
        label = "Histograms: pairs by probability, with the two thresholds. Table beside."
        drawn["probabilities"] = charts.draw(charts.probabilities(pairs), label)
    if model:
        label = "Line: share of right areas against probability. Table beside."
        drawn["calibration"] = charts.draw(charts.calibration(model.evaluation), label)
        label = "Line: share of right areas against the share of papers that get one. Table beside."
        drawn["coverage"] = charts.draw(charts.coverage(model.evaluation), label)
        for name, table, spec in (
            ("calibration", calibration_table(model.evaluation), charts.calibration(model.evaluation)),
            ("coverage", coverage_table(model.evaluation), charts.coverage(model.evaluation)),
        ):
            downloads[name] = _downloads(partial(as_file, name, table, partial(charts.to_svg, spec)))
    page = _environment().get_template("page.html.j2").render(
        about=about, library=library, model=model, drawn=drawn, downloads=downloads, bins=BINS,
        folder=common_folder(library.flow) if library else "", prisma=prisma_rows(library.prisma) if library else (),
        most_rows=MAX_ROWS, most_areas=MAX_AREAS, most_confusions=MAX_CONFUSIONS,
    )  # fmt: skip
    return charts.NOT_XML.sub("\ufffd", page).encode()  # HTML cannot contain control characters and lone surrogates


def _downloads(file_in: Callable[[str], bytes]) -> list[tuple[str, str]]:
    """A figure as files inside the page: for each form the address of its data."""
    return [(form, _data_address(file_in(form), form)) for form in DOWNLOADS]


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
