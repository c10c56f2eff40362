"""The report of a plan."""

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.planning.file.plan_samples import MORE, change_plan, make_plan_file


def figures(*arguments: str) -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()) as stdout:
        assert main(["report", *arguments, "--format", "json", "-q"]) == 0
    result: dict[str, Any] = json.loads(stdout.getvalue())
    return result


@pytest.mark.parametrize(
    "arguments",
    [["refs.bib", "more.csv"], ["refs.bib", "more.csv", "--profile", "greedy"], ["more.csv", "--against", "refs.bib"]],
)
def test_the_report_of_a_plan_equals_that_of_its_inputs(arguments: list[str], folder: Path) -> None:
    make_plan_file("run", *arguments, "-o", "planned.bib")
    (folder / "elsewhere").mkdir()
    os.chdir(folder / "elsewhere")
    of_plan = figures("../plan.json")
    os.chdir(folder)
    assert of_plan == figures(*arguments)


def test_the_report_of_a_plan_shows_the_accepted_proposals() -> None:
    plan = make_plan_file("run", "refs.bib", "more.csv", "-o", "planned.bib")
    assert plan["merges"]
    before = figures("plan.json")
    change_plan(merges=[row | {"state": "rejected"} for row in plan["merges"]])
    after = figures("plan.json")
    assert (after["flow"]["merged"], after["merges"]["total"]) == (0, 0)
    assert after["flow"]["papers"] == before["flow"]["papers"] + before["flow"]["merged"]
    change_plan(told_apart=["many"])
    assert sum(figures("plan.json")["probabilities"]["different"]) == 0
    Path("more.csv").write_text(MORE + "Another,,,,,\n", encoding="utf-8")
    assert main(["report", "plan.json", "--format", "json"]) == 2
