"""What a sync prints: what was written on both sides, or would be, and what is left to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refsync.cli.common.diff import print_diff
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo, echo_lines
from refsync.cli.common.problems import SHOWN_PROBLEMS, print_problems
from refsync.cli.common.refusals import print_refusals
from refsync.cli.common.tables import print_rows
from refsync.cli.common.text import print_json
from refsync.cli.zotero.sync_answers import Answers
from refsync.operating_system import quoted
from refsync.records import Problem

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.zotero.sync.apply import PreparedSync, SyncOutcome
    from refsync.zotero.sync.plan_types import SyncPlan
    from refsync.zotero.sync.synced_file import SyncedFile
    from refsync.zotero.web.changes import Change, Refusal

RESUME_HINT = "when that is solved, run it again, or `refsync apply --resume`; `refsync undo` undoes it instead"


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What is printed about a sync.

    Attributes:
        library: its name.
        file: the file as it was read.
        prepared: what was planned.
        outcome: what was done.
        answers: the answers that were given.
        requests: how many requests were made.
        dry_run: whether to show what would be done on both sides.
        diff: whether to show how the file would change.
    """

    library: str
    file: "SyncedFile"
    prepared: "PreparedSync"
    outcome: "SyncOutcome"
    answers: Answers
    requests: int
    dry_run: bool
    diff: bool

    @property
    def plan(self) -> "SyncPlan":
        return self.prepared.plan

    @property
    def sent(self) -> "Sequence[Change]":
        """The writes that were done, or would be."""
        return self.plan.changes if self.dry_run or self.diff else self.outcome.written

    @property
    def refused(self) -> "list[Refusal]":
        return [*self.plan.refused, *self.outcome.refused]

    @property
    def counts(self) -> dict[str, int]:
        """How many items and entries have each kind of change."""
        created = sum(change.creates for change in self.sent)
        trashed = sum(change.object.get("deleted") is True for change in self.sent)
        counts = {"created": created, "filled or changed": len(self.sent) - created - trashed, "trashed": trashed}
        written = not self.outcome.stopped
        return counts | {kind: self.plan.count(kind) if written else 0 for kind in ("added", "changed", "removed")}


def print_sync_report(common: Common, report: SyncReport) -> None:
    """Print what was done, or would be, and what is left to decide."""
    file, plan, outcome = report.file, report.plan, report.outcome
    notes = [Problem(str(file.path), f"{key!r} {note}", kind="note") for key, note in plan.notes]
    unused = report.answers.unused()
    notes += [Problem("--take", f"{pattern}: there is no such question", kind="note") for pattern in unused]
    print_problems(notes, common.quiet, common.verbose)
    print_refusals(report.library, report.refused, outcome.stopped, RESUME_HINT)
    if common.json:
        print_json(_as_json(report))
        return
    if report.diff:
        before, after = ((data or b"").decode("utf-8", "replace") for data in (file.data, report.prepared.data))
        print_diff(str(file.path), before, after)
        return
    if report.dry_run or common.verbose:
        _print_directions(report, common.verbose)
    _print_reviews(plan, common.verbose)
    _print_account(report)


def _print_account(report: SyncReport) -> None:
    file, plan, outcome, counts = report.file, report.plan, report.outcome, report.counts
    pairs, matched = report.prepared.pairs, report.prepared.matched
    rows = [
        ("pairs", f"{len(pairs.entries):,}", f"{matched:,} of them new" if matched else ""),
        ("unchanged", f"{plan.unchanged:,}", ""),
        ("to the library", f"{len(report.sent):,}", _listed(counts, ("created", "filled or changed", "trashed"))),
        (
            "to the file",
            f"{len(plan.edits) * (not outcome.stopped):,}",
            _listed(counts, ("added", "changed", "removed")),
        ),
        ("decided", f"{plan.settled:,}", "both sides had changed it" if plan.settled else ""),
        ("to decide", f"{len(plan.reviews):,}", "listed above; --take answers" if plan.reviews else ""),
        *([("perhaps one paper", f"{pairs.uncertain:,}", "kept separate")] if pairs.uncertain else []),
        ("not done", f"{len(report.refused):,}", "listed above" if report.refused else ""),
        ("requests", f"{report.requests:,}", "" if outcome.run else "nothing was written"),
    ]
    if outcome.run:
        here = file.path.parent.resolve() == Path.cwd()
        folder = "" if here else f" --in {quoted(str(file.path.parent))}"
        rows.append(("journal", "", f"{outcome.run.folder}; `refsync undo{folder}` undoes it"))
    print_rows(rows)


def _listed(counts: Mapping[str, int], names: Sequence[str]) -> str:
    return ", ".join(f"{counts[name]:,} {name}" for name in names if counts[name])


def _as_json(report: SyncReport) -> dict[str, Any]:
    """`refsync.sync/1`."""
    from refsync.zotero.sync.apply import SCHEMA, edits, sends

    plan, outcome, counts, pairs = report.plan, report.outcome, report.counts, report.prepared.pairs
    dry_run = report.dry_run or report.diff
    result = {
        "schema": SCHEMA,
        "file": str(report.file.path),
        "library": report.library,
        "dry_run": dry_run,
        "pairs": len(pairs.entries),
        "matched": report.prepared.matched,
        "unchanged": plan.unchanged,
        "library_collections": len(plan.collections),
        "library_created": counts["created"],
        "library_changed": counts["filled or changed"],
        "library_trashed": counts["trashed"],
        "file_added": counts["added"],
        "file_changed": counts["changed"],
        "file_removed": counts["removed"],
        "decided": plan.settled,
        "uncertain": pairs.uncertain,
        "review": [asdict(review) for review in plan.reviews],
        "refused": [{"key": item.key, "title": item.title, "message": item.message} for item in report.refused],
        "stopped": outcome.stopped or None,
        "notes": [{"key": key, "message": note} for key, note in plan.notes],
        "requests": report.requests,
        "run": str(outcome.run.folder) if outcome.run else None,
    }
    return {**result, "sends": sends(plan), "edits": edits(plan)} if dry_run else result


def _print_directions(report: SyncReport, verbose: bool) -> None:
    """Print one line for each object and for each entry."""
    plan = report.plan
    lines = [f"  + {collection['key']}  collection {collection['name']}" for collection in plan.collections]
    for change in report.sent:
        names = [name for name in change.object if name not in ("key", "version", "itemType")]
        sign, what = "~", ", ".join(names)
        if change.creates:
            sign, what = "+", change.object["itemType"]
        elif change.object.get("deleted"):
            sign, what = "x", "to the trash"
        lines.append(f"  {sign} {change.key}  {change.title[:60]}  ({what})")
    _print_lines(f"to {report.library}", lines, verbose)
    signs = {"added": "+", "changed": "~", "removed": "-"}
    lines = [
        f"  {signs[edit.kind]} {edit.key}  {edit.title[:60]}" + (f"  ({', '.join(edit.fields)})" if edit.fields else "")
        for edit in plan.edits
    ]
    _print_lines(f"to {report.file.path}", lines, verbose)


def _print_lines(heading: str, lines: "Sequence[str | tuple[str, ...]]", verbose: bool) -> None:
    """Print lines, or groups of lines, under a heading; without `verbose` only the first ones."""
    if not lines:
        return
    shown = lines if verbose else lines[:SHOWN_PROBLEMS]
    echo(heading, bold=True)
    for line in shown:
        echo_lines([line] if isinstance(line, str) else line)
    if hidden := len(lines) - len(shown):
        echo(f"  ... and {hidden:,} more; -v shows all, and so does --dry-run --format json")
    echo()


def _print_reviews(plan: "SyncPlan", verbose: bool) -> None:
    questions: list[tuple[str, ...]] = []
    for review in plan.reviews:
        if review.kind != "conflict":
            questions.append((f"  {review.key}  {review.title[:60]}: {review.why}",))
            continue
        sides = [("file", review.ours), ("Zotero", review.theirs)]
        sides += [("before", review.base)] if review.base is not None else []
        lines = (f"      {name:<7} {(value if verbose else value[:90]) or '(nothing)'}" for name, value in sides)
        questions.append((f"  {review.key}.{review.field}  {review.why}", *lines))
    _print_lines("to decide", questions, verbose)
