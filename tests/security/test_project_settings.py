"""A project brings settings: they name no file outside it, and nothing that is the user's to choose."""

import json
import os
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.config import load_config, load_with_origins
from refsync.errors import ConfigError

SETTINGS = [
    'decisions = "{}"', 'cites = ["{}"]', '[dedup]\ncalibration = "{}"', '[check]\nlibrary = ["{}"]',
    '[check]\nbaseline = "{}"', '[areas]\nmodel = "{}"', '[format]\njournal_table = "{}"',
]  # fmt: skip


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", SETTINGS)
@pytest.mark.parametrize("where", ["absolute", "above", "pattern"])
@pytest.mark.parametrize("name", ["refsync.toml", ".refsync.toml", "pyproject.toml"])
def test_a_project_names_no_file_outside_it(text: str, where: str, name: str, project: Path) -> None:
    victim = project.parent / "home" / "bashrc"
    named = {"absolute": victim.as_posix(), "above": "../home/bashrc", "pattern": "*/../../home/bashrc"}[where]
    text = text.format(named)
    if name == "pyproject.toml":
        text = "[tool.refsync]\n" + text.replace("\n", "\n").replace("[", "[tool.refsync.", text.startswith("["))
        text = text.replace("[tool.refsync]\n[", "[")
    write(name, text)
    with pytest.raises(ConfigError, match="outside the project"):
        load_config()
    assert load_config(name)  # the user's word


@pytest.mark.parametrize("text", SETTINGS)
@pytest.mark.parametrize("named", ["data/refs", "./data/refs"])
def test_files_of_the_project_are_named_as_before(text: str, named: str) -> None:
    write("refsync.toml", text.format(named))
    assert load_config()


def test_in_a_repository_the_whole_repository_is_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".git").mkdir()
    write("team.toml", "profile = 'careful'\n")
    write("paper/refsync.toml", "extend = '../team.toml'\ncites = ['../book/*.tex']\n")
    monkeypatch.chdir("paper")
    assert load_config().profile == "careful"
    write("refsync.toml", "extend = '../../home/own.toml'\n")
    with pytest.raises(ConfigError, match="outside the project"):
        load_config()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("base", ["/dev/zero", "/dev/stdin", "/etc/passwd", "../home/bashrc", "link.toml"])
def test_a_project_extends_no_foreign_file(base: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("link.toml").symlink_to("/dev/zero")
    write("refsync.toml", f"extend = {base!r}\n")
    write("a.bib", "@misc{a}\n")
    assert main(["check", "a.bib"]) == 2
    error = capsys.readouterr().err
    assert "outside the project" in error
    assert "alias" not in error


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_neither_a_pipe_nor_a_huge_file_nor_a_deep_one_hangs() -> None:
    os.mkfifo("pipe.toml")
    write("huge.toml", "# " + "x" * (1 << 20))
    write("deep.toml", "a = " + "[" * 50_000)
    for base, message in (("pipe", "not a file"), ("huge", "too large"), ("deep", "deeply|not valid TOML")):
        write("refsync.toml", f"extend = '{base}.toml'\n")
        with pytest.raises(ConfigError, match=message):
            load_config()


def test_what_is_the_users_to_choose_is_not_the_projects() -> None:
    write("refsync.toml", "[enrich]\ncontact = 'x@evil.example'\ncrossref = 'https://evil.example'\ncache = 'mine'\n")
    loaded = load_with_origins()
    assert {name for _, name in loaded.ignored} == {"enrich.contact", "enrich.crossref", "enrich.cache"}
    assert loaded.config.enrich.cache == ""
    assert loaded.config.enrich.crossref == "https://api.crossref.org"


def test_without_a_home_a_folder_named_like_it_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    write("~/.config/refsync/refsync.toml", "[enrich]\ncontact = 'x@evil.example'\n")
    assert load_config().enrich.contact == ""


def test_a_cache_in_the_project_is_not_believed(capsys: pytest.CaptureFixture[str]) -> None:
    from refsync.enrich.cache import Cache
    from refsync.records import Record

    planted = Record("crossref", 1, "x", type="article", fields={"title": "Moss", "doi": "10.5555/moss.1", "year": "1"})
    with Cache(Path(".refsync/cache"), 30) as cache:
        cache.put("https://api.crossref.org", "doi", {"10.5555/moss.1": [planted]})
    write("a.bib", "@article{a, title = {Moss}, doi = {10.5555/moss.1}}\n")
    main(["enrich", "a.bib", "--offline", "--format", "json", "--service", "crossref"])
    assert json.loads(capsys.readouterr().out)["fills"] == []
