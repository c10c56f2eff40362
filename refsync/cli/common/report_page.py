"""The page of a report, as `refsync report` and `refsync evaluate -o` write it."""

from datetime import date
from typing import TYPE_CHECKING

from refsync._version import __version__
from refsync.cli.common.output import write_data
from refsync.cli.common.output_files import check_target, write_file
from refsync.errors import ConfigError
from refsync.sources import STDIN

if TYPE_CHECKING:
    from refsync.report.figures import LibraryFigures, ModelFigures

SUFFIXES = (".html", ".htm")


def check_page(output: str, inputs: tuple[str, ...]) -> None:
    """Refuse, before any work is done, a page that cannot be written or drawn.

    Raises:
        ConfigError: the drawing library is not installed, or the file must not be written.
    """
    if not output:
        return
    if output != STDIN:
        check_target(output, SUFFIXES, inputs, "a report")
    try:
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"drawing a report needs {error.name}, which is not installed", hint="pip install 'refsync[report]'"
        ) from None


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
