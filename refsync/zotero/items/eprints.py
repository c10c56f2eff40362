"""arXiv numbers: a preprint's `archiveID` (`arXiv:2101.00001`), or a line `arXiv: 2101.00001 [cs.LG]` in Extra."""

import re
from collections.abc import Mapping
from typing import Any

from refsync.records import Record
from refsync.zotero.items.extra import Extra
from refsync.zotero.items.schema import ItemType

_NUMBER = re.compile(r"(?:arXiv:\s*)?(\S+?)(?:\s*\[([\w.-]+)\])?", re.IGNORECASE)
_PREPRINT_TYPES = frozenset({"misc", "online", "unpublished", "preprint", "article"})


def is_arxiv_preprint(record: Record) -> bool:
    """Whether a record has an arXiv number and no field with the place of publication."""
    published = record.get("journaltitle", "journal", "booktitle", "publisher", "howpublished")
    return bool(record.get("eprint")) and _is_arxiv(record.fields) and record.type in _PREPRINT_TYPES and not published


def to_eprint(fields: Mapping[str, str], kind: ItemType, item: dict[str, Any]) -> dict[str, str]:
    """Put the arXiv number into the item; the labelled lines that Extra gets for it."""
    number, section = fields.get("eprint", "").strip(), fields.get("eprintclass", "").strip()
    if number and not _is_arxiv(fields) and "archiveID" in kind.fields:
        item["archiveID"] = number  # another archive's; `eprinttype` says which, if it is known
        return {}
    if not _is_arxiv(fields) or not _NUMBER.fullmatch(number) or number.lower().startswith("arxiv"):
        return {}
    if "archiveID" in kind.fields:
        item["archiveID"] = f"arXiv:{number}"
        item.setdefault("repository", "arXiv")
        if not section:
            return {}
    return {"arXiv": f"{number} [{section}]" if re.fullmatch(r"[\w.-]+", section) else number}


def from_eprint(fields: dict[str, str], item: Mapping[str, Any], extra: Extra) -> None:
    """Add `eprint`, `eprinttype` and `eprintclass` to the fields."""
    archived = str(item.get("archiveID") or "")
    line = extra.labels.get("arXiv", "")
    if (named := archived.lower().startswith("arxiv:")) or line:
        number, section = _parts(archived if named else line)
        fields |= {"eprint": number, "eprinttype": "arxiv"}
        if section := section or _parts(line)[1]:
            fields["eprintclass"] = section
        if fields.get("publisher") == "arXiv":
            del fields["publisher"]
    elif archived:
        fields["eprint"] = archived


def _parts(text: str) -> tuple[str, str]:
    match = _NUMBER.fullmatch(text.strip())
    return (match[1], match[2] or "") if match else (text.strip(), "")


def _is_arxiv(fields: Mapping[str, str]) -> bool:
    return fields.get("eprinttype", "").strip().lower() == "arxiv"
