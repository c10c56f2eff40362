"""`refsync dedupe zotero:LIB`: merging inside a Zotero library."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refsync import schemas
from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.duplicates import print_groups
from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN, UNREADABLE
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.problems import SHOWN_PROBLEMS, print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.refusals import RESUME_HINT, print_refusals
from refsync.cli.common.tables import print_rows
from refsync.cli.common.text import counted, print_json
from refsync.decisions import FILE_NAME, choices_for_clusters
from refsync.records import Problem
from refsync.runs.journal import Run

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.zotero.items.mapping import Item
    from refsync.zotero.merge.apply import MergeOutcome
    from refsync.zotero.merge.combine import Difference
    from refsync.zotero.merge.plan import Merge, Skipped, Types
    from refsync.zotero.merge.steps import Step
    from refsync.zotero.settings import SurvivorRule

SHORT = 40  # characters of a value


@dataclass(frozen=True, slots=True)
class _MergeReport:
    """What is printed about a merge.

    Attributes:
        records: how many papers the library has.
        items: its items by key, before the merge.
        merges: the merges.
        skipped: the duplicates that are not merged.
        steps: what is sent for the merges.
        outcome: what was done.
        run: the run, if anything was written.
        requests: how many requests were made.
        applied: whether the merges were carried out, or only planned.
    """

    records: int
    items: "dict[str, Item]"
    merges: "Sequence[Merge]"
    skipped: "Sequence[Skipped]"
    steps: "Sequence[Step]"
    outcome: "MergeOutcome"
    run: Run | None
    requests: int
    applied: bool


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """What is merged, and how.

    Attributes:
        types: whether items of different types are merged.
        endpoint: a server other than Zotero's.
        collection: the collection whose papers are compared, by name or key; empty for the whole library.
        survivor: the rules by which an item stays; if empty those of the configuration.
        apply: whether to merge, and not only to show what that would do.
    """

    types: "Types"
    endpoint: str
    collection: str = ""
    survivor: tuple["SurvivorRule", ...] = ()
    apply: bool = False


def merge_library(common: Common, name: str, options: MergeOptions) -> int:
    """Find the duplicates in a library; with `apply` merge them, else show what that would do. The exit code.

    Raises:
        ConfigError: the library cannot be opened.
        RemoteError: the server refused or did not respond.
    """
    from refsync.planning.run_models import find_duplicates
    from refsync.zotero.items.collections import collection_keys, in_collections
    from refsync.zotero.items.papers import library_records, papers
    from refsync.zotero.merge.apply import MergeOutcome, apply_merges, library_state, plan_steps, start_merge_run
    from refsync.zotero.merge.merged_fields import as_stored, chosen_properties
    from refsync.zotero.merge.plan import choose_merges, rank_by
    from refsync.zotero.web.library import open_library

    types, apply, never = options.types, options.apply, set(common.config.dedup.never)
    with (
        show_progress(common.quiet) as report,
        open_library(name, options.endpoint, Path(), report, write=apply, notes=apply) as opened,
    ):
        if not opened.sees_notes:
            note = "the API key may not see notes; --apply needs one that may, as notes move with their item"
            print_problems([Problem(name, note, kind="note")], common.quiet, common.verbose)
        state = library_state(opened, types, common.config.merge)
        library = [item for item in papers(state.items) if item["itemType"] not in never]
        if options.collection:
            keys = collection_keys(opened.collections, options.collection, name)
            library = in_collections(library, keys)
        records = [
            replace(record, id=item["key"])
            for record, item in zip(
                library_records(str(opened.client.address), library, state.settings), library, strict=True
            )
        ]
        remembered, contradictions = remembered_answers(tuple(records), (FILE_NAME,), "", common)
        found = find_duplicates(records, common.config.dedup, remembered, report)
        choices, disputed = choices_for_clusters(found.clusters, records, remembered)
        problems = [*contradictions, *disputed]
        print_problems(problems, common.quiet, common.verbose)
        if common.strict and problems:
            return UNREADABLE

        def chosen(members: Sequence[int], survivor: str) -> schemas.Json:
            wanted = choices.get(min(members))
            of = [records[index] for index in members]
            if not wanted:
                return {}
            properties = chosen_properties(of, wanted, state.items[survivor], state.settings)
            return as_stored(properties, [library[index] for index in members])

        rank = rank_by(options.survivor or common.config.zotero.survivor, state.children_of)
        merges, skipped = choose_merges(found.clusters, library, state.uri, types, chosen, rank)
        steps, refused = plan_steps(merges, state)
        result = schemas.dedupe(records, found, problems)
        run, outcome = None, MergeOutcome(refused=[refusal for refusal, _ in refused])
        before = dict(state.items)
        if apply and steps:
            run = start_merge_run(merges, steps, state, opened, Path())
            try:
                outcome = apply_merges(merges, state, opened, run, report)
            except KeyboardInterrupt:
                echo(f"refsync: note: {RESUME_HINT}", err=True)
                raise
    print_refusals(str(opened.client.address), outcome.refused, outcome.stopped)
    merge_report = _MergeReport(
        records=len(records),
        items=before,
        merges=merges,
        skipped=skipped,
        steps=steps,
        outcome=outcome,
        run=run,
        requests=opened.client.http.sent,
        applied=apply,
    )
    if common.json:
        print_json({**result, **_as_json(merge_report)})
    else:
        if not apply:
            print_groups(records, found, problems, 0)
            echo()
        _print_merges(merge_report, common.verbose)
        _print_account(merge_report)
    return NOT_ALL_WRITTEN if outcome.refused or outcome.stopped else 0


def _as_json(report: _MergeReport) -> schemas.Json:
    """What is added to the groups: the merges, and what is sent for them."""
    from refsync.zotero.merge.apply import sends

    differing = _differing(report.steps)
    return {
        "merges": [
            {
                "survivor": merge.survivor,
                "losers": list(merge.losers),
                "differing": [asdict(one) for one in differing.get(merge.survivor, ())],
                "chosen": dict(merge.chosen),
                "done": any(done.survivor == merge.survivor for done in report.outcome.done),
            }
            for merge in report.merges
        ],
        "skipped": [{"keys": list(item.keys), "why": item.why} for item in report.skipped],
        "refused": [{"key": item.key, "title": item.title, "message": item.message} for item in report.outcome.refused],
        "applied": report.applied,
        "requests": report.requests,
        "run": str(report.run.folder) if report.run else None,
        **({} if report.applied else {"sends": sends(report.steps)}),
    }


def _differing(steps: "Sequence[Step]") -> "dict[str, tuple[Difference, ...]]":
    """The differences of each survivor from its losers."""
    differing: dict[str, tuple[Difference, ...]] = {}
    for step in steps:
        for key, differences in step.differing.items():
            differing.setdefault(key, differences)
    return differing


def _print_merges(report: _MergeReport, verbose: bool) -> None:
    """Print a line for the survivor of each merge, and one for each item that changes."""
    from refsync.zotero.web.changes import item_title

    merges, skipped = report.merges, report.skipped
    differing = _differing(report.steps)
    shown = merges if verbose else merges[:SHOWN_PROBLEMS]
    for merge in shown:
        echo(f"{merge.survivor}  {item_title(report.items[merge.survivor])[:80]}", bold=True)
        for change in (change for step in report.steps for change, of in step.changes if of == merge):
            echo(f"  {_line(change.key, change.object, merge, report.items)}")
        for one in differing.get(merge.survivor, ()):
            echo(f"  = keeps {one.name} {_shown(one.kept, verbose)}; {one.key} has {_shown(one.other, verbose)}")
    if hidden := len(merges) - len(shown):
        echo(f"... and {counted(hidden, 'more merge')}; -v shows all, --format json what is sent")
    for item in skipped if verbose else skipped[:SHOWN_PROBLEMS]:
        echo(f"{', '.join(item.keys)}: not merged, {item.why}")
    if merges or skipped:
        echo()


def _shown(value: str, verbose: bool) -> str:
    """A value in quotes, shortened unless all is to be shown."""
    return repr(value if verbose or len(value) <= SHORT else f"{value[: SHORT - 3]}...")


def _line(key: str, sent: schemas.Json, merge: "Merge", items: "dict[str, Item]") -> str:
    """One change as text: `~` fills or changes, `>` moves, `x` goes to the trash."""
    from refsync.zotero.web.changes import item_title

    item = items[key]
    what = f"{key}  {item['itemType']} {item_title(item)[:60]!r}"
    if sent.get("deleted"):
        return f"x {what} to the trash" if key in merge.losers else f"x {what} to the trash: duplicate file"
    names = [name for name in sent if name not in ("key", "version", "parentItem")]
    changed = f", with {', '.join(names)}" if names else ""
    if "parentItem" in sent:
        return f"> {what} to {sent['parentItem']}{changed}"
    return f"~ {key}  takes {', '.join(names)}" if key == merge.survivor else f"~ {what}: {', '.join(names)}"


def _print_account(report: _MergeReport) -> None:
    apply, run = report.applied, report.run
    done = report.outcome.done if apply else report.merges
    would = "" if apply else "would be "
    trashed = sum(len(merge.losers) for merge in done)
    moved = sum("parentItem" in change.object for step in report.steps for change, _ in step.changes)
    refused, skipped = report.outcome.refused, report.skipped
    rows = [
        ("papers", f"{report.records:,}", ""),
        ("merged", f"{len(done):,}", f"{would}one item each, of {trashed + len(done):,}" if done else ""),
        ("to the trash", f"{trashed:,}", "can be restored; nothing is erased" if trashed else ""),
        ("children moved", f"{moved:,}", "notes, files, annotations" if moved else ""),
        ("skipped", f"{len(skipped):,}", "of different item types" if skipped else ""),
        ("not done", f"{len(refused):,}", "listed above" if refused else ""),
        ("requests", f"{report.requests:,}", "" if run else f"nothing was written{'' if apply else '; use --apply'}"),
    ]
    if run:
        rows.append(("journal", "", f"{run.folder}; `refsync undo` undoes it"))
    print_rows(rows)
