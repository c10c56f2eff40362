"""A plan from elsewhere overwrites no file unless the user names it; damaged files are messages."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.decisions import FILE_NAME

BIB = "@misc{a, title = {Moss on Walls}, author = {Doe, Jane}, year = 2020}\n"
MINE = "@misc{mine, title = {Years of work}}\n"


def planned() -> dict[str, object]:
    Path("a.bib").write_text(BIB, encoding="utf-8")
    Path("library.bib").write_text(MINE, encoding="utf-8")
    assert main(["run", "a.bib", "-o", "library.bib", "--plan", "plan.json", "-q"]) == 0
    content: dict[str, object] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return content


def test_ones_own_plan_is_carried_out_also_after_a_change_of_its_states() -> None:
    content = planned()
    Path("plan.json").write_text(json.dumps(content, indent=3), encoding="utf-8")
    assert main(["apply", "plan.json"]) == 0
    assert "a," in Path("library.bib").read_text(encoding="utf-8")
    assert main(["undo"]) == 0
    (run,) = Path(".refsync/runs").iterdir()
    assert main(["apply", str(run / "plan.json")]) == 0


@pytest.mark.parametrize("change", [{"proof": ""}, {"proof": 7}, {"output": "other.bib"}])
def test_a_plan_from_elsewhere_overwrites_nothing(
    change: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    content = planned() | change
    Path("other.bib").write_text(MINE, encoding="utf-8")
    Path("plan.json").write_text(json.dumps(content), encoding="utf-8")
    assert main(["apply", "plan.json"]) == 2
    assert "would overwrite" in capsys.readouterr().err
    assert Path("library.bib").read_text(encoding="utf-8") == Path("other.bib").read_text(encoding="utf-8") == MINE
    assert main(["apply", "plan.json", "-o", "library.bib"]) == 0
    Path("other.bib").unlink()
    Path("library.bib").unlink()
    assert main(["apply", "plan.json"]) == 0


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": ' + "1" * 10_000 + "}", "\xff", "{", "<<<<<<< HEAD\n{}\n=======\n"]
)
def test_damaged_files_are_messages(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(BIB, encoding="utf-8")
    Path("x.json").write_text(text, encoding="latin-1")
    for command in (["apply", "x.json"], ["review", "x.json", "--tty"], ["check", "a.bib", "--baseline", "x.json"],
                    ["convert", "x.json", "-o", "out.bib"]):  # fmt: skip
        assert main(command) == 2
        assert "refsync: error:" in capsys.readouterr().err
    Path(FILE_NAME).write_text(text, encoding="latin-1")
    assert main(["dedupe", "a.bib"]) in (0, 2)
    assert main(["learn"]) in (0, 2)


def test_a_number_of_thousands_of_digits_is_text() -> None:
    Path("a.json").write_text('[{"id": "a", "type": "book", "title": "x", "volume": ' + "1" * 5000 + "}]", "utf-8")
    assert main(["convert", "a.json", "-o", "out.bib"]) == 0
    assert "1" * 5000 in Path("out.bib").read_text(encoding="utf-8")
