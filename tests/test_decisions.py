"""Remembered answers: found by fingerprint, never guessed where they contradict each other."""

import json
from pathlib import Path

from refsync.classify.settings import AreaAnswer
from refsync.decisions import Decision, Remembered, read_area_answers, read_decisions, recall


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
    remembered, problems = recall(
        [
            Decision("same", "x", "y"),
            Decision("not-duplicate", "z", "x"),
            Decision("version-of", "y", "z"),
            Decision("same", "x", "gone"),
        ],
        ["x", "y", "x", "z"],
        "d.jsonl",
    )
    assert remembered == Remembered(same=((0, 1), (1, 2)), different=((0, 3), (2, 3)), versions=((1, 3),))
    assert problems == []


def test_contradictions_count_for_neither_side() -> None:
    remembered, problems = recall(
        [Decision("same", "x", "y", 1), Decision("not-duplicate", "y", "x", 2), Decision("same", "x", "y", 3)],
        ["x", "y"],
        "d.jsonl",
    )
    assert remembered == Remembered()
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
