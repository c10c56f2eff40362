"""Which duplicates are merged, and how that is shown."""

from typing import Any

import pytest

from tests.zotero.merge.samples import (
    KELP,
    KELP2,
    LIBRARY,
    PATH,
    SHELL,
    SHELL2,
    URI,
    content,
    dedupe,
    dedupe_json,
    paper,
)
from tests.zotero_server import Server


def test_the_dry_run_shows_what_is_sent(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.clear()
    dry = dedupe_json(capsys)
    assert server.count(write=True) == 0
    assert (dry["schema"], dry["records"], dry["unique"]) == ("refsync.dedupe/1", 6, 4)
    (kelp,) = [cluster for cluster in dry["clusters"] if KELP in {member["id"] for member in cluster["members"]}]
    assert [(member["source"], member["id"]) for member in kelp["members"]] == [(LIBRARY, KELP), (LIBRARY, KELP2)]
    assert [(merge["survivor"], merge["losers"]) for merge in dry["merges"]] == [(SHELL2, [SHELL]), (KELP, [KELP2])]
    done = dedupe_json(capsys, "--apply")
    assert [merge["done"] for merge in done["merges"]] == [True, True]
    bodies = [sent for entry in server.log if entry.write for sent in entry.json]
    assert last_sent(bodies) == last_sent(send["object"] for send in dry["sends"])
    assert len(bodies) - len(dry["sends"]) <= 1


def last_sent(sent: Any) -> dict[str, Any]:
    """The last object sent for each item, without its version.

    Of two items of one write that it relates to each other, the server refuses the second as changed; it goes again.
    The order of relations means nothing.
    """
    found = {item["key"]: {name: value for name, value in item.items() if name != "version"} for item in sent}
    for item in found.values():
        item["relations"] = {name: sorted(uris) for name, uris in item.get("relations", {}).items()}
    return found


def test_the_table(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert dedupe() == 0
    output = capsys.readouterr().out
    assert "same paper" in output
    assert f"> FLECCCCC  attachment 'p.pdf' to {KELP}" in output
    assert f"x {KELP2}" in output
    assert "merged                   2  would be one item each, of 4" in output


def test_differing_values_are_shown(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    long = "On kelp, " * 20
    server.edit(PATH, KELP, abstractNote=long)
    assert dedupe() == 0
    output = capsys.readouterr().out
    assert f"= keeps abstractNote {long[:37] + '...'!r}; {KELP2} has 'We learn kelp.'" in output
    assert dedupe("-v") == 0
    assert f"= keeps abstractNote {long.strip()!r}; {KELP2} has 'We learn kelp.'" in capsys.readouterr().out
    (merge,) = [merge for merge in dedupe_json(capsys)["merges"] if merge["survivor"] == KELP]
    assert merge["differing"] == [
        {"name": "abstractNote", "kept": long.strip(), "other": "We learn kelp.", "key": KELP2}
    ]


@pytest.mark.parametrize("types", ["skip", "convert"])
def test_different_item_types(server: Server, capsys: pytest.CaptureFixture[str], types: str) -> None:
    title = "Reefs at night and what lives in them"
    server.add(PATH, paper("REEFAAAA", "2021-01-01", title, DOI="10.1000/reef"))
    preprint = paper("REEFBBBB", "2019-01-01", title, itemType="conferencePaper", DOI="10.1000/reef")
    server.add(PATH, preprint | {"conferenceName": "Reefs 20", "proceedingsTitle": "Reefs", "pages": "1-9"})
    done = dedupe_json(capsys, "--apply", "--types", types)
    items = content(server)
    if types == "skip":
        assert sorted(done["skipped"][0]["keys"]) == ["REEFAAAA", "REEFBBBB"]
        assert "of different item types (conferencePaper, journalArticle)" in done["skipped"][0]["why"]
        assert not items["REEFAAAA"].get("deleted")
        assert not items["REEFBBBB"].get("deleted")
        return
    (kept,) = [items[key] for key in ("REEFAAAA", "REEFBBBB") if not items[key].get("deleted")]
    assert (kept["itemType"], kept["dateAdded"]) == ("conferencePaper", "2019-01-01T00:00:00Z")
    assert kept["relations"] == {"dc:replaces": [URI + "REEFAAAA"]}
