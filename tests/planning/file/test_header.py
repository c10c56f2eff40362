"""The header of a plan: inputs that changed, or cannot be read again, are refused."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.planning.file.plan_samples import make_plan_file


@pytest.mark.parametrize("changed", ["refs.bib", "more.csv", "paper.tex", "new.tex"])
def test_a_plan_with_changed_inputs_is_refused(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    make_plan_file("run", "refs.bib", "more.csv", "-o", "out.bib", "--cites", ".", "--rewrite-cites")
    path = Path(changed)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + "\n", encoding="utf-8")
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert (
        f"plan.json does not fit any more: {changed} {'is new' if changed == 'new.tex' else 'was changed since'}"
        in (message)
    )
    assert "nothing was written; make a new plan with --plan" in message
    assert not Path("out.bib").exists()
    assert not Path(".refsync").exists()


def test_a_missing_input_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    make_plan_file("run", "refs.bib", "more.csv", "-o", "out.bib")
    Path("more.csv").unlink()
    assert main(["apply", "plan.json"]) == 2
    assert "more.csv is not there any more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "-", "-o", "out.bib", "--plan", "plan.json"], "standard input cannot be read again"),
        (["run", "refs.bib", "-o", "-", "--plan", "plan.json"], "a plan names the file to write"),
        (["run", "zotero:user/1", "-o", "x.bib", "--plan", "plan.json"], "`refsync pull` it to a file first"),
        (["run", "refs.bib", "-o", "out.bib", "--plan", "plan.txt"], "a plan is written to a file ending in .json"),
        (["dedupe", "refs.bib", "--plan", "plan.json"], "--plan, but nothing to write"),
    ],
)
def test_inputs_and_outputs_that_a_plan_cannot_have_are_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert not Path("plan.json").exists()
