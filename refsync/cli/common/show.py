"""What people see: results on standard output, the rest on standard error, bars on a terminal only."""

import difflib
import itertools
import json
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from refsync.records import Problem, Record

if TYPE_CHECKING:  # `check` starts fast because it imports none of these
    from refsync.cites import Moved
    from refsync.classify.labels import LeftOut
    from refsync.dedup.explain import Explanation
    from refsync.planning.in_place import Revision
    from refsync.planning.plan import Plan

SHOWN_PROBLEMS = 20
LONG = 5000  # lines
STAGES = {
    "read": "Reading",
    "cites": "Reading citations",
    "normalise": "Normalising",
    "block": "Finding candidates",
    "score": "Comparing",
    "cluster": "Clustering",
    "tag": "Tagging",
    "download": "Reading the library",
    "send": "Sending",
    "train": "Learning",
    "crossref doi": "Crossref, by DOI",
    "crossref title": "Crossref, by title",
    "openalex doi": "OpenAlex, by DOI",
    "openalex title": "OpenAlex, by title",
    "arxiv arxiv": "arXiv, by number",
    "arxiv title": "arXiv, by title",
}

Progress = Callable[[str, int, int], None]


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A function to call with (stage, done, total); draws bars where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, Any] = {}
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage.capitalize()), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def _silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def print_json(result: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def print_problems(problems: Sequence[Problem], quiet: bool, verbose: bool) -> None:
    """Errors always, notes unless quiet, the first ones unless verbose."""
    notes = [] if quiet else [item for item in problems if not item.fatal]
    hidden = 0 if verbose else max(len(notes) - SHOWN_PROBLEMS, 0)
    for item in notes[: len(notes) - hidden]:
        click.echo(f"refsync: note: {item}", err=True)
    if hidden:
        click.echo(f"refsync: note: {counted(hidden, 'more note')}; -v shows all", err=True)
    for item in problems:
        if item.fatal:
            click.echo(f"refsync: error: {item}", err=True)


def print_explanation(explanation: "Explanation", a: Record, b: Record) -> None:
    """The verdict, both records side by side as they are compared, and what each field weighs."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 110)
    weights = {item.field: item for item in explanation.pair.fields}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", place_of(a), place_of(b)):
        table.add_column(escape(heading), overflow="fold", ratio=1 if heading else None)
    table.add_column("similarity", justify="right")
    table.add_column("weight", justify="right")
    for name in dict.fromkeys([*explanation.sides, *weights]):
        left, right = (_cut(side, 160) for side in explanation.sides.get(name, ("", "")))
        weighed = weights.get(name)
        numbers = (f"{weighed.similarity:.2f}", f"{weighed.weight:+.1f}") if weighed else ("", "")
        table.add_row(name, escape(left), escape(right), *numbers)
    relation = f" ({explanation.relation})" if explanation.relation else ""
    console.print(f"[bold]{explanation.verdict}[/]{relation}  p={explanation.pair.probability:.3f}")
    console.print(escape(explanation.why))
    console.print()
    console.print(table)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def print_diff(name: str, before: str, after: str) -> None:
    """A unified diff, coloured on a terminal."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    old, new = before.splitlines(), after.splitlines()
    headings = (f"--- a/{name}", f"+++ b/{name}") if old != new else ()
    for line in (*headings, *_hunks(old, new)):
        click.secho(line, fg=colours.get(line[:1]))


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    """The hunks of a unified diff. Long files are compared entry by entry first: line by line is quadratic."""
    matcher = difflib.SequenceMatcher(None, old, new)
    if len(old) > LONG:
        merged: list[tuple[str, int, int, int, int]] = []
        for code in _opcodes(_entries(old), _entries(new)):
            if merged and merged[-1][0] == code[0] == "equal":
                merged[-1] = ("equal", merged[-1][1], code[2], merged[-1][3], code[4])
            else:
                merged.append(code)
        matcher.opcodes = merged  # type: ignore[attr-defined]  # what get_opcodes keeps
    for group in matcher.get_grouped_opcodes(3):
        spans = (group[0][1], group[-1][2]), (group[0][3], group[-1][4])
        starts = [f"{start + (end > start)}" + ("" if end - start == 1 else f",{end - start}") for start, end in spans]
        yield f"@@ -{starts[0]} +{starts[1]} @@"
        for tag, a, a_end, b, b_end in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[a:a_end])
            else:
                yield from (f"-{line}" for line in old[a:a_end])
                yield from (f"+{line}" for line in new[b:b_end])


def _entries(lines: list[str]) -> list[tuple[str, ...]]:
    """The lines, parted before each that starts with `@`."""
    starts = [0, *(i for i, line in enumerate(lines) if i and line.startswith("@")), len(lines)]
    return [tuple(lines[start:end]) for start, end in itertools.pairwise(starts)]


def _opcodes(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> Iterator[tuple[str, int, int, int, int]]:
    """What makes the old lines the new ones, as `difflib` has it."""
    a = b = 0
    for tag, i, i_end, j, j_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        left, right = [*itertools.chain(*old[i:i_end])], [*itertools.chain(*new[j:j_end])]
        inner = [(tag, 0, len(left), 0, len(right))]
        if tag == "replace":
            inner = difflib.SequenceMatcher(None, left, right).get_opcodes()
        for kind, start, end, other, other_end in inner:
            yield kind, a + start, a + end, b + other, b + other_end
        a, b = a + len(left), b + len(right)


def print_revisions(
    revisions: "Sequence[Revision]", moved: "Sequence[Moved]", run: Path | None, to_stderr: bool = False
) -> None:
    """What was changed in the user's files, the keys that are gone, and how to take it back."""
    for item in revisions:
        removed, changed = counted(item.deleted, "entry"), counted(item.filled, "entry")
        click.echo(f"{item.source}: {removed} deleted, {changed} changed", err=to_stderr)
        print_renamed(item.renamed, to_stderr)
    print_rewritten(moved, to_stderr)
    if run:
        print_way_back(run, to_stderr)
    else:
        click.echo("no duplicates; nothing was changed", err=to_stderr)


def print_way_back(run: Path, to_stderr: bool = False) -> None:
    """How to take back the run that is kept in this folder, from where the user is."""
    library = run.parents[2]
    elsewhere = "" if library.resolve() == Path.cwd() else f" --in {shlex.quote(str(library))}"
    click.echo(f"`refsync undo{elsewhere}` takes this back; the files as they were are in {run}", err=to_stderr)


def print_renamed(renamed: Mapping[str, str], to_stderr: bool = False, most: int = 0) -> None:
    """Old citation keys with the new ones; all of them, or the first `most`."""
    for old, new in [*renamed.items()][: most or None]:
        click.echo(f"  {old} -> {new}", err=to_stderr)
    if most and (hidden := len(renamed) - most) > 0:
        click.echo(f"  {counted(hidden, 'more key')}: plan.json beside the ledger has them all", err=to_stderr)


def print_rewritten(moved: "Sequence[Moved]", to_stderr: bool = False) -> None:
    """The documents that cite other keys now."""
    for item in moved:
        if item.rewritten:
            click.echo(f"{item.source}: {counted(item.rewritten, 'citation')} rewritten", err=to_stderr)


def print_columns(headings: Sequence[str], rows: Sequence[Sequence[str]], indent: int = 2) -> None:
    """A table: the first column and one without a heading to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    for number, row in enumerate((headings, *rows)):
        cells = [
            cell.rjust(width) if column and heading else cell.ljust(width)
            for column, (cell, width, heading) in enumerate(zip(row, widths, headings, strict=True))
        ]
        click.secho(" " * indent + "  ".join(cells).rstrip(), bold=not number)


def print_left_out(left_out: "Sequence[LeftOut]", shown: int | None) -> None:
    """Labels that are not learnt, with the reasons; of those with too few papers only how many."""
    few = [item for item in left_out if item.why.startswith("too few")]
    others = [item for item in left_out if item not in few]
    if left_out:
        click.echo(f"\n{counted(len(left_out), 'label')} left out")
    listed = left_out if shown is None else others[:shown]
    if listed:
        width = max(len(item.label) for item in listed)
        for item in listed:
            click.echo(f"  {item.label:<{width}}  {item.papers:>5,}  {item.why}")
    if shown is not None:
        if len(others) > shown:
            click.echo(f"  ... {len(others) - shown:,} more for such reasons")
        if few:
            common = ", ".join(f"{item.label} ({item.papers})" for item in few[:5])
            click.echo(f"  {counted(len(few), 'label')} with too few papers, such as {common}; -v lists them")


def counted(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`, `1,000 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def title_of(record: Record, width: int = 90) -> str:
    """A record's title for one line, as plain text."""
    from refsync.text.latex import to_text

    title = record.get("title")
    title = to_text(title) if record.markup == "latex" else title
    title = " ".join(title.split()) or "(no title)"
    return _cut(title, width)


def place_of(record: Record) -> str:
    """How a person finds a record: its file and its id there, or the line where it has none."""
    return f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"


def account_rows(plan: "Plan", sources: int, output: str, ledger: str) -> list[tuple[str, str, str]]:
    """The account of a run as (what, how many, remark)."""
    found = plan.deduplication
    sizes: dict[int, int] = {}
    for cluster in found.clusters:
        sizes[len(cluster.members)] = sizes.get(len(cluster.members), 0) + 1
    groups = ", ".join(f"{count:,} of {size}" for size, count in sorted(sizes.items()))
    rows = [
        ("records read", f"{plan.read:,}", f"from {counted(sources, 'source')}"),
        (
            "duplicates merged",
            f"{plan.merged:,}",
            f"{counted(len(found.clusters), 'group')}: {groups}" if groups else "",
        ),
        *([("present already", f"{len(plan.present):,}", "left out")] if plan.known else []),
        ("papers", f"{len(plan.entries):,}", f"written to {output}" if output else "nothing written (no -o)"),
        ("versions linked", f"{len(found.versions):,}", "kept as papers of their own" if found.versions else ""),
        ("pairs to review", f"{len(found.review):,}", "perhaps one paper; not merged" if found.review else ""),
    ]
    if asked := sum(len(entry.merged.asked) for entry in plan.entries):
        rows.append(("fields to review", f"{asked:,}", "their values differ; the most complete record's was taken"))
    if any(entry.tagging for entry in plan.entries):
        tagged = sum(bool(entry.tagging and entry.tagging.primary) for entry in plan.entries)
        rows.append(("papers tagged", f"{tagged:,}", f"{len(plan.entries) - tagged:,} left untagged, unsure"))
    problems = [item for item in plan.problems if item.kind != "columns"]
    rows.append(("problems", f"{len(problems):,}", "listed above" if problems else ""))
    if ledger:
        rows.append(("ledger", "", ledger))
    return rows


def print_account(plan: "Plan", sources: int, output: str, ledger: str, to_stderr: bool = False) -> None:
    """The account: a table on a terminal, aligned plain text where the output is piped."""
    print_rows(account_rows(plan, sources, output, ledger), list(plan.areas.items()), to_stderr)


def print_rows(
    rows: Sequence[tuple[str, str, str]], areas: Sequence[tuple[str, int]] = (), to_stderr: bool = False
) -> None:
    """Rows of (what, how many, remark), and the papers of each area."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream.isatty():
        _print_table(rows, areas, to_stderr)
        return
    for what, number, remark in rows:
        click.echo(f"{what:<18} {number:>7}  {remark}".rstrip(), err=to_stderr)
    if areas:
        click.echo("areas", err=to_stderr)
        for area, count in areas:
            click.echo(f"  {area:<16} {count:>7,}  {_area_name(area)}", err=to_stderr)


def _print_table(rows: Sequence[tuple[str, str, str]], areas: Sequence[tuple[str, int]], to_stderr: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=to_stderr)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right", style="cyan")
    table.add_column(style="dim", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    if not areas:
        return
    most = areas[0][1]
    chart = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    chart.add_column("area")
    chart.add_column("papers", justify="right", style="cyan")
    chart.add_column("")
    chart.add_column("", style="dim")
    for area, count in areas:
        chart.add_row(area, f"{count:,}", "█" * max(1, round(20 * count / most)), _area_name(area))
    console.print()
    console.print(chart)


def _area_name(area: str) -> str:
    from refsync.classify.taxonomy import readable

    name = readable(area)
    return name if name != area else ""
