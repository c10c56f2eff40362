"""Print the findings of `check`: as lines of text, as annotations for GitHub, as JSON or as SARIF."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from refsync import operating_system
from refsync._version import __version__
from refsync.check.findings import Finding
from refsync.cli.common.output import Shown, echo, echo_annotation, joined, shown
from refsync.cli.common.text import counted, print_json
from refsync.operating_system import command_line
from refsync.records import Problem
from refsync.text.printable import printable

FORMATS = ("text", "json", "github", "sarif")
SHOWN_NOTES = 20  # per file, unless verbose
COLOURS = {"error": "red", "note": "cyan"}


def print_findings(findings: Sequence[Finding], output: str, failures: Sequence[Problem], *, verbose: bool) -> None:
    """Print findings on standard output in one of `FORMATS`."""
    match output:
        case "json":
            from refsync import schemas

            print_json(schemas.check(findings))
        case "sarif":
            from refsync.check.sarif import sarif

            print_json(sarif(findings, __version__, Path.cwd(), map(str, failures)))
        case "github":
            for line in github_lines(findings, failures):
                echo_annotation(line)
        case _:
            _print_text(findings, verbose)


def _print_text(findings: Sequence[Finding], verbose: bool) -> None:
    """Print the findings file by file, errors before notes."""
    for number, (_, group) in enumerate(groupby(findings, key=lambda item: item.source)):
        if number:
            echo()
        items = [*group]
        notes = [item for item in items if item.rule.severity == "note"]
        shown = notes if verbose else notes[:SHOWN_NOTES]
        for item in (*(item for item in items if item.rule.severity == "error"), *shown):
            echo(one_line(item))
        if hidden := notes[len(shown) :]:
            counts = ", ".join(f"{code} {count:,}" for code, count in sorted(Counter(n.code for n in hidden).items()))
            echo(f"{items[0].source}: {counted(len(hidden), 'more note')} ({counts}); -v shows all")


def one_line(item: Finding) -> Shown:
    """`refs.bib:12:10: RS201 error: 'smith2020' is already the key of the entry in line 3`, coloured on a terminal."""
    place = shown(f"{item.source}:{item.line}:{item.column}:", bold=True)
    severity = item.rule.severity
    name = f" {item.key!r}" if item.key else ""
    return joined(place, " ", shown(item.code, fg=COLOURS[severity]), f" {severity}:{name} {item.message}")


def github_lines(findings: Iterable[Finding], failures: Iterable[Problem]) -> Iterable[str]:
    """Workflow commands that GitHub shows as annotations of the lines."""
    for problem in failures:
        yield f"::error file={_file(problem.source)},line={problem.line or 1}::{_data(problem.message)}"
    for item in findings:
        kind = "error" if item.rule.severity == "error" else "notice"
        name = f"{item.key!r} " if item.key else ""
        title = _property(f"{item.code} {item.rule.title}")
        place = f"file={_file(item.source)},line={item.line},col={item.column},title={title}"
        yield f"::{kind} {place}::{_data(name + item.message)}"


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _file(source: str) -> str:
    """The name of a file in an annotation, which GitHub finds only if it has slashes."""
    return _property(source.replace("\\", "/") if operating_system.WINDOWS else source)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(findings: Sequence[Finding], checked: Sequence[str], existing: int, *, can_fix: bool = True) -> str:
    """The counts of findings in one line, and the commands that help.

    Args:
        findings: those that are shown.
        checked: the files as the user named them.
        existing: how many more findings the baseline hides.
        can_fix: whether all of them are files that can be changed, not standard input, pipes or compressed files.
    """
    counts = Counter(item.rule.severity for item in findings)
    hidden = f"{counted(existing, 'finding')} of the baseline not shown" if existing else ""
    if not findings:
        files = printable(command_line(checked)) if len(checked) <= 3 else counted(len(checked), "file")
        return hidden or f"no findings in {files}"
    total = " and ".join(counted(counts[kind], kind) for kind in ("error", "note") if counts[kind])
    files = counted(len({item.source for item in findings}), "file")
    parts = [f"{total} in {files}"]
    if can_fix and (fixable := sum(item.fixable for item in findings)):
        named = printable(command_line(checked)) if len(checked) <= 3 else "FILE..."
        parts.append(f"`refsync check --fix {named}` fixes {fixable:,} of them")
    parts.append(f"`refsync rules {findings[0].code}` explains one")
    return "; ".join([*parts, hidden] if hidden else parts)
