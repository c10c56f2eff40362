"""Bringing the copy of a library up to date: what changed since, in pages, resumed where it was cut off.

An unchanged library costs one request. All pages must be of one version of the library; where it moves, the download
starts anew.
"""

from collections.abc import Callable

from refsync.zotero.items.relations import item_uri
from refsync.zotero.web.client import PAGE, Data, Library, RemoteError
from refsync.zotero.web.local_copy import Store

Progress = Callable[[str, int, int], None]
RESTARTS = 10


class _Moved(Exception):  # noqa: N818
    """The library was changed while it was read."""


def refresh(library: Library, store: Store, progress: Progress = lambda stage, done, total: None) -> bool:
    """Read what changed since the copy was made; whether anything did.

    Raises:
        RemoteError: the server refused or did not answer, or the library changes faster than it can be read.
    """
    for _ in range(RESTARTS):
        try:
            return _read(library, store, progress)
        except _Moved:
            store.drop_coming()
    raise RemoteError(f"{library.address} changes faster than it can be read", hint="try it again later")


def _read(library: Library, store: Store, progress: Progress) -> bool:
    # A Zotero on this computer tells no deletions, and moves versions when it syncs; to read all of it costs little.
    local = library.address.kind == "local"
    since = 0 if local else store.version
    if local or store.fact("coming_since") != str(since):
        store.drop_coming()
    start = store.coming()
    wanted = int(store.fact("coming_version", "0")) if start else 0
    first = library.page("items", start, since, unless=None if start or local else store.version or None)
    if first is None:
        return False
    if first.version < since:  # the account was reset
        store.drop_coming()
        store.set_facts(version=0)
        return _read(library, store, progress)
    if wanted and first.version != wanted:
        raise _Moved
    page, version = first, first.version
    while True:
        store.add_coming(page.objects, coming_version=version, coming_since=since)
        start += len(page.objects)
        progress("download", start, page.total)
        if start >= page.total or not page.objects:
            break
        following = library.page("items", start, since)
        if following is None or following.version != version:
            raise _Moved
        page = following
    collections = _collections(library, since, version)
    erased: dict[str, list[str]] = {}
    if since:
        erased, at = library.deleted(since)
        if at != version:
            raise _Moved
    store.arrived(version, collections, erased, item_uri(library.address.path), whole=not since)
    store.set_facts(schema=first.schema)
    return True


def _collections(library: Library, since: int, version: int) -> list[Data]:
    found: list[Data] = []
    while True:
        page = library.page("collections", len(found), since)
        if page is None or page.version != version:
            raise _Moved
        found += page.objects
        if len(found) >= page.total or len(page.objects) < PAGE:
            return found
