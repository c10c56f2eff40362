"""The limits of Zotero's server, checked before anything is sent."""

from collections.abc import Iterator
from typing import Any

from refsync.zotero.items.schema import Schema

LONGEST_FIELD = 65_535  # bytes
LONGEST_TAG = LONGEST_NAME = 255  # characters
LONGEST_NOTE = 500_000  # characters


def limit_violations(item: dict[str, Any], schema: Schema) -> Iterator[str]:
    """The reasons why the server would refuse an item or a collection."""
    if len(str(item.get("name", ""))) > LONGEST_NAME:
        yield f"the collection's name has {len(item['name']):,} characters, Zotero takes {LONGEST_NAME}"
    kind = item.get("itemType")
    if kind is not None and kind not in schema.types:
        yield f"Zotero's schema (version {schema.version}) has no item type {kind!r}"
    if len(note := str(item.get("note", ""))) > LONGEST_NOTE:
        yield f"the note has {len(note):,} characters, Zotero takes {LONGEST_NOTE:,}"
    for name, value in item.items():
        if name != "note" and isinstance(value, str) and (size := len(value.encode())) > LONGEST_FIELD:
            yield f"`{name}` has {size:,} bytes, Zotero takes {LONGEST_FIELD:,}"
    for tag in item.get("tags", ()):
        if len(tag["tag"]) > LONGEST_TAG:
            yield f"the tag {tag['tag'][:30]!r}... has {len(tag['tag']):,} characters, Zotero takes {LONGEST_TAG}"
    for creator in item.get("creators", ()):
        for part in ("name", "firstName", "lastName"):
            if len(name := str(creator.get(part, ""))) > LONGEST_NAME:
                yield f"the name {name[:30]!r}... has {len(name):,} characters, Zotero takes {LONGEST_NAME}"
