"""`refsync train` on a small invented library."""

from pathlib import Path

import numpy as np
import pytest

from refsync.cli import main
from tests.cli.areas.library import SUBJECTS, decide, library, run_json


def test_train_reports_labels_learnt_and_left_out(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "train", str(trained / "refs.bib"))
    assert result["schema"] == "refsync.train/1"
    assert [item["label"] for item in result["labels"]] == list(SUBJECTS)
    assert all(item["applied"] and item["f1"] > 0.8 and item["papers"] == 20 for item in result["labels"])
    assert result["cross_validated"]["accuracy"] > 0.9 > result["cross_validated"]["accuracy_commonest"]
    assert [(item["label"], item["papers"]) for item in result["left_out"]] == [("to-read", 15)]
    assert result["output"] is None
    assert not list(trained.glob("*.tmp"))


def test_a_wrong_label_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = library().replace("keywords = {gardens}", "keywords = {sailing}", 1)
    (tmp_path / "refs.bib").write_text(text, encoding="utf-8")
    doubts = run_json(capsys, "train", str(tmp_path / "refs.bib"))["doubts"]
    assert [(item["id"], item["label"], item["rather"]) for item in doubts[:1]] == [("p1x1", "sailing", "gardens")]


def test_folders_and_files_are_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, (subject, other) in enumerate(zip(SUBJECTS, ("crafts/food", "outside", "outside"), strict=True)):
        folder = tmp_path / "lib" / other
        folder.mkdir(parents=True, exist_ok=True)
        entries = library(45).split("\n\n")[number::3]
        (folder / f"{subject}.bib").write_text("\n\n".join(entries).replace(f"{{{subject}", "{"), encoding="utf-8")
    (tmp_path / "lib" / "moss.bib").write_text("@misc{m, title = {Moss on walls}}", encoding="utf-8")
    result = run_json(capsys, "train", str(tmp_path / "lib"))
    assert [item["label"] for item in result["labels"]] == ["crafts/food", "outside"]
    assert {"moss", "crafts"} <= {item["label"] for item in result["left_out"]}


def test_a_label_with_few_papers_is_only_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = library().split("\n\n")
    few = [entry for place, entry in enumerate(entries) if place % 3 or place < 18]
    (tmp_path / "refs.bib").write_text("\n\n".join(few), encoding="utf-8")
    result = run_json(capsys, "train", str(tmp_path / "refs.bib"), "-o", str(tmp_path / "own.npz"))
    (baking,) = [item for item in result["labels"] if item["label"] == "baking"]
    assert (baking["papers"], baking["applied"], baking["why"]) == (6, False, "6 papers; 10 are needed")
    tags = run_json(
        capsys, "tag", str(tmp_path / "refs.bib"), "--model", str(tmp_path / "own.npz"), "--min-probability", "0.01"
    )
    areas = [area for record in tags["records"] for area in record["areas"]]
    assert any(area["area"] == "baking" and area["probability"] > 0.5 for area in areas)
    assert not any(area["area"] == "baking" and area["applied"] for area in areas)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@misc{a, title = {Moss}}", "no labels"),
        (library(30, labels=dict.fromkeys(SUBJECTS, "all of it")), "one label that can be learnt, 'all of it'"),
        (library(6), "no label that can be learnt"),
        (library(30, labels={"baking": "cs.CV", "gardens": "area:x", "sailing": "2024"}), "arXiv category"),
        ("", "no BibTeX entry|nothing in it|empty"),
    ],
)
def test_a_library_without_learnable_labels_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (tmp_path / "refs.bib").write_text(text, encoding="utf-8")
    assert main(["train", str(tmp_path / "refs.bib"), "-o", str(tmp_path / "own.npz")]) == 2
    error = capsys.readouterr().err
    assert any(part in error for part in message.split("|")), error
    assert not (tmp_path / "own.npz").exists()


@pytest.mark.parametrize("output", ["own.bib", "none/own_areas.npz"])
def test_unsuitable_model_paths_are_refused(trained: Path, capsys: pytest.CaptureFixture[str], output: str) -> None:
    assert main(["train", str(trained / "refs.bib"), "-o", str(trained / output)]) == 2
    assert "own" in capsys.readouterr().err


def test_answers_are_training_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "refs.bib").write_text(library(30), encoding="utf-8")
    (tmp_path / "new.bib").write_text(library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "unread")), encoding="utf-8")
    answers = [{"accepted": ["baking"], "rejected": ["sailing"]}, {"rejected": ["gardens"]}]
    files = [str(tmp_path / name) for name in ("refs.bib", "new.bib")]
    before = run_json(capsys, "train", *files)
    decide(tmp_path, *answers)
    after = run_json(capsys, "train", *files)
    assert after["labelled"] == before["labelled"] + 2
    assert [item["papers"] - 10 for item in after["labels"]] == [1, 0, 0]


def test_another_language_can_be_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subjects = {"Backen": "Sauerteig Hefe Roggen Kruste Krume Gare", "Garten": "Boden Samen Rosen Hecke Rasen Unkraut"}
    rng = np.random.default_rng(4)

    def entry(number: int, keywords: str) -> str:
        text = list(subjects.values())[number % 2].split()
        title = " und ".join(rng.choice(text, 2, replace=False))
        abstract = " und der ".join(rng.choice(text, 8))
        return (
            f"@misc{{m{number}{keywords[:1]}, title = {{Über {title} {number}}}, keywords = {{{keywords}}},\n"
            f"  abstract = {{Wir untersuchen die Wirkung von {abstract} auf das Ergebnis.}}}}"
        )

    (tmp_path / "refs.bib").write_text("\n".join(entry(n, list(subjects)[n % 2]) for n in range(40)), encoding="utf-8")
    (tmp_path / "new.bib").write_text("\n".join(entry(n, "read") for n in range(6)), encoding="utf-8")
    model = str(tmp_path / "own.npz")
    assert main(["train", str(tmp_path / "refs.bib"), "-o", model]) == 0
    assert "is English" in capsys.readouterr().err
    tags = run_json(capsys, "tag", str(tmp_path / "new.bib"), "--model", model)["records"]
    assert [record["primary"] for record in tags] == [*subjects] * 3
    (tmp_path / "other.bib").write_text(
        "@misc{f, title = {Les effets de la levure sur la croûte du pain de seigle}}", encoding="utf-8"
    )
    (other,) = run_json(capsys, "tag", str(tmp_path / "other.bib"), "--model", model)["records"]
    assert other["abstained"]


def test_labels_that_look_like_one_are_offered_and_merged_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = library(60).replace("{gardens}", "{garden}", 10)
    (tmp_path / "refs.bib").write_text(text)
    path = str(tmp_path / "refs.bib")
    found = run_json(capsys, "train", path)
    assert found["similar"] == [["garden", "gardens"]]
    assert {"garden", "gardens"} <= {item["label"] for item in found["labels"]}
    assert main(["train", path]) == 0
    assert "garden = gardens" in capsys.readouterr().out
    merged = run_json(capsys, "train", path, "--merge-similar")
    assert sum(item["label"] in ("garden", "gardens") for item in merged["labels"]) == 1
    assert merged["similar"] == []
