"""What records, file names and settings say is shown on the terminal, never interpreted there."""

import ast
import json
import sys
from pathlib import Path

import pytest

import refsync
from refsync.cli import main
from refsync.cli.common.output import echo, echo_json, safe_console
from tests.syntax_trees import nodes

PACKAGE = Path(refsync.__file__).parent
EVIL = "\x1b]0;owned\x07\x1b[31m\u202egnp\u2066\x9b31m\r\x08"
OBEYED = [character for character in EVIL if not character.isprintable()]
DOORS = {"cli/common/output.py"}
PRINTS = {"echo", "secho", "print", "write", "writelines", "echo_via_pager", "Console"}


def test_nothing_is_printed_around_the_door() -> None:
    around = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name in DOORS:
            continue
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            first, last = called.split(".")[0], called.rpartition(".")[2]
            if (
                called in {"print", "Console", "rich.print", "pprint"}
                or (first in {"click", "rich"} and last in PRINTS)
                or (called.startswith(("sys.stdout.", "sys.stderr.")) and last in PRINTS)
            ):
                around.append(f"{name}:{node.lineno}: {called}")
    assert around == []


def commands() -> list[list[str]]:
    return [
        ["check", "a.bib"], ["check", "a.bib", "-v"], ["check", "a.bib", "--format", "json"],
        ["check", "a.bib", "--format", "github"], ["check", "a.bib", "--format", "sarif"],
        ["check", "a.bib", "--fix"], ["run", "a.bib", "-o", "out.bib", "-v"], ["dedupe", "a.bib", "-v"],
        ["dedupe", "a.bib", "--diff"], ["explain", "a.bib", "--pair", "a", "b"], ["config", "--all"],
        ["format", "a.bib", "--preset", "minimal", "--diff"], ["log"], ["undo", EVIL], ["apply", f"{EVIL}.json"],
        ["tag", "a.bib"], ["convert", "a.bib", "-o", "out.ris"], [EVIL], ["check", f"{EVIL}.bib"],
        ["check", f"--{EVIL}"],
    ]  # fmt: skip


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_no_command_prints_controls(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    entry = "@article{{{key}, title = {{Moss {evil} on {evil} Walls}}, author = {{Doe, J{evil}}}, year = {evil}}}\n"
    text = entry.format(key="a", evil=EVIL) + entry.format(key="b", evil=EVIL) + f"@misc{{k{EVIL}, x = y}}\n{EVIL} @"
    Path("a.bib").write_bytes(text.encode())
    Path("refsync.toml").write_text(f"[areas]\nprefix = {json.dumps('p' + EVIL[-4:])}\n", encoding="utf-8")
    main(arguments)
    captured = capsys.readouterr()
    for printed in (captured.out, captured.err):
        assert not [character for character in OBEYED if character in printed]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such names")
@pytest.mark.parametrize(
    "name", ["::error::x.bib", "a\n::error::x.bib", "a\r\n::stop-commands::x.bib", " ##[group]x.bib"]
)
@pytest.mark.parametrize("options", [[], ["--format", "github"], ["--fix"]])
def test_a_file_name_is_no_command_of_a_workflow(
    name: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path("d")
    folder.mkdir()
    (folder / name.replace("/", "")).write_text("@misc{a,}\n@misc{a,}\n", encoding="utf-8")
    import os

    os.chdir(folder)
    main(["check", name, *options])
    captured = capsys.readouterr()
    for line in (*captured.out.splitlines(), *captured.err.splitlines()):
        assert not line.lstrip().startswith(("::stop", "##["))
        if line.startswith("::"):
            assert options == ["--format", "github"]
            assert line.startswith(("::error file=", "::notice file="))


def test_percent_signs_are_quoted_in_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text("@misc{a%0A::error::b, title = {x}, title = {y%0A}}\n" * 2, encoding="utf-8")
    main(["check", "a.bib", "--format", "github"])
    out = capsys.readouterr().out
    assert "%0A::error" not in out.replace("%250A", "")


@pytest.mark.parametrize(("text", "printed"), [
    ("plain", "plain\n"), ("a\tb", "a\tb\n"), ("a\nb", "a\\nb\n"), ("::error::x", "\\::error::x\n"),
    (" ##[group]", "\\##[group]\n"), ("a ::error::", "a ::error::\n"), ("moß 𝔘", "moß 𝔘\n"), ("\ud800", "\\ud800\n"),
])  # fmt: skip
def test_the_door(text: str, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    echo(text)
    assert capsys.readouterr().out == printed


def test_json_keeps_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"a": EVIL, "b": "ß𝔘\U000e0001\ud800\n"}
    echo_json(json.dumps(value, ensure_ascii=False))
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert not [character for character in OBEYED if character in out]


def test_tables_are_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table

    table = Table()
    table.add_row(EVIL, "moß")
    safe_console().print(table)
    out = capsys.readouterr().out
    assert "moß" in out
    assert not [character for character in OBEYED if character in out]
