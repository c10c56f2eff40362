"""A cache on disk of the records that services returned, by identifier or query, so that no request is sent twice.

The cache holds records, not responses: the next run batches other DOIs together, so the URL of a response would never
be requested again.
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

DAY = 86_400.0
ABSENT_DAYS = 7.0
"""The longest time that an empty result counts: a service may have the record later."""

_VERSION = 1  # raised when responses are parsed differently, so that cached records are requested again
_TABLE = """
create table if not exists answers (
    service text not null, kind text not null, key text not null, at real not null, records text not null,
    primary key (service, kind, key)) without rowid
"""


class Cache:
    """Records by service and key. They are on disk as soon as `put` returns, even if the run fails later."""

    def __init__(
        self, folder: Path, max_age: float, *, offline: bool = False, today: Callable[[], float] = time.time
    ) -> None:
        """Open the cache in a folder, or create one.

        Args:
            folder: created if it does not exist.
            max_age: how many days a record counts.
            offline: use records of any age.
            today: the current time in seconds since the epoch.

        Raises:
            RefsyncError: the folder cannot be written, or the file is not a database.
        """
        self.path = folder / "enrich.sqlite"
        self._max_age, self._offline, self._today = max_age * DAY, offline, today
        with self._naming_the_file():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, timeout=30)
            if self._database.execute("pragma user_version").fetchone()[0] != _VERSION:
                self._database.executescript(f"drop table if exists answers; pragma user_version = {_VERSION}")
            self._database.execute(_TABLE)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "Cache":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, service: str, by: str, key: str) -> list[Record] | None:
        """The records found under a key, perhaps none; None if the service has to be asked (again).

        Args:
            service: the base address of the service.
            by: the kind of key.
            key: an identifier or a query.
        """
        query = "select at, records from answers where service = ? and kind = ? and key = ?"
        with self._naming_the_file():
            row = self._database.execute(query, (service, by, key)).fetchone()
        if row is None:
            return None
        at, text = row
        try:
            rows = json.loads(text)
        except (TypeError, ValueError):  # a damaged answer is none
            return None
        max_age = self._max_age if rows else min(self._max_age, ABSENT_DAYS * DAY)
        if not self._offline and self._today() - at >= max_age:
            return None
        return renumber(
            Record(source=item["source"], index=0, id="", type=item["type"], fields=item["fields"]) for item in rows
        )

    def put(self, service: str, by: str, answers: Mapping[str, Sequence[Record]]) -> None:
        """Store the records found under each key, perhaps none."""
        rows = [
            (service, by, key, self._today(), json.dumps([_as_json(record) for record in records], ensure_ascii=False))
            for key, records in answers.items()
        ]
        with self._naming_the_file(), self._database:
            self._database.executemany("insert or replace into answers values (?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _naming_the_file(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            hint = "it contains only cached answers of services: remove it, and it is created again"
            raise RefsyncError(f"{self.path}: {error}", hint=hint) from None


def renumber(records: Iterable[Record]) -> list[Record]:
    """The records numbered from 1, whatever their positions in the response."""
    return [replace(record, index=number, id=f"#{number}", line=0) for number, record in enumerate(records, 1)]


def _as_json(record: Record) -> dict[str, object]:
    return {"source": record.source, "type": record.type, "fields": dict(record.fields)}
