"""The page of a report, as `refsync report` and `refsync evaluate -o` write it."""

from datetime import date
from typing import TYPE_CHECKING

from refsync._version import __version__
from refsync.cli.common.extras import require
from refsync.cli.common.output import write_data
from refsync.cli.common.output_files import check_target, write_file
from refsync.errors import ConfigError
from refsync.report.figure_files import DRAWINGS, NUMBERS, figure_file
from refsync.report.figure_tables import table_of
from refsync.sources import STDIN

if TYPE_CHECKING:
    from refsync.report.figures import LibraryFigures, ModelFigures

SUFFIXES = (".html", ".htm")
FIGURE_SUFFIXES = tuple(f".{form}" for form in (*DRAWINGS, *NUMBERS))


def form_of(output: str) -> str:
    """The form in which one figure is written: that of the file's ending, SVG on standard output."""
    return "svg" if output == STDIN else output.rpartition(".")[2].lower()


def check_page(output: str, inputs: tuple[str, ...], figure: str = "") -> None:
    """Refuse, before any work is done, a page or a file of one figure that cannot be written or drawn.

    Raises:
        ConfigError: the drawing library is not installed, or the file must not be written.
    """
    if not output:
        return
    if output != STDIN:
        check_target(output, FIGURE_SUFFIXES if figure else SUFFIXES, inputs, "a figure" if figure else "a report")
    if figure and (form_of(output) in NUMBERS or (figure == "prisma" and form_of(output) == "svg")):
        return
    require("report", "drawing a report")


def write_page(
    output: str,
    library: "LibraryFigures | None",
    model: "ModelFigures | None",
    *,
    profile: str,
    area_model: str,
    against: str = "",
) -> None:
    """Draw the page and write it to a file, or to standard output (`-`).

    Args:
        output: the file.
        library: the figures of a library, if the page has any.
        model: the figures of an area model on labelled papers, if the page has any.
        profile: the name of the profile in use.
        area_model: the name of the area model in use.
        against: the library that the inputs were compared with.
    """
    from refsync.report.page import About, render

    about = About(version=__version__, made=date.today(), profile=profile, model=area_model, library=against)
    page = render(about, library, model)
    if output == STDIN:
        write_data(page)
    else:
        write_file(output, page, "report")


def write_figure(name: str, output: str, library: "LibraryFigures") -> None:
    """Write one figure to a file, or as SVG to standard output (`-`).

    Raises:
        ConfigError: the library has nothing that the figure could show.
    """
    table = table_of(name, library)
    if not table.rows:
        raise ConfigError(f"there is no figure {name}: {table.empty}")
    data = figure_file(name, library, form_of(output))
    if output == STDIN:
        write_data(data)
    else:
        write_file(output, data, "report")
