"""A Zotero library as one of a command's inputs."""

import os
from collections.abc import Callable
from pathlib import Path

from refsync.errors import RefsyncError, SourceError
from refsync.records import Snapshot
from refsync.zotero.items.collections import collection_keys, in_collections
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.items.papers import library_records, papers
from refsync.zotero.settings import ZoteroSettings
from refsync.zotero.web.library import open_library

Progress = Callable[[str, int, int], None]


def read_library(
    name: str, beside: Path, settings: ZoteroSettings, progress: Progress, collection: str = ""
) -> Snapshot:
    """The papers of a library, or of one collection with those below it, given by name or key.

    The library is on the configured server unless the environment names one.

    Raises:
        SourceError: it could not be read.
    """
    endpoint = os.environ.get("ZOTERO_ENDPOINT", "") or settings.endpoint
    try:
        with open_library(name, endpoint, beside, progress, write=False) as opened:
            mapping = MappingSettings(opened.schema, settings.area_prefix)
            selected = papers(opened.items)
            if collection:
                selected = in_collections(selected, collection_keys(opened.collections, collection, name))
            records = library_records(str(opened.client.address), selected, mapping)
    except RefsyncError as error:
        raise SourceError(name, str(error)) from None
    return Snapshot(name, "zotero", tuple(records))
