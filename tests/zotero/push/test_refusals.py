"""Refusals are reported item by item while the rest is written, and the API key is never shown."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import refsync.zotero.push.plan
import refsync.zotero.web.http
from refsync.cli import main
from refsync.zotero.items.schema import bundled_schema
from refsync.zotero.items.server_limits import limit_violations
from tests.zotero.conftest import MEMBER, READER
from tests.zotero_server import Server, rights, schema

LIBRARY, PATH = "zotero:user/12345", "users/12345"
BIB = r"""
@article{roe2020, author = {Roe, Ann}, title = {Learning of kelp forests}, journal = {J. Kelp}, doi = {10.1000/kelp.1}}
@book{poe2021, author = {Poe, Ed}, title = {Sorting shells by their colours}, year = 2021}
"""
LONG = "words " * 12_000


@pytest.fixture(autouse=True)
def input_file(client_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.2)
    Path("a.bib").write_text(BIB, encoding="utf-8")


def push(*options: str, library: str = LIBRARY) -> int:
    return main(["push", "a.bib", library, "--no-tags", "--profile", "careful", *options])


def titles(server: Server) -> list[str]:
    return sorted(item.data["title"] for item in server.library(PATH).items.values() if "title" in item.data)


# The library cannot be opened: nothing is written


@pytest.mark.parametrize(
    ("key", "library", "message"),
    [
        (
            "",
            LIBRARY,
            "writing to zotero:user/12345 needs an API key; create one on https://www.zotero.org/settings/keys",
        ),
        ("x" * 24, LIBRARY, "Zotero does not know this API key (Invalid key)"),
        (READER, LIBRARY, "the API key may read zotero:user/12345, but not write to it; change its rights on"),
        (MEMBER, "zotero:group/7", "the API key may read zotero:group/7, but not write to it"),
        (READER, "zotero:group/7", "the API key may read zotero:group/7, but not write to it"),
        (MEMBER, "zotero:group/8", "the API key may not read zotero:group/8"),
        (None, "zotero:user/2", "the API key is for zotero:user/12345 (ada), not zotero:user/2"),
        (None, "zotero:user/999", "the API key is for zotero:user/12345 (ada), not zotero:user/999"),
        (None, "zotero:group/999", "there is no library zotero:group/999"),
        (None, "zotero:nobody", "is not zotero:user/ID, zotero:group/ID or zotero:local"),
        (None, "zotero:local", "zotero:local can be read, not written"),
    ],
)
def test_a_library_that_cannot_be_opened(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    key: str | None,
    library: str,
    message: str,
) -> None:
    if key is not None:
        monkeypatch.setenv("ZOTERO_API_KEY", key)
    assert push(library=library) == 2
    assert message in capsys.readouterr().err
    assert server.count(write=True) == 0
    assert not Path(".refsync/runs").exists()


@pytest.mark.parametrize("library", ["zotero:user/12345", "zotero:group/7"])
def test_a_private_library_without_a_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], library: str
) -> None:
    monkeypatch.delenv("ZOTERO_API_KEY")
    assert main(["pull", library, "-o", "out.bib"]) == 2
    errors = capsys.readouterr().err
    assert f"{library} (" in errors
    assert "Forbidden" not in errors or "create one on https://www.zotero.org/settings/keys" in errors


# Single items cannot be written: the others are


def test_values_that_are_too_long(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    entries = {
        "tag": f"keywords = {{{'t' * 300}}}",
        "field": f"abstract = {{{LONG}}}",
        "bytes": f"abstract = {{{'é' * 32_768}}}",
        "name": f"author = {{{{{'N' * 256}}}}}",
        "extra": f"note = {{{LONG}}}",
    }
    lines = (f"@misc{{{name}, title = {{On the {name} of kelp}}, {field}}}" for name, field in entries.items())
    Path("a.bib").write_text(f"{BIB}{''.join(lines)}", encoding="utf-8")
    assert push("--format", "json") == 3
    captured = capsys.readouterr()
    refused = {item["title"]: item["message"] for item in json.loads(captured.out)["refused"]}
    assert len(refused) == 5
    assert refused["On the tag of kelp"] == f"the tag {'t' * 30!r}... has 300 characters, Zotero takes 255"
    assert refused["On the field of kelp"] == "`abstractNote` has 71,999 bytes, Zotero takes 65,535"
    assert refused["On the bytes of kelp"] == "`abstractNote` has 65,536 bytes, Zotero takes 65,535"
    assert refused["On the name of kelp"] == f"the name {'N' * 30!r}... has 256 characters, Zotero takes 255"
    assert refused["On the extra of kelp"] == "`extra` has 71,999 bytes, Zotero takes 65,535"
    for title, message in refused.items():
        assert f"{title!r}: {message}" in captured.err
    assert titles(server) == ["Learning of kelp forests", "Sorting shells by their colours"]


def test_a_rule_of_the_server_that_is_not_checked(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own message is shown."""
    monkeypatch.setattr(refsync.zotero.push.plan, "limit_violations", lambda *_: ())
    Path("a.bib").write_text(f"{BIB}@misc{{x, title = {{On kelp}}, keywords = {{{'t' * 300}}}}}", encoding="utf-8")
    assert push() == 3
    captured = capsys.readouterr()
    assert "'On kelp': Tag 'tttt" in captured.err
    assert "created                  2" in captured.out
    assert "not done                 1" in captured.out
    assert len(titles(server)) == 2


def test_the_limits_are_those_of_the_server(server: Server) -> None:
    """The server accepts exactly what passes the check of the limits."""

    def taken(**more: Any) -> bool:
        try:
            server.add(PATH, {"itemType": "book", **more})
        except Exception:  # noqa: BLE001
            return False
        return True

    for more in (
        {"abstractNote": "é" * 32_767},
        {"abstractNote": "é" * 32_768},
        {"tags": [{"tag": "t" * 255}]},
        {"tags": [{"tag": "t" * 256}]},
        {"creators": [{"creatorType": "author", "name": "N" * 255}]},
        {"creators": [{"creatorType": "author", "name": "N" * 256}]},
        {"itemType": "note", "note": "n" * 500_000},
        {"itemType": "note", "note": "n" * 500_001},
        {"itemType": "song"},
    ):
        assert taken(**more) is not any(limit_violations({"itemType": "book", **more}, bundled_schema())), list(more)


@pytest.fixture
def newer(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The server has an item type that the bundled schema lacks; the key of such an item."""
    song = {
        "itemType": "song",
        "fields": [{"field": name} for name in ("title", "tempo", "date", "DOI", "citationKey", "extra")],
        "creatorTypes": [{"creatorType": "author", "primary": True}],
    }
    shipped = {**schema._SHIPPED, "version": 99, "itemTypes": [*schema._SHIPPED["itemTypes"], song]}
    fields = {field["field"]: field["field"] for field in song["fields"]}  # type: ignore[index]
    monkeypatch.setattr(schema, "_SHIPPED", shipped)
    monkeypatch.setattr(schema, "VERSION", 99)
    monkeypatch.setattr(schema, "FIELDS", (*schema.FIELDS, "tempo"))
    monkeypatch.setitem(schema.TYPES, "song", schema.ItemType("song", fields, ["author"]))
    fields = {"itemType": "song", "title": "Learning of kelp forests", "tempo": "fast", "DOI": "10.1000/kelp.1"}
    return server.add(PATH, fields)[0]


def test_an_item_type_of_a_newer_schema(server: Server, newer: str) -> None:
    assert push() == 0
    assert server.count(path="/schema") == 1
    assert server.library(PATH).items[newer].data["citationKey"] == "roe2020"
    assert main(["pull", LIBRARY, "-o", "out.bib"]) == 0
    text = Path("out.bib").read_text(encoding="utf-8")
    assert "tempo = {fast}" in text
    assert "entrysubtype = {song}" in text
    server.clear()
    Path("a.bib").write_text(text, encoding="utf-8")
    assert push() == 0
    assert server.count(write=True) == 0


def test_an_item_type_of_a_schema_that_cannot_be_read(
    server: Server, newer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fail("500", times=None, path="/schema")
    Path("a.bib").write_text(f"{BIB}@misc{{song, title = {{On tides}}, entrysubtype = {{song}}}}", encoding="utf-8")
    assert push() == 0
    stored = server.library(PATH).items
    assert titles(server) == ["Learning of kelp forests", "On tides", "Sorting shells by their colours"]
    assert stored[newer].data["tempo"] == "fast"
    assert main(["pull", LIBRARY, "-o", "out.bib"]) == 0
    assert "tempo = {fast}" in Path("out.bib").read_text(encoding="utf-8")
    server.add(
        PATH, {"itemType": "song", "title": "Learning of kelp forests", "DOI": "10.1000/kelp.1", "tempo": "slow"}
    )
    assert main(["dedupe", LIBRARY, "--apply"]) == 0


def test_changed_and_deleted_in_the_middle(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    changed, deleted = server.add(
        PATH,
        {"itemType": "journalArticle", "title": "Learning of kelp forests", "DOI": "10.1000/kelp.1"},
        {"itemType": "book", "title": "Sorting shells by their colours", "creators": [author("Ed", "Poe")]},
    )
    Path("a.bib").write_text(f"{BIB}@misc{{new, title = {{On tides}}}}", encoding="utf-8")

    def act() -> None:
        server.edit(PATH, changed, publicationTitle="Theirs")
        server.library(PATH).erase_items([deleted])

    server.before(1, act, method="POST")
    assert push("--format", "json") == 3
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert refused == {
        "key": deleted,
        "title": "Sorting shells by their colours",
        "message": "was deleted in Zotero meanwhile; left deleted",
    }
    stored = server.library(PATH).items
    assert (stored[changed].data["publicationTitle"], stored[changed].data["citationKey"]) == ("Theirs", "roe2020")
    assert titles(server) == ["Learning of kelp forests", "On tides"]


def author(first: str, last: str) -> dict[str, str]:
    return {"creatorType": "author", "firstName": first, "lastName": last}


# The API key


FAILING: dict[str, Callable[[Server], object]] = {
    "nothing": lambda server: None,
    "the key is refused": lambda server: server.world.keys.clear(),
    "no right to write": lambda server: server.world.keys.update({server.key: rights(12345, write=False)}),
    "a fault": lambda server: server.fail("500", times=None, method="POST"),
    "refused for its rate": lambda server: server.fail("429", times=None),
    "no answer": lambda server: server.fail("timeout", times=None, method="POST"),
    "cut off": lambda server: server.fail("truncate", times=None),
    "locked": lambda server: server.fail("409", times=None, method="POST"),
}


@pytest.mark.parametrize("failing", FAILING)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_key_is_never_printed_or_stored(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, failing: str
) -> None:
    caplog.set_level("DEBUG")
    twins = [{"itemType": "book", "title": "Kelp", "ISBN": "978-3-16-148410-0", "creators": [author("Ann", "Roe")]}] * 2
    server.add(PATH, *twins)
    FAILING[failing](server)
    push("--dry-run", "--format", "json", "-v")
    push("-v")
    main(["dedupe", LIBRARY, "--apply", "-v"])
    main(["apply", "--resume"])
    main(["pull", LIBRARY, "-o", "out.bib", "-v"])
    main(["undo"])
    captured = capsys.readouterr()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert server.key not in captured.out + captured.err + caplog.text
    assert server.key.encode() not in kept
    assert all(server.key not in entry.path + entry.query for entry in server.log)


def test_the_key_is_removed_from_messages_of_the_server(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "S" * 24)
    with monkeypatch.context() as patch:
        patch.setattr("tests.zotero_server.access.early", lambda _world, request: echo(request.token))
        assert push() == 2
    errors = capsys.readouterr().err
    assert "no such key: ..." in errors
    assert "S" * 24 not in errors


def echo(key: str) -> Any:
    from tests.zotero_server.http import bare

    return bare(403, f"no such key: {key}")


# The keyring


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A keyring in memory."""
    keyring = pytest.importorskip("keyring")
    backend = pytest.importorskip("keyring.backend")
    errors = pytest.importorskip("keyring.errors")

    class InMemory(backend.KeyringBackend):  # type: ignore[name-defined,misc]
        priority = 1
        locked = False

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            if self.locked:
                raise errors.KeyringLocked("locked, and nobody opened it")
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    before, mine = keyring.get_keyring(), InMemory()
    keyring.set_keyring(mine)
    monkeypatch.delenv("ZOTERO_API_KEY")
    yield mine
    keyring.set_keyring(before)


def test_the_key_from_the_keyring(server: Server, ring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert push() == 2
    errors = capsys.readouterr().err
    assert "set ZOTERO_API_KEY, or store it in the keyring of the system: keyring set refsync zotero" in errors
    ring.set_password("refsync", "zotero", f"{server.key}\n")
    assert push() == 0
    assert len(titles(server)) == 2


def test_the_environment_overrides_the_keyring(
    server: Server, ring: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.set_password("refsync", "zotero", "x" * 24)
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    assert push() == 0


def test_a_keyring_that_is_locked(ring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ring.locked = True
    assert push() == 2
    assert "that of the system does not open: locked, and nobody opened it" in capsys.readouterr().err


def test_no_keyring_installed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("ZOTERO_API_KEY")
    assert push() == 2
    assert "or store it in the keyring of the system: pip install 'refsync[keyring]'" in capsys.readouterr().err
