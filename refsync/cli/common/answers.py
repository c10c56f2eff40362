"""Answers from earlier runs: about pairs, fields and areas, and the calibration learnt from them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.decisions import RememberedAnswers
from refsync.decisions.answer_files import AnswerFiles
from refsync.records import Problem, Record

if TYPE_CHECKING:
    from refsync.classify.settings import AreaAnswer


def remembered_answers(
    records: tuple[Record, ...], inputs: tuple[str, ...], output: str, common: Common
) -> tuple[RememberedAnswers, list[Problem]]:
    """The earlier answers about these records, from the configured file or the one beside the library.

    Returns:
        The answers with the calibration learnt from them, and problems: contradictions, and files that are not read.
    """
    files = _files(inputs, output, common)
    answers, problems = files.about_pairs(records)
    if answers.calibration and common.verbose:
        count = answers.calibration.answers
        echo(f"refsync: note: {files.calibration_path}: calibrated on {count:,} answers", err=True)
    return answers, problems


def recorded_area_answers(
    inputs: tuple[str, ...], output: str, common: Common
) -> tuple[Mapping[str, "AreaAnswer"], list[Problem]]:
    """The earlier answers about areas, by fingerprint, from the configured file or the one beside the library."""
    return _files(inputs, output, common).about_areas()


def decisions_file(inputs: tuple[str, ...], output: str, common: Common) -> Path | None:
    """The file of remembered answers: the configured one, else the one beside the library, if there is one.

    Raises:
        ConfigError: the configured file does not exist.
    """
    return _files(inputs, output, common).path


def _files(inputs: tuple[str, ...], output: str, common: Common) -> AnswerFiles:
    config = common.config
    return AnswerFiles(beside=(output, *inputs), decisions=config.decisions, calibration=config.dedup.calibration)
