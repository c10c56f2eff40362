"""What a file and a library both said at the last sync: the base of the next one, in `.refsync/zotero/`. SQLite.

It stands beside the copy of the library and not in it: the copy can be made anew, this cannot. Without it a sync finds
the pairs again and asks about every field in which both differ.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.runs.journal import FOLDER
from refsync.zotero.sync.three_way import Pair

_TABLE = """
create table if not exists synced (
    file text not null, item text not null, entry text not null, data text not null, version integer not null,
    open text not null, primary key (file, item));
create table if not exists proposed (file text not null, item text not null, key text not null,
    primary key (file, item));
"""


@dataclass(frozen=True, slots=True)
class Synced:
    """One pair as it was at the last sync.

    Attributes:
        entry: the entry as it was read, as JSON: type, citation key, fields.
        data: the item's `data`, as JSON.
        version: the item's; 0 where the sync made it and was taken back, so that it is in the trash.
        open: the units that were in conflict then, with the base that still counts for each.
    """

    entry: str
    data: str
    version: int
    open: Mapping[str, Pair | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The entry's citation key."""
        return str(json.loads(self.entry)[1])

    @property
    def record(self) -> Record:
        type_, key, fields = json.loads(self.entry)
        return Record("", 1, key, type_, fields, "latex")

    @property
    def item(self) -> dict[str, Any]:
        item: dict[str, Any] = json.loads(self.data)
        return item


Rows = Mapping[str, Synced]
"""By the item's key."""


def entry_json(record: Record) -> str:
    """An entry as it is remembered."""
    return json.dumps([record.type, record.id, dict(record.fields)], ensure_ascii=False)


def item_json(item: Mapping[str, Any]) -> str:
    """An item as it is remembered."""
    return json.dumps(item, ensure_ascii=False)


class SyncState:
    """The pairs of one library, for each file that is synced with it; files by their name beside `.refsync`."""

    def __init__(self, beside: Path, name: str) -> None:
        """Open it, or begin one.

        Raises:
            RefsyncError: the folder cannot be written, or the file is no database.
        """
        folder = beside / FOLDER / "zotero"
        self.path = folder / f"{name}-sync.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self.path)
            self._base.executescript(_TABLE)
        except (OSError, sqlite3.Error) as error:
            hint = "it remembers the last sync; move it away, and the next one asks wherever both sides differ"
            raise RefsyncError(f"{self.path}: {error}", hint=hint) from None

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> "SyncState":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, file: str) -> dict[str, Synced]:
        """All pairs of a file."""
        query = "select item, entry, data, version, open from synced where file = ? order by rowid"
        return {
            item: Synced(entry, data, version, json.loads(open_))
            for item, entry, data, version, open_ in self._base.execute(query, (file,))
        }

    def put(self, file: str, rows: Rows, gone: Collection[str] = ()) -> None:
        """Remember pairs and forget others, and all that was proposed, in one transaction."""
        with self._base:
            values = [
                (file, item, row.entry, row.data, row.version, json.dumps(row.open, ensure_ascii=False))
                for item, row in rows.items()
            ]
            self._base.executemany("insert or replace into synced values (?, ?, ?, ?, ?, ?)", values)
            self._base.executemany("delete from synced where file = ? and item = ?", [(file, item) for item in gone])
            self._base.execute("delete from proposed where file = ?", (file,))

    def proposed(self, file: str) -> dict[str, str]:
        """The citation keys of the entries that a sync which died was bringing items together with, by item."""
        return dict(self._base.execute("select item, key from proposed where file = ?", (file,)).fetchall())

    def propose(self, file: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Put down which items and entries are to be pairs, before anything is written."""
        with self._base:
            self._base.executemany(
                "insert or replace into proposed values (?, ?, ?)", [(file, item, key) for item, key in pairs]
            )
