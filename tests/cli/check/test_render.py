"""The findings as text, as annotations for GitHub and as SARIF, and the summary."""

import io
import json
from pathlib import Path

import pytest

from refsync.check.rule_table import RULES
from refsync.cli import main
from tests.check.sarif_schema import validate_sarif
from tests.cli.check.samples import DUPLICATES, MOSS, write


def test_text_groups_by_file_and_ends_with_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", DUPLICATES + MOSS)
    write("b.bib", "@misc{k, title={Weed}}\n@misc{k, title={Kelp}}\n")
    assert main(["check", "a.bib", "b.bib"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "a.bib:3:10: RS101 error: 'b' is the same paper as 'a' (line 1): same DOI 10.5555/1",
        "a.bib:13:12: RS302 error: 'm' is not well-formed: a comma too many",
        "a.bib:12:14: RS303 note: 'm' has a second `year`, with the same value",
        "",
        "b.bib:2:7: RS201 error: 'k' is already the key of the entry in line 1",
    ]
    assert err == (
        "3 errors and 1 note in 2 files; `refsync check --fix a.bib b.bib` fixes 3 of them; "
        "`refsync rules RS101` explains one\n"
    )
    assert main(["check", "a.bib", "-q"]) == 1
    assert capsys.readouterr().err == ""


def test_many_notes_are_counted_unless_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", "".join(f"@misc{{k{i}, title={{Weed}}, note={{}}, note={{}}, series=m{i}}}\n" for i in range(30)))
    assert main(["check", "a.bib", "--select", "RS3"]) == 0
    assert "a.bib: 40 more notes (RS303 20, RS304 20); -v shows all" in capsys.readouterr().out
    assert main(["check", "a.bib", "--select", "RS3", "-v"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 60


def test_github_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    write("a,b.bib", "@misc{k%d, title={Weed}}\n@misc{k%d, title={Kelp}}\n")
    assert main(["check", "a,b.bib", "cut.bib", "--format", "github"]) == 2
    out = capsys.readouterr().out.splitlines()
    assert "::error file=a%2Cb.bib,line=2,col=7,title=RS201 key used twice::" in out[1]
    assert "'k%25d' is already the key" in out[1]
    assert out[0].startswith("::error file=cut.bib,line=1::no such file")


def test_sarif(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    write("refs dir/a.bib", DUPLICATES)
    assert main(["check", "refs dir/a.bib", str(place / "refs dir/a.bib"), "none.bib", "--format", "sarif"]) == 2
    log = json.loads(capsys.readouterr().out)
    validate_sarif(log)
    assert log["version"] == "2.1.0"
    assert "sarif" in log["$schema"]
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "note"}
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "RS101"
    assert result["level"] == "error"
    assert result["message"]["text"].startswith("'b' is the same paper")
    (location,) = result["locations"]
    artifact = location["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "refs%20dir/a.bib", "uriBaseId": "%SRCROOT%"}
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"] == f"{place.resolve().as_uri()}/"
    assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 10}
    assert result["partialFingerprints"]
    assert result["properties"] == {"fixable": True}
    assert run["invocations"][0]["executionSuccessful"] is False


def test_the_summary_quotes_file_names(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = "@misc{a, title={Moss}\n note={x}}\n"
    write("my refs.bib", text)
    assert main(["check", "my refs.bib"]) == 1
    assert "`refsync check --fix 'my refs.bib'` fixes 1 of them" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    assert main(["check", "-"]) == 1
    assert "--fix" not in capsys.readouterr().err


def test_sarif_of_every_rule_damage_and_standard_input(
    capsys: pytest.CaptureFixture[str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "@article{a b,\n title={x}\n}\n@misc{é, title={M}, doi={10.1/ü}, isbn={1}, month={no}}\n"
        "@misc{é, title={N}}\n@misc{k, title="
    )
    write("f %é#.bib", text)
    for arguments in (["f %é#.bib", "--select", "ALL"], ["-"], ["none.bib"]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        main(["check", *arguments, "--format", "sarif"])
        log = json.loads(capsys.readouterr().out)
        validate_sarif(log)
        assert log["runs"][0]["results"] or arguments == ["none.bib"]
