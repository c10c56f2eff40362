"""Baselines: existing findings are not reported."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from refsync.check.baseline import fingerprint
from refsync.check.findings import Finding
from refsync.cli import main
from tests.cli.check.samples import DUPLICATES, MOSS, check_json, codes, write


def test_existing_findings_are_not_reported_and_drop_out_of_the_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", DUPLICATES + MOSS)
    assert main(["check", "refs.bib", "--write-baseline", "baseline.json"]) == 0
    assert "3 findings written as existing findings" in capsys.readouterr().err
    assert check_json(capsys, "refs.bib", "--baseline", "baseline.json", code=0) == []
    write("refs.bib", "% moved\n\n" + MOSS + DUPLICATES)
    assert check_json(capsys, "refs.bib", "--baseline", "baseline.json", code=0) == []
    write("refs.bib", "@misc{m, title={Weed}}\n" + DUPLICATES)  # the two findings of m are fixed
    assert codes(check_json(capsys, "refs.bib", "--baseline", "baseline.json", code=0)) == []
    write("refs.bib", "@misc{b, title={Weed}}\n" + DUPLICATES)
    assert codes(check_json(capsys, "refs.bib", "--baseline", "baseline.json", code=1)) == ["RS201"]
    # Written again, the baseline has only the existing findings that remain.
    assert main(["check", "refs.bib", "--baseline", "baseline.json", "--write-baseline", "baseline.json"]) == 1
    capsys.readouterr()
    assert [row["code"] for row in json.loads(Path("baseline.json").read_text(encoding="utf-8"))["findings"]] == [
        "RS101"
    ]
    write("refs.bib", DUPLICATES + MOSS)
    assert codes(check_json(capsys, "refs.bib", "--baseline", "baseline.json")) == ["RS303", "RS302"]


def test_a_baseline_keeps_the_findings_of_files_that_are_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    write("sub/a.bib", DUPLICATES)
    write("b.bib", MOSS)
    write("refsync.toml", '[check]\nbaseline = "baseline.json"\nscope = "each-file"\n')
    assert main(["check", "sub/a.bib", "b.bib", "--write-baseline", "baseline.json"]) == 0
    assert main(["check", "sub/a.bib", "--write-baseline", "baseline.json"]) == 0
    rows = json.loads(Path("baseline.json").read_text(encoding="utf-8"))["findings"]
    assert [(row["source"], row["code"]) for row in rows] == [
        ("b.bib", "RS302"),
        ("b.bib", "RS303"),
        ("sub/a.bib", "RS101"),
    ]
    capsys.readouterr()
    assert check_json(capsys, "sub/a.bib", "b.bib", code=0) == []


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema": "other/1", "findings": []}', '{"schema": "refsync.baseline/1"}']
)
def test_other_files_are_refused_as_baselines(capsys: pytest.CaptureFixture[str], content: str) -> None:
    write("refs.bib", DUPLICATES)
    write("baseline.json", content)
    assert main(["check", "refs.bib", "--baseline", "baseline.json"]) == 2
    assert "not a baseline of refsync" in capsys.readouterr().err
    assert main(["check", "refs.bib", "--baseline", "none.json"]) == 2
    assert "--write-baseline none.json" in capsys.readouterr().err


def test_a_renamed_file_keeps_its_existing_findings(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", DUPLICATES)
    write("b.bib", MOSS)
    write("refsync.toml", '[check]\nbaseline = "baseline.json"\nscope = "each-file"\n')
    assert main(["check", "a.bib", "b.bib", "--write-baseline", "baseline.json"]) == 0
    Path("new").mkdir()
    Path("a.bib").rename("new/refs.bib")
    capsys.readouterr()
    assert check_json(capsys, "new/refs.bib", "b.bib", code=0) == []
    write("copy.bib", MOSS)  # the original is still there: these are new findings
    assert codes(check_json(capsys, "copy.bib")) == ["RS303", "RS302"]
    write("new/refs.bib", DUPLICATES + MOSS)
    assert codes(check_json(capsys, "new/refs.bib")) == ["RS303", "RS302"]
    assert main(["check", "new/refs.bib", "b.bib", "--write-baseline", "baseline.json"]) == 1
    rows = json.loads(Path("baseline.json").read_text(encoding="utf-8"))["findings"]
    assert sorted({row["source"] for row in rows}) == ["b.bib", "new/refs.bib"]
    capsys.readouterr()


def test_a_baseline_knows_a_fault_by_its_kind_not_by_the_wording() -> None:
    finding = Finding(code="RS302", source="a.bib", line=1, column=1, key="k", message="one", anchor="comma-missing")
    assert fingerprint(finding) == fingerprint(replace(finding, message="two", line=7))
    assert fingerprint(finding) != fingerprint(replace(finding, anchor="comma-superfluous"))
