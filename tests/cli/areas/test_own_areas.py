"""Own areas from the command line: train, tag, areas, on a small invented library."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refsync.classify import own_areas
from refsync.classify.embedding import SHIPPED, load_embedding
from refsync.classify.model import Model, load_model
from refsync.classify.model_file import write
from refsync.cli import main
from refsync.dedup.profile import fingerprint
from refsync.formats.bibtex import file as bibtex

SUBJECTS = {
    "baking": "sourdough bread dough oven yeast flour crumb fermentation gluten crust hydration kneading".split(),
    "gardens": "soil seeds compost roses pruning shade bulbs hedge lawn mulch weeds pollination".split(),
    "sailing": "wind hull keel mast rudder harbour tide anchor regatta sails rigging current".split(),
}
SHARED = "study methods results measured improved careful comparison simple long observed".split()


def library(papers: int = 60, seed: int = 1, labels: dict[str, str] | None = None) -> str:
    """A .bib of papers of three subjects with their labels, and some that say nothing of the subject."""
    rng = np.random.default_rng(seed)
    entries = []
    for number in range(papers):
        subject = list(SUBJECTS)[number % 3]
        title = " ".join(rng.choice(SUBJECTS[subject], 4, replace=False))
        abstract = " ".join(rng.choice(SUBJECTS[subject] + SHARED, 30))
        keywords = (labels or {}).get(subject, subject) + (", to-read" if number % 4 == 0 else "")
        entries.append(
            f"@article{{p{seed}x{number},\n  title = {{{title.capitalize()} {number}}},\n"
            f"  abstract = {{{abstract}.}},\n  keywords = {{{keywords}}},\n}}\n"
        )
    return "\n".join(entries)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library, more papers without labels, and the model learnt from the library."""
    place = tmp_path_factory.mktemp("own")
    (place / "refs.bib").write_text(library())
    (place / "new.bib").write_text(library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "unread")))
    assert main(["train", str(place / "refs.bib"), "-o", str(place / "own.npz"), "-q"]) == 0
    return place


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == code
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def decide(place: Path, *answers: dict[str, list[str]]) -> None:
    """Answers about the first papers of new.bib."""
    records = bibtex.read((place / "new.bib").read_bytes(), "new.bib").records
    lines = [
        json.dumps({"schema": "refsync.decision/1", "kind": "area", "a": fingerprint(record), "value": answer})
        for record, answer in zip(records, answers, strict=False)
    ]
    (place / "refsync-decisions.jsonl").write_text("\n".join(lines))


# Training


def test_train_says_what_was_learnt_and_what_not(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "train", str(trained / "refs.bib"))
    assert result["schema"] == "refsync.train/1"
    assert [item["label"] for item in result["labels"]] == list(SUBJECTS)
    assert all(item["applied"] and item["f1"] > 0.8 and item["papers"] == 20 for item in result["labels"])
    assert result["cross_validated"]["accuracy"] > 0.9 > result["cross_validated"]["accuracy_commonest"]
    assert [(item["label"], item["papers"]) for item in result["left_out"]] == [("to-read", 15)]
    assert result["output"] is None
    assert not list(trained.glob("*.tmp"))


def test_a_wrong_label_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = library().replace("keywords = {gardens}", "keywords = {sailing}", 1)
    (tmp_path / "refs.bib").write_text(text)
    doubts = run_json(capsys, "train", str(tmp_path / "refs.bib"))["doubts"]
    assert [(item["id"], item["label"], item["rather"]) for item in doubts[:1]] == [("p1x1", "sailing", "gardens")]


def test_folders_and_files_are_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, (subject, other) in enumerate(zip(SUBJECTS, ("crafts/food", "outside", "outside"), strict=True)):
        folder = tmp_path / "lib" / other
        folder.mkdir(parents=True, exist_ok=True)
        entries = library(45).split("\n\n")[number::3]
        (folder / f"{subject}.bib").write_text("\n\n".join(entries).replace(f"{{{subject}", "{"))
    (tmp_path / "lib" / "moss.bib").write_text("@misc{m, title = {Moss on walls}}")
    result = run_json(capsys, "train", str(tmp_path / "lib"))
    assert [item["label"] for item in result["labels"]] == ["crafts/food", "outside"]
    assert {"moss", "crafts"} <= {item["label"] for item in result["left_out"]}


def test_a_label_with_few_papers_is_only_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = library().split("\n\n")
    few = [entry for place, entry in enumerate(entries) if place % 3 or place < 18]
    (tmp_path / "refs.bib").write_text("\n\n".join(few))
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
        ("", "no BibTeX entry|nothing in it|is empty"),
    ],
)
def test_a_library_of_which_nothing_can_be_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (tmp_path / "refs.bib").write_text(text)
    assert main(["train", str(tmp_path / "refs.bib"), "-o", str(tmp_path / "own.npz")]) == 2
    error = capsys.readouterr().err
    assert any(part in error for part in message.split("|")), error
    assert not (tmp_path / "own.npz").exists()


@pytest.mark.parametrize("output", ["own.bib", "none/own_areas.npz"])
def test_a_model_is_not_written_just_anywhere(trained: Path, capsys: pytest.CaptureFixture[str], output: str) -> None:
    assert main(["train", str(trained / "refs.bib"), "-o", str(trained / output)]) == 2
    assert "own" in capsys.readouterr().err


def test_the_same_library_gives_the_same_model() -> None:
    rng = np.random.default_rng(3)
    examples = [
        own_areas.Example((" ".join(rng.choice(SUBJECTS[label], 8)), ""), frozenset([label]))
        for label in SUBJECTS
        for _ in range(8)
    ]
    base, embedding = load_model().weights, load_embedding()
    models = [own_areas.train(examples, list(SUBJECTS), base, embedding).weights for _ in range(2)]
    assert write(models[0]) == write(models[1])
    found = Model(models[0]).probabilities([one.paper for one in examples]).argmax(1)
    assert [list(SUBJECTS)[place] for place in found] == [*(one.labels for one in examples)] or (
        np.mean([list(SUBJECTS)[place] in one.labels for place, one in zip(found, examples, strict=True)]) > 0.9
    )


def test_the_shipped_embedding_is_small_and_whole() -> None:
    embedding = load_embedding()
    assert SHIPPED.stat().st_size < 6_000_000
    assert len(embedding.words) == len(set(embedding.words)) == len(embedding.vectors) == len(embedding.idf)
    row = {word: place for place, word in enumerate(embedding.words)}
    near = embedding.vectors[[row["galaxy"], row["galaxies"], row["compiler"]]]
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    assert near[0] @ near[1] > 0.5 > near[0] @ near[2]


# Tagging


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
    # A second training learns nothing from what the first one guessed.
    assert main(["train", str(out)]) == 2
    assert "which nobody confirmed" in capsys.readouterr().err
    assert main([*arguments, "-o", str(out), "--field", "topics"]) == 0
    assert "topics = {baking}" in out.read_text()


def test_writing_in_place_changes_nothing_else_and_can_be_undone(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = '% mine\n@string{k = "moss"}\n' + library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "walls"))
    before = before.replace("keywords = {walls},", "keywords = k,", 1).replace("  keywords = {walls},\n", "", 1)
    Path("new.bib").write_text(before)
    arguments = ["tag", "new.bib", "--model", str(trained / "own.npz"), "--min-probability", "0.3", "--write"]
    assert main([*arguments, "--dry-run"]) == 0
    assert "+  keywords = k # {, area:" in capsys.readouterr().out
    assert Path("new.bib").read_text() == before
    assert not Path(".refsync").exists()
    assert main(arguments) == 0
    after = Path("new.bib").read_text()
    assert after.count("area:") >= 10
    assert after.replace(" # {, area:gardens}", "").splitlines()[:2] == before.splitlines()[:2]
    assert [line for line in after.splitlines() if "area:" not in line] == [
        line for line in before.splitlines() if line in after
    ]
    assert main(arguments) == 0  # again: nothing to add
    assert Path("new.bib").read_text() == after
    assert main(["undo"]) == 0
    assert Path("new.bib").read_text() == before


def test_answers_about_areas_are_obeyed(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_answers_teach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "refs.bib").write_text(library(30))
    (tmp_path / "new.bib").write_text(library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "unread")))
    answers = [{"accepted": ["baking"], "rejected": ["sailing"]}, {"rejected": ["gardens"]}]
    files = [str(tmp_path / name) for name in ("refs.bib", "new.bib")]
    before = run_json(capsys, "train", *files)
    decide(tmp_path, *answers)
    after = run_json(capsys, "train", *files)
    assert after["labelled"] == before["labelled"] + 2
    assert [item["papers"] - 10 for item in after["labels"]] == [1, 0, 0]


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


def test_what_is_asked_for_but_cannot_be_is_told(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(trained / "own.npz")]
    assert main(["tag", str(trained / "new.bib"), *model, "--dry-run"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--write", "-o", "x.bib"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--prefix", "a,b"]) == 2
    assert main(["tag", str(trained / "new.bib"), *model, "--min-accuracy", "0.999"]) == 0
    assert "reaches no accuracy of 0.999" in capsys.readouterr().err


def test_another_language_is_learnt_from_its_own_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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

    (tmp_path / "refs.bib").write_text("\n".join(entry(n, list(subjects)[n % 2]) for n in range(40)))
    (tmp_path / "new.bib").write_text("\n".join(entry(n, "read") for n in range(6)))
    model = str(tmp_path / "own.npz")
    assert main(["train", str(tmp_path / "refs.bib"), "-o", model]) == 0
    assert "what ships is English" in capsys.readouterr().err
    tags = run_json(capsys, "tag", str(tmp_path / "new.bib"), "--model", model)["records"]
    assert [record["primary"] for record in tags] == [*subjects] * 3
    (tmp_path / "other.bib").write_text("@misc{f, title = {Les effets de la levure sur la croûte du pain de seigle}}")
    (other,) = run_json(capsys, "tag", str(tmp_path / "other.bib"), "--model", model)["records"]
    assert other["abstained"]


# Evaluating


def test_evaluate_leaves_out_what_was_learnt(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(trained / "own.npz")]
    (trained / "more.bib").write_text(library(15, seed=5))
    result = run_json(capsys, "evaluate", str(trained / "more.bib"), str(trained / "refs.bib"), *model)
    assert (result["papers"], result["left_out"]["trained_on"]) == (15, 60)
    assert result["accuracy"] > 0.9
    assert len(result["top"]) == 3
    assert main(["evaluate", str(trained / "refs.bib"), *model]) == 2
    assert "trained on all" in capsys.readouterr().err
    assert main(["evaluate", str(trained / "refs.bib"), *model, "--all"]) == 0
    assert "likeliest area is the paper's first" in capsys.readouterr().out
    assert main(["evaluate", str(trained / "new.bib"), *model]) == 2
    assert "has an area that the model knows" in capsys.readouterr().err


# Groups for a library without labels


def test_groups_are_proposed_accepted_and_learnt(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library_ = str(trained / "refs.bib")
    for name in ("groups.toml", "groups.json"):
        proposal = tmp_path / name
        result = run_json(capsys, "areas", library_, "--suggest", "3", "-o", str(proposal))
        assert sum(len(group["papers"]) for group in result["groups"]) == 60
        for group in result["groups"]:
            subjects = Counter(int(paper["id"].split("x")[1]) % 3 for paper in group["papers"])
            ((subject, count),) = subjects.most_common(1)
            assert count >= 0.8 * len(group["papers"])
            assert set(" ".join(group["terms"]).split()) & {*SUBJECTS[list(SUBJECTS)[subject]]}
        assert main(["train", library_, "--groups", str(proposal)]) == 2
        assert "no group in it is accepted" in capsys.readouterr().err
        text = proposal.read_text().replace("accept = false", "accept = true").replace("false", "true")
        proposal.write_text(text)
        learnt = run_json(capsys, "train", library_, "--groups", str(proposal), "--labels", "none")
        assert sorted(item["label"] for item in learnt["labels"]) == sorted(x["name"] for x in result["groups"])


@pytest.mark.parametrize("content", ["", "moss", "schema = 'x'", "{", '{"schema": "refsync.groups/1", "groups": [3]}'])
def test_a_bad_proposal_is_refused(trained: Path, tmp_path: Path, content: str) -> None:
    for name in ("groups.toml", "groups.json"):
        (tmp_path / name).write_text(content)
        assert main(["train", str(trained / "refs.bib"), "--groups", str(tmp_path / name)]) == 2


def test_too_few_papers_for_so_many_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.bib").write_text(library(5))
    assert main(["areas", str(tmp_path / "few.bib"), "--suggest", "4"]) == 2
    assert "4 groups need 12 papers" in capsys.readouterr().err
