"""What the services answered, kept on the disk by identifier or query, so that nothing is asked twice.

Kept are records, not answers: the next run's batches hold other DOIs, and an answer's address would never come again.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.runs.journal import FOLDER

DAY = 86_400.0
ABSENT_DAYS = 7.0
"""What a service does not have today it may have next week."""

_READERS = 1  # raised when the services' answers are read otherwise, so that what is kept is asked for again
_TABLE = """
create table if not exists answers (
    service text not null, kind text not null, key text not null, at real not null, records text not null,
    primary key (service, kind, key)) without rowid
"""


class Cache:
    """Answers of services. Each is on the disk as soon as it is put there, whatever becomes of the run."""

    def __init__(
        self, folder: Path, max_age: float, *, offline: bool = False, today: Callable[[], float] = time.time
    ) -> None:
        """Open the cache in a folder, or begin one.

        Args:
            folder: it is made if it is not there.
            max_age: for how many days an answer counts.
            offline: take answers of any age, since there will be no others.
            today: the calendar's time in seconds.

        Raises:
            RefsyncError: the folder cannot be written, or the file is no database.
        """
        self.path = folder / "enrich.sqlite"
        self._max_age, self._offline, self._today = max_age * DAY, offline, today
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            if folder.parent.name == FOLDER:
                (folder.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            self._base = sqlite3.connect(self.path, timeout=30)
            if self._base.execute("pragma user_version").fetchone()[0] != _READERS:
                self._base.executescript(f"drop table if exists answers; pragma user_version = {_READERS}")
            self._base.execute(_TABLE)

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> "Cache":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, service: str, by: str, key: str) -> list[Record] | None:
        """What was found under a key, perhaps nothing; None where it has to be asked for (again).

        Args:
            service: the address that was asked.
            by: the kind of key.
            key: an identifier, or a query.
        """
        query = "select at, records from answers where service = ? and kind = ? and key = ?"
        with self._told():
            row = self._base.execute(query, (service, by, key)).fetchone()
        if row is None:
            return None
        at, text = row
        found = json.loads(text)
        most = self._max_age if found else min(self._max_age, ABSENT_DAYS * DAY)
        if not self._offline and self._today() - at >= most:
            return None
        return numbered(
            Record(source=item["source"], index=0, id="", type=item["type"], fields=item["fields"]) for item in found
        )

    def put(self, service: str, by: str, answers: Mapping[str, Sequence[Record]]) -> None:
        """Keep what was found under each key, be it nothing."""
        rows = [
            (service, by, key, self._today(), json.dumps([_written(record) for record in records], ensure_ascii=False))
            for key, records in answers.items()
        ]
        with self._told(), self._base:
            self._base.executemany("insert or replace into answers values (?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            hint = "it holds answers of the services alone: remove it, and it is made anew"
            raise RefsyncError(f"{self.path}: {error}", hint=hint) from None


def numbered(records: Iterable[Record]) -> list[Record]:
    """Records by their place in an answer, wherever they stood in what was sent."""
    return [replace(record, index=place, id=f"#{place}", line=0) for place, record in enumerate(records, 1)]


def _written(record: Record) -> dict[str, object]:
    return {"source": record.source, "type": record.type, "fields": dict(record.fields)}
