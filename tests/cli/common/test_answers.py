"""Remembered answers in the commands: `run`, `dedupe` and `check` apply them."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.decisions import (
    FILE_NAME,
    append,
)
from refsync.dedup.profile import fingerprint
from refsync.formats.bibtex import format as bibtex
from tests.decisions.answer_lines import answer_line

ONE = """\
@article{doe2020, title = {The Patience of Moss}, author = {Doe, J.}, journal = {J. M.}, year = 2020, note = {see p. 3}}
"""
TWO = """\
@article{again, title = {The Patience of Moss on Walls}, author = {Doe, J.}, journal = "J. of Moss", year = 2020}
"""


def write_files(folder: Path, **value: Any) -> list[str]:
    """Write two entries that the model does not merge, and the answer that they are the same paper."""
    one, two = bibtex.read((ONE + TWO).encode(), "x").records
    fingerprints = fingerprint(one), fingerprint(two)
    (folder / "refs.bib").write_text(ONE + TWO, encoding="utf-8")
    fields = {
        "journal": {"from": fingerprints[1]},
        "title": {"text": "Moss & Walls"},
        "note": {"text": ""},
        "doi": {"text": "10.5555/m_1"},
    }
    append(folder / FILE_NAME, [answer_line("same", *fingerprints, fields=fields, **value)])
    return list(fingerprints)


def test_run_writes_the_chosen_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    for command in ("run", "dedupe"):
        assert main([command, "refs.bib", "-o", f"{command}.bib", "-q"]) == 0
        (record,) = bibtex.read(Path(f"{command}.bib").read_bytes(), "out").records
        assert record.fields["journal"] == "J. of Moss"
        assert record.fields["title"] == "Moss \\& Walls"
        assert record.fields["doi"] == "10.5555/m_1"
        assert "note" not in record.fields
    for ledger in Path(".refsync/runs").glob("*/ledger.jsonl"):
        assert '"note": "see p. 3"' in ledger.read_text(encoding="utf-8")


def test_a_merge_in_place_writes_only_the_chosen_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == (
        "@article{doe2020, title = {Moss \\& Walls}, author = {Doe, J.}, journal = {J. of Moss}, year = 2020, "
        "doi = {10.5555/m_1}}\n"
    )
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == ONE + TWO


def test_check_applies_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fingerprints = write_files(tmp_path)
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1  # by the answer they are the same paper: an error
    assert "RS102" in capsys.readouterr().out
    assert main(["check", "refs.bib", "--select", "RS1", "--fix"]) == 1
    assert "title = {Moss \\& Walls}" in Path("refs.bib").read_text(encoding="utf-8")
    equal = TWO + TWO.replace("again", "third")
    Path("refs.bib").write_text(equal, encoding="utf-8")
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1
    append(Path(FILE_NAME), [answer_line("not-duplicate", fingerprints[1], fingerprints[1])])
    assert main(["check", "refs.bib", "--select", "RS1"]) == 0
    capsys.readouterr()
    append(Path(FILE_NAME), [answer_line("same", fingerprints[1], fingerprints[1])])
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1
    assert "says 'same', but line 2 says 'not-duplicate'; both are ignored" in capsys.readouterr().err


def test_versions_keep_the_answered_relation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fingerprints = write_files(tmp_path)
    Path(FILE_NAME).write_text(
        answer_line("version-of", fingerprints[1], fingerprints[0], relation="preprint-of"), encoding="utf-8"
    )
    assert main(["dedupe", "refs.bib", "--format", "json"]) == 0
    (link,) = json.loads(capsys.readouterr().out)["versions"]
    assert [member["id"] for member in link["members"]] == ["again", "doe2020"]
    assert link["relation"] == "preprint-of"
    assert main(["check", "refs.bib", "--select", "RS1"]) == 0
    assert "is a preprint of 'doe2020'" in capsys.readouterr().out


def test_papers_that_the_library_has_by_an_answer_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    Path("lib.bib").write_text(ONE, encoding="utf-8")
    Path("new.bib").write_text(TWO, encoding="utf-8")
    assert main(["dedupe", "new.bib", "--against", "lib.bib", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["unique"] == 0


def test_a_second_file_of_answers_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        Path(name).mkdir()
        write_files(Path(name))
    assert main(["dedupe", "a/refs.bib", "b/refs.bib", "a/../a/refs.bib"]) == 0
    messages = capsys.readouterr().err
    assert f"b/{FILE_NAME}: not read: the answers in a/{FILE_NAME} are" in messages
    assert messages.count("not read") == 1
