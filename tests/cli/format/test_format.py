"""`refsync format`: what it prints and writes, and its exit codes."""

import io
import json
from pathlib import Path

import pytest

from refsync.cli import main

TEXT = "@Article{Doe, Title = {Kelp}, Author = {Doe, Jane}, Year = 1999}\n"
MINIMAL = "@article{Doe,\n  title = {Kelp},\n  author = {Doe, Jane},\n  year = 1999,\n}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "refs.bib").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder: Path, name: str = "refs.bib") -> str:
    return (folder / name).read_bytes().decode()


@pytest.mark.parametrize(("option", "code"), [([], 0), (["--check"], 1), (["--diff"], 0), (["--check", "--diff"], 1)])
def test_nothing_is_written_without_write(
    folder: Path, option: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["format", "refs.bib", "--preset", "minimal", *option]) == code
    out = capsys.readouterr().out
    assert ("+@article{Doe," if "--diff" in option else "refs.bib: would be formatted: 1 of 1 entry changed") in out
    assert read(folder) == TEXT
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]


def test_write_undo_and_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "refs.bib", "--preset", "minimal", "--write"]) == 0
    assert "refs.bib: formatted: 1 of 1 entry changed" in capsys.readouterr().out
    assert read(folder) == MINIMAL
    assert main(["format", "refs.bib", "--preset", "minimal", "--check"]) == 0
    assert main(["format", "refs.bib", "--preset", "minimal", "--write"]) == 0
    assert "formatted already" in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert read(folder) == TEXT


def test_settings_come_from_the_configuration_and_options_override_them(folder: Path) -> None:
    (folder / "refsync.toml").write_text(
        '[format]\npreset = "minimal"\nalign = "auto"\nindent = "tab"\n', encoding="utf-8"
    )
    assert main(["format", "refs.bib", "--write", "--indent", "1"]) == 0
    assert read(folder) == "@article{Doe,\n title  = {Kelp},\n author = {Doe, Jane},\n year   = 1999,\n}\n"


def test_without_settings_nothing_changes_and_a_note_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "refs.bib", "--write"]) == 0
    assert "no option is set" in capsys.readouterr().err
    assert read(folder) == TEXT


def test_keys_with_documents(folder: Path) -> None:
    (folder / "paper.tex").write_text("\\cite{Doe}\n", encoding="utf-8")
    arguments = ["format", "refs.bib", "--keys", "{auth}{yy}", "--cites", "paper.tex", "--rewrite-cites"]
    assert main([*arguments, "--diff"]) == 0
    assert read(folder, "paper.tex") == "\\cite{Doe}\n"
    assert main([*arguments, "--write"]) == 0
    assert (read(folder), read(folder, "paper.tex")) == (TEXT.replace("Doe,", "doe99,", 1), "\\cite{doe99}\n")
    assert main(["undo"]) == 0
    assert (read(folder), read(folder, "paper.tex")) == (TEXT, "\\cite{Doe}\n")


def test_old_keys_stay_as_aliases_on_request(folder: Path) -> None:
    assert main(["format", "refs.bib", "--keys", "{auth}{yy}", "--ids", "--write"]) == 0
    assert "Ids = {Doe}" in read(folder)
    assert main(["format", "refs.bib", "--keys", "{auth}{yy}", "--ids", "--check"]) == 0


@pytest.mark.parametrize(
    "damaged", ["@misc{a, title={x}}\n<<<<<<< HEAD\n", "@misc{a, title={x}\n@misc{b, title={y}}\n", "@misc{a, title={x"]
)
def test_a_damaged_file_is_left_and_the_others_are_written(
    folder: Path, damaged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.bib").write_text(damaged, encoding="utf-8")
    assert main(["format", "bad.bib", "refs.bib", "--preset", "minimal", "--write"]) == 2
    assert "refsync: error: bad.bib" in capsys.readouterr().err
    assert (read(folder, "bad.bib"), read(folder)) == (damaged, MINIMAL)


def test_strict_writes_nothing_then(folder: Path) -> None:
    (folder / "bad.bib").write_text("@misc{a, title={x}}\n>>>>>>> b\n", encoding="utf-8")
    assert main(["format", "bad.bib", "refs.bib", "--preset", "minimal", "--write", "--strict"]) == 2
    assert read(folder) == TEXT


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--diff", "--write"], "--diff never writes"),
        (["--check", "--write"], "--check never writes"),
        (["--indent", "wide"], "'wide' is not a number or tab, keep"),
        (["--indent", "99"], "a number from 0 to 40"),
        (["--sort", "a b"], "names of fields"),
        (["--keys", "{auther}"], "did you mean `{auth}`"),
        (["--keys", "{key}2"], "at every run again"),
        (["--journals", "abbreviate"], "--journal-table FILE"),
        (["--journals", "abbreviate", "--journal-table", "none.csv"], "none.csv: No such file"),
    ],
)
def test_wrong_usage(folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "refs.bib", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert read(folder) == TEXT


def test_other_formats_and_missing_files_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.ris").write_text("TY  - JOUR\nTI  - Kelp\nER  - \n", encoding="utf-8")
    assert main(["format", "a.ris", "--preset", "minimal"]) == 2
    assert main(["format", "none.bib", "--preset", "minimal"]) == 2
    assert "none.bib" in capsys.readouterr().err


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "refs.bib", "--keys", "{auth}", "--format", "json", "--check"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "schema": "refsync.format/1",
        "files": [{"source": "refs.bib", "entries": 1, "changed": 1, "formatted": False}],
        "renamed": {"Doe": "doe"},
        "cites": [],
        "problems": [],
        "notes": [],
    }


def test_the_encoding_of_a_file_stays(folder: Path) -> None:
    (folder / "refs.bib").write_bytes("@misc{a, author = {M\xfcller and {\\v{C}}apek}}\r\n".encode("latin-1"))
    assert main(["format", "refs.bib", "--characters", "unicode", "--indent", "1", "--write"]) == 0
    written = (folder / "refs.bib").read_bytes()
    assert b"M\xfcller" in written
    assert main(["format", "refs.bib", "--characters", "unicode", "--indent", "1", "--check"]) == 0


def test_a_table_of_journals_beside_the_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "j.csv").write_text("Journal of Kelp;J. Kelp\n", encoding="utf-8")
    (folder / "refsync.toml").write_text(
        '[format]\njournals = "abbreviate"\njournal-table = "j.csv"\n', encoding="utf-8"
    )
    (folder / "sub").mkdir()
    (folder / "sub" / "a.bib").write_text("@misc{a, journal = {Journal of Kelp}}\n", encoding="utf-8")
    monkeypatch.chdir(folder / "sub")
    assert main(["format", "a.bib", "--write"]) == 0
    assert read(folder, "sub/a.bib") == "@misc{a, journal = {J. Kelp}}\n"


def test_the_help_lists_every_setting_in_its_section(capsys: pytest.CaptureFixture[str]) -> None:
    from refsync.cli.format.options import SECTIONS
    from refsync.formatting.settings import FormatSettings

    assert main(["format", "--help"]) == 0
    out = capsys.readouterr().out
    names = [name for rows in SECTIONS.values() for name in rows]
    assert sorted(names) == sorted(FormatSettings.__slots__)
    assert all(f"--{name.replace('_', '-')}" in out for name in names)


def test_a_key_that_two_files_have_is_rewritten_by_the_bibliography_of_the_document(folder: Path) -> None:
    (folder / "b.bib").write_text("@book{Doe, title = {Moss}, author = {Roe, Ann}, year = 2001}\n", encoding="utf-8")
    (folder / "paper.tex").write_text("\\cite{Doe}\n\\bibliography{b}\n", encoding="utf-8")
    arguments = ["format", "refs.bib", "b.bib", "--keys", "{auth}{yy}", "--cites", "paper.tex", "--rewrite-cites"]
    assert main([*arguments, "--write"]) == 0
    assert read(folder, "paper.tex") == "\\cite{roe01}\n\\bibliography{b}\n"
    assert "{doe99," in read(folder)


def test_a_group_that_lists_an_old_key_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    groups = "@comment{jabref-meta: groupstree:\n1 ExplicitGroup:water\\;0\\;k1\\;kept2021\\;;\n}\n"
    entries = "@misc{k1, author={Doe, Jane}, year=2020}\n@misc{poe2021, author={Poe, Ann}, year=2021}\n"
    (folder / "groups.bib").write_text(entries + groups, encoding="utf-8")
    assert main(["format", "groups.bib", "--keys", "{auth}{year}", "--write"]) == 0
    error = capsys.readouterr().err
    assert "note: groups.bib:3: a group in this comment lists 'k1', which is 'doe2020' now" in error
    assert "poe2021" not in error
    assert (folder / "groups.bib").read_text(encoding="utf-8").endswith(groups)


def test_standard_input_is_bibtex_whatever_else_is_in_it(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = '@string{k = "Kelp"}\nKelp and Moss. Doe, J; Roe, A. Kelp 3 (1999) 1-2.\n@misc{a, Note = k}\n@misc{b}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["format", "-", "--field-case", "lower"]) == 0
    assert capsysbinary.readouterr().out.decode() == text.replace("Note", "note")
