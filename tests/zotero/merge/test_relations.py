"""Relations of merged items, which the server stores at one of the two items and shows at both."""

from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.merge.samples import MD5, PATH, URI, content, dedupe, file, paper
from tests.zotero_server import Server
from tests.zotero_server.state import World

FIRST, DOUBLE, OTHER, SECOND, SECOND2 = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC", "DDDDDDDD", "EEEEEEEE"
FILE, FILE2 = "FAAAAAAA", "FBBBBBBB"


@pytest.fixture
def server(running_server: tuple[Server, World]) -> Server:
    """Two pairs, of which one has the same file twice, and one more paper."""
    server, empty = running_server
    server.restore(empty)
    kelp, shell = "Learning of kelp forests by their growth", "Sorting shells by their colours"
    server.add(
        PATH,
        paper(FIRST, "2020-02-02", kelp, DOI="10.1000/kelp.1"),
        paper(DOUBLE, "2021-01-01", kelp, DOI="10.1000/kelp.1"),
        paper(OTHER, "2016-01-01", "Tides of a bay of which nobody wrote", DOI="10.1000/tides"),
        paper(SECOND, "2017-07-07", shell, DOI="10.1000/shell"),
        paper(SECOND2, "2018-01-01", shell, DOI="10.1000/shell"),
        file(FILE, FIRST, MD5 + "1"),
        file(FILE2, DOUBLE, MD5 + "1"),
    )
    return server


def relate(server: Server, holder: str, *others: str) -> None:
    server.edit(PATH, holder, relations={"dc:relation": [URI + other for other in others]})


def related(items: dict[str, Any], key: str) -> list[str]:
    return [uri.removeprefix(URI) for uri in items[key]["relations"].get("dc:relation", [])]


CASES: dict[str, tuple[list[tuple[str, str]], dict[str, list[str]]]] = {
    "held by the double": ([(DOUBLE, OTHER)], {FIRST: [OTHER], OTHER: [FIRST]}),
    "held by the other": ([(OTHER, DOUBLE)], {FIRST: [OTHER], OTHER: [FIRST]}),
    "both duplicates, held by them": ([(DOUBLE, OTHER), (FIRST, OTHER)], {FIRST: [OTHER], OTHER: [FIRST]}),
    "to each other, held by the double": ([(DOUBLE, FIRST)], {FIRST: []}),
    "to each other, held by the survivor": ([(FIRST, DOUBLE)], {FIRST: []}),
    "two doubles": ([(DOUBLE, SECOND2)], {FIRST: [SECOND], SECOND: [FIRST]}),
    "two doubles, held by the second": ([(SECOND2, DOUBLE)], {FIRST: [SECOND], SECOND: [FIRST]}),
    "a double and a survivor": ([(DOUBLE, SECOND)], {FIRST: [SECOND], SECOND: [FIRST]}),
    "a survivor and a double": ([(SECOND, DOUBLE)], {FIRST: [SECOND], SECOND: [FIRST]}),
    "the double's file, held by it": ([(FILE2, OTHER)], {FILE: [OTHER], OTHER: [FILE]}),
    "the double's file, held by the other": ([(OTHER, FILE2)], {FILE: [OTHER], OTHER: [FILE]}),
    "the two files": ([(FILE2, FILE)], {FILE: []}),
    "the two files, held by the one that stays": ([(FILE, FILE2)], {FILE: []}),
    "a file and a paper of the pair": ([(FILE2, FIRST)], {FILE: [FIRST], FIRST: [FILE]}),
}


@pytest.mark.parametrize("case", CASES)
def test_move_to_the_survivor(server: Server, capsys: pytest.CaptureFixture[str], case: str) -> None:
    rows, expected = CASES[case]
    for holder, other in rows:
        relate(server, holder, other)
    before = content(server)
    assert dedupe("--apply") == 0, capsys.readouterr().err
    items = content(server)
    assert {key: items[key]["deleted"] for key in (DOUBLE, SECOND2, FILE2)} == dict.fromkeys(
        (DOUBLE, SECOND2, FILE2), True
    )
    assert {key: related(items, key) for key in expected} == expected
    gone = {DOUBLE, SECOND2, FILE2}
    assert not [key for key in items if gone & set(related(items, key))]
    assert not [key for key in gone if related(items, key)]
    server.clear()
    assert dedupe("--apply") == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0, capsys.readouterr().err
    assert content(server) == before


@pytest.mark.parametrize("holder", [DOUBLE, OTHER])
def test_an_item_in_the_trash_is_related(server: Server, holder: str) -> None:
    relate(server, holder, DOUBLE if holder == OTHER else OTHER)
    server.edit(PATH, OTHER, deleted=True)
    assert dedupe("--apply") == 0
    items = content(server)
    assert (related(items, OTHER), items[OTHER]["deleted"]) == ([FIRST], True)


@pytest.mark.parametrize("holder", [DOUBLE, OTHER])
def test_relations_of_a_merge_that_was_left_half(server: Server, holder: str) -> None:
    """The survivor was written, and the other item too, which left the double's row where it was."""
    relate(server, holder, DOUBLE if holder == OTHER else OTHER)
    server.edit(PATH, FIRST, relations={"dc:relation": [URI + OTHER], "dc:replaces": [URI + DOUBLE]})
    server.edit(PATH, OTHER, relations={"dc:relation": [URI + FIRST]})
    assert dedupe("--apply") == 0
    items = content(server)
    assert (items[DOUBLE]["deleted"], related(items, OTHER), related(items, DOUBLE)) == (True, [FIRST], [])


def test_other_relations_stay(server: Server) -> None:
    relate(server, OTHER, SECOND, FIRST)
    relate(server, DOUBLE, OTHER)
    assert dedupe("--apply") == 0
    assert sorted(related(content(server), OTHER)) == [FIRST, SECOND]
