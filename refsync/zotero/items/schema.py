"""What Zotero knows: item types with their fields and creators, as its server serves them at `/schema`.

A copy of the names (schema version 41) comes along for work without a network; a server with a newer one is asked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

NOT_PAPERS = frozenset({"annotation", "attachment", "note"})
"""Item types that belong to others and are no records of a bibliography."""


@dataclass(frozen=True, slots=True)
class ItemType:
    """One type of item.

    Attributes:
        name: such as `journalArticle`.
        fields: in the order in which Zotero shows them.
        base: the fields that stand for a more general one: `bookTitle` is a book section's `publicationTitle`.
        creators: the roles that it knows, the primary one first.
    """

    name: str
    fields: tuple[str, ...]
    base: Mapping[str, str]
    creators: tuple[str, ...]
    by_base: Mapping[str, str] = field(default_factory=dict)
    by_lower: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> str:
        """What this type calls a field (of this or, as base field, of any type); empty where it has none."""
        return self.by_base.get(name, "")


@dataclass(frozen=True, slots=True)
class Schema:
    """All item types by name."""

    version: int
    types: Mapping[str, ItemType]


def parse_schema(served: Mapping[str, Any]) -> Schema:
    """The schema in the JSON of Zotero's `/schema`.

    Raises:
        KeyError, TypeError: it is of another shape.
    """
    return Schema(served["version"], {item["itemType"]: _item_type(item) for item in served["itemTypes"]})


@cache
def bundled_schema() -> Schema:
    """The copy that comes along."""
    return parse_schema(json.loads(files("refsync.zotero.items").joinpath("schema.json").read_text(encoding="utf-8")))


def _item_type(item: Mapping[str, Any]) -> ItemType:
    names = tuple(entry["field"] for entry in item["fields"])
    base = {entry["field"]: entry["baseField"] for entry in item["fields"] if "baseField" in entry}
    creators = sorted(item["creatorTypes"], key=lambda entry: not entry.get("primary"))
    return ItemType(
        item["itemType"],
        names,
        base,
        tuple(entry["creatorType"] for entry in creators),
        {**{general: name for name, general in base.items()}, **{name: name for name in names}},
        {name.lower(): name for name in names},
    )
