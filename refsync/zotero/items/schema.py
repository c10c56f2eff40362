"""Zotero's schema: item types with their fields and creators, as its server returns them at `/schema`.

Version 41 is bundled for work without a network; a newer one is downloaded from the server.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

NOT_PAPERS = frozenset({"annotation", "attachment", "note"})
"""Item types that belong to other items and are no records of a bibliography."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """One type of item.

    Attributes:
        name: such as `journalArticle`.
        fields: in the order in which Zotero shows them.
        base: the general field of each field that has one: `bookTitle` is a book section's `publicationTitle`.
        creators: the roles of its creators, the primary one first.
        by_base: its field for each general or own field name.
        by_lower: its fields by their names in lower case.
    """

    name: str
    fields: tuple[str, ...]
    base: Mapping[str, str]
    creators: tuple[str, ...]
    by_base: Mapping[str, str] = field(default_factory=dict)
    by_lower: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> str:
        """This type's name of a field (its own or a general one); empty if it has no such field."""
        return self.by_base.get(name, "")


@dataclass(frozen=True, slots=True)
class Schema:
    """All item types by name."""

    version: int
    types: Mapping[str, ItemType]


def parse_schema(served: Mapping[str, Any]) -> Schema:
    """The schema in the JSON of Zotero's `/schema`.

    Raises:
        KeyError, TypeError: the JSON has another structure.
    """
    return Schema(served["version"], {item["itemType"]: _item_type(item) for item in served["itemTypes"]})


@cache
def bundled_schema() -> Schema:
    """The schema that comes with this package."""
    return parse_schema(json.loads(files("refsync.zotero.items").joinpath("schema.json").read_text(encoding="utf-8")))


def _item_type(item: Mapping[str, Any]) -> ItemType:
    names = tuple(entry["field"] for entry in item["fields"])
    base = {entry["field"]: entry["baseField"] for entry in item["fields"] if "baseField" in entry}
    creators = sorted(item["creatorTypes"], key=lambda entry: not entry.get("primary"))
    return ItemType(
        name=item["itemType"],
        fields=names,
        base=base,
        creators=tuple(entry["creatorType"] for entry in creators),
        by_base={**{general: name for name, general in base.items()}, **{name: name for name in names}},
        by_lower={name.lower(): name for name in names},
    )
