"""What the commands have in common: reading the inputs and finding the duplicates in them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync.cli.common.options import Citing, Common
from refsync.cli.common.show import Progress, print_problems
from refsync.decisions import FILE_NAME, NOTHING_REMEMBERED, Remembered, read_decisions, recall
from refsync.decisions.calibration_file import FILE_NAME as CALIBRATION
from refsync.errors import ConfigError, SourceError
from refsync.records import Problem, Record, Snapshot
from refsync.sources import STDIN, Reading, is_remote, read_sources, same_file

if TYPE_CHECKING:
    from refsync.cites import Cites

UNREADABLE = 2  # exit code


def read_inputs(
    inputs: tuple[str, ...],
    common: Common,
    report: Progress,
    against: str = "",
    *,
    library: tuple[str, ...] = (),
) -> Reading:
    """Read what the user named, and before it the library (one file, or several) that it is to be held against.

    The library `against` must be readable; of what cannot be read in `library` it is told.

    Raises:
        ConfigError: the library is one of the inputs.
        SourceError: the library cannot be read whole, so that what is not in it cannot be told.
    """
    if against and any(same_file(against, name) for name in inputs):
        raise ConfigError(f"{against} is given both as input and as the library to hold it against")
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
    held = read_sources((against,) if against else library, fetch=fetch)
    for problem in held.problems:
        if problem.fatal and against:
            raise SourceError(against, problem.message, line=problem.line)
    return Reading(
        (*held.snapshots, *reading.snapshots),
        (*held.problems, *reading.problems),
        held.digests | reading.digests,
        libraries=len(held.snapshots),
        kept=held.kept | reading.kept,
    )


def _fetcher(common: Common, report: Progress) -> Callable[[str], Snapshot]:
    from refsync.zotero.web.library_snapshot import read_library

    return lambda name: read_library(name, Path(), common.config.zotero.area_prefix, report)


def read_citing(citing: Citing, common: Common, report: Progress) -> "Cites":
    """The documents that cite: those named, else those that the configuration names.

    Raises:
        ConfigError: a path names nothing, or there are none to rewrite.
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

    cites = read_cites(citing.paths or common.config.cites, progress=progress)
    print_problems(cites.problems, common.quiet, common.verbose)
    return cites


def must_stop(reading: Reading, common: Common) -> bool:
    """Tell of problems, and whether they leave nothing to do: nothing could be read, or `--strict` forbids going on."""
    print_problems(reading.problems, common.quiet, common.verbose)
    nothing_read = reading.failed and len(reading.records) == reading.known
    return nothing_read or (common.strict and any(item.kind != "columns" for item in reading.problems))


def exit_code(reading: Reading) -> int:
    """0, or 2 where an input could not be read whole."""
    return UNREADABLE if reading.failed else 0


def remembered_answers(
    records: tuple[Record, ...], inputs: tuple[str, ...], output: str, common: Common
) -> tuple[Remembered, list[Problem]]:
    """What people answered about these records before: in the configured file, or the one beside the library."""
    path = decisions_file(inputs, output, common)
    remembered, problems = _learnt(path, common)
    if path is None:
        return remembered, problems
    decisions, unread = read_decisions(path)
    problems += unread
    for other in _beside(inputs, output) if not common.config.decisions else ():
        if other != path:
            told = (
                f"not read: the answers in {path} are; put the two together, or name one by `decisions` in refsync.toml"
            )
            problems.append(Problem(str(other), told, kind="note"))
    if not decisions:
        return remembered, problems
    from refsync.dedup.profile import fingerprint

    answers, contradictions = recall(decisions, [fingerprint(record) for record in records], str(path))
    return replace(answers, calibration=remembered.calibration), [*problems, *contradictions]


def _learnt(decisions: Path | None, common: Common) -> tuple[Remembered, list[Problem]]:
    """The calibration that the configuration names, else the one beside the answers, where it fits the model.

    Raises:
        ConfigError: the one configured does not exist or is damaged.
    """
    named = common.config.dedup.calibration
    beside = decisions.parent / CALIBRATION if decisions else None
    path = Path(named) if named else beside
    if path is None or not (named or path.is_file()):
        return NOTHING_REMEMBERED, []
    from refsync.decisions.calibration_file import load
    from refsync.dedup.pair_model import shipped

    try:
        calibration = load(path)
    except ConfigError as error:
        if named:
            raise
        return NOTHING_REMEMBERED, [Problem(str(path), f"not used: {error}", kind="note")]
    if calibration.model != shipped().name:
        told = f"not used: it was learnt for another pair model ({calibration.model}); `refsync learn` makes it anew"
        return NOTHING_REMEMBERED, [Problem(str(path), told, kind="note")]
    if common.verbose:
        click.echo(f"refsync: note: {path}: calibrated on {calibration.answers:,} answers", err=True)
    return Remembered(calibration=calibration), []


def decisions_file(inputs: tuple[str, ...], output: str, common: Common) -> Path | None:
    """The file of remembered answers: the configured one, else the one beside the library, if there is one.

    Raises:
        ConfigError: the configured one does not exist.
    """
    if named := common.config.decisions:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"{named}: no such file of decisions", hint="mend `decisions` in the configuration")
        return path
    return next(iter(_beside(inputs, output)), None)


def _beside(inputs: tuple[str, ...], output: str) -> list[Path]:
    """The files of answers in the folders of what is written and read, each once."""
    named = [Path(name).parent / FILE_NAME for name in (output, *inputs) if name and name != STDIN]
    found: dict[Path, Path] = {}
    for path in filter(Path.is_file, named):
        found.setdefault(path.resolve(), path)
    return [*found.values()]
