"""Answers about areas: collected by paper."""

from pathlib import Path

from refsync.classify.settings import AreaAnswer
from refsync.decisions import (
    read_area_answers,
)
from tests.decisions.answer_lines import area_line, pair_line


def test_answers_about_areas_are_collected_by_paper(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_text(
        "\n".join(
            [
                area_line("x", {"accepted": ["moss", "walls"]}),
                area_line("x", {"rejected": "stone"}),
                pair_line("same", "x", "y"),
                area_line("y", {"accepted": ["moss"], "rejected": ["walls"]}),
                area_line("y", {"rejected": ["moss"]}),
                area_line("z", "moss"),
                area_line("z", {"accepted": [3]}),
                '{"kind": "area", broken',
                "[]",
            ]
        ),
        encoding="utf-8",
    )
    answers, problems = read_area_answers(path)
    assert answers == {
        "x": AreaAnswer(frozenset({"moss", "walls"}), frozenset({"stone"})),
        "y": AreaAnswer(frozenset(), frozenset({"walls"})),
    }
    assert [problem.line for problem in problems] == [5, 6, 7, 8]
    assert read_area_answers(tmp_path / "none.jsonl") == ({}, [])
