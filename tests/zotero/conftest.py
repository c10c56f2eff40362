"""One Zotero server for all tests, which starts each of them with empty libraries."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import refsync.zotero.web.http
from tests.zotero.fault_injection import memory_folder
from tests.zotero_server import Server, rights, zotero_server
from tests.zotero_server.state import World

READER, MEMBER = "R" * 24, "M" * 24
"""API keys that may not write: one to the user's library, one to the group's."""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory, if the system has one: runs wait for the disk at every step."""
    with TemporaryDirectory(dir=memory_folder()) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def running_server() -> Iterator[tuple[Server, World]]:
    """The server, and its state with empty libraries."""
    keys = {READER: rights(12345, write=False), MEMBER: rights(12345, groups={"7": {"library": True}})}
    with zotero_server(users={12345: "ada", 2: "eve"}, groups={7: "Lab"}, keys=keys) as server:
        yield server, server.save()


@pytest.fixture
def server(running_server: tuple[Server, World]) -> Server:
    """The server with empty libraries."""
    server, empty = running_server
    server.restore(empty)
    return server


@pytest.fixture
def client_environment(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in an empty folder, use the server, and do not wait before they repeat a request."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
    monkeypatch.setattr(refsync.zotero.web.http.time, "sleep", lambda _seconds: None)
