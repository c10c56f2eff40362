"""Merging inside a Zotero library: as Zotero does it, whatever happens on the way, and back again."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import refsync.zotero.web.http
from refsync.cli import main
from refsync.dedup.profile import fingerprint
from refsync.zotero.items.extra import parse_extra
from refsync.zotero.items.mapping import MappingSettings, citation_key
from refsync.zotero.merge.combine import combined
from refsync.zotero.merge.steps import is_twin
from refsync.zotero.push.plan import library_records
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.http import PatientClient
from tests.zotero_server import Server, zotero_server
from tests.zotero_server.state import World

LIBRARY, PATH = "zotero:user/12345", "users/12345"
URI = f"http://zotero.org/{PATH}/items/"
MD5 = "0" * 31
KELP, KELP2, SHELL, SHELL2, THIRD, OTHER = "KELPAAAA", "KELPBBBB", "SHELLAAA", "SHELLBBB", "THRDAAAA", "QTHRAAAA"
GONE = "ERASED22"


def paper(key: str, added: str, title: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    given = {"itemType": "journalArticle", "title": title, "creators": [author], "date": "2020", "version": 0}
    return {"key": key, **given, "dateAdded": f"{added}T00:00:00Z", **more}


def file(key: str, parent: str, md5: str, **more: Any) -> dict[str, Any]:
    given = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf", "title": "p.pdf"}
    return {"key": key, "version": 0, **given, "filename": "p.pdf", "md5": md5, "parentItem": parent, **more}


def note(key: str, parent: str, text: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "version": 0, "itemType": "note", "note": text, "parentItem": parent, **more}


def annotation(key: str, parent: str) -> dict[str, Any]:
    given = {"annotationType": "highlight", "annotationText": "kelp", "annotationColor": "#ffd400"}
    given |= {"annotationSortIndex": "00000|000000|00000", "annotationPosition": '{"pageIndex":0,"rects":[[1,2,3,4]]}'}
    return {"key": key, "version": 0, "itemType": "annotation", "parentItem": parent, **given}


def fill(server: Server) -> None:
    """Two pairs with children, relations and collections, and two papers that are alone."""
    for key, name in (("CAAAAAAA", "Kelp"), ("CBBBBBBB", "Read")):
        server.add(PATH, {"key": key, "version": 0, "name": name}, kind="collections")
    cited = "%7B%22uris%22%3A%5B%22http%3A%2F%2Fzotero.org%2Fusers%2F12345%2Fitems%2FKELPBBBB%22%5D%7D"
    server.add(
        PATH,
        paper(
            KELP,
            "2020-02-02",
            "Learning of kelp forests by their growth",
            citationKey="roe2020",
            DOI="10.1000/kelp.1",
            tags=[{"tag": "shared", "type": 1}, {"tag": "mine"}],
            collections=["CAAAAAAA"],
            extra="my words",
        ),
        paper(
            KELP2,
            "2021-01-01",
            "Learning of kelp forests by their growth",
            DOI="10.1000/KELP.1",
            volume="7",
            abstractNote="We learn kelp.",
            tags=[{"tag": "shared"}, {"tag": "theirs", "type": 1}],
            collections=["CBBBBBBB", "CAAAAAAA"],
            relations={"dc:replaces": [URI + GONE]},
            extra="Citation Key: roe2020b\nprinted twice\ntex.ids= old2019",
        ),
        paper(SHELL, "2018-01-01", "Sorting shells by their colours", DOI="10.1000/shell", volume="1"),
        paper(SHELL2, "2017-07-07", "Sorting shells by their colours", DOI="10.1000/shell", issue="2"),
        paper(THIRD, "2016-01-01", "Tides of a bay of which nobody wrote", DOI="10.1000/tides"),
        paper(OTHER, "2016-01-02", "Whales seen from a lighthouse", relations={"dc:relation": [URI + KELP2]}),
        file("FLEAAAAA", KELP, MD5 + "1"),
        file("FLEBBBBB", KELP2, MD5 + "1", tags=[{"tag": "printed"}]),
        file("FLECCCCC", KELP2, MD5 + "2"),
        annotation("ANNAAAAA", "FLEBBBBB"),
        note("NTEAAAAA", KELP2, f'<p><span data-citation="{cited}">x</span><img data-attachment-key="FLEBBBBB"></p>'),
        note("NTEBBBBB", KELP2, "<p>thrown away</p>", deleted=1),
        note("NTECCCCC", SHELL2, "<p>on shells</p>"),
    )
    server.edit(PATH, SHELL2, relations={"dc:relation": [URI + KELP2]})


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, World]]:
    with zotero_server(users={12345: "ada"}) as server:
        fill(server)
        yield server, server.save()


@pytest.fixture
def server(running: tuple[Server, World]) -> Server:
    server, state = running
    server.restore(state)
    return server


@pytest.fixture(autouse=True)
def at_home(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
    monkeypatch.setattr(refsync.zotero.web.http.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.2)


def dedupe(*options: str) -> int:
    return main(["dedupe", LIBRARY, *options])


def result(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    dedupe("--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def content(server: Server) -> dict[str, Any]:
    """What the library holds; the order of relations means nothing."""
    items = server.library(PATH).snapshot()["items"]
    for item in items.values():
        item["relations"] = {name: sorted(uris) for name, uris in item["relations"].items() if uris}
    return items


def test_merges_as_zotero_does(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert dedupe("--apply") == 0
    items = content(server)
    kelp, shell = items[KELP], items[SHELL2]
    assert (kelp["volume"], kelp["abstractNote"], kelp["DOI"]) == ("7", "We learn kelp.", "10.1000/kelp.1")
    assert kelp["dateAdded"] == "2020-02-02T00:00:00Z"
    assert kelp["tags"] == [{"tag": "mine"}, {"tag": "shared"}, {"tag": "theirs", "type": 1}]
    assert kelp["collections"] == ["CAAAAAAA", "CBBBBBBB"]
    assert kelp["citationKey"] == "roe2020"
    assert kelp["extra"].splitlines() == ["my words", "printed twice", "tex.ids= old2019, roe2020b"]
    assert kelp["relations"]["dc:replaces"] == [URI + GONE, URI + KELP2]
    assert kelp["relations"]["dc:relation"] == [URI + OTHER, URI + SHELL2]
    assert items[OTHER]["relations"] == {"dc:relation": [URI + KELP]}
    assert (items[KELP2]["deleted"], items[KELP2]["relations"]) == (True, {})
    assert (shell["issue"], shell["volume"], items[SHELL]["deleted"]) == ("2", "1", True)
    assert shell["relations"] == {"dc:relation": [URI + KELP], "dc:replaces": [URI + SHELL]}
    assert items["ANNAAAAA"]["parentItem"] == "FLEAAAAA"
    assert items["FLEAAAAA"]["relations"] == {"dc:replaces": [URI + "FLEBBBBB"]}
    assert items["FLEAAAAA"]["tags"] == [{"tag": "printed"}]
    assert (items["FLEBBBBB"]["parentItem"], items["FLEBBBBB"]["deleted"]) == (KELP, True)
    assert (items["FLECCCCC"]["parentItem"], "deleted" in items["FLECCCCC"]) == (KELP, False)
    assert (items["NTEBBBBB"]["parentItem"], items["NTEBBBBB"]["deleted"]) == (KELP, True)
    moved = items["NTEAAAAA"]["note"]
    assert f"items%2F{KELP}%22" in moved
    assert 'data-attachment-key="FLEAAAAA"' in moved
    assert (items["NTECCCCC"]["parentItem"], items[THIRD]["relations"]) == (SHELL2, {})
    server.clear()
    assert dedupe("--apply") == 0
    assert server.count(write=True) == 0
    assert not server.library(PATH).deleted["items"]


def test_the_dry_run_is_what_is_sent(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.clear()
    dry = result(capsys)
    assert server.count(write=True) == 0
    assert (dry["schema"], dry["records"], dry["unique"]) == ("refsync.dedupe/1", 6, 4)
    (kelp,) = [cluster for cluster in dry["clusters"] if KELP in {member["id"] for member in cluster["members"]}]
    assert [(member["source"], member["id"]) for member in kelp["members"]] == [(LIBRARY, KELP), (LIBRARY, KELP2)]
    assert [(merge["survivor"], merge["losers"]) for merge in dry["merges"]] == [(SHELL2, [SHELL]), (KELP, [KELP2])]
    done = result(capsys, "--apply")
    assert [merge["done"] for merge in done["merges"]] == [True, True]
    bodies = [sent for entry in server.log if entry.write for sent in entry.json]
    assert said(bodies) == said(send["object"] for send in dry["sends"])
    assert len(bodies) - len(dry["sends"]) <= 1


def said(sent: Any) -> dict[str, Any]:
    """What is sent for each item at last, but for the version that it has by then.

    Of two items of one write that it relates to each other, the server refuses the second as changed; it goes again.
    The order of relations means nothing.
    """
    found = {item["key"]: {name: value for name, value in item.items() if name != "version"} for item in sent}
    for item in found.values():
        item["relations"] = {name: sorted(uris) for name, uris in item.get("relations", {}).items()}
    return found


def test_the_table(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert dedupe() == 0
    told = capsys.readouterr().out
    assert "same paper" in told
    assert f"> FLECCCCC  attachment 'p.pdf' to {KELP}" in told
    assert f"x {KELP2}" in told
    assert "merged                   2  would be one item each, of 4" in told


def test_values_that_differ_are_shown(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    long = "On kelp, " * 20
    server.edit(PATH, KELP, abstractNote=long)
    assert dedupe() == 0
    told = capsys.readouterr().out
    assert f"= keeps abstractNote {long[:37] + '...'!r}; {KELP2} has 'We learn kelp.'" in told
    assert dedupe("-v") == 0
    assert f"= keeps abstractNote {long.strip()!r}; {KELP2} has 'We learn kelp.'" in capsys.readouterr().out
    (merge,) = [merge for merge in result(capsys)["merges"] if merge["survivor"] == KELP]
    assert merge["differing"] == [
        {"name": "abstractNote", "kept": long.strip(), "other": "We learn kelp.", "key": KELP2}
    ]


def remember(server: Server, **wanted: Any) -> None:
    """Write down what a person chose for the fields of the paper on kelp."""
    server.edit(PATH, KELP2, DOI="")  # with equal DOIs a line could not tell the two
    items = [server.library(PATH).items[key].data for key in (KELP, KELP2)]
    one, other = map(fingerprint, library_records(parse_address(LIBRARY, server.url), items, MAPPING))
    value = {"fields": {name: {"from": other} if choice is None else choice for name, choice in wanted.items()}}
    line = {"schema": "refsync.decision/1", "kind": "same", "a": one, "b": other, "value": value}
    Path("refsync-decisions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")


def test_what_people_chose_is_taken(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
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
    dry = result(capsys)
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


def test_what_people_chose_is_taken_by_a_run_that_is_resumed(server: Server) -> None:
    server.edit(PATH, KELP, volume="6")
    remember(server, volume=None)
    with dying(5, after=False):
        assert dedupe("--apply") == 130
    Path("refsync-decisions.jsonl").unlink()
    assert main(["apply", "--resume"]) == 0
    assert content(server)[KELP]["volume"] == "7"


def test_undo_gives_back_what_was(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(server)
    assert dedupe("--apply") == 0
    assert main(["log"]) == 0
    assert LIBRARY in capsys.readouterr().out
    assert main(["undo"]) == 0, capsys.readouterr().err
    assert content(server) == before
    assert main(["undo"]) == 2


def test_undo_leaves_what_was_changed_since(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    dedupe("--apply")
    server.edit(PATH, KELP, volume="8", tags=[{"tag": "mine"}, {"tag": "shared"}, {"tag": "new"}])
    server.library(PATH).erase_items([SHELL])
    assert main(["undo"]) == 3
    told = capsys.readouterr().err
    assert f"{KELP}: 'Learning of kelp forests by their growth': `volume` changed since the run" in told
    assert f"{SHELL2}: 'Sorting shells by their colours': keeps what it took over from {SHELL}" in told
    items = content(server)
    assert (items[KELP]["volume"], items[KELP]["abstractNote"]) == ("8", "")
    assert items[KELP]["tags"] == [{"tag": "mine"}, {"tag": "new"}, {"tag": "shared", "type": 1}]
    assert "deleted" not in items[KELP2]
    assert items[SHELL2]["volume"] == "1"


def test_undo_of_a_push(server: Server) -> None:
    before = content(server)
    Path("a.bib").write_text("@article{new, title={On crabs that climb}, author={Poe, Ed}, year=2001}\n")
    assert main(["push", "a.bib", LIBRARY, "--no-tags"]) == 0
    (created,) = set(content(server)) - set(before)
    assert main(["undo"]) == 0
    assert content(server).pop(created)["deleted"]


# Somebody else is at work


def test_changed_in_the_middle(server: Server, merged: Any) -> None:
    """Each item is changed right before it is written: what both did is there at the end."""
    server.before(1, lambda: server.edit(PATH, KELP, shortTitle="Kelp"), method="POST")
    server.before(2, lambda: server.edit(PATH, "NTEAAAAA", tags=[{"tag": "seen"}]), method="POST")
    server.before(3, lambda: server.edit(PATH, OTHER, volume="3"), method="POST")
    server.before(4, lambda: server.edit(PATH, KELP2, pages="1-9"), method="POST")
    assert dedupe("--apply") == 0
    wanted, _ = merged
    items = content(server)
    assert (items[KELP].pop("shortTitle"), items[KELP].pop("pages")) == ("Kelp", "1-9")
    assert items["NTEAAAAA"].pop("tags") == [{"tag": "seen"}]
    assert (items[OTHER].pop("volume"), items[KELP2].pop("pages")) == ("3", "1-9")
    assert all(wanted[key].items() >= items[key].items() for key in items)


def test_a_child_given_in_the_middle(server: Server) -> None:
    def give() -> None:
        server.add(PATH, note("NTEDDDDD", KELP2, "<p>late</p>"))

    server.before(3, give, method="POST")
    assert dedupe("--apply") == 0
    assert content(server)["NTEDDDDD"]["parentItem"] == KELP


@pytest.mark.parametrize("write", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("key", "how", "said"),
    [
        (KELP, "erased", "was deleted in Zotero; nothing is merged into it"),
        (KELP, "trashed", "is in Zotero's trash; nothing is merged into it"),
        (KELP2, "erased", ""),  # after the first write the survivor has it all
        (KELP2, "trashed", ""),
        ("NTEAAAAA", "erased", ""),
        ("FLEBBBBB", "erased", ""),
    ],
)
def test_deleted_in_the_middle(
    server: Server, merged: Any, capsys: pytest.CaptureFixture[str], key: str, how: str, said: str, write: int
) -> None:
    """The other merge goes through; nothing that somebody left is lost."""

    def act() -> None:
        if how == "erased":
            server.library(PATH).erase_items([key])
        else:
            server.edit(PATH, key, deleted=1)

    before = set(content(server))
    server.before(write, act, method="POST")
    code = dedupe("--apply")
    told = capsys.readouterr().err
    items = content(server)
    if said:
        assert code == 3
        assert f"{key}" in told
        assert said in told
    else:
        assert code == 0
    assert (items[SHELL]["deleted"], items["NTECCCCC"]["parentItem"]) == (True, SHELL2)
    if key == KELP and write < 4:
        assert not items[KELP2].get("deleted")
    assert before - set(items) <= set(server.library(PATH).deleted["items"])


def test_changed_again_and_again(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = iter(range(100))
    fault = server.fail("call", times=None, method="POST")
    fault.call = lambda: server.edit(PATH, KELP, volume=str(next(numbers)))
    assert dedupe("--apply") == 3
    assert f"{KELP}: 'Learning of kelp forests by their growth': is being changed in Zotero again and again" in (
        capsys.readouterr().err
    )
    items = content(server)
    assert (items[SHELL]["deleted"], "deleted" in items[KELP2]) == (True, False)


# Items of other kinds


@pytest.mark.parametrize("types", ["skip", "convert"])
def test_different_item_types(server: Server, capsys: pytest.CaptureFixture[str], types: str) -> None:
    title = "Reefs at night and what lives in them"
    server.add(PATH, paper("REEFAAAA", "2021-01-01", title, DOI="10.1000/reef"))
    preprint = paper("REEFBBBB", "2019-01-01", title, itemType="conferencePaper", DOI="10.1000/reef")
    server.add(PATH, preprint | {"conferenceName": "Reefs 20", "proceedingsTitle": "Reefs", "pages": "1-9"})
    done = result(capsys, "--apply", "--types", types)
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


def test_what_the_type_has_no_field_for_is_kept_in_extra() -> None:
    survivor = item("A" * 8, itemType="journalArticle", dateAdded="2020-01-01T00:00:00Z")
    loser = item("B" * 8, itemType="book", title="Kelp", numPages="120", ISBN="978-3-16-148410-0", publisher="Reef")
    found, _ = combined(survivor, [loser], URI, {}, (), MAPPING)
    assert found["title"] == "Kelp"
    assert found["dateAdded"] == "2019-01-01T00:00:00Z"
    assert {"ISBN: 978-3-16-148410-0", "tex.pagetotal: 120"} <= set(found["extra"].splitlines())


def test_what_zotero_would_refuse_is_told_first(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, KELP, extra="words " * 6000)
    server.edit(PATH, KELP2, extra="other " * 6000)
    assert dedupe("--apply") == 3
    assert f"{KELP}: 'Learning of kelp forests by their growth': `extra` has 71" in capsys.readouterr().err
    items = content(server)
    assert (items[SHELL]["deleted"], "deleted" in items[KELP2]) == (True, False)
    assert items["NTEAAAAA"]["parentItem"] == KELP2


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        ({"md5": "1" * 32}, {"md5": "1" * 32, "filename": "other.pdf"}, True),
        ({"md5": "1" * 32}, {"md5": "2" * 32}, False),
        ({"md5": "1" * 32}, {"md5": "1" * 32, "contentType": "text/html"}, False),
        ({"md5": "1" * 32}, {"md5": "1" * 32, "deleted": 1}, False),
        ({"md5": None}, {"md5": None}, False),
        ({"linkMode": "linked_url", "url": "http://a.b"}, {"linkMode": "linked_url", "url": "http://a.b"}, True),
        ({"linkMode": "linked_url", "url": "http://a.b"}, {"linkMode": "linked_url", "url": "http://a.b/2"}, False),
        ({"linkMode": "linked_file", "path": "/p.pdf"}, {"linkMode": "linked_file", "path": "/p.pdf"}, True),
    ],
)
def test_twins(one: dict[str, Any], other: dict[str, Any], twins: bool) -> None:
    attachment = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf"}
    assert is_twin(attachment | one, attachment | other) is twins


MAPPING = MappingSettings()


def item(key: str, **more: Any) -> dict[str, Any]:
    given = {"itemType": "journalArticle", "title": "", "creators": [], "tags": [], "collections": [], "relations": {}}
    return {"key": key, "version": 1, **given, "dateAdded": "2019-01-01T00:00:00Z", **more}


LINES = ["free words", "Citation Key: one2020", "Citation Key: two2021", "tex.ids= a, b", "tex.ids: c", "DOI: 10.1/x"]
LINES += ["tex.note= \\emph{x}", "PMID: 7", "Publisher: Reef", "arXiv: 2101.00001 [cs.LG]", ""]
ITEMS = st.fixed_dictionaries(
    {"dateAdded": st.sampled_from(["2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z"])},
    optional={
        "volume": st.sampled_from(["", "1", "2"]),
        "url": st.sampled_from(["http://a.b", "http://c.d"]),
        "accessDate": st.just("2020-01-01"),
        "citationKey": st.sampled_from(["", "key1", "key2"]),
        "extra": st.lists(st.sampled_from(LINES), max_size=5, unique=True).map("\n".join),
        "tags": st.lists(st.fixed_dictionaries({"tag": st.sampled_from("ab"), "type": st.sampled_from([0, 1])})),
        "creators": st.just([{"creatorType": "author", "name": "Reef Group"}]),
        "relations": st.sampled_from([{}, {"dc:relation": URI + "C" * 8}, {"dc:replaces": [URI + "D" * 8]}]),
        "collections": st.lists(st.sampled_from(["CAAAAAAA", "CBBBBBBB"]), unique=True),
    },
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(ITEMS, st.lists(ITEMS, min_size=1, max_size=3))
def test_taking_over_once_is_enough_and_nothing_is_lost(one: dict[str, Any], others: list[dict[str, Any]]) -> None:
    survivor = item("A" * 8, **one)
    losers = [item(letter * 8, **other) for letter, other in zip("EFG", others, strict=False)]
    collections = ("CAAAAAAA", "CBBBBBBB")
    found, differing = combined(survivor, losers, URI, {}, collections, MAPPING)
    merged = survivor | found
    assert combined(merged, losers, URI, {}, collections, MAPPING)[0] == {}
    assert merged["dateAdded"] == min(each["dateAdded"] for each in (survivor, *losers))
    ids = parse_extra(merged.get("extra", "")).latex.get("ids", "").split(", ")
    for loser in losers:
        assert URI + loser["key"] in merged["relations"]["dc:replaces"]
        assert citation_key(loser) in ("", citation_key(merged), *ids)
        assert {tag["tag"] for tag in loser["tags"]} <= {tag["tag"] for tag in merged["tags"]}
        assert set(loser["collections"]) <= set(merged["collections"])
        assert (
            not loser.get("volume")
            or loser["volume"] == merged["volume"]
            or "volume" in {one.name for one in differing}
        )
        free = set(parse_extra(loser.get("extra", "")).text.splitlines())
        assert {line for line in free if line} <= set(merged.get("extra", "").splitlines()) | {
            "tex.ids: c",
            "tex.ids= a, b",
        }


# Whatever happens on the way


@contextmanager
def dying(number: int, *, after: bool) -> Iterator[Callable[[], int]]:
    """Die before a request, or right after it was answered; tells how many were made."""
    made = 0
    once = PatientClient._once

    def count(self: PatientClient, *given: Any, **options: Any) -> Any:
        nonlocal made
        made += 1
        if made == number and not after:
            raise KeyboardInterrupt
        reply = once(self, *given, **options)
        if made == number:
            raise KeyboardInterrupt
        return reply

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PatientClient, "_once", count)
        yield lambda: made


def undisturbed(server: Server, state: World) -> tuple[dict[str, Any], int]:
    """What the library holds after a merge, and how many requests it takes."""
    server.restore(state)
    assert dedupe("--apply") == 0
    found = content(server), server.count()
    server.restore(state)
    return found


@pytest.fixture(scope="module")
def merged(running: tuple[Server, World], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    server, state = running
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("merged"))
        patch.setenv("ZOTERO_API_KEY", server.key)
        patch.setenv("ZOTERO_ENDPOINT", server.url)
        return undisturbed(server, state)


Homes = Callable[[], None]


@pytest.fixture
def homes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Homes]:
    """Goes into a folder without a journal of another run; in memory, as runs wait for the disk at every step."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as above:
        yield lambda: monkeypatch.chdir(tempfile.mkdtemp(dir=above))
        monkeypatch.undo()


def test_what_died_can_be_taken_back_instead(running: tuple[Server, World], merged: Any, homes: Homes) -> None:
    server, state = running
    for number in range(5, merged[1] + 1):
        homes()
        server.restore(state)
        before = content(server)
        with dying(number, after=True):
            dedupe("--apply")
        with dying(4, after=True):  # and dies once more
            main(["undo"])
        assert main(["undo"]) == 0
        assert content(server) == before, number
