"""A copy of a library, in `.refsync/zotero/`, so that only what changed has to be read again. An SQLite database."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.runs.journal import FOLDER
from refsync.zotero.items.relations import mirrored, related

_TABLES = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists objects (
    kind text not null, key text not null, data text not null, primary key (kind, key));
create table if not exists coming (position integer primary key, data text not null);
"""


class Store:
    """The copy of one library: objects by kind (`items`, `collections`) and key, and the version that they are of.

    `coming` are the pages of a download that is not at its end.
    """

    def __init__(self, beside: Path, name: str) -> None:
        """Open the copy, or begin one.

        Raises:
            RefsyncError: the folder cannot be written, or the file is no database.
        """
        folder = beside / FOLDER / "zotero"
        self.path = folder / f"{name}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (beside / FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
            self._base = sqlite3.connect(self.path)
            self._base.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise RefsyncError(
                f"{self.path}: {error}", hint="it is a copy of your library; remove it, and it is made anew"
            ) from None

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fact(self, name: str, default: str = "") -> str:
        row = self._base.execute("select value from facts where name = ?", (name,)).fetchone()
        return row[0] if row else default

    def set_facts(self, **facts: object) -> None:
        with self._base:
            self._set(facts)

    def facts(self, start: str) -> dict[str, str]:
        """The facts whose names start so, by the rest of their names."""
        query = "select substr(name, ?), value from facts where substr(name, 1, ?) = ?"
        return dict(self._base.execute(query, (len(start) + 1, len(start), start)).fetchall())

    def links(self) -> dict[str, str]:
        """The items into which papers of the input were filled, by the keys that these would have had."""
        return self.facts("link:")

    def set_links(self, links: Mapping[str, str]) -> None:
        self.set_facts(**{f"link:{key}": target for key, target in links.items()})

    @property
    def version(self) -> int:
        """The library's version that the copy is of; 0 where there is none."""
        return int(self.fact("version", "0"))

    def objects(self, kind: str) -> dict[str, dict[str, Any]]:
        """All objects of a kind by key, in the order in which they were added to the library."""
        rows = self._base.execute("select key, data from objects where kind = ? order by rowid", (kind,))
        return {key: json.loads(data) for key, data in rows}

    def some(self, kind: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The objects of these keys that there are."""
        found = {}
        for key in keys:
            query = "select data from objects where kind = ? and key = ?"
            if row := self._base.execute(query, (kind, key)).fetchone():
                found[key] = json.loads(row[0])
        return found

    def put(self, kind: str, objects: Iterable[Mapping[str, Any]], **facts: object) -> None:
        """Store objects, and facts with them, in one transaction."""
        with self._base:
            self._put(kind, objects)
            self._set(facts)

    def coming(self) -> int:
        """How many objects of the download that was begun are there."""
        row = self._base.execute("select count(*) from coming").fetchone()
        return int(row[0])

    def add_coming(self, objects: Iterable[Mapping[str, Any]], **facts: object) -> None:
        """One more page of a download."""
        with self._base:
            rows = ((json.dumps(item, ensure_ascii=False),) for item in objects)
            self._base.executemany("insert into coming (data) values (?)", rows)
            self._set(facts)

    def drop_coming(self) -> None:
        with self._base:
            self._base.execute("delete from coming")

    def arrived(
        self,
        version: int,
        collections: Iterable[Mapping[str, Any]],
        erased: Mapping[str, Iterable[str]],
        uri: str,
        *,
        whole: bool,
    ) -> None:
        """Take in a download: all at once, so that the copy is always that of one version.

        Args:
            version: the library's.
            collections: those that came with the items.
            erased: the keys of what is there no more, by kind.
            uri: the start of the URIs by which relations name the items.
            whole: whether it was all of the library, and not only what changed.
        """
        with self._base:
            if whole:
                self._base.execute("delete from objects")
            rows = self._base.execute("select data from coming order by position").fetchall()
            came = {item["key"]: item for item in (json.loads(data) for (data,) in rows)}
            also = {} if whole else self._unrelated(came, erased.get("items", ()), uri)
            self._put("items", [*also, *came.values()])
            self._put("collections", collections)
            for kind in ("items", "collections"):
                keys = ((kind, key) for key in erased.get(kind, ()))
                self._base.executemany("delete from objects where kind = ? and key = ?", keys)
            self._leave_collections(set(erased.get("collections", ())))
            self._base.execute("delete from coming")
            self._set({"version": version})

    def _unrelated(
        self, came: Mapping[str, Mapping[str, Any]], erased: Iterable[str], uri: str
    ) -> list[dict[str, Any]]:
        """The items that lost a relation with those that came, or are gone; the server does not say it of them."""
        before = self.some("items", {*came, *erased})
        now = {**{key: {**item, "relations": {}} for key, item in before.items()}, **came}
        named = {one.removeprefix(uri) for item in before.values() for one in related(item)}
        also = mirrored(now, before, self.some("items", named - came.keys()), uri) if named else {}
        return [item for key, item in also.items() if key not in came]

    def _leave_collections(self, erased: set[str]) -> None:
        """Take items out of collections that are gone; the server does so too, and does not say it of the items."""
        for item in self.objects("items").values() if erased else ():
            if erased & set(item.get("collections") or ()):
                kept = [key for key in item["collections"] if key not in erased]
                self._put("items", [{**item, "collections": kept}])

    def _put(self, kind: str, objects: Iterable[Mapping[str, Any]]) -> None:
        rows = ((kind, item["key"], json.dumps(item, ensure_ascii=False)) for item in objects)
        self._base.executemany(
            "insert into objects values (?, ?, ?) on conflict (kind, key) do update set data = excluded.data", rows
        )

    def _set(self, facts: Mapping[str, object]) -> None:
        rows = ((name, str(value)) for name, value in facts.items())
        self._base.executemany("insert or replace into facts values (?, ?)", rows)
