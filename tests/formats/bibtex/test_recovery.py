"""Entries with faults: the fields before and after the fault are kept, and what is lost is reported."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex.edit import EditRefusedError, apply_edits, check_untouched, entries, set_fields
from refsync.formats.bibtex.format import read
from tests.time_bounds import seconds_at_most


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@misc{k,\n a = {T {x},\n year = 2001,\n b = {y}\n}", {"a": "T x", "year": "2001", "b": "y"}),
        ("@misc{k,\n a = {{{T}},\n year = {2001},\n}", {"a": "T", "year": "2001"}),
        ('@misc{k, a = "T "x" y", year = 2001, b = {y}}', {"a": 'T "x" y', "year": "2001", "b": "y"}),
        ("@misc{k, a = {T}, no value here, year = 2001}", {"a": "T", "year": "2001"}),
        ("@misc{k, a = {T} junk\n year = {2001},\n b = {y}\n}", {"a": "T", "year": "2001", "b": "y"}),
        ("@misc{k, a = {T}, b <x>, year = 2001}", {"a": "T", "year": "2001"}),
        ("@misc(k, a = {T}, b <x>, year = 2001)", {"a": "T", "year": "2001"}),
        ("@misc{k, a = {T}, b = {x", {"a": "T"}),
    ],
)
def test_the_fields_around_a_fault_are_kept_and_the_fault_is_reported(text: str, expected: dict[str, str]) -> None:
    snapshot = read(f"{text}\n@misc{{ok, a = {{x}}}}\n".encode() if text[-2:] != "{x" else text.encode(), "a.bib")
    assert dict(snapshot.records[0].fields) == expected
    assert snapshot.records[0].id == "k"
    assert [problem.kind for problem in snapshot.problems] == ["damage"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@misc{k, Early Access Date = {{MAY 2020}}, a = {x}}", {"early-access-date": "{MAY 2020}", "a": "x"}),
        ("@misc{k, a = {x},\n  Web of Science  Index = {y}\n}", {"a": "x", "web-of-science--index": "y"}),
        ('@misc{k, a {T}, b "U", year 2001}', {"a": "T", "b": "U", "year": "2001"}),
        ("@misc(k, year 2001, a {T})", {"a": "T", "year": "2001"}),
        ("@misc{k, a = {T}}, year = 2001, b = {y}}", {"a": "T", "year": "2001", "b": "y"}),
        ("@misc{k, a = {T}, a = {U}, a = {T}, a = {V}}", {"a": "T", "a-2": "U", "a-3": "V"}),
    ],
)
def test_faults_that_lose_nothing_are_notes(text: str, expected: dict[str, str]) -> None:
    snapshot = read(f"{text}\n@misc{{ok, a = {{x}}}}".encode(), "a.bib")
    assert dict(snapshot.records[0].fields) == expected
    assert len(snapshot.records) == 2
    assert {problem.kind for problem in snapshot.problems} == {"note"}


def test_a_malformed_entry_is_never_edited() -> None:
    text = "@misc{k, a = {T}, b <x>, year = 2001}\n@misc{l, a = {U}}\n"
    damaged, whole = entries(text)
    after = apply_edits(text, set_fields(text, whole, {"a": "V"}))
    check_untouched(text, after, (), [whole.start])
    changed = apply_edits(text, set_fields(text, damaged, {"a": "V"}))
    with pytest.raises(EditRefusedError):
        check_untouched(text, changed, (), [damaged.start])


def test_merging_in_a_file_leaves_malformed_duplicates(tmp_path: Path) -> None:
    entry = "title = {On the growth of kelp in cold water}, author = {Roe, Ann}, doi = {10.1000/kelp}"
    path = tmp_path / "refs.bib"
    path.write_text(
        f"@book{{a, {entry}, b <x>, year = 2001}}\n@book{{b, {entry}}}\n@book{{c, {entry}, year = 2001}}\n",
        encoding="utf-8",
    )
    assert main(["dedupe", str(path), "--write"]) == 2
    assert (
        path.read_text(encoding="utf-8")
        == f"@book{{a, {entry}, b <x>, year = 2001}}\n@book{{b, {entry}, year = {{2001}}}}\n"
    )


@pytest.mark.parametrize("command", ["convert", "dedupe", "run", "tag"])
def test_what_was_lost_gives_exit_code_2(command: str, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("@misc{k, title = {Kelp}, b <x>, year = 2001}\n@misc{l, title = {Moss}}\n", encoding="utf-8")
    out = tmp_path / "out.bib"
    assert main([command, str(path), "-o", str(out)]) == 2
    assert [record.get("title") for record in read(out.read_bytes(), "out.bib").records] == ["Kelp", "Moss"]


@pytest.mark.parametrize(
    "text",
    [
        "@a{b,\n" + "c={\n" * 40_000,
        "@a{b,\n" + 'c="\n' * 40_000 + "}",
        "@a{b,\n" + "c d e f\n" * 40_000,
        "@a{b,c={x}}" + ",d={y}}" * 40_000,
        "@a{b, x y" + ", c = {x} y" * 40_000 + "}",
        "@a{b, c = {\n" + "d = {x},\n" * 40_000 + "}",
    ],
    ids=lambda text: f"{text[:14]!r}",
)
def test_recovery_takes_linear_time(text: str) -> None:
    with seconds_at_most(3):
        list(entries(text))
