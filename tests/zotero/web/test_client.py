"""The client: it waits as the server asks, repeats requests, and reports errors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import refsync.zotero.web.http
from refsync.cli import main
from refsync.runs.private_folder import private_folder
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.client import ZoteroClient
from refsync.zotero.web.library import current_schema
from refsync.zotero.web.local_copy import LocalCopy
from refsync.zotero.web.replies import RemoteError
from tests.zotero_server import Server

PATH = "users/12345"


@pytest.fixture
def library(server: Server) -> Iterator[ZoteroClient]:
    with ZoteroClient(parse_address("zotero:user/12345", server.url), server.key) as opened:
        yield opened


def test_retry_after_is_honoured(server: Server, library: ZoteroClient, slept: list[float]) -> None:
    server.fail("429", retry_after=17)
    assert library.page("items") is not None
    assert len(slept) == 1
    assert 17 <= slept[0] <= 18


def test_waits_grow(server: Server, library: ZoteroClient, slept: list[float]) -> None:
    server.fail("503", times=4)
    assert library.page("items") is not None
    assert [pause >= 2**n for n, pause in enumerate(slept)] == [True] * 4
    assert slept == sorted(slept)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_write_waits_too(server: Server, library: ZoteroClient, slept: list[float]) -> None:
    server.fail("429", retry_after=5, method="POST")
    server.fail("reset-before", 2, method="POST")
    reply = library.write("items", [{"key": "ABCD2345", "version": 0, "itemType": "book", "title": "Kelp"}])
    assert reply.done[0]["title"] == "Kelp"
    assert len(slept) == 2


def test_backoff_delays_the_next_request(server: Server, library: ZoteroClient, slept: list[float]) -> None:
    server.fail("backoff", retry_after=4)
    library.page("items")
    assert slept == []
    library.page("items")
    assert slept == [pytest.approx(4, abs=0.5)]
    library.page("items")
    assert len(slept) == 1


def test_giving_up(server: Server, library: ZoteroClient, slept: list[float]) -> None:
    server.fail("503", times=None)
    with pytest.raises(RemoteError, match="maintenance") as raised:
        library.page("items")
    assert raised.value.status == 503
    assert len(server.log) == refsync.zotero.web.http.MAX_ATTEMPTS


def test_no_server(slept: list[float]) -> None:
    address = parse_address("zotero:user/1", "http://127.0.0.1:9")
    with (
        ZoteroClient(address, "k" * 24) as library,
        pytest.raises(RemoteError, match="no response from http://127.0.0.1:9"),
    ):
        library.check_access(write=True)


def test_failures_of_single_objects(server: Server, library: ZoteroClient) -> None:
    reply = library.write(
        "items",
        [
            {"key": "ABCD2345", "version": 0, "itemType": "book", "title": "Kelp"},
            {"key": "ABCD2346", "version": 0, "itemType": "book", "colour": "green & blue"},
            {"key": "ABCD2345", "version": 0, "itemType": "book", "title": "Again"},
        ],
    )
    assert set(reply.done) == {0}
    assert (reply.failed[1].code, reply.failed[2].code) == (400, 412)
    assert "'colour'" in reply.failed[1].message
    assert library.by_key("items", ["ABCD2345", "ABCD2346"]).keys() == {"ABCD2345"}


def test_an_unknown_schema_is_downloaded_once(server: Server, library: ZoteroClient, tmp_path: Path) -> None:
    with LocalCopy(tmp_path, "x") as copy:
        assert len(current_schema(library, copy).types) == 40
        assert server.count() == 0
        copy.set_facts(schema=40)
        for _ in range(2):
            assert len(current_schema(library, copy).types) == 40
    assert [entry.status for entry in server.log] == [200, 304]


def test_a_damaged_local_copy_is_reported(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    folder = private_folder(tmp_path, "zotero")
    address = parse_address("zotero:user/12345", server.url)
    (folder / f"{address.file_name}.sqlite").write_bytes(b"no database at all, " * 100)
    assert main(["pull", "zotero:user/12345", "-o", "out.bib", "--endpoint", server.url]) == 2
    assert not Path("out.bib").exists()
