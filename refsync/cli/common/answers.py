"""Answers from earlier runs: about pairs, fields and areas, and the calibration learnt from them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync.cli.common.options import Common
from refsync.decisions import (
    FILE_NAME,
    NO_REMEMBERED_ANSWERS,
    RememberedAnswers,
    applicable_answers,
    read_area_answers,
    read_decisions,
)
from refsync.decisions.calibration_file import FILE_NAME as CALIBRATION
from refsync.errors import ConfigError
from refsync.records import Problem, Record
from refsync.sources import STDIN

if TYPE_CHECKING:
    from refsync.classify.settings import AreaAnswer


def remembered_answers(
    records: tuple[Record, ...], inputs: tuple[str, ...], output: str, common: Common
) -> tuple[RememberedAnswers, list[Problem]]:
    """The earlier answers about these records, from the configured file or the one beside the library.

    Returns:
        The answers with the calibration learnt from them, and problems: contradictions, and files that are not read.
    """
    path = decisions_file(inputs, output, common)
    remembered, problems = _calibration(path, common)
    if path is None:
        return remembered, problems
    decisions, unread = read_decisions(path)
    problems += unread
    for other in _beside(inputs, output) if not common.config.decisions else ():
        if other != path:
            message = f"not read: the answers in {path} are used; combine the files, or set `decisions` in refsync.toml"
            problems.append(Problem(str(other), message, kind="note"))
    if not decisions:
        return remembered, problems
    from refsync.dedup.profile import fingerprint

    answers, contradictions = applicable_answers(decisions, [fingerprint(record) for record in records], str(path))
    return replace(answers, calibration=remembered.calibration), [*problems, *contradictions]


def _calibration(decisions: Path | None, common: Common) -> tuple[RememberedAnswers, list[Problem]]:
    """The configured calibration, else the one beside the answers, if it is for the current pair model.

    Raises:
        ConfigError: the configured calibration does not exist or is damaged.
    """
    named = common.config.dedup.calibration
    beside = decisions.parent / CALIBRATION if decisions else None
    path = Path(named) if named else beside
    if path is None or not (named or path.is_file()):
        return NO_REMEMBERED_ANSWERS, []
    from refsync.decisions.calibration_file import load
    from refsync.dedup.pair_model import shipped

    try:
        calibration = load(path)
    except ConfigError as error:
        if named:
            raise
        return NO_REMEMBERED_ANSWERS, [Problem(str(path), f"not used: {error}", kind="note")]
    if calibration.model != shipped().name:
        message = f"not used: made for another pair model ({calibration.model}); `refsync learn` makes a new one"
        return NO_REMEMBERED_ANSWERS, [Problem(str(path), message, kind="note")]
    if common.verbose:
        click.echo(f"refsync: note: {path}: calibrated on {calibration.answers:,} answers", err=True)
    return RememberedAnswers(calibration=calibration), []


def recorded_area_answers(
    inputs: tuple[str, ...], output: str, common: Common
) -> tuple[Mapping[str, "AreaAnswer"], list[Problem]]:
    """The earlier answers about areas, by fingerprint, from the configured file or the one beside the library."""
    path = decisions_file(inputs, output, common)
    return read_area_answers(path) if path else ({}, [])


def decisions_file(inputs: tuple[str, ...], output: str, common: Common) -> Path | None:
    """The file of remembered answers: the configured one, else the one beside the library, if there is one.

    Raises:
        ConfigError: the configured file does not exist.
    """
    if named := common.config.decisions:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"{named}: no such file of decisions", hint="correct `decisions` in the configuration")
        return path
    return next(iter(_beside(inputs, output)), None)


def _beside(inputs: tuple[str, ...], output: str) -> list[Path]:
    """The files of answers in the folders of the output and the inputs, each once."""
    candidates = [Path(name).parent / FILE_NAME for name in (output, *inputs) if name and name != STDIN]
    files: dict[Path, Path] = {}
    for path in filter(Path.is_file, candidates):
        files.setdefault(path.resolve(), path)
    return [*files.values()]
