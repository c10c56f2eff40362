"""The files of remembered answers that a run applies: the configured ones, else those beside library and inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.decisions.area_answers import read_area_answers
from refsync.decisions.calibration_file import FILE_NAME as CALIBRATION
from refsync.decisions.lines import FILE_NAME, read_decisions
from refsync.decisions.remembered_answers import NO_REMEMBERED_ANSWERS, RememberedAnswers, applicable_answers
from refsync.errors import ConfigError
from refsync.records import Problem, Record
from refsync.sources import STDIN, folder_of

if TYPE_CHECKING:
    from refsync.classify.settings import AreaAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFiles:
    """Where the answers are.

    Attributes:
        beside: the files of the library and the inputs; the answers are looked for in their folders, in this order.
        decisions: the configured file of answers; empty for the first one that is beside these files.
        calibration: the configured calibration; empty for the one beside the answers.
    """

    beside: Sequence[str] = ()
    decisions: str = ""
    calibration: str = ""

    @property
    def path(self) -> Path | None:
        """The file of answers; None if there is none.

        Raises:
            ConfigError: the configured file does not exist.
        """
        if self.decisions:
            path = Path(self.decisions)
            if not path.is_file():
                raise ConfigError(
                    f"{self.decisions}: no such file of decisions", hint="correct `decisions` in the configuration"
                )
            return path
        return next(iter(self._found), None)

    @property
    def calibration_path(self) -> Path | None:
        """The file of the calibration; None if none is configured and none is beside the answers."""
        if self.calibration:
            return Path(self.calibration)
        beside = self.path.parent / CALIBRATION if self.path else None
        return beside if beside and beside.is_file() else None

    @property
    def _found(self) -> list[Path]:
        """The files of answers in the folders of `beside`, each once."""
        candidates = [folder_of(name) / FILE_NAME for name in self.beside if name and name != STDIN]
        files: dict[Path, Path] = {}
        for path in filter(Path.is_file, dict.fromkeys(candidates)):
            files.setdefault(path.resolve(), path)
        return [*files.values()]

    def about_pairs(self, records: Sequence[Record]) -> tuple[RememberedAnswers, list[Problem]]:
        """The answers about these records, and the calibration learned from answers.

        Returns:
            The answers, and problems: contradictions, and files that are not read.

        Raises:
            ConfigError: a configured file does not exist or is damaged.
        """
        path = self.path
        remembered, problems = self._calibration()
        if path is None:
            return remembered, problems
        decisions, unread = read_decisions(path)
        problems += unread
        for other in self._found if not self.decisions else ():
            if other != path:
                message = (
                    f"not read: the answers in {path} are used; combine the files, or set `decisions` in refsync.toml"
                )
                problems.append(Problem(str(other), message, kind="note"))
        if not decisions:
            return remembered, problems
        from refsync.dedup.profile import fingerprint

        answers, contradictions = applicable_answers(decisions, [fingerprint(record) for record in records], str(path))
        return replace(answers, calibration=remembered.calibration), [*problems, *contradictions]

    def about_areas(self) -> "tuple[Mapping[str, AreaAnswer], list[Problem]]":
        """The answers about areas, by fingerprint, and lines that could not be read.

        Raises:
            ConfigError: the configured file does not exist.
        """
        path = self.path
        return read_area_answers(path) if path else ({}, [])

    def _calibration(self) -> tuple[RememberedAnswers, list[Problem]]:
        """The configured calibration, else the one beside the answers, if it is for the current pair model.

        Raises:
            ConfigError: the configured calibration does not exist or is damaged.
        """
        path = self.calibration_path
        if path is None:
            return NO_REMEMBERED_ANSWERS, []
        from refsync.decisions.calibration_file import load
        from refsync.dedup.pair_model import shipped

        try:
            calibration = load(path)
        except ConfigError as error:
            if self.calibration:
                raise
            return NO_REMEMBERED_ANSWERS, [Problem(str(path), f"not used: {error}", kind="note")]
        if calibration.model != shipped().name:
            message = f"not used: made for another pair model ({calibration.model}); `refsync learn` makes a new one"
            return NO_REMEMBERED_ANSWERS, [Problem(str(path), message, kind="note")]
        return RememberedAnswers(calibration=calibration), []
