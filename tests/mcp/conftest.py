from pathlib import Path

import pytest
from mcp.server import MCPServer

from refsync.mcp.folders import Folders
from refsync.mcp.server import server_of
from refsync.mcp.tools import Tools
from tests.mcp.assistant import PEAT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that may be used, the working directory, with one bibliography; files beside it may not."""
    home = tmp_path / "papers"
    home.mkdir()
    (home / "refs.bib").write_text(PEAT, encoding="utf-8")
    (tmp_path / "outside.bib").write_text("@misc{secret, title = {Outside}}\n", encoding="utf-8")
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def tools(folder: Path) -> Tools:
    return Tools(Folders.of([str(folder)]))


@pytest.fixture
def server(tools: Tools) -> MCPServer[None]:
    """The server in this process, without the guard, which would hold for all later tests."""
    return server_of(tools, lambda: None, client_asks=False)
