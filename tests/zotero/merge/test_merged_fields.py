"""Field values that people chose."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.dedup.profile import fingerprint
from refsync.zotero.items.papers import library_records
from tests.zotero.merge.interruption import interrupted
from tests.zotero.merge.samples import (
    KELP,
    KELP2,
    LIBRARY,
    MAPPING,
    PATH,
    content,
    dedupe,
    dedupe_json,
)
from tests.zotero_server import Server


def remember(server: Server, **wanted: Any) -> None:
    """Write the answers file with the values chosen for the fields of the paper on kelp."""
    server.edit(PATH, KELP2, DOI="")  # with equal DOIs the fingerprints would be equal
    items = [server.library(PATH).items[key].data for key in (KELP, KELP2)]
    one, other = map(fingerprint, library_records(LIBRARY, items, MAPPING))
    value = {"fields": {name: {"from": other} if choice is None else choice for name, choice in wanted.items()}}
    line = {"schema": "refsync.decision/1", "kind": "same", "a": one, "b": other, "value": value}
    Path("refsync-decisions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")


def test_chosen_values_are_taken(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"creatorType": "author", "firstName": "Bea", "lastName": "Poe"}]
    people.append({**people[0], "creatorType": "editor"})
    server.edit(PATH, KELP, volume="6", publicationTitle="J. Kelp", creators=people)
    server.edit(PATH, KELP2, publicationTitle="Kelp Letters")
    remember(
        server,
        volume=None,
        author=None,
        journal={"text": "Journal of Kelp", "markup": "text"},
        year={"text": "", "markup": "text"},
    )
    dry = dedupe_json(capsys)
    (kelp,) = [merge for merge in dry["merges"] if merge["survivor"] == KELP]
    assert kelp["differing"] == []
    assert kelp["chosen"]["volume"] == "7"
    before = content(server)
    assert dedupe("--apply") == 0
    item = content(server)[KELP]
    assert (item["volume"], item["publicationTitle"], item["date"]) == ("7", "Journal of Kelp", "")
    assert [(one["creatorType"], one["lastName"]) for one in item["creators"]] == [("author", "Roe"), ("editor", "Poe")]
    server.clear()
    assert dedupe("--apply") == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0
    assert content(server) == before


def test_a_resumed_run_takes_the_chosen_values(server: Server) -> None:
    server.edit(PATH, KELP, volume="6")
    remember(server, volume=None)
    with interrupted(5, after=False):
        assert dedupe("--apply") == 130
    Path("refsync-decisions.jsonl").unlink()
    assert main(["apply", "--resume"]) == 0
    assert content(server)[KELP]["volume"] == "7"


def test_values_stay_as_they_are_stored(server: Server) -> None:
    abstract = "Background: kelp grows.\n\nResults: it grows by 5–9 cm."
    server.edit(PATH, KELP2, abstractNote=abstract, pages="100-109")
    assert dedupe("--apply") == 0
    kelp = content(server)[KELP]
    assert (kelp["abstractNote"], kelp["pages"]) == (abstract, "100-109")
