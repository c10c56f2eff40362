"""Updating the local copy of a library: what changed since, page by page, resumed after an interruption.

An unchanged library costs one request. All pages must belong to one version of the library; if the library changes
meanwhile, the download starts again.
"""

from collections.abc import Callable

from refsync.zotero.items.relations import item_uri_prefix
from refsync.zotero.web.client import PAGE_SIZE, Data, ZoteroClient
from refsync.zotero.web.local_copy import Download, LocalCopy
from refsync.zotero.web.replies import RemoteError

Progress = Callable[[str, int, int], None]
MAX_RESTARTS = 10


class _LibraryChanged(Exception):  # noqa: N818
    """The library was changed during the download."""


def refresh(client: ZoteroClient, copy: LocalCopy, progress: Progress = lambda stage, done, total: None) -> bool:
    """Download what changed since the copy was made; whether anything did.

    Raises:
        RemoteError: the server refused or did not respond, or the library changes faster than it can be read.
    """
    for _ in range(MAX_RESTARTS):
        try:
            return _download(client, copy, progress)
        except _LibraryChanged:
            copy.discard_pending()
    raise RemoteError(f"{client.address} changes faster than it can be read", hint="try again later")


def _download(client: ZoteroClient, copy: LocalCopy, progress: Progress) -> bool:
    # A Zotero on this computer reports no deletions, and changes versions only when it syncs; reading it all is cheap.
    local = client.address.kind == "local"
    since = 0 if local else copy.version
    if local or copy.fact("coming_since") != str(since):
        copy.discard_pending()
    start = copy.count_pending()
    expected = int(copy.fact("coming_version", "0")) if start else 0
    first = client.page("items", start, since, unless=None if start or local else copy.version or None)
    if first is None:
        return False
    if first.version < since:  # the account was reset
        copy.discard_pending()
        copy.set_facts(version=0)
        return _download(client, copy, progress)
    if expected and first.version != expected:
        raise _LibraryChanged
    page, version = first, first.version
    while True:
        copy.add_pending(page.objects, coming_version=version, coming_since=since)
        start += len(page.objects)
        progress("download", start, page.total)
        if start >= page.total or not page.objects:
            break
        following = client.page("items", start, since)
        if following is None or following.version != version:
            raise _LibraryChanged
        page = following
    collections = _collections(client, since, version)
    erased: dict[str, list[str]] = {}
    if since:
        erased, erased_version = client.deleted(since)
        if erased_version != version:
            raise _LibraryChanged
    copy.commit_download(Download(version, collections, erased, whole=not since), item_uri_prefix(client.address.path))
    copy.set_facts(schema=first.schema)
    return True


def _collections(client: ZoteroClient, since: int, version: int) -> list[Data]:
    collections: list[Data] = []
    while True:
        page = client.page("collections", len(collections), since)
        if page is None or page.version != version:
            raise _LibraryChanged
        collections += page.objects
        if len(collections) >= page.total or len(page.objects) < PAGE_SIZE:
            return collections
