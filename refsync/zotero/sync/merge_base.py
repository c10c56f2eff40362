"""The merge base of syncs: file and library at the last sync, in an SQLite database in the user's data folder.

It is separate from the local copy of the library, which can be downloaded again; the merge base cannot. Without it a
sync finds the pairs again and asks about every field in which both sides differ.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.runs.private_folder import private_folder
from refsync.zotero.sync.three_way import BasePair

_TABLES = """
create table if not exists synced (
    file text not null, item text not null, entry text not null, data text not null, version integer not null,
    open text not null, primary key (file, item));
create table if not exists proposed (file text not null, item text not null, key text not null,
    primary key (file, item));
"""


@dataclass(frozen=True, slots=True)
class SyncedPair:
    """An entry and its item at the last sync.

    Attributes:
        entry: the entry as JSON: type, citation key, fields.
        data: the item's `data` as JSON.
        version: the item's; 0 if the sync created it and was undone, so that it is in the trash.
        open: the units that were in conflict then, with the base that still applies to each.
    """

    entry: str
    data: str
    version: int
    open: Mapping[str, BasePair | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The entry's citation key."""
        return str(json.loads(self.entry)[1])

    @property
    def record(self) -> Record:
        """The entry."""
        type_, key, fields = json.loads(self.entry)
        return Record("", 1, key, type=type_, fields=fields, markup="latex")

    @property
    def item(self) -> dict[str, Any]:
        """The item's `data`."""
        item: dict[str, Any] = json.loads(self.data)
        return item


SyncedPairs = Mapping[str, SyncedPair]
"""By the item's key."""


def entry_json(record: Record) -> str:
    """An entry as it is stored."""
    return json.dumps([record.type, record.id, dict(record.fields)], ensure_ascii=False)


def item_json(item: Mapping[str, Any]) -> str:
    """An item as it is stored."""
    return json.dumps(item, ensure_ascii=False)


class SyncState:
    """The pairs of one library, for each file that is synced with it, by the name of the file."""

    def __init__(self, beside: Path, name: str) -> None:
        """Open the database, or create it.

        Raises:
            RefsyncError: the folder cannot be written, or the file is no database.
        """
        self.path = private_folder(beside, "zotero") / f"{name}-sync.sqlite"
        try:
            self._database = sqlite3.connect(self.path)
            self._database.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            hint = "it records the last sync; move it away, and the next sync asks about all differences"
            raise RefsyncError(f"{self.path}: {error}", hint=hint) from None

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "SyncState":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pairs(self, file: str) -> dict[str, SyncedPair]:
        """All pairs of a file."""
        query = "select item, entry, data, version, open from synced where file = ? order by rowid"
        return {
            item: SyncedPair(entry, data, version, json.loads(open_))
            for item, entry, data, version, open_ in self._database.execute(query, (file,))
        }

    def put(self, file: str, pairs: SyncedPairs, gone: Collection[str] = ()) -> None:
        """Store pairs, delete others, and delete all proposed pairs, in one transaction."""
        with self._database:
            rows = [
                (file, item, pair.entry, pair.data, pair.version, json.dumps(pair.open, ensure_ascii=False))
                for item, pair in pairs.items()
            ]
            self._database.executemany("insert or replace into synced values (?, ?, ?, ?, ?, ?)", rows)
            self._database.executemany(
                "delete from synced where file = ? and item = ?", [(file, item) for item in gone]
            )
            self._database.execute("delete from proposed where file = ?", (file,))

    def proposed(self, file: str) -> dict[str, str]:
        """The pairs that an interrupted sync was creating: the entry's citation key by item."""
        return dict(self._database.execute("select item, key from proposed where file = ?", (file,)).fetchall())

    def propose(self, file: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Store pairs of item and citation key that a sync is about to create, before anything is written."""
        with self._database:
            self._database.executemany(
                "insert or replace into proposed values (?, ?, ?)", [(file, item, key) for item, key in pairs]
            )
