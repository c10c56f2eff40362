"""The account of a run: what was read, merged, tagged and written, and what a person may do next."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from refsync.cli.common.file_changes import print_renamed, print_rewritten
from refsync.cli.common.output import echo
from refsync.cli.common.problems import SHOWN_PROBLEMS
from refsync.cli.common.tables import print_areas, print_rows
from refsync.cli.common.text import counted
from refsync.dedup.relations import relation_phrase
from refsync.operating_system import quoted
from refsync.sources import STDIN
from refsync.text.printable import printable

if TYPE_CHECKING:  # `check` starts fast because it imports none of these
    from refsync.cites import RewrittenDocument
    from refsync.cli.common.request import Request
    from refsync.planning.databases import DatabaseCounts
    from refsync.planning.plan import Plan
    from refsync.sources import Reading

_SHOWN = 5
"""Version links and sources that are listed one by one; `-v` lists all."""

_LINE = 80  # characters of inputs that are named again


def print_account(
    plan: "Plan", reading: "Reading", request: "Request", ledger: str, rewritten: "Sequence[RewrittenDocument]"
) -> None:
    """Print the account; the figures are last, and below them what to do next."""
    from refsync.planning.removed import database_counts

    to_stderr = request.output == STDIN
    areas = [*plan.areas.items(), *plan.groups.items()]
    print_areas(areas, to_stderr, **({"most": len(areas)} if request.common.verbose else {}))
    most = None if request.common.verbose else _SHOWN
    _print_list("versions, linked and not merged", _version_lines(plan), most, to_stderr)
    if request.output and plan.key_map.everything:
        echo("citation keys that changed", err=to_stderr)
        print_renamed(plan.key_map.everything, to_stderr, SHOWN_PROBLEMS)
    print_rewritten(rewritten, to_stderr)
    if request.common.config.export.databases:
        _print_list("records by database", database_lines(database_counts(plan)), None, to_stderr)
    elif reading.inputs > 1:
        _print_list("records by source", _source_lines(reading), most, to_stderr)
    print_rows(_account_rows(plan, reading.inputs, request, ledger), to_stderr)
    echo(_next_step(plan, request, rewritten), bold=True, err=to_stderr)


def _print_list(heading: str, lines: Sequence[str], most: int | None, to_stderr: bool) -> None:
    if not lines:
        return
    echo(heading, err=to_stderr)
    for line in lines[:most]:
        echo(f"  {printable(line)}", err=to_stderr)
    if most and len(lines) > most:
        echo(f"  and {len(lines) - most:,} more; -v lists all", err=to_stderr)


def _version_lines(plan: "Plan") -> list[str]:
    """Each version link in words, by the keys that the papers have now."""
    keys = {member: entry.record.id for entry in plan.entries for member in entry.members}

    def name(index: int) -> str:
        return keys.get(index, plan.records[index].id)  # one of the library is no entry of the result

    return [
        f"{name(link.members[0])} is {relation_phrase(link.relation)} {name(link.members[1])}"
        for link in plan.deduplication.versions
    ]


def _source_lines(reading: "Reading") -> list[str]:
    counts = Counter({item.source: len(item.records) for item in reading.snapshots[reading.libraries :]})
    width = max(map(len, counts))
    return [f"{source:<{width}}  {count:>7,}" for source, count in counts.items()]


def database_lines(counts: "Sequence[DatabaseCounts]") -> list[str]:
    """A table of the records of each database, its heading first."""
    heads = ["records", "duplicates within", "between", *(["present"] if any(row.present for row in counts) else [])]
    heads.append("only here")
    rows = [
        [
            item.database,
            *(f"{number:,}" for number in (item.records, item.within, item.between)),
            *([f"{item.present:,}"] if "present" in heads else []),
            f"{item.unique:,}",
        ]
        for item in counts
    ]
    width = max(len(row[0]) for row in rows)
    widths = [max(7, len(head)) for head in heads]
    return [
        f"{name:<{width}}  " + "  ".join(f"{cell:>{size}}" for cell, size in zip(cells, widths, strict=True))
        for name, *cells in (["", *heads], *rows)
    ]


def _account_rows(plan: "Plan", sources: int, request: "Request", ledger: str) -> list[tuple[str, str, str]]:
    """The account of a run as (what, how many, remark)."""
    found = plan.deduplication
    sizes = Counter(len(cluster.members) for cluster in found.clusters)
    groups = ", ".join(f"{count:,} of {size}" for size, count in sorted(sizes.items()))
    output = "standard output" if request.output == STDIN else request.output
    written = (
        f"{'would be written' if request.dry_run else 'written'} to {output}" if output else "nothing written (no -o)"
    )
    rows = [
        ("records read", f"{plan.read:,}", f"from {counted(sources, 'source')}"),
        (
            "duplicates merged",
            f"{plan.merged:,}",
            f"{counted(len(found.clusters), 'group')}: {groups}" if groups else "",
        ),
        *([("present already", f"{len(plan.present):,}", "left out")] if plan.known else []),
        ("papers", f"{len(plan.entries):,}", written),
        ("versions linked", f"{len(found.versions):,}", "kept as separate papers" if found.versions else ""),
        ("pairs in doubt", f"{len(found.review):,}", "possible duplicates; not merged" if found.review else ""),
    ]
    if ambiguous := sum(len(entry.merged.asked) for entry in plan.entries):
        rows.append(("fields in doubt", f"{ambiguous:,}", "the values differ; the most complete record's is used"))
    if any(entry.tagging for entry in plan.entries):
        tagged = sum(bool(entry.tagging and entry.tagging.primary) for entry in plan.entries)
        rows.append(("papers tagged", f"{tagged:,}", f"{len(plan.entries) - tagged:,} left untagged, uncertain"))
    problems = [item for item in plan.problems if item.kind != "columns"]
    rows.append(("problems", f"{len(problems):,}", "listed above" if problems else ""))
    if ledger:
        rows.append(("ledger", "", ledger))
    return rows


def _next_step(plan: "Plan", request: "Request", rewritten: "Sequence[RewrittenDocument]") -> str:
    """The one thing that a person would do next."""
    if request.dry_run:
        return "nothing was written (--dry-run)"
    doubtful = len(plan.deduplication.review) + sum(len(entry.merged.asked) for entry in plan.entries)
    if doubtful:
        pairs = counted(len(plan.deduplication.review), "pair") if plan.deduplication.review else ""
        fields = sum(len(entry.merged.asked) for entry in plan.entries)
        what = " and ".join(filter(None, (pairs, counted(fields, "field") if fields else "")))
        return f"next: {what} in doubt: {_command('review', request)}"
    outdated = [item for item in rewritten if item.not_rewritten]
    if request.output and outdated:
        documents = ", ".join(printable(item.source) for item in outdated[:2])
        more = f" and {len(outdated) - 2:,} more" if len(outdated) > 2 else ""
        verb = "cites" if len(outdated) == 1 else "cite"
        return f"next: {documents}{more} {verb} keys that changed: --cites and --rewrite-cites change the citations too"
    if not request.output:
        return "next: -o library.bib writes the library"
    if request.output == STDIN:
        return "nothing is in doubt"
    return "nothing is in doubt; `refsync undo` undoes this run"


def _command(verb: str, request: "Request") -> str:
    """A command on the same inputs; the first of them where they are too long for a line."""
    words = [quoted(name) for name in request.inputs]
    if len(" ".join(words)) > _LINE:
        words = [words[0], "..."]
    against = f" --against {quoted(request.against)}" if request.against else ""
    return printable(f"refsync {verb} {' '.join(words)}{against}")
