"""Showing the findings of `check`: as lines for people, as annotations for GitHub, as JSON and SARIF for programs."""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import click

from refsync import schemas
from refsync._version import __version__
from refsync.check.findings import Finding
from refsync.cli.common import show
from refsync.records import Problem
from refsync.sources import STDIN

FORMATS = ("text", "json", "github", "sarif")
SHOWN_NOTES = 20  # of each file, unless verbose
COLOURS = {"error": "red", "note": "cyan"}


def print_findings(findings: Sequence[Finding], output: str, failures: Sequence[Problem], *, verbose: bool) -> None:
    """Print findings on standard output in one of `FORMATS`."""
    match output:
        case "json":
            show.print_json(schemas.check(findings))
        case "sarif":
            from refsync.check.sarif import sarif

            show.print_json(sarif(findings, __version__, Path.cwd(), map(str, failures)))
        case "github":
            for line in github_lines(findings, failures):
                click.echo(line)
        case _:
            _print_text(findings, verbose)


def _print_text(findings: Sequence[Finding], verbose: bool) -> None:
    """The findings of each file together, errors before notes."""
    for number, (_, group) in enumerate(groupby(findings, key=lambda item: item.source)):
        if number:
            click.echo()
        items = [*group]
        notes = [item for item in items if item.rule.severity == "note"]
        shown = notes if verbose else notes[:SHOWN_NOTES]
        for item in (*(item for item in items if item.rule.severity == "error"), *shown):
            click.echo(one_line(item))
        if hidden := notes[len(shown) :]:
            counts = ", ".join(f"{code} {count:,}" for code, count in sorted(Counter(n.code for n in hidden).items()))
            click.echo(f"{items[0].source}: {show.counted(len(hidden), 'more note')} ({counts}); -v shows all")


def one_line(item: Finding) -> str:
    """`refs.bib:12:10: RS201 error: 'smith2020' the key is used in line 3 already`, coloured on a terminal."""
    place = click.style(f"{item.source}:{item.line}:{item.column}:", bold=True)
    severity = item.rule.severity
    name = f" {item.key!r}" if item.key else ""
    return f"{place} {click.style(item.code, fg=COLOURS[severity])} {severity}:{name} {item.message}"


def github_lines(findings: Iterable[Finding], failures: Iterable[Problem]) -> Iterable[str]:
    """Workflow commands that GitHub shows as annotations of the lines."""
    for problem in failures:
        yield f"::error file={_property(problem.source)},line={problem.line or 1}::{_data(problem.message)}"
    for item in findings:
        kind = "error" if item.rule.severity == "error" else "notice"
        name = f"{item.key!r} " if item.key else ""
        title = _property(f"{item.code} {item.rule.title}")
        place = f"file={_property(item.source)},line={item.line},col={item.column},title={title}"
        yield f"::{kind} {place}::{_data(name + item.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(findings: Sequence[Finding], checked: Sequence[str], old: int) -> str:
    """What was found in one line, and what can be done about it; empty where there is nothing to say."""
    counts = Counter(item.rule.severity for item in findings)
    debts = f"{show.counted(old, 'finding')} of the baseline not shown" if old else ""
    if not findings:
        return debts
    told = " and ".join(show.counted(counts[kind], kind) for kind in ("error", "note") if counts[kind])
    files = show.counted(len({item.source for item in findings}), "file")
    parts = [f"{told} in {files}"]
    if fixable := sum(item.fixable and item.source != STDIN for item in findings):
        named = shlex.join(checked) if len(checked) <= 3 else "FILE..."
        parts.append(f"`refsync check --fix {named}` mends {fixable:,} of them")
    parts.append(f"`refsync rules {findings[0].code}` explains one")
    return "; ".join([*parts, debts] if debts else parts)
