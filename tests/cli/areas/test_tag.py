"""`refsync tag` with a model of the user's own."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from refsync.cli import main
from refsync.formats.bibtex import format as bibtex
from tests.cli.areas.library import SUBJECTS, decide, library, run_json


def test_own_areas_get_a_prefix_and_keep_the_users_keywords(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = trained / "tagged.bib"
    arguments = ["tag", str(trained / "new.bib"), "--model", str(trained / "own.npz"), "--min-probability", "0.5"]
    assert main([*arguments, "-o", str(out)]) == 0
    capsys.readouterr()
    records = bibtex.read(out.read_bytes(), "tagged.bib").records
    expected = [f"unread, area:{list(SUBJECTS)[place % 3]}" for place in range(12)]
    assert (
        sum(
            record.get("keywords").replace(", to-read", "") == want
            for record, want in zip(records, expected, strict=True)
        )
        >= 10
    )
    # A second training ignores what the first model predicted.
    assert main(["train", str(out)]) == 2
    assert "which nobody confirmed" in capsys.readouterr().err
    assert main([*arguments, "-o", str(out), "--field", "topics"]) == 0
    assert "topics = {baking}" in out.read_text(encoding="utf-8")


def test_writing_in_place_changes_nothing_else_and_can_be_undone(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = '% mine\n@string{k = "moss"}\n' + library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "walls"))
    before = before.replace("keywords = {walls},", "keywords = k,", 1).replace("  keywords = {walls},\n", "", 1)
    Path("new.bib").write_text(before, encoding="utf-8")
    arguments = ["tag", "new.bib", "--model", str(trained / "own.npz"), "--min-probability", "0.3", "--write"]
    assert main([*arguments, "--dry-run"]) == 0
    assert "+  keywords = k # {, area:" in capsys.readouterr().out
    assert Path("new.bib").read_text(encoding="utf-8") == before
    assert not Path(".refsync").exists()
    assert main(arguments) == 0
    after = Path("new.bib").read_text(encoding="utf-8")
    assert after.count("area:") >= 10
    assert after.replace(" # {, area:gardens}", "").splitlines()[:2] == before.splitlines()[:2]
    assert [line for line in after.splitlines() if "area:" not in line] == [
        line for line in before.splitlines() if line in after
    ]
    assert main(arguments) == 0  # nothing left to add
    assert Path("new.bib").read_text(encoding="utf-8") == after
    assert main(["undo"]) == 0
    assert Path("new.bib").read_text(encoding="utf-8") == before


def test_answers_about_areas_override_the_model(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["tag", str(trained / "new.bib"), "--model", str(trained / "own.npz"), "--min-probability", "0.3"]
    first = run_json(capsys, *arguments)["records"]
    assert [record["primary"] for record in first[:2]] == ["baking", "gardens"]
    decide(trained, {"rejected": ["baking"]}, {"accepted": ["moss"]})
    try:
        second = run_json(capsys, *arguments)["records"]
    finally:
        (trained / "refsync-decisions.jsonl").unlink()
    assert "baking" not in [area["area"] for area in second[0]["areas"]]
    assert second[0]["primary"] != "baking"
    assert second[1]["areas"][0] == {"area": "moss", "probability": 1.0, "applied": True}
    assert second[1]["primary"] == "moss"
    assert len(second[1]["areas"]) >= 3
    assert second[2:] == first[2:]


@pytest.mark.parametrize("damage", ["cut", "foreign", "pickle", "empty"])
def test_a_bad_model_file_is_refused(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    bad = tmp_path / "bad.npz"
    data = (trained / "own.npz").read_bytes()
    if damage == "cut":
        bad.write_bytes(data[: len(data) // 2])
    elif damage == "foreign":
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr("hello.txt", "moss")
    elif damage == "pickle":
        np.savez(bad, header=np.array([{"a": 1}], object))
    else:
        bad.write_bytes(b"")
    assert main(["tag", str(trained / "new.bib"), "--model", str(bad)]) == 2
    assert "not an area model" in capsys.readouterr().err


def test_impossible_requests_are_reported(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(trained / "own.npz")]
    assert main(["tag", str(trained / "new.bib"), *model, "--dry-run"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--write", "-o", "x.bib"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--prefix", "a,b"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--min-accuracy", "0.999"]) == 0
    assert "reaches no accuracy of 0.999" in capsys.readouterr().err


def test_what_a_record_says_cannot_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(
        "@misc{k\x1b[2J, title = {Gardens \x1b]0;owned\x07 of walls}, keywords = {\x1b[31mred, \x9bblue}}\n"
    )
    for command in ("tag", "train"):
        main([command, str(path), "-q"])
        printed = capsys.readouterr()
        assert not {"\x1b", "\x07", "\x9b"} & {*printed.out, *printed.err}
