"""`--taxonomy`, and `refsync areas --adapt` with what `tag` and `run` make of it. Texts are invented."""

import json
from pathlib import Path

import pytest

from refsync.classify.fields import DOMAINS
from refsync.cli import main
from tests.cli.areas.library import library, run_json

VISION = """@inproceedings{seg,
  title = {Boundary-aware semantic segmentation of street scenes},
  abstract = {We present a convolutional network for semantic segmentation of images. A boundary branch sharpens object
    contours, and a decoder fuses features. On street-scene benchmarks it improves intersection over union.},
}
"""
LAMENESS = """@article{lame,
  title = {Lameness in dairy herds},
  journal = {Veterinary Record},
  issn = {0042-4900},
}
"""


@pytest.fixture
def mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text(VISION + LAMENESS)
    return tmp_path


def test_each_paper_gets_what_is_right_for_it(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "tag", "refs.bib")
    seg, lame = result["records"]
    assert result["model"] == "fields-2026+arxiv-2026"
    assert seg["primary"] == "cs.CV"
    assert lame["primary"] == "Veterinary"


@pytest.mark.parametrize("taxonomy", ["fields", "both", "arxiv", "auto"])
def test_all_records_have_three_areas_or_more(mixed: Path, taxonomy: str, capsys: pytest.CaptureFixture[str]) -> None:
    for record in run_json(capsys, "tag", "refs.bib", "--taxonomy", taxonomy)["records"]:
        assert len(record["areas"]) >= 3
        if taxonomy == "fields":
            assert all(area["area"] in DOMAINS or area["level"] == "domain" for area in record["areas"])
        if taxonomy == "arxiv":
            assert not any(area["area"] in DOMAINS for area in record["areas"])


def test_run_writes_the_fields_as_keywords(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "refs.bib", "-o", "out.bib", "--taxonomy", "fields", "-q"]) == 0
    assert "keywords = {Veterinary}" in Path("out.bib").read_text()
    assert "keywords = {Computer Science}" in Path("out.bib").read_text()


def test_the_configuration_names_the_taxonomy_and_the_users_own_areas(
    mixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refsync.toml").write_text(
        '[areas]\ntaxonomy = "fields"\n[areas.map]\nanimals = ["Veterinary", "Agricultural and Biological Sciences"]\n'
    )
    seg, lame = run_json(capsys, "tag", "refs.bib")["records"]
    assert lame["primary"] == "animals"
    assert seg["primary"] in ("Computer Science", "Physical Sciences")


def test_a_taxonomy_may_be_a_model_of_the_users_own(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "tag", str(trained / "new.bib"), "--taxonomy", str(trained / "own.npz"))
    assert result["model"] == "own"
    assert main(["tag", str(trained / "new.bib"), "--taxonomy", "filds"]) == 2
    assert "filds" in capsys.readouterr().err


def test_a_library_is_adapted_to_only_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text("".join(VISION.replace("seg,", f"k{n},").replace("street", f"s{n}") for n in range(60)))
    before = run_json(capsys, "tag", "refs.bib")
    adapted = run_json(capsys, "areas", "refs.bib", "--adapt")
    assert adapted["papers"] == 60
    assert adapted["models"]["arxiv-2026"]["cs.CV"] > 0.1
    stored = json.loads(Path("refsync-areas.json").read_text())
    assert stored["schema"] == adapted["schema"] == "refsync.area-shares/1"
    assert main(["tag", "refs.bib", "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert "adapted to refsync-areas.json, the shares of areas in 60 papers" in printed.err
    assert json.loads(printed.out)["records"] != before["records"]
    assert main(["run", "refs.bib", "-o", "out.bib"]) == 0
    assert "adapted to refsync-areas.json" in capsys.readouterr().err
    assert main(["undo"]) == 0
    capsys.readouterr()
    assert main(["undo"]) == 0
    assert not Path("refsync-areas.json").exists()
    capsys.readouterr()
    assert run_json(capsys, "tag", "refs.bib")["records"] == before["records"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "one of --suggest N, --adapt and --topics"),
        (["--adapt", "--suggest", "3"], "one of --suggest N, --adapt and --topics"),
        (["--adapt", "-o", "x.toml"], "cannot be combined with -o"),
        (["--adapt"], "need 30 papers"),
    ],
)
def test_what_areas_needs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(library(6))
    assert main(["areas", "refs.bib", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not Path("refsync-areas.json").exists()


def test_a_damaged_file_of_shares_is_named(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refsync-areas.json").write_text("{}")
    assert main(["tag", "refs.bib"]) == 2
    assert "refsync-areas.json" in capsys.readouterr().err


def test_each_record_has_the_fingerprint_that_answers_name(mixed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seg, lame = run_json(capsys, "tag", "refs.bib")["records"]
    answer = {
        "schema": "refsync.decision/1",
        "kind": "area",
        "a": lame["fingerprint"],
        "value": {"accepted": ["cs.RO"]},
    }
    Path("refsync-decisions.jsonl").write_text(json.dumps(answer) + "\n")
    assert run_json(capsys, "tag", "refs.bib")["records"][1]["primary"] == "cs.RO"
    assert seg["fingerprint"] != lame["fingerprint"]


def test_a_library_far_from_the_models_mix_is_noted_once_not_adapted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(
        "".join(VISION.replace("seg,", f"k{n},").replace("street", f"s{n}") for n in range(120))
    )
    assert main(["tag", "refs.bib"]) == 0
    assert "the mix of areas here is far" in capsys.readouterr().err
    assert main(["tag", "refs.bib", "-q"]) == 0
    assert not capsys.readouterr().err
    assert main(["areas", "refs.bib", "--adapt", "-q"]) == 0
    capsys.readouterr()
    assert main(["tag", "refs.bib"]) == 0
    assert "the mix of areas" not in capsys.readouterr().err
