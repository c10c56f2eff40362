"""`refsync sync`: a .bib file and a Zotero library, both ways."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from refsync.cli import show
from refsync.cli.options import Common, common_options
from refsync.cli.stages import UNREADABLE, remembered_answers
from refsync.cli.taking import Taken, ask, parse_taken
from refsync.config import load_config
from refsync.errors import ConfigError
from refsync.journal import Run
from refsync.records import Problem
from refsync.sources import is_remote

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.dedup.results import Deduplication
    from refsync.records import Record
    from refsync.zotero.pushing import Change
    from refsync.zotero.sync import Outcome, Source, Work
    from refsync.zotero.sync_plan import SyncPlan

NOT_ALL_DONE = 3  # exit code


@click.command("sync", short_help="A .bib file and a Zotero library, both ways.")
@click.argument("file", metavar="FILE.bib")
@click.argument("library", metavar="zotero:LIB")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be done on both sides.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@click.option(
    "--conflicts",
    type=click.Choice(["ask", "ours", "theirs", "newest"]),
    default=None,
    help="Where both sides changed one field differently: ask (nothing of it is written), take ours (the file's), "
    "theirs (Zotero's), or that of the side that was changed last.  [default: ask]",
)
@click.option(
    "--deletions",
    type=click.Choice(["ask", "keep", "apply"]),
    default=None,
    help="What was taken out on one side: ask, keep it (it is brought back there), or apply it to the other side: "
    "the entry goes, the item goes to Zotero's trash. What was changed since is asked about all the same.  "
    "[default: ask]",
)
@click.option(
    "--take",
    "taken",
    multiple=True,
    metavar="KEY.FIELD=SIDE",
    help="Answer a question: ours or theirs, for a field of an entry, or for an entry and its deletion (KEY=SIDE). "
    "`*` stands for anything; may be repeated.",
)
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
def command(
    common: Common,
    file: str,
    library: str,
    dry_run: bool,
    diff: bool,
    conflicts: str | None,
    deletions: str | None,
    taken: tuple[str, ...],
    endpoint: str,
) -> int:
    """Bring FILE.bib and a Zotero library to the same state.

    What was changed on one side since the last sync goes to the other, field by field; tags are added and taken away
    one by one. The file is changed by minimal edits, so comments, order and layout stay. What is new on one side is
    created on the other; the first sync finds the pairs as `refsync push` does, and fills what one side lacks.

    Where both sides changed one field, and where something was taken out on one side, nothing is done: it is listed
    and the exit code is 3, until --conflicts, --deletions or --take says what to do. On a terminal you are asked.

    `refsync undo` takes back a sync on both sides. A sync that died is finished by running it again.

    \b
    Examples:
      refsync sync refs.bib zotero:user/12345 --dry-run
      refsync sync refs.bib zotero:group/678
      refsync sync refs.bib zotero:user/12345 --take roe2020.volume=ours --take 'poe*.title=theirs'
      refsync sync refs.bib zotero:user/12345 --take old1999=theirs     # it was taken out in Zotero: here too
      refsync sync refs.bib zotero:user/12345 --conflicts newest --deletions apply
    """
    if is_remote(file) or not is_remote(library):
        raise ConfigError("name the file, then the library", hint="refsync sync refs.bib zotero:user/12345")
    chosen = common.config.zotero
    return synchronise(
        common,
        Path(file),
        library,
        endpoint,
        (conflicts or chosen.conflicts, deletions or chosen.deletions),
        parse_taken(taken),
        dry_run=dry_run,
        diff=diff,
    )


def synchronise(
    common: Common,
    file: Path,
    library: str,
    endpoint: str,
    policies: tuple[Any, Any],
    answers: Taken,
    *,
    dry_run: bool,
    diff: bool,
) -> int:
    """Sync, or show what that would do; the exit code.

    Args:
        common: what every command is told.
        file: the .bib file.
        library: such as `zotero:user/12345`.
        endpoint: another server than Zotero's.
        policies: for conflicts and for deletions.
        answers: what was answered already.
        dry_run: write nothing, and show both directions.
        diff: write nothing, and show the file's changes.
    """
    from refsync.zotero.address import parse_address
    from refsync.zotero.library import open_library
    from refsync.zotero.mapping import MappingSettings
    from refsync.zotero.sync import Outcome, carry_out, read_file, work_out
    from refsync.zotero.sync_plan import SyncSettings
    from refsync.zotero.sync_state import SyncState

    address = parse_address(library, endpoint)  # before any work is done
    source = read_file(file)
    if _damaged(source, common):
        return UNREADABLE
    dry = dry_run or diff
    with ExitStack() as stack:
        with show.progress(common.quiet) as report:
            opened = stack.enter_context(open_library(library, endpoint, file.parent, report, write=not dry))
            state = stack.enter_context(SyncState(file.parent, address.file_name))
            mapping = MappingSettings(opened.schema, common.config.zotero.area_prefix)
            settings = SyncSettings(mapping, *policies, "", answers.of, answers.given, common.config.export.dialect)

            def likeness(records: "Sequence[Record]", known: int) -> "Deduplication":
                from refsync.plan import find_duplicates

                remembered, problems = remembered_answers(tuple(records), (str(file),), "", common)
                show.print_problems(problems, common.quiet, common.verbose)
                return find_duplicates(records, common.config.dedup, remembered, report, known)

            work = work_out(opened, state, source, settings, likeness)
        if not dry and work.plan.reviews and (more := ask(work.plan.reviews, quiet=common.quiet or common.json)):
            answers = Taken((*answers.answers, *more))
            settings = replace(settings, answer=answers.of, answers=answers.given)
            work = work_out(opened, state, source, settings, likeness)
        outcome = Outcome()
        if not dry:
            with show.progress(common.quiet) as report:
                work, outcome = carry_out(work, opened, state, source, settings, likeness, report)
        requests = opened.remote.http.sent
    _tell(common, library, source, work, outcome, answers, requests, dry_run=dry_run, diff=diff)
    refused = [*work.plan.refused, *outcome.refused]
    return NOT_ALL_DONE if refused or outcome.stopped or (work.plan.reviews and not dry) else 0


def resume_sync(run: Run, endpoint: str, quiet: bool) -> int:
    """Finish a sync that died, as it was to be done."""
    from refsync.zotero.undoing import endpoint_of

    plan = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    common = Common(load_config(), "", "text", strict=False, quiet=quiet, verbose=False)
    return synchronise(
        common,
        run.folder.parents[2] / plan["file"],
        plan["library"],
        endpoint or endpoint_of(run),
        (plan["conflicts"], plan["deletions"]),
        parse_taken(plan["answers"]),
        dry_run=False,
        diff=False,
    )


def _damaged(source: "Source", common: Common) -> bool:
    """Tell of problems; whether something could not be read, so that its items would be taken for deleted ones."""
    show.print_problems(source.problems, common.quiet, common.verbose)
    damage = [item for item in source.problems if item.fatal or item.kind == "damage"]
    if damage or (common.strict and source.problems):
        told = f"refsync: error: {source.path}: what cannot be read would be taken for deleted, so nothing was synced"
        click.echo(f"{told}\n  hint: `refsync check {source.path}` shows what to mend", err=True)
        return True
    notes = [Problem(str(source.path), why, record.line, kind="note") for record, why in source.left_out]
    show.print_problems(notes, common.quiet, common.verbose)
    return False


def _tell(
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
    from refsync.cli.merge import complain

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
        rows.append(("journal", "", f"{outcome.run.folder}; `refsync undo` takes it back"))
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
    from refsync.zotero.sync import SCHEMA, edits, sends

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
        "library_created": counts["created"],
        "library_changed": counts["filled or changed"],
        "library_trashed": counts["trashed"],
        "file_added": counts["added"],
        "file_changed": counts["changed"],
        "file_removed": counts["removed"],
        "decided": plan.settled,
        "uncertain": work.pairs.asked,
        "review": [
            {
                "kind": review.kind,
                "key": review.key,
                "item": review.item,
                "title": review.title,
                "field": review.field,
                "base": review.base,
                "ours": review.ours,
                "theirs": review.theirs,
                "why": review.why,
            }
            for review in plan.reviews
        ],
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
    lines = []
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
    if not lines:
        return
    shown = lines if verbose else lines[: show.SHOWN_PROBLEMS]
    click.secho(heading, bold=True)
    for line in shown:
        click.echo(line)
    if hidden := len(lines) - len(shown):
        click.echo(f"  ... and {hidden:,} more; -v shows all, --dry-run --format json what is written")
    click.echo()


def _print_reviews(plan: "SyncPlan", verbose: bool) -> None:
    lines = []
    for review in plan.reviews:
        if review.kind == "deletion":
            lines.append(f"  {review.key}  {review.title[:60]}: {review.why}")
            continue
        lines.append(f"  {review.key}.{review.field}  {review.why}")
        sides = [("file", review.ours), ("Zotero", review.theirs)]
        sides += [("before", review.base)] if review.base is not None else []
        lines += [f"      {name:<7} {value if verbose else value[:90]}" for name, value in sides]
    _print_some("to decide", lines, verbose=True)
