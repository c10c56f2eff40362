"""`refsync check` as a whole: which rules, old debts, --fix, several files, and what is printed."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refsync.check.rule_selection import selected_codes
from refsync.check.rule_table import RULES
from refsync.cli import main
from refsync.errors import ConfigError

MAIN = "import sys; from refsync.cli import main; sys.exit(main())"
TWICE = (
    "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n\n"
    "@article{b,\n  title  = {The patience of kelp in noisy water},\n  author = {Doe, J.},\n  year   = 2020,\n"
    "  volume = {4},\n  doi    = {10.5555/1},\n}\n"
)
MOSS = "\n@article{m, title={Moss on Basalt},\n  year=2001, year={2001},\n  note={x},, pages={9--3}}\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def checked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int | None = None) -> list[dict[str, Any]]:
    ended = main(["check", *arguments, "--format", "json"])
    assert code in (None, ended)
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "refsync.check/1"
    rows: list[dict[str, Any]] = result["findings"]
    return rows


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


# Which rules


def test_selection() -> None:
    default = selected_codes((), (), ())
    assert {code for code, rule in RULES.items() if rule.default} == default
    assert not {"RS501", "RS601", "RS602"} & default
    assert selected_codes(["rs1,RS201"], (), ["RS103"]) == {"RS101", "RS102", "RS104", "RS201"}
    assert selected_codes((), ["RS5"], ["RS1"]) == {*default, *(code for code in RULES if code[:3] == "RS5")} - {
        code for code in RULES if code[:3] == "RS1"
    }
    assert selected_codes(["ALL"], (), ()) == set(RULES)
    assert selected_codes((), (), ["ALL"]) == set()
    with pytest.raises(ConfigError, match="no rule RS9"):
        selected_codes(["RS9"], (), ())


def test_the_configuration_selects_and_the_command_line_overrules(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", TWICE + MOSS)
    assert codes(checked(capsys, "refs.bib", code=1)) == ["RS101", "RS303", "RS302"]
    write("refsync.toml", '[check]\nextend-select = ["RS5"]\nignore = ["RS101"]\n')
    assert codes(checked(capsys, "refs.bib")) == ["RS303", "RS302", "RS505"]
    assert codes(checked(capsys, "refs.bib", "--select", "RS1", "--ignore", "RS302")) == ["RS505"]
    write("refsync.toml", '[check]\nselect = ["RS303"]\n')
    assert codes(checked(capsys, "refs.bib", code=0)) == ["RS303"]  # a note does not fail
    write("refsync.toml", '[check]\nselect = ["RX1"]\n')
    assert main(["check", "refs.bib"]) == 2
    assert "no rule RX1" in capsys.readouterr().err


# Several files


def test_duplicates_are_sought_in_the_library_and_told_of_the_files_passed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = TWICE.split("\n\n", 1)
    write("refs/old.bib", f'@string{{jm = "J. Moss"}}\n{first}\n@misc{{p, title={{Proceedings}}}}\n{MOSS}')
    write("refs/new.bib", second + "@misc{c, title={Weed}, journal=jm, crossref={p}}\n")
    assert codes(checked(capsys, "refs/new.bib", code=0)) == []
    write("refsync.toml", '[check]\nlibrary = ["refs/*.bib"]\n')
    (row,) = checked(capsys, "refs/new.bib", code=1)
    assert (row["code"], row["source"], row["key"], row["fixable"]) == ("RS101", "refs/new.bib", "b", False)
    assert "'a' (refs/old.bib:2)" in row["message"]
    rows = checked(capsys, "refs/old.bib", code=1)  # and the other way
    assert [(row["code"], row["key"]) for row in rows if row["code"] == "RS101"] == [("RS101", "a")]
    monkeypatch.chdir("refs")
    (row,) = checked(capsys, "new.bib", code=1)
    assert "(old.bib:2)" in row["message"]


def test_files_may_be_looked_at_each_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", TWICE)
    write("b.bib", TWICE)
    assert len(checked(capsys, "a.bib", "b.bib")) == 3
    capsys.readouterr()
    write("refsync.toml", '[check]\nduplicates = "each-file"\n')
    assert [(row["source"], row["key"]) for row in checked(capsys, "a.bib", "b.bib")] == [
        ("a.bib", "b"),
        ("b.bib", "b"),
    ]


# Old debts


def test_a_baseline_holds_old_debts_and_they_drop_out(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", TWICE + MOSS)
    assert main(["check", "refs.bib", "--write-baseline", "debts.json"]) == 0
    assert "3 findings written as old debts" in capsys.readouterr().err
    assert checked(capsys, "refs.bib", "--baseline", "debts.json", code=0) == []
    write("refs.bib", "% moved\n\n" + MOSS + TWICE)
    assert checked(capsys, "refs.bib", "--baseline", "debts.json", code=0) == []
    write("refs.bib", "@misc{m, title={Weed}}\n" + TWICE)  # the two debts of m are paid, and a key clashes
    assert codes(checked(capsys, "refs.bib", "--baseline", "debts.json", code=0)) == []
    write("refs.bib", "@misc{b, title={Weed}}\n" + TWICE)
    assert codes(checked(capsys, "refs.bib", "--baseline", "debts.json", code=1)) == ["RS201"]
    # Written anew beside the old one, it holds only what of it is still owed.
    assert main(["check", "refs.bib", "--baseline", "debts.json", "--write-baseline", "debts.json"]) == 1
    capsys.readouterr()
    assert [row["code"] for row in json.loads(Path("debts.json").read_text())["findings"]] == ["RS101"]
    write("refs.bib", TWICE + MOSS)
    assert codes(checked(capsys, "refs.bib", "--baseline", "debts.json")) == ["RS303", "RS302"]


def test_a_baseline_keeps_the_debts_of_files_that_are_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    write("sub/a.bib", TWICE)
    write("b.bib", MOSS)
    write("refsync.toml", '[check]\nbaseline = "debts.json"\nduplicates = "each-file"\n')
    assert main(["check", "sub/a.bib", "b.bib", "--write-baseline", "debts.json"]) == 0
    assert main(["check", "sub/a.bib", "--write-baseline", "debts.json"]) == 0
    rows = json.loads(Path("debts.json").read_text())["findings"]
    assert [(row["source"], row["code"]) for row in rows] == [
        ("b.bib", "RS302"),
        ("b.bib", "RS303"),
        ("sub/a.bib", "RS101"),
    ]
    capsys.readouterr()
    assert checked(capsys, "sub/a.bib", "b.bib", code=0) == []


@pytest.mark.parametrize(
    "content", ["", "[]", '{"schema": "other/1", "findings": []}', '{"schema": "refsync.baseline/1"}']
)
def test_what_is_no_baseline_is_refused(capsys: pytest.CaptureFixture[str], content: str) -> None:
    write("refs.bib", TWICE)
    write("debts.json", content)
    assert main(["check", "refs.bib", "--baseline", "debts.json"]) == 2
    assert "no baseline of refsync" in capsys.readouterr().err
    assert main(["check", "refs.bib", "--baseline", "none.json"]) == 2
    assert "--write-baseline none.json" in capsys.readouterr().err


# --fix


def test_fix_mends_what_is_certain_says_so_and_can_be_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = (
        "% kept\n"
        + TWICE
        + MOSS.replace("{Moss on", "{{\\'E}tude of Moss on")
        + "@misc{n,\n  title={x}\n  year=2000}\n"
    )
    write("refs.bib", before)
    assert main(["check", "refs.bib", "--fix", "--extend-select", "RS505"]) == 1
    out, err = capsys.readouterr()
    assert "mended: refs.bib:4:10: RS101 error: 'b' is the same paper as 'a' (line 2): same DOI 10.5555/1" in out
    assert "1 entry deleted, 3 entries changed\n  b -> a" in out
    assert "RS505 error: 'm' has a range" in out  # what is not certain stays
    assert "1 error in 1 file" in err
    assert Path("refs.bib").read_text() == (
        "% kept\n"
        "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}, "
        "volume={4}}\n\n"
        "@article{m, title={{\\'E}tude of Moss on Basalt},\n  year=2001,\n  note={x}, pages={9--3}}\n"
        "@misc{n,\n  title={x},\n  year=2000}\n"
    )
    assert main(["check", "refs.bib", "--fix"]) == 0
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text() == before


def test_diff_shows_what_fix_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", TWICE)
    assert main(["check", "refs.bib", "--diff"]) == 1
    out = capsys.readouterr().out
    assert "-@article{b," in out
    assert "RS101 error" in out
    assert Path("refs.bib").read_text() == TWICE
    assert not Path(".refsync").exists()


def test_fix_leaves_what_is_hidden_owed_or_not_selected(capsys: pytest.CaptureFixture[str]) -> None:
    text = TWICE.replace("@article{b", "% refsync: ignore[RS1]\n@article{b") + MOSS
    write("refs.bib", text)
    assert main(["check", "refs.bib", "--fix", "--ignore", "RS3"]) == 0
    main(["check", "refs.bib", "--write-baseline", "debts.json"])
    assert main(["check", "refs.bib", "--fix", "--baseline", "debts.json"]) == 0
    assert Path("refs.bib").read_text() == text
    capsys.readouterr()


def test_fix_merges_within_a_file_only(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = TWICE.split("\n\n", 1)
    write("a.bib", first)
    write("b.bib", second)
    assert main(["check", "a.bib", "b.bib", "--fix"]) == 1
    assert (Path("a.bib").read_text(), Path("b.bib").read_text()) == (first, second)
    assert "'a' (a.bib:1)" in capsys.readouterr().out


def test_fix_keeps_the_key_that_is_cited_and_drops_none_that_is(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", TWICE)
    write("paper.tex", "\\cite{b}\n")
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex"]) == 1
    assert "a -> b" in capsys.readouterr().out
    assert "@article{b," in Path("refs.bib").read_text()
    assert main(["check", "refs.bib", "--cites", "paper.tex"]) == 0
    write("refs.bib", TWICE)
    write("paper.tex", "\\cite{b,b,a}\n")
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex"]) == 1
    assert Path("refs.bib").read_text() == TWICE
    assert "not merged into 'b': 'a' is cited too; --rewrite-cites would change that" in capsys.readouterr().err
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex", "--rewrite-cites"]) == 1
    assert Path("paper.tex").read_text() == "\\cite{b,b}\n"
    assert main(["check", "refs.bib", "--cites", "paper.tex"]) == 0
    assert main(["undo"]) == 0
    assert Path("paper.tex").read_text() == "\\cite{b,b,a}\n"


def test_fix_deletes_neighbours_at_the_end_of_a_file() -> None:
    first, second = TWICE.split("\n\n", 1)
    third = second.replace("{b,", "{c,").replace("volume", "number")
    write("refs.bib", f"{first}\n\n{second}\n{third}")
    assert main(["check", "refs.bib", "--fix"]) == 1
    after = Path("refs.bib").read_text()
    assert after.startswith(first.removesuffix("}"))
    assert "volume={4}" in after
    assert "number={4}" in after
    assert after.count("@") == 1
    assert main(["check", "refs.bib"]) == 0


def test_fix_moves_a_macro_as_a_macro() -> None:
    text = TWICE.replace("volume = {4}", "journal = jk")
    for macros in ("", '@string{jk = "Journal of Kelp"}\n'):
        write("refs.bib", macros + text)
        assert main(["check", "refs.bib", "--fix"]) == 1
        after = Path("refs.bib").read_text()
        assert "journal=jk" in after
        assert after.count("title") == 1


def test_fix_leaves_a_file_alone_that_is_cut_off() -> None:
    text = TWICE + '@misc{c, title="'
    write("refs.bib", text)
    assert main(["check", "refs.bib", "--fix"]) == 2
    assert Path("refs.bib").read_text() == text


def test_fix_keeps_an_old_encoding(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_bytes((TWICE + "@misc{k, title={Algue d\xe9riv\xe9e},,}\r\n").encode("latin-1"))
    assert main(["check", "refs.bib", "--fix"]) == 1
    assert Path("refs.bib").read_bytes().endswith(b"\n@misc{k, title={Algue d\xe9riv\xe9e},}\r\n")


# What is printed


def test_text_groups_by_file_and_ends_with_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", TWICE + MOSS)
    write("b.bib", "@misc{k, title={Weed}}\n@misc{k, title={Kelp}}\n")
    assert main(["check", "a.bib", "b.bib"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "a.bib:3:10: RS101 error: 'b' is the same paper as 'a' (line 1): same DOI 10.5555/1",
        "a.bib:13:12: RS302 error: 'm' is not well-formed: a comma too many",
        "a.bib:12:14: RS303 note: 'm' has a second `year`, with the same value",
        "",
        "b.bib:2:7: RS201 error: 'k' is the key of the entry in line 1 already",
    ]
    assert err == (
        "3 errors and 1 note in 2 files; `refsync check --fix a.bib b.bib` mends 3 of them; "
        "`refsync rules RS101` explains one\n"
    )
    assert main(["check", "a.bib", "-q"]) == 1
    assert capsys.readouterr().err == ""


def test_many_notes_are_counted_unless_all_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
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
    assert "'k%25d' is the key" in out[1]
    assert out[0].startswith("::error file=cut.bib,line=1::no such file")


def test_sarif(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    write("refs dir/a.bib", TWICE)
    assert main(["check", "refs dir/a.bib", str(place / "refs dir/a.bib"), "none.bib", "--format", "sarif"]) == 2
    log = json.loads(capsys.readouterr().out)
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


# Odd input


def test_notes_fail_where_it_is_strict() -> None:
    write("refs.bib", "@misc{a, title={Moss}, note={x}, note={y}}\n")
    assert main(["check", "refs.bib"]) == 0
    assert main(["check", "refs.bib", "--strict"]) == 1


def test_standard_input_is_checked_and_not_mended() -> None:
    command = [sys.executable, "-c", MAIN, "check", "-"]
    done = subprocess.run(command, input=TWICE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:18]) == (1, "-:3:10: RS101 erro")
    done = subprocess.run([*command, "--fix"], input=TWICE, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "not standard input" in done.stderr


def test_other_formats_are_checked_for_duplicates(capsys: pytest.CaptureFixture[str]) -> None:
    write("export.csv", "title,author,year,doi\n" + 2 * '"Kelp in Noisy Water","Doe, Jane",2020,10.5555/1\n')
    (row,) = checked(capsys, "export.csv", code=1)
    assert (row["code"], row["line"], row["column"], row["fixable"]) == ("RS101", 3, 1, False)


def test_a_file_that_is_cut_off_is_told_with_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", TWICE + '@misc{c, title="')
    rows = checked(capsys, "refs.bib", code=2)
    assert [(row["code"], row["line"]) for row in rows] == [("RS101", 3), ("RS301", 10)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_are_right_whatever_ends_a_line(capsys: pytest.CaptureFixture[str], line_end: str) -> None:
    text = "@misc{ä, title={Möss}}\n% ü\n  @misc{ä, title={Kelp}}\n"
    Path("refs.bib").write_bytes(text.replace("\n", line_end).encode())
    (row,) = checked(capsys, "refs.bib", code=1)
    assert (row["code"], row["line"], row["column"]) == ("RS201", 3, 9)


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    out = re.sub(r"\s+", " ", capsys.readouterr().out)
    for word in ("Examples:", "Exit codes:", "--write-baseline", "refsync: ignore[RS103]", "sarif"):
        assert word in out


def test_the_summary_names_a_command_that_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "@misc{a, title={Moss}\n note={x}}\n"
    write("my refs.bib", text)
    assert main(["check", "my refs.bib"]) == 1
    assert "`refsync check --fix 'my refs.bib'` mends 1 of them" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["check", "-"]) == 1
    assert "--fix" not in capsys.readouterr().err
