"""Remembered answers: found by fingerprint, never guessed where they contradict each other."""

import errno
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.classify.settings import AreaAnswer
from refsync.cli import main
from refsync.decisions import (
    FILE_NAME,
    Decision,
    FieldChoice,
    Kind,
    RememberedAnswers,
    append,
    applicable_answers,
    choice_of_member,
    choices_for_clusters,
    format_decision,
    read_area_answers,
    read_decisions,
    remove,
    store,
)
from refsync.dedup.merge import Merged, merge_cluster
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Cluster
from refsync.errors import RefsyncError
from refsync.formats.bibtex import format as bibtex
from refsync.records import Record
from refsync.text.latex import has_balanced_braces


def line(kind: str, a: str, b: str) -> str:
    return json.dumps(
        {"schema": "refsync.decision/1", "kind": kind, "a": a, "b": b, "by": "me", "at": "2026-01-01T00:00:00Z"}
    )


def test_answers_about_pairs_are_read_and_the_rest_reported(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_text(
        "\n".join([line("same", "f1", "f2"), "", "{broken", line("area", "f1", "cs.CV"), line("maybe", "f1", "f3")])
    )
    decisions, problems = read_decisions(path)
    assert decisions == [Decision("same", "f1", "f2", 1)]
    assert [problem.line for problem in problems] == [3, 5]


def test_no_file_is_no_answer(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "none.jsonl") == ([], [])


def test_answers_hold_for_every_record_of_a_fingerprint() -> None:
    remembered, problems = applicable_answers(
        [
            Decision("same", "x", "y"),
            Decision("not-duplicate", "z", "x"),
            Decision("version-of", "y", "z"),
            Decision("same", "x", "gone"),
        ],
        ["x", "y", "x", "z"],
        "d.jsonl",
    )
    assert remembered == RememberedAnswers(must_link=((0, 1), (1, 2)), cannot_link=((0, 3), (2, 3)), versions=((1, 3),))
    assert problems == []


def test_contradictions_count_for_neither_side() -> None:
    remembered, problems = applicable_answers(
        [Decision("same", "x", "y", 1), Decision("not-duplicate", "y", "x", 2), Decision("same", "x", "y", 3)],
        ["x", "y"],
        "d.jsonl",
    )
    assert remembered == RememberedAnswers()
    (problem,) = problems
    assert (problem.source, problem.line) == ("d.jsonl", 2)


def area(paper: str, value: object) -> str:
    return json.dumps({"schema": "refsync.decision/1", "kind": "area", "a": paper, "value": value})


def test_answers_about_areas_are_gathered_by_paper(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_text(
        "\n".join(
            [
                area("x", {"accepted": ["moss", "walls"]}),
                area("x", {"rejected": "stone"}),
                line("same", "x", "y"),
                area("y", {"accepted": ["moss"], "rejected": ["walls"]}),
                area("y", {"rejected": ["moss"]}),
                area("z", "moss"),
                area("z", {"accepted": [3]}),
                '{"kind": "area", broken',
                "[]",
            ]
        )
    )
    answers, problems = read_area_answers(path)
    assert answers == {
        "x": AreaAnswer(frozenset({"moss", "walls"}), frozenset({"stone"})),
        "y": AreaAnswer(frozenset(), frozenset({"walls"})),
    }
    assert [problem.line for problem in problems] == [5, 6, 7, 8]
    assert read_area_answers(tmp_path / "none.jsonl") == ({}, [])


# Choices for fields, relations, contradictions through others


def said(kind: str, a: str, b: str, **value: Any) -> str:
    return format_decision(
        cast("Kind", kind), a, b, keys=["k1", "k2"], value=value, by="me", at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def read_lines(tmp_path: Path, *lines: str) -> tuple[list[Decision], list[str]]:
    path = tmp_path / FILE_NAME
    path.write_text("\n".join(lines), encoding="utf-8")
    decisions, problems = read_decisions(path)
    return decisions, [f"{problem.line}: {problem.message}" for problem in problems]


def test_what_a_line_says_beside_its_kind_is_read(tmp_path: Path) -> None:
    fields = {
        "Journal": {"from": "f2"},
        "title": {"text": "Moss \\& Walls", "markup": "latex"},
        "note": {"text": "\u2028 mine"},
        "keywords": {"union": True},
    }
    decisions, problems = read_lines(
        tmp_path,
        said("same", "f1", "f2", fields=fields, score=1.25, model="m"),
        said("version-of", "f1", "f3", relation="preprint-of"),
        said("not-duplicate", "f2", "f3", score=-2),
    )
    assert problems == []
    assert decisions == [
        Decision(
            "same",
            "f1",
            "f2",
            1,
            fields=(
                ("journal", FieldChoice("f2")),
                ("keywords", FieldChoice(union=True)),
                ("note", FieldChoice(text="\u2028 mine")),
                ("title", FieldChoice(text="Moss \\& Walls", markup="latex")),
            ),
            score=1.25,
            model="m",
        ),
        Decision("version-of", "f1", "f3", 2, "preprint-of"),
        Decision("not-duplicate", "f2", "f3", 3, score=-2.0),
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([], "`value.fields` must be an object"),
        ({"title": "Moss"}, "one of `from`, `text`, `union`"),
        ({"title": {"from": "f1", "text": "x"}}, "one of `from`, `text`, `union`"),
        ({"title": {"from": 3}}, "`from` must be a fingerprint"),
        ({"title": {"text": "x", "markup": "html"}}, "unknown markup 'html'"),
        ({"a = {x}, b": {"text": "x"}}, "no name of a field"),
        ({"entrytype": {"text": "article{evil,"}}, "no type of an entry"),
    ],
)
def test_a_choice_that_cannot_be_read_does_not_spoil_the_answer(tmp_path: Path, fields: object, told: str) -> None:
    (decision,), (problem,) = read_lines(tmp_path, said("same", "f1", "f2", fields=fields))
    assert (decision.kind, decision.fields) == ("same", ())
    assert told in problem


def test_a_version_may_say_which_is_which() -> None:
    decisions = [
        Decision("version-of", "y", "x", 1),
        Decision("version-of", "y", "x", 2, "preprint-of"),
        Decision("version-of", "x", "z", 3, "preprint-of"),
        Decision("version-of", "z", "x", 4, "preprint-of"),
    ]
    remembered, problems = applicable_answers(decisions, ["x", "y", "z"], "d.jsonl")
    assert remembered == RememberedAnswers(versions=((0, 1), (0, 2)), relations=((1, 0, "preprint-of"),))
    assert [problem.line for problem in problems] == [4]


def test_what_would_be_joined_through_others_is_told_with_all_lines() -> None:
    decisions = [
        Decision("same", "a", "b", 1),
        Decision("same", "b", "c", 2),
        Decision("same", "c", "d", 3),
        Decision("not-duplicate", "a", "c", 4),
    ]
    remembered, problems = applicable_answers(decisions, ["a", "b", "c", "d"], "d.jsonl")
    assert remembered == RememberedAnswers(must_link=((2, 3),), cannot_link=((0, 2),))
    assert [str(problem) for problem in problems] == [
        "d.jsonl:4: says 'not-duplicate' of records that lines 1, 2 would join through others; only this is obeyed"
    ]


RECORDS = [
    Record("a.bib", 1, "a1", "article", {"title": "Kelp \\& Moss", "journal": "Kelp"}, "latex"),
    Record("b.csv", 1, "#1", "misc", {"title": "Kelp & Moss", "journal": "Kelp & Co", "keywords": "x, y"}),
    Record("c.csv", 1, "#1", "misc", {"title": "KELP & MOSS", "keywords": "y, z"}),
]


def merged(*decisions: Decision) -> tuple[Merged, list[str]]:
    remembered, problems = applicable_answers(decisions, ["fa", "fb", "fc"], "d.jsonl")
    assert problems == []
    clusters = [Cluster((0, 1, 2), 1.0, ())]
    chosen, disputed = choices_for_clusters(clusters, RECORDS, remembered)
    return merge_cluster(RECORDS, None, chosen.get(0, {})), [str(problem) for problem in disputed]


def same(line: int, a: str = "fa", b: str = "fb", **fields: FieldChoice) -> Decision:
    return Decision("same", a, b, line, fields=tuple(fields.items()))


def test_choices_stand_above_the_policies() -> None:
    result, told = merged(
        same(
            1,
            journal=FieldChoice("fb"),
            title=FieldChoice("fc"),
            keywords=FieldChoice(union=True),
            note=FieldChoice(text="50 % of it"),
            entrytype=FieldChoice(text="book"),
        )
    )
    assert told == []
    assert result.record.type == "book"
    assert dict(result.record.fields) == {
        "title": "{KELP} \\& {MOSS}",
        "journal": "Kelp \\& Co",
        "keywords": "x, y, z",
        "note": "50 \\% of it",
    }
    assert ("journal", "Kelp", "a.bib", 1) in result.not_chosen
    assert set(result.chosen) == {"journal", "title", "keywords", "note", "entrytype"}
    assert result.origin["journal"] == ("b.csv", 1)
    assert "note" not in result.origin


def test_an_empty_text_leaves_a_field_out_and_an_unbalanced_one_harms_nothing() -> None:
    result, _ = merged(same(1, journal=FieldChoice(text=""), title=FieldChoice(text="Kelp} {", markup="latex")))
    assert "journal" not in result.record.fields
    assert has_balanced_braces(result.record.fields["title"])


def test_two_choices_for_one_field_of_one_cluster_count_for_neither() -> None:
    plain, _ = merged()
    result, told = merged(same(1, journal=FieldChoice("fa")), same(2, "fb", "fc", journal=FieldChoice(text="Other")))
    assert result == plain
    assert told == ["d.jsonl:2: chooses another 'journal' than line 1 for the same paper; neither is obeyed"]


def test_two_choices_that_come_to_the_same_are_one() -> None:
    result, told = merged(
        same(1, journal=FieldChoice("fb")),
        same(2, "fb", "fc", journal=FieldChoice(text="Kelp \\& Co", markup="latex")),
    )
    assert told == []
    assert result.record.fields["journal"] == "Kelp \\& Co"


def test_what_is_gone_and_what_is_elsewhere_says_nothing() -> None:
    plain, _ = merged()
    assert merged(same(1, journal=FieldChoice("gone")))[0] == plain
    assert merged(same(1, journal=FieldChoice("fc")))[0] == plain  # the record has no journal any more
    remembered, _ = applicable_answers([same(1, journal=FieldChoice("fb"))], ["fa", "fb", "fc"], "d.jsonl")
    assert choices_for_clusters([Cluster((0, 2), 1.0, ())], RECORDS, remembered) == ({}, [])


def test_a_choice_among_records_of_one_fingerprint_is_a_text_or_told() -> None:
    prints = ["f", "f", "g"]
    members = [replace(RECORDS[0], fields={"year": "2020"}), replace(RECORDS[1], fields={"year": "2021"}), RECORDS[2]]
    assert choice_of_member(members, 1, "year", prints) == FieldChoice(text="2021")
    assert choice_of_member(members, 2, "title", prints) == FieldChoice("g")
    assert choice_of_member(members, 2, "year", prints) == FieldChoice(text="")
    remembered, _ = applicable_answers([same(1, "f", "g", year=FieldChoice("f"))], prints, "d.jsonl")
    chosen, (problem,) = choices_for_clusters([Cluster((0, 1, 2), 1.0, ())], members, remembered)
    assert chosen == {}
    assert "are alike and differ" in problem.message


# Properties: files of several people are one file

PRINTS = "abcde"
CHOICES = st.sampled_from(
    [FieldChoice("a"), FieldChoice("b"), FieldChoice(text="x"), FieldChoice(text="y"), FieldChoice(union=True)]
)
DECISIONS = st.lists(
    st.builds(
        Decision,
        st.sampled_from(["same", "same", "not-duplicate", "version-of"]),
        st.sampled_from(PRINTS),
        st.sampled_from(PRINTS),
        st.integers(1, 99),
        st.sampled_from(["", "preprint-of", "variant-of"]),
        st.lists(st.tuples(st.sampled_from(["title", "journal"]), CHOICES), max_size=2, unique_by=lambda f: f[0]).map(
            tuple
        ),
    ),
    max_size=12,
)
LIBRARY = [
    Record("a.bib", i, f"k{i}", "article", {"title": f"Moss {letter}", "journal": letter}, "latex")
    for i, letter in enumerate("abcdeab", 1)
]
TOGETHER = [Cluster((0, 1, 5), 1.0, ()), Cluster((2, 3, 6), 1.0, ())]


def obeyed(decisions: list[Decision]) -> object:
    remembered, _ = applicable_answers(decisions, "abcdeab", "d.jsonl")
    chosen, _ = choices_for_clusters(TOGETHER, LIBRARY, remembered)
    return remembered.must_link, remembered.cannot_link, remembered.versions, remembered.relations, chosen


@given(DECISIONS, st.randoms())
def test_the_order_of_the_lines_does_not_matter(decisions: list[Decision], random: Random) -> None:
    shuffled = decisions[:]
    random.shuffle(shuffled)
    assert obeyed(shuffled) == obeyed(decisions)


@given(DECISIONS)
def test_a_line_twice_is_one_line(decisions: list[Decision]) -> None:
    assert obeyed([*decisions, *decisions]) == obeyed(decisions)


@given(DECISIONS)
def test_no_answers_that_are_obeyed_contradict_each_other(decisions: list[Decision]) -> None:
    remembered, problems = applicable_answers(decisions, "abcdeab", "d.jsonl")
    apart = {*remembered.cannot_link, *remembered.versions}
    groups: dict[int, set[int]] = {i: {i} for i in range(7)}
    for a, b in remembered.must_link:
        both = groups[a] | groups[b]
        for i in both:
            groups[i] = both
    assert all(b not in groups[a] for a, b in apart)
    kinds = {(frozenset((d.a, d.b)), d.kind) for d in decisions}
    if len(kinds) == len({pair for pair, _ in kinds}) and not problems:
        asked = {tuple(sorted((i, j))) for d in decisions for i in range(7) for j in range(7) if i != j
                 and "abcdeab"[i] == d.a and "abcdeab"[j] == d.b}  # fmt: skip
        assert {*remembered.must_link} | apart == asked


# Writing the file


def test_lines_are_added_behind_whatever_is_there(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"\xef\xbb\xbf// not mine \xff\r\n{}")
    append(path, [said("same", "a", "b"), said("same", "b", "c")])
    assert path.read_bytes().startswith(b'\xef\xbb\xbf// not mine \xff\r\n{}\n{"schema"')
    assert [decision.b for decision in read_decisions(path)[0]] == ["b", "c"]
    append(path, [])
    assert len(read_decisions(path)[0]) == 2


def test_lines_are_taken_out_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    one, two = said("same", "a", "b"), said("not-duplicate", "b", "c")
    strange = b"\xff strange\r\n\r\n"
    path.write_bytes(strange + f"{one}\r\n{two}\n{one}\n".encode() + b"{broken")
    assert remove(path, [one, "never there"]) == 1
    assert path.read_bytes() == strange + f"{one}\r\n{two}\n".encode() + b"{broken"
    assert remove(path, [one, two]) == 2
    assert path.read_bytes() == strange + b"{broken"
    assert remove(tmp_path / "none.jsonl", [one]) == 0
    assert not (tmp_path / "none.jsonl").exists()


@settings(max_examples=30)
@given(st.lists(st.sampled_from([*"abc"]), max_size=6), st.lists(st.sampled_from([*"abc"]), min_size=1, max_size=6))
def test_adding_and_taking_out_is_nothing(before: list[str], more: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, FILE_NAME)
        path.write_text("".join(f"{line}\n" for line in before))
        append(path, more)
        assert remove(path, more) == len(more)
        assert path.read_text() == "".join(f"{line}\n" for line in before)


WRITER = """
import sys
from pathlib import Path
from refsync.decisions import append, remove
name = sys.argv[1]
for i in range(40):
    append(Path("d.jsonl"), [f"{name} {i} keep", f"{name} {i} drop"])
    assert remove(Path("d.jsonl"), [f"{name} {i} drop"]) == 1
"""


def test_several_processes_lose_no_line_of_each_other(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=tmp_path) for name in ("x", "y", "z")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = (tmp_path / "d.jsonl").read_text().splitlines()
    assert sorted(lines) == sorted(f"{name} {i} keep" for name in "xyz" for i in range(40))


def test_a_line_that_somebody_else_adds_without_a_lock_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("mine\ntheirs\n")
    real = store.replace_files
    tried = []

    def interfering(*arguments: Any) -> None:
        if not tried:
            path.write_text("mine\ntheirs\nnew\n")
        tried.append(1)
        real(*arguments)

    monkeypatch.setattr(store, "replace_files", interfering)
    assert remove(path, ["mine"]) == 1
    assert path.read_text() == "theirs\nnew\n"


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("mine\n")
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) > 4:
            return real(handle, data[:4])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(RefsyncError, match="No space left on device; the answer is not saved"):
        append(path, ["second"])
    monkeypatch.undo()
    assert path.read_text() == "mine\n"


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / ".refsync").write_text("in the way")
    with pytest.raises(RefsyncError, match="the answer is not saved"):
        append(tmp_path / FILE_NAME, ["x"])


# What the commands make of it

ONE = """\
@article{doe2020, title = {The Patience of Moss}, author = {Doe, J.}, journal = {J. M.}, year = 2020, note = {see p. 3}}
"""
TWO = """\
@article{again, title = {The Patience of Moss on Walls}, author = {Doe, J.}, journal = "J. of Moss", year = 2020}
"""


def files(folder: Path, **value: Any) -> list[str]:
    """Two entries that only a person takes for one paper, and the answer that they are."""
    one, two = bibtex.read((ONE + TWO).encode(), "x").records
    prints = fingerprint(one), fingerprint(two)
    (folder / "refs.bib").write_text(ONE + TWO)
    fields = {
        "journal": {"from": prints[1]},
        "title": {"text": "Moss & Walls"},
        "note": {"text": ""},
        "doi": {"text": "10.5555/m_1"},
    }
    append(folder / FILE_NAME, [said("same", *prints, fields=fields, **value)])
    return list(prints)


def test_run_writes_what_people_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files(tmp_path)
    for command in ("run", "dedupe"):
        assert main([command, "refs.bib", "-o", f"{command}.bib", "-q"]) == 0
        (record,) = bibtex.read(Path(f"{command}.bib").read_bytes(), "out").records
        assert record.fields["journal"] == "J. of Moss"
        assert record.fields["title"] == "Moss \\& Walls"
        assert record.fields["doi"] == "10.5555/m_1"
        assert "note" not in record.fields
    for ledger in Path(".refsync/runs").glob("*/ledger.jsonl"):
        assert '"note": "see p. 3"' in ledger.read_text()


def test_in_place_writes_what_people_chose_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files(tmp_path)
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert Path("refs.bib").read_text() == (
        "@article{doe2020, title = {Moss \\& Walls}, author = {Doe, J.}, journal = {J. of Moss}, year = 2020, "
        "doi = {10.5555/m_1}}\n"
    )
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text() == ONE + TWO


def test_the_hook_obeys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    prints = files(tmp_path)
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1  # an answer makes them one paper: an error
    assert "RS102" in capsys.readouterr().out
    assert main(["check", "refs.bib", "--select", "RS1", "--fix"]) == 1
    assert "title = {Moss \\& Walls}" in Path("refs.bib").read_text()
    equal = TWO + TWO.replace("again", "third")
    Path("refs.bib").write_text(equal)
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1
    append(Path(FILE_NAME), [said("not-duplicate", prints[1], prints[1])])
    assert main(["check", "refs.bib", "--select", "RS1"]) == 0
    capsys.readouterr()
    append(Path(FILE_NAME), [said("same", prints[1], prints[1])])
    assert main(["check", "refs.bib", "--select", "RS1"]) == 1
    assert "says 'same' where line 2 says 'not-duplicate'; neither is obeyed" in capsys.readouterr().err


def test_versions_keep_the_relation_that_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    prints = files(tmp_path)
    Path(FILE_NAME).write_text(said("version-of", prints[1], prints[0], relation="preprint-of"))
    assert main(["dedupe", "refs.bib", "--format", "json"]) == 0
    (link,) = json.loads(capsys.readouterr().out)["versions"]
    assert [member["id"] for member in link["members"]] == ["again", "doe2020"]
    assert link["relation"] == "preprint-of"
    assert main(["check", "refs.bib", "--select", "RS1"]) == 0
    assert "is a preprint of 'doe2020'" in capsys.readouterr().out


def test_what_the_library_has_is_left_out_as_people_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files(tmp_path)
    Path("lib.bib").write_text(ONE)
    Path("new.bib").write_text(TWO)
    assert main(["dedupe", "new.bib", "--against", "lib.bib", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["unique"] == 0


def test_of_two_files_of_answers_the_second_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        Path(name).mkdir()
        files(Path(name))
    assert main(["dedupe", "a/refs.bib", "b/refs.bib", "a/../a/refs.bib"]) == 0
    told = capsys.readouterr().err
    assert f"b/{FILE_NAME}: not read: the answers in a/{FILE_NAME} are" in told
    assert told.count("not read") == 1
