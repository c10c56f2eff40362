"""Areas as tags, the rules for entries, and a library as an input of the other commands."""

import json
from pathlib import Path

import pytest
import yaml

import refsync
from refsync.cli import main
from tests.papis.libraries import KELP, content_of, write_library


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, in which `papers` is a library."""
    monkeypatch.chdir(tmp_path)
    return write_library(tmp_path / "papers")


@pytest.mark.parametrize("option", ["--write", "--apply"])
def test_areas_become_tags(library: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    write_library(library, {"two/info.yaml": KELP.replace("of kelp", "of moss") + "tags: moss, dry\n"})
    write_library(library, {"three/info.yaml": KELP.replace("of kelp", "of fern") + "tags: {a: 1}\n"})
    before = content_of(library)
    assert main(["tag", "papis:papers", option]) == 0
    printed = capsys.readouterr()
    assert "papis:papers: 2 documents changed" in printed.out
    assert "three/info.yaml:1: not tagged: 'tags' is a mapping" in printed.err
    after = content_of(library)
    assert after["ünder/kelp é/info.yaml"] == KELP.replace("title", "tags:\n- cs.CV\ntitle").encode()
    assert str(yaml.safe_load(after["two/info.yaml"] or b"")["tags"]).startswith("moss, dry, cs.")
    assert {name for name in after if after[name] != before[name]} == {"ünder/kelp é/info.yaml", "two/info.yaml"}
    assert main(["tag", "papis:papers", option]) == 0
    assert "no areas to add" in capsys.readouterr().out
    assert main(["undo", "--in", "papers"]) == 0
    assert content_of(library) == before


def test_a_check_names_file_and_line(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_library(library, {
        "x/info.yaml": "title: Fern\nyear: 20200\nref: Poe2021\ndoi: 11.5555/x\ntype: article\nauthor: Fern, F.\n",
        "y/info.yaml": "title: [\n",
    })  # fmt: skip
    assert main(["check", "papis:papers", "--format", "json", "--select", "RS1,RS2,RS5,RS6"]) == 2
    printed = capsys.readouterr()
    assert "papers/y/info.yaml:2: not YAML" in printed.err
    found = {(item["code"], item["source"], item["line"]) for item in json.loads(printed.out)["findings"]}
    assert {
        ("RS101", "papers/roe-again/info.yaml", 13),
        ("RS607", "papers/ünder/kelp é/info.yaml", 2),
        ("RS504", "papers/x/info.yaml", 2),
        ("RS501", "papers/x/info.yaml", 4),
        ("RS601", "papers/x/info.yaml", 3),
    } <= found
    assert {code for code, file, _ in found if file.endswith("kelp é/info.yaml")} >= {"RS607"}
    assert any(code in ("RS201", "RS202") for code, _, _ in found)  # one ref for two papers


def test_a_library_is_an_input_of_the_other_commands(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("new.bib").write_text("@article{n, title={The Patience of Moss: How Long It Waits}, doi={10.5555/moss}}\n")
    assert main(["dedupe", "new.bib", "--against", "papis:papers"]) == 0
    assert "already there" in capsys.readouterr().out
    assert main(["run", "papis:papers", "-o", "out.bib", "--no-tags", "--profile", "screening"]) == 0
    text = Path("out.bib").read_text(encoding="utf-8")
    assert text.count("@") == 2
    assert f"file = {{{library / 'roe-2020' / 'moss.pdf'};" in text
    assert "roe-2020/info.yaml:Roe2020" in text
    assert "papis " in capsys.readouterr().out  # all documents are of one database
    assert main(["explain", "papis:papers", "--pair", "Roe2020", "roe20"]) == 0
    assert main(["convert", "papis:papers", "papers/roe-2020/info.yaml", "-q"]) == 0
    assert capsys.readouterr().out.count("@article{") == 2  # read once
    assert [record.id for record in refsync.read_sources("papis:papers").records] == ["Roe2020", "roe20", "Poe2021"]
    assert content_of(library)


def test_answers_are_kept_in_the_folder_of_the_library(library: Path) -> None:
    Path("papers/refsync.toml").write_text("[merge]\nkeep = 'first'\n")
    assert main(["dedupe", "papis:papers", "--write", "-q"]) == 0
    assert (library / "roe-2020").exists()
