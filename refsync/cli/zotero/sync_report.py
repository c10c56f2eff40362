"""What a sync prints: what was written on both sides, or would be, and what is left to decide."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common
from refsync.cli.zotero.merge import complain
from refsync.cli.zotero.sync_answers import Taken
from refsync.records import Problem

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.zotero.push.plan import Change
    from refsync.zotero.sync.apply import Outcome, Work
    from refsync.zotero.sync.plan_types import SyncPlan
    from refsync.zotero.sync.synced_file import Source


def tell(
    common: Common,
    library: str,
    source: "Source",
    work: "Work",
    outcome: "Outcome",
    answers: Taken,
    requests: int,
    *,
    dry_run: bool,
    diff: bool,
) -> None:
    """What was done, or would be, and what is left to decide."""
    plan = work.plan
    notes = [Problem(str(source.path), f"{key!r} {note}", kind="note") for key, note in plan.notes]
    notes += [Problem("--take", f"{answer}: there is no such question", kind="note") for answer in answers.unused()]
    show.print_problems(notes, common.quiet, common.verbose)
    refused = [*plan.refused, *outcome.refused]
    complain(library, refused, outcome.stopped)
    if outcome.stopped:
        click.echo("refsync: note: run it again: it goes on; `refsync undo` takes it back instead", err=True)
    dry = dry_run or diff
    sent = plan.changes if dry else outcome.written
    if common.json:
        show.print_json(_as_json(library, source, work, outcome, sent, requests, dry_run=dry))
        return
    if diff:
        before, after = ((data or b"").decode("utf-8", "replace") for data in (source.data, work.data))
        show.print_diff(str(source.path), before, after)
        return
    if dry_run or common.verbose:
        _print_directions(library, source, plan, sent, common.verbose)
    _print_reviews(plan, common.verbose)
    written = not outcome.stopped
    counts = _counts(sent, plan, written=written)
    rows = [
        ("pairs", f"{len(work.pairs.entries):,}", f"{work.matched:,} of them found now" if work.matched else ""),
        ("unchanged", f"{plan.unchanged:,}", ""),
        (
            "to the library",
            f"{len(sent):,}",
            _listed(counts, ("created", "filled or changed", "trashed")),
        ),
        (
            "to the file",
            f"{len(plan.edits) * written:,}",
            _listed(counts, ("added", "changed", "removed")),
        ),
        ("decided", f"{plan.settled:,}", "both sides had changed it" if plan.settled else ""),
        ("to decide", f"{len(plan.reviews):,}", "listed above; --take answers" if plan.reviews else ""),
        *([("perhaps one paper", f"{work.pairs.asked:,}", "kept apart")] if work.pairs.asked else []),
        ("not done", f"{len(refused):,}", "listed above" if refused else ""),
        ("requests", f"{requests:,}", "" if outcome.run else "nothing was written"),
    ]
    if outcome.run:
        here = source.path.parent.resolve() == Path.cwd()
        elsewhere = "" if here else f" --in {shlex.quote(str(source.path.parent))}"
        rows.append(("journal", "", f"{outcome.run.folder}; `refsync undo{elsewhere}` takes it back"))
    show.print_rows(rows)


def _listed(counts: Mapping[str, int], names: Sequence[str]) -> str:
    return ", ".join(f"{counts[name]:,} {name}" for name in names if counts[name])


def _counts(sent: "Sequence[Change]", plan: "SyncPlan", *, written: bool) -> dict[str, int]:
    created = sum(change.creates for change in sent)
    trashed = sum(change.object.get("deleted") is True for change in sent)
    counts = {"created": created, "filled or changed": len(sent) - created - trashed, "trashed": trashed}
    return counts | {kind: plan.count(kind) if written else 0 for kind in ("added", "changed", "removed")}


def _as_json(
    library: str,
    source: "Source",
    work: "Work",
    outcome: "Outcome",
    sent: "Sequence[Change]",
    requests: int,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """`refsync.sync/1`."""
    from refsync.zotero.sync.apply import SCHEMA, edits, sends

    plan = work.plan
    counts = _counts(sent, plan, written=not outcome.stopped)
    result = {
        "schema": SCHEMA,
        "file": str(source.path),
        "library": library,
        "dry_run": dry_run,
        "pairs": len(work.pairs.entries),
        "matched": work.matched,
        "unchanged": plan.unchanged,
        "library_collections": len(plan.collections),
        "library_created": counts["created"],
        "library_changed": counts["filled or changed"],
        "library_trashed": counts["trashed"],
        "file_added": counts["added"],
        "file_changed": counts["changed"],
        "file_removed": counts["removed"],
        "decided": plan.settled,
        "uncertain": work.pairs.asked,
        "review": [asdict(review) for review in plan.reviews],
        "refused": [
            {"key": item.key, "title": item.title, "message": item.message}
            for item in (*plan.refused, *outcome.refused)
        ],
        "stopped": outcome.stopped or None,
        "notes": [{"key": key, "message": note} for key, note in plan.notes],
        "requests": requests,
        "run": str(outcome.run.folder) if outcome.run else None,
    }
    return {**result, "sends": sends(plan), "edits": edits(plan)} if dry_run else result


def _print_directions(
    library: str, source: "Source", plan: "SyncPlan", sent: "Sequence[Change]", verbose: bool
) -> None:
    """One line for each object and for each entry."""
    lines = [f"  + {collection['key']}  collection {collection['name']}" for collection in plan.collections]
    for change in sent:
        names = [name for name in change.object if name not in ("key", "version", "itemType")]
        sign, what = "~", ", ".join(names)
        if change.creates:
            sign, what = "+", change.object["itemType"]
        elif change.object.get("deleted"):
            sign, what = "x", "to the trash"
        lines.append(f"  {sign} {change.key}  {change.title[:60]}  ({what})")
    _print_some(f"to {library}", lines, verbose)
    signs = {"added": "+", "changed": "~", "removed": "-"}
    lines = [
        f"  {signs[edit.kind]} {edit.key}  {edit.title[:60]}" + (f"  ({', '.join(edit.fields)})" if edit.fields else "")
        for edit in plan.edits
    ]
    _print_some(f"to {source.path}", lines, verbose)


def _print_some(heading: str, lines: Sequence[str], verbose: bool) -> None:
    """Lines, or the first ones."""
    if not lines:
        return
    shown = lines if verbose else lines[: show.SHOWN_PROBLEMS]
    click.secho(heading, bold=True)
    for line in shown:
        click.echo(line)
    if hidden := len(lines) - len(shown):
        click.echo(f"  ... and {hidden:,} more; -v shows all, and so does --dry-run --format json")
    click.echo()


def _print_reviews(plan: "SyncPlan", verbose: bool) -> None:
    questions = []
    for review in plan.reviews:
        if review.kind == "deletion":
            questions.append(f"  {review.key}  {review.title[:60]}: {review.why}")
            continue
        sides = [("file", review.ours), ("Zotero", review.theirs)]
        sides += [("before", review.base)] if review.base is not None else []
        lines = (f"      {name:<7} {(value if verbose else value[:90]) or '(nothing)'}" for name, value in sides)
        questions.append("\n".join([f"  {review.key}.{review.field}  {review.why}", *lines]))
    _print_some("to decide", questions, verbose)
