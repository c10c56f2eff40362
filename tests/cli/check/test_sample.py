"""`refsync check` and `refsync rules`, from arguments to exit codes."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import run_json

pytestmark = pytest.mark.usefixtures("sample_folder")


def test_check_reports_duplicates_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n"
        "@article{b, title={The patience of kelp in noisy water}, author={Doe, J.}, year=2020, doi={10.5555/1}}\n"
        "@article{a, title={Moss}, author={Roe, R.}, year=2001}\n",
        encoding="utf-8",
    )
    before = {path.name for path in Path().iterdir()}
    result = run_json(capsys, "check", "refs.bib", code=1)
    assert result["schema"] == "refsync.check/1"
    assert [(f["code"], f["severity"], f["line"], f["key"]) for f in result["findings"]] == [
        ("RS101", "error", 2, "b"),
        ("RS201", "error", 3, "a"),
    ]
    assert main(["check", "refs.bib"]) == 1
    assert capsys.readouterr().out.startswith("refs.bib:2:10: RS101 error: 'b' is the same paper as 'a' (line 1)")
    assert {path.name for path in Path().iterdir()} == before
    Path("clean.bib").write_text("@article{a, title={Moss}, author={Roe, R.}, year=2001}\n", encoding="utf-8")
    assert main(["check", "clean.bib"]) == 0


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == main(["rules", "rs101"]) == 0
    assert "How to fix it" in capsys.readouterr().out
    assert main(["rules", "RS999"]) == 2
