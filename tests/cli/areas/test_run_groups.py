"""`refsync run --suggest`: groups of papers as keywords or as groups of JabRef, in the same run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex import format as bibtex
from tests.cli.areas.library import SUBJECTS, library


@pytest.fixture
def refs(tmp_path: Path) -> Path:
    path = tmp_path / "refs.bib"
    path.write_text(library(60), encoding="utf-8")
    return path


def run(refs: Path, *options: str) -> dict[str, str]:
    """The values of a field by the ids of the records that a run wrote."""
    out = refs.with_name("out.bib")
    assert main(["run", str(refs), "-o", str(out), "-q", *options]) == 0
    field = "groups" if "groups" in options else "keywords"
    records = bibtex.FORMAT.read(out.read_bytes(), str(out)).records
    return {record.id: record.get(field) for record in records}


def test_groups_are_written_as_keywords_with_a_prefix(refs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {record.id: record.get("keywords") for record in bibtex.FORMAT.read(refs.read_bytes(), "").records}
    written = run(refs, "--suggest", "3", "--format", "json")
    result = json.loads(capsys.readouterr().out)
    assert len(result["groups"]) == 3
    assert all(name.startswith("area:") for name in result["groups"])
    for name, count in result["groups"].items():
        members = [key for key, words in written.items() if name in words.split(", ")]
        assert len(members) == count
        subjects = [int(key.split("x")[1]) % 3 for key in members]
        assert max(map(subjects.count, range(3))) >= 0.8 * count
        word = name.removeprefix("area:")
        assert any(word in SUBJECTS[subject] for subject in SUBJECTS)
    for key, words in written.items():
        assert {*before[key].split(", ")} <= {*words.split(", ")}


def test_groups_of_jabref_have_their_tree(refs: Path) -> None:
    written = run(refs, "--suggest", "3", "--suggest-field", "groups")
    text = refs.with_name("out.bib").read_text(encoding="utf-8")
    used = {name for value in written.values() if value for name in value.split(", ")}
    assert text.count("StaticGroup:") == len(used) == 3
    assert all(f"1 StaticGroup:{name}\\;0\\;1\\;" in text for name in used)
    run(refs)
    assert "jabref-meta" not in refs.with_name("out.bib").read_text(encoding="utf-8")


def test_a_second_run_adds_nothing(refs: Path) -> None:
    first = run(refs, "--suggest", "3")
    again = refs.with_name("again.bib")
    again.write_bytes(refs.with_name("out.bib").read_bytes())
    assert run(again, "--suggest", "3") == first


def test_suggested_groups_are_no_labels_to_learn_from(refs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(refs, "--suggest", "3")
    capsys.readouterr()
    assert main(["train", str(refs.with_name("out.bib")), "--format", "json"]) == 0
    labels = [item["label"] for item in json.loads(capsys.readouterr().out)["labels"]]
    assert labels
    assert not [label for label in labels if label.startswith("area:")]


def test_what_cannot_be_done_is_refused(refs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(refs), "-o", str(refs.with_name("x.bib")), "--suggest", "30"]) == 2
    assert "30 groups need 90 papers" in capsys.readouterr().err
    assert main(["run", str(refs), "-o", str(refs.with_name("x.bib")), "--suggest", "3", "--plan", "p.json"]) == 2
    assert "--suggest with --plan" in capsys.readouterr().err
    assert not refs.with_name("x.bib").exists()


def test_groups_need_none_of_the_packages_for_training(refs: Path) -> None:
    code = (
        "import sys; from refsync.cli import main; main(sys.argv[1:]);"
        "print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    )
    arguments = ["run", str(refs), "-o", str(refs.with_name("out.bib")), "--suggest", "3", "-q"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
