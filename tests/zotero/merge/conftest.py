"""Fixtures of the tests of merging: a library with duplicates, and its state after an undisturbed merge."""

from typing import Any

import pytest

import refsync.zotero.web.http
from tests.zotero.merge.samples import content, dedupe, fill
from tests.zotero_server import Server
from tests.zotero_server.state import World


@pytest.fixture(scope="package")
def filled(running_server: tuple[Server, World]) -> World:
    """The state of the server with a library that has duplicates."""
    server, empty = running_server
    server.restore(empty)
    fill(server)
    return server.save()


@pytest.fixture
def server(running_server: tuple[Server, World], filled: World) -> Server:
    server, _ = running_server
    server.restore(filled)
    return server


@pytest.fixture(autouse=True)
def short_timeout(client_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.2)


@pytest.fixture(scope="package")
def merged(
    running_server: tuple[Server, World], filled: World, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], int]:
    """The items after an undisturbed merge, and how many requests it takes."""
    server, _ = running_server
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("merged"))
        patch.setenv("ZOTERO_API_KEY", server.key)
        patch.setenv("ZOTERO_ENDPOINT", server.url)
        server.restore(filled)
        assert dedupe("--apply") == 0
        result = content(server), server.count()
        server.restore(filled)
        return result
