"""Which server is asked: the command line, the environment, the user's own configuration, never a project."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.zotero.web.address import LOCAL_ENDPOINT, parse_address
from tests.zotero_server import Server

BIB = "@article{moss, title = {The Patience of Moss}, author = {Roe, Ann}, year = {2020}, journal = {Walls}}\n"
LIBRARY = "zotero:user/12345"
NOWHERE = "http://127.0.0.1:9/api"


@pytest.fixture
def own(client_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's own configuration file, in an environment that names no server."""
    monkeypatch.delenv("ZOTERO_ENDPOINT")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    (tmp_path / "own" / "refsync").mkdir(parents=True)
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    return tmp_path / "own" / "refsync" / "refsync.toml"


def configure(path: Path, endpoint: str) -> None:
    path.write_text(f'[zotero]\nendpoint = "{endpoint}"\n', encoding="utf-8")


def test_every_command_asks_the_server_of_the_users_own_configuration(
    own: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(own, server.url)
    assert main(["push", "refs.bib", LIBRARY]) == 0
    assert main(["pull", LIBRARY, "-o", "out.bib"]) == 0
    assert "Patience of Moss" in Path("out.bib").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["convert", LIBRARY, "--to", "ris"]) == 0
    assert "Patience of Moss" in capsys.readouterr().out
    assert main(["dedupe", LIBRARY]) == 0
    assert main(["sync", "refs.bib", LIBRARY, "--dry-run"]) == 0
    assert main(["undo"]) == 0


def test_a_project_names_no_server(own: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    configure(Path("refsync.toml"), NOWHERE)
    configure(own, server.url)
    assert main(["push", "refs.bib", LIBRARY]) == 0
    assert "`zotero.endpoint` is read from your own configuration only" in capsys.readouterr().err
    assert main(["convert", LIBRARY, "--to", "ris"]) == 0


@pytest.mark.parametrize("order", [0, 1])
def test_a_file_that_the_user_names_names_it_too(own: Path, server: Server, order: int) -> None:
    configure(own, NOWHERE)
    configure(Path("mine.toml"), server.url)
    words = ["--config", "mine.toml", "refs.bib", LIBRARY]
    assert main(["push", *(words if order else [*words[2:], *words[:2]])]) == 0


def test_the_command_line_and_the_environment_come_first(
    own: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(own, NOWHERE)
    assert main(["pull", LIBRARY, "-o", "a.bib", "--endpoint", server.url]) == 0
    monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
    assert main(["pull", LIBRARY, "-o", "b.bib"]) == 0
    assert main(["convert", LIBRARY, "--to", "ris"]) == 0


def test_a_server_elsewhere_does_not_stand_for_the_program_on_this_computer() -> None:
    assert parse_address("zotero:local", "https://zotero.example.org").endpoint == LOCAL_ENDPOINT
    assert parse_address("zotero:local", NOWHERE).endpoint == NOWHERE
    assert parse_address(LIBRARY, "https://zotero.example.org").endpoint == "https://zotero.example.org"
