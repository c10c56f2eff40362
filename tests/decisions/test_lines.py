"""The lines of a file of decisions: what is parsed, and what is reported."""

from pathlib import Path

import pytest

from refsync.decisions import (
    FILE_NAME,
    Decision,
    FieldChoice,
    read_decisions,
)
from tests.decisions.answer_lines import answer_line, pair_line


def test_answers_about_pairs_are_read_and_other_lines_reported(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_text(
        "\n".join(
            [
                pair_line("same", "f1", "f2"),
                "",
                "{broken",
                pair_line("area", "f1", "cs.CV"),
                pair_line("maybe", "f1", "f3"),
            ]
        ),
        encoding="utf-8",
    )
    decisions, problems = read_decisions(path)
    assert decisions == [Decision("same", "f1", "f2", 1)]
    assert [problem.line for problem in problems] == [3, 5]


def test_a_missing_file_has_no_answers(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "none.jsonl") == ([], [])


def read_lines(tmp_path: Path, *lines: str) -> tuple[list[Decision], list[str]]:
    path = tmp_path / FILE_NAME
    path.write_text("\n".join(lines), encoding="utf-8")
    decisions, problems = read_decisions(path)
    return decisions, [f"{problem.line}: {problem.message}" for problem in problems]


def test_the_details_of_an_answer_are_read(tmp_path: Path) -> None:
    fields = {
        "Journal": {"from": "f2"},
        "title": {"text": "Moss \\& Walls", "markup": "latex"},
        "note": {"text": "\u2028 mine"},
        "keywords": {"union": True},
    }
    decisions, problems = read_lines(
        tmp_path,
        answer_line("same", "f1", "f2", fields=fields, score=1.25, model="m"),
        answer_line("version-of", "f1", "f3", relation="preprint-of"),
        answer_line("not-duplicate", "f2", "f3", score=-2),
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
    ("fields", "message"),
    [
        ([], "`value.fields` must be an object"),
        ({"title": "Moss"}, "one of `from`, `text`, `union`"),
        ({"title": {"from": "f1", "text": "x"}}, "one of `from`, `text`, `union`"),
        ({"title": {"from": 3}}, "`from` must be a fingerprint"),
        ({"title": {"text": "x", "markup": "html"}}, "unknown markup 'html'"),
        ({"a = {x}, b": {"text": "x"}}, "not a field name"),
        ({"entrytype": {"text": "article{evil,"}}, "not an entry type"),
    ],
)
def test_an_invalid_choice_does_not_invalidate_the_answer(tmp_path: Path, fields: object, message: str) -> None:
    (decision,), (problem,) = read_lines(tmp_path, answer_line("same", "f1", "f2", fields=fields))
    assert (decision.kind, decision.fields) == ("same", ())
    assert message in problem
