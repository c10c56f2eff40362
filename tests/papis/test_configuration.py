"""Which folder a library is in."""

from pathlib import Path

import pytest

from refsync.errors import ConfigError, SourceError
from refsync.papis.configuration import find_library
from refsync.papis.library import read_library


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Papis's configuration file, with the libraries `papers` and `books`; the working directory has others."""
    monkeypatch.setenv("PAPIS_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("PAPIS_LIB", raising=False)
    for name in ("config", "first", "second", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / "books").mkdir()
    (tmp_path / "config" / "more").write_text(f"[books]\ndirs = ['{tmp_path}/second', '/x']\n")
    file = tmp_path / "config" / "config"
    file.write_text(
        f"[settings]\ndefault-library = papers\nformat = 100%\n[papers]\ndir = {tmp_path}/first\n"
        f"info-name = card.yml\n[include]\nmore = {tmp_path}/config/more\n"
    )
    return file


def test_names_of_the_configuration(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = find_library("papis:papers")
    assert (library.folder, library.info_name) == (tmp_path / "first", "card.yml")
    assert find_library("papis:").folder == tmp_path / "first"
    assert find_library("papis:books").folder == tmp_path / "second"  # not the folder here
    assert find_library("papis:./books").folder == Path("books")
    assert find_library(f"papis:{tmp_path}/first").info_name == "card.yml"
    monkeypatch.setenv("PAPIS_LIB", "books")
    assert find_library("papis:").folder == tmp_path / "second"
    (tmp_path / "second" / ".papis.config").write_text("[settings]\ninfo-name = mine.yaml\n")
    assert find_library("papis:").info_name == "mine.yaml"


@pytest.mark.parametrize("name", ["../info.yaml", "a/b", "/etc/passwd", ".."])
def test_a_library_names_no_file_outside(config: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "first" / ".papis.config").write_text(f"[settings]\ninfo-name = {name}\n")
    with pytest.raises(ConfigError, match="info-name"):
        find_library("papis:papers")


def test_what_is_not_there(config: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean papis:papers"):
        find_library("papis:paper")
    with pytest.raises(ConfigError, match="names books, papers"):
        find_library("papis:zzz")
    (tmp_path / "first").rmdir()
    with pytest.raises(ConfigError, match="does not exist; correct `dir` in"):
        find_library("papis:papers")
    with pytest.raises(SourceError, match=r"no document \(info.yaml\)"):
        read_library(find_library("papis:./books"))
    config.unlink()
    with pytest.raises(ConfigError, match="name a folder: papis:~/papers"):
        find_library("papis:papers")
    with pytest.raises(ConfigError, match="no default library"):
        find_library("papis:")


def test_a_configuration_that_cannot_be_read(config: Path) -> None:
    config.write_bytes(b"[papers\ndir = x\n")
    with pytest.raises(ConfigError, match="cannot be read"):
        find_library("papis:papers")
    config.write_bytes(b"\xff\xfe[")
    with pytest.raises(ConfigError, match="cannot be read"):
        find_library("papis:papers")
