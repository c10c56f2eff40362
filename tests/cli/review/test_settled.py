"""An answer about a group holds for its members: in every command, in plans and in the Python API."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import refsync
from refsync.cli import main
from refsync.decisions import FILE_NAME

GROUP = """\
@article{a, title = {Kelp in the cold harbours of the north}, author = {Zoe, Zelda and Doe, Jane}, year = 2001,
  journal = {Journal of Kelp}}
@article{b, title = {Kelp in cold harbours of the far wild north}, author = {Zoe, Z. and Doe, J.}, year = 2001,
  journal = {J. Kelp}, volume = 4, pages = {1--9}}
@article{c, title = {Kelp in cold harbours of the far wild north}, author = {Zoe, Zelda and Doe, Jane}, year = 2001,
  journal = {Journal of Kelp}, volume = 4, pages = {1--9}, doi = {10.5555/k.4}}
"""
"""`b` and `c` are one paper; whether `a` is too is in doubt."""

ISSUES = "".join(
    f"@article{{e{i}, title = {{Editorial}}, author = {{Doe, Jane}}, journal = {{Annals of Moss}},"
    f" year = {2010 + i // 3}}}\n"
    for i in range(9)
)
"""Nine editorials, three of each year without a volume: copies or three pieces."""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(GROUP, encoding="utf-8")


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def answer(*typed: str, source: str = "refs.bib") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        assert main(["review", source, "--tty"]) == 0
        return capsys.readouterr().out

    return answer


@pytest.fixture
def result(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def result(*arguments: str) -> Any:
        capsys.readouterr()
        assert main([*arguments, "--format", "json"]) in {0, 1}
        return json.loads(capsys.readouterr().out)

    return result


def doubts(result: Callable[..., Any], source: str = "refs.bib") -> dict[str, int]:
    """How many doubts each command counts."""
    findings = result("check", source)["findings"]
    found = refsync.find_duplicates(refsync.read_sources([source]).records)
    return {
        "dedupe": len(result("dedupe", source)["review"]),
        "run": result("run", source, "-o", "out.bib")["review"],
        "check": sum(finding["code"] == "RS103" for finding in findings),
        "report": result("report", source)["flow"]["review"],
        "api": len(found.review),
    }


@pytest.mark.parametrize(("key", "papers"), [("n", 2), ("y", 1), ("m", 1), ("v", 2)])
def test_one_answer_settles_the_group_in_every_command(
    answer: Callable[..., str], result: Callable[..., Any], key: str, papers: int
) -> None:
    assert set(doubts(result).values()) == {1}
    assert "no question is left" in answer(key)
    assert set(doubts(result).values()) == {0}
    assert result("dedupe", "refs.bib")["unique"] == papers
    assert answer().startswith(f"nothing is in doubt: 3 records, {papers} paper")


@pytest.mark.parametrize(("key", "states"), [("n", ["rejected"]), ("y", ["accepted"])])
def test_a_plan_follows_the_answer_about_the_group(answer: Callable[..., str], key: str, states: list[str]) -> None:
    assert main(["dedupe", "refs.bib", "-o", "out.bib", "--plan", "plan.json", "-q"]) == 0
    assert "no question is left" in answer(key, source="plan.json")
    assert [row["state"] for row in json.loads(Path("plan.json").read_text("utf-8"))["review"]] == states
    assert answer(source="plan.json").startswith("nothing is in doubt")
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("out.bib").read_text("utf-8").count("@article") == (1 if key == "y" else 2)


def test_copies_that_are_no_duplicates_are_not_asked_again_by_twos(
    answer: Callable[..., str], result: Callable[..., Any]
) -> None:
    Path("issues.bib").write_text(ISSUES, encoding="utf-8")
    assert set(doubts(result, "issues.bib").values()) == {6}
    assert "no question is left" in answer("n", "n", "n", source="issues.bib")
    assert set(doubts(result, "issues.bib").values()) == {0}
    assert answer(source="issues.bib").startswith("nothing is in doubt: 9 records, 9 papers")


def test_questions_alike_are_answered_together_in_the_terminal(
    answer: Callable[..., str], result: Callable[..., Any]
) -> None:
    Path("issues.bib").write_text(ISSUES, encoding="utf-8")
    out = answer("t", "q", source="issues.bib")
    assert "t  3 questions alike" in out
    assert all(f"issues.bib:e{i} " in out for i in range(9))  # listed before anything is saved
    assert not Path(FILE_NAME).exists()
    assert "nothing was answered" in answer("t", "x", source="issues.bib")
    assert "3 questions: not duplicates; 9 papers" in answer("t", "t", source="issues.bib")
    assert set(doubts(result, "issues.bib").values()) == {0}
    Path(FILE_NAME).unlink()
    assert "3 questions left" in answer("t", "t", "u", source="issues.bib")
    assert Path(FILE_NAME).read_text("utf-8") == ""


def test_editions_can_be_answered(answer: Callable[..., str], result: Callable[..., Any]) -> None:
    Path("refs.bib").write_text(GROUP.partition("@article{c")[0], encoding="utf-8")
    pressed = []
    while "another edition" not in answer(*pressed, "q"):
        pressed.append("r")
        assert len(pressed) < 6
    answer(*pressed, "v")
    (line,) = [json.loads(line) for line in Path(FILE_NAME).read_text("utf-8").splitlines()]
    assert line["value"]["relation"] == "edition-of"
    assert [row["relation"] for row in result("dedupe", "refs.bib")["versions"]] == ["edition-of"]


def test_with_nothing_in_doubt_the_command_ends_without_a_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("starlette", reason="the extra `review` is not installed")
    from refsync.review.web import server

    monkeypatch.setattr(server, "Server", lambda *_: pytest.fail("a server was started"))
    Path("refs.bib").write_text(GROUP.partition("@article{b")[0], encoding="utf-8")
    assert main(["review", "refs.bib", "--no-browser"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "nothing is in doubt: 1 record, 1 paper; 0 merges, 0 links between versions"
    assert out.splitlines()[1] == "to check them: refsync review refs.bib --all"


def test_merges_can_be_checked_with_nothing_in_doubt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refs.bib").write_text("@article{b" + GROUP.partition("@article{b")[2], encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    assert main(["review", "refs.bib", "--tty", "--all"]) == 0
    out = capsys.readouterr().out
    assert "merged; correct?  0 of 1 answered (merges); 1 paper;" in out
    assert "not duplicates; 2 papers (1 more)" in out
    (line,) = [json.loads(line) for line in Path(FILE_NAME).read_text("utf-8").splitlines()]
    assert (line["kind"], line["keys"]) == ("not-duplicate", ["b", "c"])
