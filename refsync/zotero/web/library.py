"""A library opened for work: its client, the local copy of its content, and its schema."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.zotero.items.schema import Schema, bundled_schema, parse_schema
from refsync.zotero.web.address import api_key, parse_address
from refsync.zotero.web.client import ZoteroClient
from refsync.zotero.web.download import refresh
from refsync.zotero.web.local_copy import LocalCopy

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """A library and its local copy, which is up to date.

    Attributes:
        client: the connection.
        local_copy: the copy.
        schema: the server's item types.
        changed: whether opening it had to update the copy.
        sees_notes: whether the API key may see notes.
    """

    client: ZoteroClient
    local_copy: LocalCopy
    schema: Schema
    changed: bool
    sees_notes: bool = True

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """All items by key, with those in the trash."""
        return self.local_copy.objects("items")

    @property
    def collections(self) -> dict[str, dict[str, Any]]:
        """All collections by key, with those in the trash."""
        return self.local_copy.objects("collections")

    @property
    def path(self) -> str:
        """The path of the library below the endpoint (`users/1`)."""
        return self.client.address.path


@contextmanager
def open_library(
    text: str, endpoint: str, beside: Path, progress: Progress, *, write: bool, notes: bool = False
) -> Iterator[OpenLibrary]:
    """Check the API key's rights, then update the local copy.

    A copy that was read with other rights is read again: what a key may not see is missing from it.

    Args:
        text: such as `zotero:user/12345`.
        endpoint: a server other than Zotero's.
        beside: the folder that the copy belongs to.
        progress: called with the progress of the download.
        write: whether the library is to be written.
        notes: whether its notes have to be seen.

    Raises:
        ConfigError: the address is wrong, or the API key is missing or lacks the right.
        RemoteError: the server refused or did not respond.
    """
    address = parse_address(text, endpoint)
    with ZoteroClient(address, api_key()) as client:
        sees_notes = client.check_access(write=write, notes=notes)
        with LocalCopy(beside, address.file_name) as copy:
            try:
                copy.read_with(f"notes={sees_notes}")
                changed = refresh(client, copy, progress)
                yield OpenLibrary(
                    client=client,
                    local_copy=copy,
                    schema=current_schema(client, copy),
                    changed=changed,
                    sees_notes=sees_notes,
                )
            except sqlite3.Error as error:
                hint = f"a database in {copy.path.parent} is damaged or in use; move it away, and it is made again"
                raise RefsyncError(f"{text}: {error}", hint=hint) from None


def current_schema(client: ZoteroClient, copy: LocalCopy) -> Schema:
    """The server's schema: the bundled one if it has that version, else the server's own, downloaded once."""
    bundled = bundled_schema()
    served = int(copy.fact("schema", "0"))
    if served in (0, bundled.version):
        return bundled
    kept = copy.fact("schema_names")
    if kept and (schema := parse_schema(json.loads(kept))).version == served:
        return schema
    try:
        answer = client.schema(copy.fact("schema_etag"))
        schema = parse_schema(answer[0] if answer else json.loads(kept))
    except (RefsyncError, KeyError, TypeError, ValueError):  # the bundled names are enough
        return bundled
    if answer:
        names = {"version": answer[0]["version"], "itemTypes": answer[0]["itemTypes"]}
        copy.set_facts(schema_names=json.dumps(names), schema_etag=answer[1])
    return schema
