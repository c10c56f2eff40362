"""Reading what the user named: inputs, the library to compare them with, documents that cite."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.options import Common
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress
from refsync.errors import ConfigError, SourceError
from refsync.in_place.citing import Citing
from refsync.records import Problem, Snapshot
from refsync.sources import Reading, is_remote, read_sources, same_file

if TYPE_CHECKING:
    from refsync.cites import Cites


def read_inputs(
    inputs: tuple[str, ...],
    common: Common,
    report: Progress,
    against: str = "",
    *,
    library: tuple[str, ...] = (),
) -> Reading:
    """The records of the inputs, after those of the library (one file, or several) that they are compared with.

    Args:
        inputs: as the user named them.
        common: the shared options.
        report: called with the progress.
        against: a library that must be readable.
        library: the files of a library; what cannot be read in them is a problem like any other.

    Raises:
        ConfigError: the library is one of the inputs.
        SourceError: the library `against` cannot be read whole, so that it is unknown what it lacks.
    """
    if against and any(same_file(against, name) for name in inputs):
        raise ConfigError(f"{against} is given both as input and as the library to compare with")
    done = 0

    def progress(source: str) -> None:
        nonlocal done
        report("read", done, len(inputs))
        done += 1

    fetch = _fetcher(common, report) if any(map(is_remote, (*inputs, *library, against))) else None
    reading = read_sources(inputs, common.from_format, progress, fetch)
    report("read", len(inputs), len(inputs))
    if not (against or library):
        return reading
    known = read_sources((against,) if against else library, fetch=fetch)
    for problem in known.problems:
        if problem.fatal and against:
            raise SourceError(against, problem.message, line=problem.line)
    return known.then(reading)


def _fetcher(common: Common, report: Progress) -> Callable[[str], Snapshot]:
    from refsync.zotero.web.library_snapshot import read_library

    return lambda name: read_library(name, Path(), common.config.zotero, report, common.collection)


def read_citing(citing: Citing, common: Common, report: Progress, reading: Reading | None = None) -> "Cites":
    """The documents that cite: those on the command line, else those in the configuration.

    With `reading`, the documents beside its .bib files are read too.

    Raises:
        ConfigError: a path names no file, or documents are to be rewritten and none are named.
    """
    from refsync.cites import read_cites

    if citing.rewrite and not (citing.paths or common.config.cites):
        raise ConfigError(
            "--rewrite-cites, but no documents to rewrite",
            hint='name them: --cites paper/, or `cites = ["paper/*.tex"]` in refsync.toml',
        )
    done = 0

    def progress(_: str) -> None:
        nonlocal done
        done += 1
        report("cites", done, max(done, 1))

    beside = (
        [item.source for item in reading.snapshots if item.format == "bibtex" and item.source not in reading.kept]
        if reading
        else []
    )
    cites = read_cites(citing.paths or common.config.cites, progress=progress, beside=beside)
    print_problems(cites.problems, common.quiet, common.verbose)
    return cites


def must_stop(reading: Reading, common: Common) -> bool:
    """Print the problems of reading; whether the command must end: nothing could be read, or `--strict` forbids it."""
    print_problems(reading.problems, common.quiet, common.verbose)
    nothing_read = reading.failed and len(reading.records) == reading.known
    return nothing_read or (common.strict and any(item.kind != "columns" for item in reading.problems))


def exit_code(
    reading: Reading, strict: bool = False, problems: Sequence[Problem] = (), *, written: bool = False
) -> int:
    """0, or 2 where the result lacks something of an input, or where there are problems and `strict` makes them errors.

    Where records are `written`, what could not be read of an entry is missing in them or was not compared. What is only
    listed lacks nothing but entries that were not read at all.
    """
    lost = reading.lost if written else reading.lost_records
    return UNREADABLE if lost or (strict and problems) else 0
