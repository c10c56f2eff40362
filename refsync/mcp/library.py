"""What an assistant asks about: files with their duplicates, kept as long as the files stay the same."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from refsync.config import Config, load_config
from refsync.decisions import RememberedAnswers
from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.results import Deduplication
from refsync.errors import RefsyncError
from refsync.files import digest
from refsync.in_place.ignored import without_ignored
from refsync.lsp.library import CheckedLibrary, LibraryChecker
from refsync.planning.run_models import find_duplicates, no_progress
from refsync.records import Problem, Record
from refsync.sources import Reading, read_sources

T = TypeVar("T")
_KEPT = 4  # libraries in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """The duplicates among the records of some files, and the answers that were obeyed."""

    config: Config
    reading: Reading
    found: Deduplication
    answers: RememberedAnswers
    problems: tuple[Problem, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        return self.reading.records


@dataclass(slots=True)
class Libraries:
    """Files that were read, and what was found in them."""

    _known: dict[Hashable, object] = field(default_factory=dict)

    def read(self, names: tuple[str, ...]) -> Reading:
        """The records of files; what cannot be read is a problem.

        Raises:
            RefsyncError: nothing could be read.
        """
        reading = self._once(("read", _digests(names)), lambda: read_sources(names))
        if reading.failed and not reading.records:
            problem = next(item for item in reading.problems if item.fatal)
            raise RefsyncError(str(problem))
        return reading

    def duplicates(self, names: tuple[str, ...]) -> Duplicates:
        """The duplicates among all records of the files, by the settings near them and the remembered answers.

        Raises:
            RefsyncError: the settings or answers cannot be read.
        """
        reading, config = self.read(names), load_config(near=names)
        records = reading.records
        answers, problems = AnswerFiles(
            beside=names, decisions=config.decisions, calibration=config.dedup.calibration
        ).about_pairs(records)

        def search() -> tuple[Deduplication, tuple[Problem, ...]]:
            return without_ignored(reading, find_duplicates(records, config.dedup, answers, no_progress, 0))

        key = ("duplicates", _digests(names), repr((config.dedup, answers)))
        found, notes = self._once(key, search)
        return Duplicates(config=config, reading=reading, found=found, answers=answers, problems=(*problems, *notes))

    def check(self, names: tuple[str, ...]) -> CheckedLibrary:
        """The findings of `refsync check` in .bib files that belong together."""
        checker = self._once(("checker", names), lambda: LibraryChecker(names))
        return checker.check({}, no_progress, lambda library: None)

    def _once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What was computed for the key before, else now; the oldest is forgotten."""
        if key not in self._known:
            while len(self._known) >= 3 * _KEPT:
                del self._known[next(iter(self._known))]
            self._known[key] = compute()
        return self._known[key]  # type: ignore[return-value]  # what this key's `compute` returned


def _digests(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, digest(Path(name).read_bytes())) for name in names)
