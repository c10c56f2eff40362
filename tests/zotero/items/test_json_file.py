"""Zotero's JSON, and that of Better BibTeX."""

import json

from refsync.formats.registry import detect
from tests.formats.samples.json import ZOTERO_ITEM, json_file


def test_zotero_json() -> None:
    note = {"key": "N", "data": {"key": "N", "itemType": "note", "note": "x", "tags": []}}
    better = {"items": [{**ZOTERO_ITEM["data"], "citekey": "doe20", "attachments": [{"itemType": "attachment"}]}]}  # type: ignore[dict-item]
    for data in (json_file(ZOTERO_ITEM, note), json.dumps(better).encode()):
        form = detect(data, "x.json")
        assert form.name == "zoterojson"
        (record,) = form.read(data, "x.json").records
        assert record.get("author", "title", "doi") == "Doe, Jane"
        assert (record.get("title"), record.get("doi"), record.get("keywords")) == (
            "The Patience of Moss", "10.1000/moss", "moss",
        )  # fmt: skip
    assert record.id == "doe20"
