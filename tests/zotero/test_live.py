"""Push, pull, merge and undo in sequence, on the test server's library and on a real one.

    REFSYNC_ZOTERO_LIVE=1 ZOTERO_API_KEY=... ZOTERO_TEST_LIBRARY=zotero:group/678 pytest tests/zotero/test_live.py

The library has to be empty, its trash too, and is empty again afterwards: all that is in it is erased.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.zotero.items.generated_keys import generate_key
from refsync.zotero.items.relations import RELATION, REPLACES, item_uri_prefix, relations_of
from refsync.zotero.web.address import api_key, parse_address
from refsync.zotero.web.client import MAX_OBJECTS, ZoteroClient
from tests.zotero_server import zotero_server

LIVE = os.environ.get("REFSYNC_ZOTERO_LIVE") == "1"
BIB = r"""
@article{roe2021, author = {Roe, Ann and {Kelp Group}}, title = {Learning {BERT} on graphs of kelp},
  journal = {J. Kelp}, year = 2021, doi = {10.1000/refsync.1}, keywords = {kelp, graphs}, mycustom = {kept}}
@misc{roe2020, author = {Roe, Ann and {Kelp Group}}, title = {Learning {BERT} on graphs of kelp}, year = 2020,
  eprint = {2001.00001}, archiveprefix = {arXiv}}
@book{poe2019, author = {Poe, Ed}, title = {Sorting Shells by Their Colours}, publisher = {Reef}, year = 2019,
  abstract = {We sort shells.}, pages = {120}}
"""


@pytest.fixture(
    params=["test server", pytest.param("live", marks=pytest.mark.skipif(not LIVE, reason="not asked for"))]
)
def library(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoteroClient]:
    monkeypatch.chdir(tmp_path)
    if request.param == "test server":
        with zotero_server(users={12345: "ada"}) as server:
            monkeypatch.setenv("ZOTERO_API_KEY", server.key)
            monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
            with ZoteroClient(parse_address("zotero:user/12345"), server.key) as opened:
                yield opened
                erase(opened)
        return
    with ZoteroClient(parse_address(os.environ["ZOTERO_TEST_LIBRARY"]), api_key()) as opened:
        opened.check_access(write=True)
        if items(opened) or collections(opened):
            pytest.fail(f"{opened.address} is not empty (or its trash is not), and would be emptied")
        try:
            yield opened
        finally:
            erase(opened)


def pages(library: ZoteroClient, kind: Any) -> Iterator[dict[str, Any]]:
    start = 0
    while (page := library.page(kind, start)) and page.objects:
        yield from page.objects
        start += len(page.objects)


def items(library: ZoteroClient) -> dict[str, dict[str, Any]]:
    return {item["key"]: item for item in pages(library, "items")}


def collections(library: ZoteroClient) -> dict[str, dict[str, Any]]:
    return {item["key"]: item for item in pages(library, "collections")}


def erase(library: ZoteroClient) -> None:
    """Erase all items and collections."""
    for kind, name, keys in (
        ("items", "itemKey", [key for key, item in items(library).items() if not item.get("parentItem")]),
        ("collections", "collectionKey", list(collections(library))),
    ):
        for start in range(0, len(keys), MAX_OBJECTS):
            page = library.page("items", limit=1)
            assert page is not None
            headers = {"Zotero-API-Key": api_key(), "If-Unmodified-Since-Version": str(page.version)}
            url = f"{library.address.endpoint}/{library.address.path}/{kind}"
            some = ",".join(keys[start : start + MAX_OBJECTS])
            assert library.http.delete(url, params={name: some}, headers=headers).status_code == 204
    assert not items(library)


def content(library: ZoteroClient) -> dict[str, Any]:
    """The items of the library, without versions and times."""
    left_out = {"version", "dateModified", "deleted", "relations"}
    return {
        key: {
            **{name: value for name, value in item.items() if name not in left_out and value},
            "deleted": bool(item.get("deleted")),
            "relations": {name: sorted(uris) for name, uris in relations_of(item).items()},
        }
        for key, item in items(library).items()
    }


def test_push_pull_merge_and_undo(library: ZoteroClient, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(library.address)

    def account(*command: str) -> Any:
        capsys.readouterr()
        assert main([*command, "--format", "json", "-q"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    # a push, and the same again
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    push = ("push", "refs.bib", name, "--collections")
    first = account(*push)
    assert (first["created"], first["related"], first["refused"]) == (3, 1, [])
    pushed = content(library)
    again = account(*push)
    assert (again["unchanged"], again["run"]) == (3, None)
    assert content(library) == pushed
    by_kind = {item["itemType"]: item for item in pushed.values()}
    uri = item_uri_prefix(library.address.path)
    for one, other in (("preprint", "journalArticle"), ("journalArticle", "preprint")):
        assert by_kind[one]["relations"][RELATION] == [uri + by_kind[other]["key"]]

    # a pull returns the values that were pushed
    account("pull", name, "-o", "out.bib")
    text = Path("out.bib").read_text(encoding="utf-8")
    for message in (
        "@article{roe2021,",
        "{Kelp Group}",
        "Learning {BERT} on graphs of kelp",
        "mycustom = {kept}",
        "@book{poe2019,",
    ):
        assert message in text
    assert account("pull", name, "-o", "out.bib")["unchanged"] == 3
    assert Path("out.bib").read_text(encoding="utf-8") == text

    # a second copy of the book, with a note, is merged into the first
    (book,) = (key for key, item in pushed.items() if item["itemType"] == "book")
    double, note = generate_key(name, "double"), generate_key(name, "note")
    author = {"creatorType": "author", "firstName": "Ed", "lastName": "Poe"}
    same = {"itemType": "book", "title": "Sorting Shells by Their Colours", "creators": [author], "date": "2019"}
    sent = library.write(
        "items",
        [
            {"key": double, "version": 0, **same, "publisher": "Reef", "volume": "7", "tags": [{"tag": "mine"}]},
            {"key": note, "version": 0, "itemType": "note", "parentItem": double, "note": "<p>Read it again</p>"},
        ],
    )
    assert not sent.failed
    before = content(library)
    merged = account("dedupe", name, "--apply")
    assert [merge["done"] for merge in merged["merges"]] == [True]
    after = content(library)
    assert (after[book]["volume"], after[note]["parentItem"], after[double]["deleted"]) == ("7", book, True)
    assert after[book]["relations"][REPLACES] == [uri + double]
    assert account("dedupe", name, "--apply")["run"] is None

    # all of it is undone
    assert main(["undo"]) == 0
    assert content(library) == before
    assert main(["undo"]) == 0  # the pull into a file
    assert not Path("out.bib").exists()
    assert main(["undo"]) == 0
    assert {key for key, item in items(library).items() if not item.get("deleted")} == {double, note}
    assert all(item.get("deleted") for item in collections(library).values())
