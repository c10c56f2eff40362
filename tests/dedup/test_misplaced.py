"""Values in the wrong field are put in their places for the comparison, and others stay where they are."""

import pytest

from refsync.dedup.misplaced import relocated

PAPER = "Counting mosses on harbour walls"


@pytest.mark.parametrize(
    ("type_", "fields", "changed"),
    [
        (
            "inproceedings",
            {"title": "Proceedings of the Meeting on Walls", "booktitle": PAPER},
            {"title": PAPER, "booktitle": "Proceedings of the Meeting on Walls"},
        ),
        (
            "book",
            {"title": "Studies of walls, vol.", "publisher": "2 (Series of Moss 6). Harbour Press"},
            {"title": "Studies of walls, vol. 2"},
        ),
        ("misc", {"title": f"{PAPER}, (1):65-74"}, {"title": PAPER, "pages": "65-74"}),
        ("misc", {"title": f"{PAPER}. pp. 120--131", "pages": "120"}, {"title": PAPER}),
        ("article", {"title": PAPER, "author": "Journal of Wall Ecology"}, {"journal": "Journal of Wall Ecology"}),
        (
            "article",
            {"title": PAPER, "journal": "Ada Doe and Mia Roe and Ann Poe"},
            {"author": "Ada Doe and Mia Roe and Ann Poe"},
        ),
        ("article", {"title": PAPER, "author": "1997"}, {"year": "1997"}),
        ("misc", {"title": f"{PAPER}, TIDE '97"}, {"title": PAPER, "booktitle": "TIDE"}),
        ("misc", {"title": f"{PAPER}, tide '97", "year": "1998"}, {"title": PAPER, "booktitle": "tide"}),
        ("misc", {"title": f"doe. {PAPER}", "author": "A Doe and M Roe"}, {"title": PAPER}),
        ("misc", {"title": PAPER, "author": "Moss Record"}, {"journal": "Moss Record"}),
    ],
)
def test_what_is_moved(type_: str, fields: dict[str, str], changed: dict[str, str]) -> None:
    found = relocated(type_, fields)
    assert {name: found[name] for name in changed} == changed
    moved = {"author", "journal"} & fields.keys() - changed.keys()
    assert not moved & found.keys() or found.get("author") != "1997"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("proceedings", {"title": "Proceedings of the Meeting on Walls", "booktitle": "Meetings of the year"}),
        ("inproceedings", {"title": "Proceedings of a wall", "booktitle": "Proceedings of the Meeting on Walls"}),
        ("book", {"title": "Walls, vol.", "publisher": "Harbour Press"}),
        ("book", {"title": "Walls of 1914-1918"}),
        ("article", {"title": "Reply, p. 12-14"}),
        ("article", {"title": PAPER, "author": "{Conference of Wall Bishops} and Doe, Ada"}),
        ("article", {"title": PAPER, "author": "{Journal Club}", "journal": "Walls"}),
        ("article", {"title": PAPER, "journal": "Walls and Mosses and Lichens and Ferns"}),
        ("article", {"title": PAPER, "journal": "Science and Technology"}),
        ("misc", {"title": f"{PAPER}, Oslo '97", "year": "2011"}),
        ("proceedings", {"title": "Proceedings of the Meeting on Harbour Walls, TIDE '97"}),
        ("misc", {"title": "Walls in TIDE '97"}),
        ("misc", {"title": f"Moss. {PAPER}", "author": "A Doe"}),
        ("misc", {"title": PAPER, "author": "{Recorder of Deeds}"}),
        ("misc", {}),
    ],
)
def test_what_stays(type_: str, fields: dict[str, str]) -> None:
    assert relocated(type_, fields) == fields
