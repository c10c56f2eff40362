"""A library opened for work: its client, the copy of what it holds, and its schema."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.zotero.items.schema import Schema, bundled_schema, parse_schema
from refsync.zotero.web.address import api_key, parse_address
from refsync.zotero.web.client import Library
from refsync.zotero.web.download import refresh
from refsync.zotero.web.local_copy import Store

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A library and the copy of it, which is up to date; `changed` says whether it was not."""

    remote: Library
    store: Store
    schema: Schema
    changed: bool

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        return self.store.objects("items")


@contextmanager
def open_library(text: str, endpoint: str, beside: Path, progress: Progress, *, write: bool) -> Iterator[Opened]:
    """Check the key's rights, then bring the copy up to date.

    Args:
        text: such as `zotero:user/12345`.
        endpoint: another server than Zotero's.
        beside: the folder whose `.refsync` keeps the copy.
        progress: told how far the download is.
        write: whether the library is to be written.

    Raises:
        ConfigError: the address or the key will not do.
        RemoteError: the server refused or did not answer.
    """
    address = parse_address(text, endpoint)
    with Library(address, api_key()) as remote:
        remote.check_access(write=write)
        with Store(beside, address.file_name) as store:
            changed = refresh(remote, store, progress)
            yield Opened(remote, store, current_schema(remote, store), changed)


def current_schema(remote: Library, store: Store) -> Schema:
    """The schema of the server: the copy that comes along if it is that one, else its own, asked for once."""
    bundled = bundled_schema()
    served = int(store.fact("schema", "0"))
    if served in (0, bundled.version):
        return bundled
    kept = store.fact("schema_names")
    if kept and (schema := parse_schema(json.loads(kept))).version == served:
        return schema
    try:
        answer = remote.schema(store.fact("schema_etag"))
        schema = parse_schema(answer[0] if answer else json.loads(kept))
    except (RefsyncError, KeyError, TypeError, ValueError):  # it works with the names that we know
        return bundled
    if answer:
        names = {"version": answer[0]["version"], "itemTypes": answer[0]["itemTypes"]}
        store.set_facts(schema_names=json.dumps(names), schema_etag=answer[1])
    return schema
