"""The local copy of a library, an SQLite database, so that only changes have to be downloaded.

It is in the user's data folder: one that a project brought would decide what is written to the library.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.runs.journal import Run, UnprovenRunError, run_folder
from refsync.runs.private_folder import private_folder
from refsync.zotero.items.relations import mirrored_changes, related

Data = Mapping[str, Any]

_TABLES = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists objects (
    kind text not null, key text not null, data text not null, primary key (kind, key));
create table if not exists coming (position integer primary key, data text not null);
"""


@dataclass(frozen=True, slots=True)
class Download:
    """What a download brought besides its items.

    Attributes:
        version: the library's.
        collections: those that were downloaded with the items.
        erased: the keys of the objects that were erased, by kind.
        whole: whether it was the whole library, and not only what changed.
    """

    version: int
    collections: Sequence[Data]
    erased: Mapping[str, Iterable[str]]
    whole: bool


class LocalCopy:
    """The copy of one library: objects by kind (`items`, `collections`) and key, and the library's version.

    Pending items are those of a download that is not complete. Facts are named values.
    """

    def __init__(self, beside: Path, name: str) -> None:
        """Open the copy, or create one.

        Raises:
            RefsyncError: the folder cannot be written, or the file is no database.
        """
        self.path = private_folder(beside, "zotero") / f"{name}.sqlite"
        try:
            self._database = sqlite3.connect(self.path)
            self._database.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            hint = "it is a copy of your library; delete it, and it is downloaded again"
            raise RefsyncError(f"{self.path}: {error}", hint=hint) from None

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "LocalCopy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fact(self, name: str, default: str = "") -> str:
        """The value of a name."""
        row = self._database.execute("select value from facts where name = ?", (name,)).fetchone()
        return row[0] if row else default

    def set_facts(self, **facts: object) -> None:
        """Store values by name."""
        with self._database:
            self._set(facts)

    def facts(self, prefix: str) -> dict[str, str]:
        """The facts whose names have a prefix, by the rest of their names."""
        query = "select substr(name, ?), value from facts where substr(name, 1, ?) = ?"
        return dict(self._database.execute(query, (len(prefix) + 1, len(prefix), prefix)).fetchall())

    def read_with(self, rights: str) -> None:
        """Note the rights with which the library is read; what was read with others is not used."""
        if self.fact("rights") != rights:
            self.discard_pending()
            self.set_facts(rights=rights, version=0)

    def links(self) -> dict[str, str]:
        """The items that papers of the input were merged into, by the keys that new items would have got."""
        return self.facts("link:")

    def set_links(self, links: Mapping[str, str]) -> None:
        """Store links, see `links`."""
        self.set_facts(**{f"link:{key}": target for key, target in links.items()})

    def remember_relations(self, pairs: Iterable[tuple[str, str]], run: str) -> None:
        """Note the pairs of items that a run has related to each other."""
        self.set_facts(**{f"related:{one}:{other}": run for one, other in pairs})

    def remembered_relations(self, beside: Path) -> set[tuple[str, str]]:
        """The pairs that runs have related, except runs that were undone; one that is gone was removed by hand.

        `beside` is the folder whose `.refsync` has the runs.
        """
        pairs: set[tuple[str, str]] = set()
        for name, run in self.facts("related:").items():
            if not _is_undone(Run(run_folder(beside).with_name(run))):
                one, _, other = name.partition(":")
                pairs.add((one, other))
        return pairs

    @property
    def version(self) -> int:
        """The library's version at the last download; 0 if there was none."""
        return int(self.fact("version", "0"))

    def objects(self, kind: str) -> dict[str, dict[str, Any]]:
        """All objects of a kind by key, in the order in which they were added to the library."""
        rows = self._database.execute("select key, data from objects where kind = ? order by rowid", (kind,))
        return {key: json.loads(data) for key, data in rows}

    def by_key(self, kind: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The objects that exist of these keys."""
        objects = {}
        for key in keys:
            query = "select data from objects where kind = ? and key = ?"
            if row := self._database.execute(query, (kind, key)).fetchone():
                objects[key] = json.loads(row[0])
        return objects

    def put(self, kind: str, objects: Iterable[Data], **facts: object) -> None:
        """Store objects, and facts with them, in one transaction."""
        with self._database:
            self._put(kind, objects)
            self._set(facts)

    def count_pending(self) -> int:
        """How many items of an incomplete download are stored."""
        row = self._database.execute("select count(*) from coming").fetchone()
        return int(row[0])

    def add_pending(self, objects: Iterable[Data], **facts: object) -> None:
        """Store one more page of a download."""
        with self._database:
            rows = ((json.dumps(item, ensure_ascii=False),) for item in objects)
            self._database.executemany("insert into coming (data) values (?)", rows)
            self._set(facts)

    def discard_pending(self) -> None:
        """Delete the pages of an incomplete download."""
        with self._database:
            self._database.execute("delete from coming")

    def commit_download(self, download: Download, uri: str) -> None:
        """Move a complete download into the copy, in one transaction, so that the copy always has one version.

        `uri` is the start of the URIs by which relations name the items.
        """
        with self._database:
            if download.whole:
                self._database.execute("delete from objects")
            rows = self._database.execute("select data from coming order by position").fetchall()
            items = {item["key"]: item for item in (json.loads(data) for (data,) in rows)}
            erased = download.erased
            mirrored = {} if download.whole else self._without_relations(items, erased.get("items", ()), uri)
            self._put("items", [*mirrored, *items.values()])
            self._put("collections", download.collections)
            for kind in ("items", "collections"):
                keys = ((kind, key) for key in erased.get(kind, ()))
                self._database.executemany("delete from objects where kind = ? and key = ?", keys)
            self._leave_collections(set(erased.get("collections", ())))
            self._database.execute("delete from coming")
            self._set({"version": download.version})

    def _without_relations(self, items: Mapping[str, Data], erased: Iterable[str], uri: str) -> list[dict[str, Any]]:
        """The other items that lost a relation to changed or erased ones, which the server does not report."""
        before = self.by_key("items", {*items, *erased})
        now = {**{key: {**item, "relations": {}} for key, item in before.items()}, **items}
        named = {one.removeprefix(uri) for item in before.values() for one in related(item)}
        changed = mirrored_changes(now, before, self.by_key("items", named - items.keys()), uri) if named else {}
        return [item for key, item in changed.items() if key not in items]

    def _leave_collections(self, erased: set[str]) -> None:
        """Remove items from erased collections; the server does so too, but does not report the items as changed."""
        for item in self.objects("items").values() if erased else ():
            if erased & set(item.get("collections") or ()):
                kept = [key for key in item["collections"] if key not in erased]
                self._put("items", [{**item, "collections": kept}])

    def _put(self, kind: str, objects: Iterable[Data]) -> None:
        rows = ((kind, item["key"], json.dumps(item, ensure_ascii=False)) for item in objects)
        self._database.executemany(
            "insert into objects values (?, ?, ?) on conflict (kind, key) do update set data = excluded.data", rows
        )

    def _set(self, facts: Mapping[str, object]) -> None:
        rows = ((name, str(value)) for name, value in facts.items())
        self._database.executemany("insert or replace into facts values (?, ?)", rows)


def _is_undone(run: Run) -> bool:
    """Whether a run was undone; one whose journal is gone or cannot be trusted was not, as far as we know."""
    try:
        return run.folder.is_dir() and run.facts["state"] == "undone"
    except UnprovenRunError:
        return False
