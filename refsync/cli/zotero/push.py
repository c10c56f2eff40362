"""`refsync push`: papers into a Zotero library."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN, UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.named_files import complete_files, expand
from refsync.cli.common.options import Common, collections_option, common_options, endpoint_option, own_options
from refsync.cli.common.output import echo
from refsync.cli.common.problems import SHOWN_PROBLEMS, print_problems
from refsync.cli.common.progress import Progress, show_progress
from refsync.cli.common.refusals import RESUME_HINT, print_refusals
from refsync.cli.common.tables import print_areas, print_rows
from refsync.cli.common.text import counted, print_json
from refsync.errors import ConfigError
from refsync.records import Problem, Record
from refsync.sources import Reading, is_remote

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.dedup.results import Deduplication
    from refsync.planning.plan import Plan
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.push.plan import Matches, Push
    from refsync.zotero.web.library import OpenLibrary
    from refsync.zotero.web.write_batches import WriteOutcome


@dataclass(frozen=True, slots=True)
class PushOptions:
    """The command's own options, under their names."""

    dry_run: bool
    root: str | None
    overwrite: bool
    tags: bool
    area_prefix: str | None
    collection: str
    endpoint: str


@click.command("push", short_help="Papers into a Zotero library.")
@click.argument(
    "inputs", nargs=-1, required=True, metavar="INPUT... zotero:LIB", callback=expand, shell_complete=complete_files
)
@click.option("--dry-run", is_flag=True, help="Send nothing; show what would be sent, with --format json in full.")
@collections_option("Put papers into")
@click.option("--collection", default="", metavar="NAME|KEY", help="Put all papers into this collection, too.")
@click.option("--overwrite", is_flag=True, help="Let the input's values replace those in the library.")
@click.option("--tags/--no-tags", default=True, help="Tag papers with their research areas.", show_default=True)
@click.option("--area-prefix", default=None, metavar="TEXT", help="The prefix of the tags of areas.  [default: area:]")
@endpoint_option("A server other than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
@own_options(PushOptions)
def command(common: Common, inputs: tuple[str, ...], options: PushOptions) -> int:
    """Add the papers of INPUT... to a Zotero library.

    INPUT is read, deduplicated and tagged as `refsync run` does. Papers that the library has already are filled where
    they lack values, and never overwritten; the others are created. Pushing the same again sends nothing.

    The library is zotero:user/ID or zotero:group/ID. The API key is taken from ZOTERO_API_KEY or from the system's
    keyring (service `refsync`, name `zotero`).

    \b
    Examples:
      refsync push refs.bib zotero:user/12345 --dry-run
      refsync push pages/*.txt zotero:user/12345 --collections
      refsync push new.bib zotero:group/678 --profile careful
    """
    from refsync.zotero.web.address import parse_address
    from refsync.zotero.web.library import open_library

    *files, target = inputs
    if not is_remote(target) or not files:
        raise ConfigError("name the inputs, then the library", hint="refsync push refs.bib zotero:user/12345")
    if _root(common, options) and not options.tags:
        raise ConfigError("--collections needs research areas, and --no-tags turns them off")
    parse_address(target, options.endpoint)  # before any work is done
    with show_progress(common.quiet) as report:
        reading = read_inputs(tuple(files), common, report)
        if must_stop(reading, common):
            return UNREADABLE
        with open_library(target, options.endpoint, Path(), report, write=not options.dry_run) as opened:
            return _push(common, options, reading, tuple(files), opened, report)


def _root(common: Common, options: PushOptions) -> str:
    return common.config.zotero.collections if options.root is None else options.root


def _push(
    common: Common,
    options: PushOptions,
    reading: Reading,
    files: tuple[str, ...],
    opened: "OpenLibrary",
    report: Progress,
) -> int:
    from refsync.classify.tagger import load_tagger
    from refsync.decisions import choices_for_clusters
    from refsync.planning.plan import PlanContext, make_plan
    from refsync.planning.run_models import find_duplicates
    from refsync.zotero.items.collections import collection_key
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.push.apply import apply_push
    from refsync.zotero.push.plan import LibraryContent, PushSettings, plan_push
    from refsync.zotero.web.write_batches import WriteOutcome

    area_prefix = common.config.zotero.area_prefix if options.area_prefix is None else options.area_prefix
    mapping = MappingSettings(opened.schema, area_prefix)
    named = options.collection
    collection = collection_key(opened.collections, named, str(opened.client.address)) if named else ""
    settings = PushSettings(
        mapping=mapping, root=_root(common, options), overwrite=options.overwrite, collection=collection
    )
    # First the input alone, so that the same input gives the same papers, whatever the library contains.
    remembered, contradictions = remembered_answers(reading.records, files, "", common)
    found = find_duplicates(reading.records, common.config.dedup, remembered, report)
    choices, disputed = choices_for_clusters(found.clusters, reading.records, remembered)
    problems = (*reading.problems, *contradictions, *disputed)
    model = load_tagger(common.config.areas) if options.tags and common.config.areas.tags else None
    context = PlanContext(ids=True, provenance=False, link_versions=False, field_choices=choices)
    plan = make_plan(reading.records, found, problems, model, common.config, context, report)

    def deduplicate(records: tuple[Record, ...], known: int) -> "Deduplication":
        answers, _ = remembered_answers(records, files, "", common)
        return find_duplicates(records, common.config.dedup, answers, report, known)

    matches, papers, uncertain = _match(plan, opened, mapping, deduplicate)
    push = plan_push(plan, matches, LibraryContent(opened.path, opened.items, opened.collections), settings)
    new = plan.problems[len(reading.problems) :]
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    if options.dry_run:
        run, outcome = None, WriteOutcome()
    else:
        keys = matches.keys
        opened.local_copy.set_links({keys[index]: key for index, key in matches.targets.items() if keys[index] != key})
        try:
            run, outcome = apply_push(push, plan, opened, settings, Path(), report)
        except KeyboardInterrupt:
            echo(f"refsync: note: {RESUME_HINT}", err=True)
            raise
    push_report = _PushReport(
        sources=reading.inputs,
        plan=plan,
        push=push,
        outcome=outcome,
        opened=opened,
        papers=papers,
        matched=len(matches.targets),
        to_review=len(found.review) + uncertain,
        dry_run=options.dry_run,
        run=str(run.folder) if run else "",
    )
    _print_report(common, push_report)
    return NOT_ALL_WRITTEN if push.refused or outcome.refused or outcome.stopped else exit_code(reading, written=True)


def _match(
    plan: "Plan",
    opened: "OpenLibrary",
    mapping: "MappingSettings",
    deduplicate: "Callable[[tuple[Record, ...], int], Deduplication]",
) -> "tuple[Matches, int, int]":
    """Which items the plan's papers are; how many papers the library has; how many pairs of both are uncertain."""
    from refsync.dedup.results import Deduplication
    from refsync.zotero.items.generated_keys import generate_item_keys
    from refsync.zotero.items.papers import library_records, papers
    from refsync.zotero.push.plan import Matches
    from refsync.zotero.push.targets import targets_by_citation_key, targets_by_deduplication, targets_by_key
    from refsync.zotero.push.versions import version_pairs

    merged = [entry.merged.record for entry in plan.entries]
    keys = generate_item_keys(opened.path, merged)
    items = opened.items
    library = papers(items)
    targets = targets_by_key(keys, items, opened.local_copy.links())
    with_library = Deduplication()
    if unknown := [index for index in range(len(keys)) if index not in targets]:
        records = library_records(str(opened.client.address), library, mapping)
        targets |= targets_by_citation_key(merged, unknown, records, library)
        unknown = [index for index in unknown if index not in targets]
    if unknown and library:
        with_library = deduplicate((*records, *(merged[index] for index in unknown)), len(library))
        targets |= targets_by_deduplication(with_library, library, unknown)
    item_keys = [targets.get(index, key) for index, key in enumerate(keys)]
    removed_by_hand = opened.local_copy.remembered_relations(Path())
    versions = version_pairs(plan, with_library, library, unknown, item_keys)
    versions = [pair for pair in versions if pair not in removed_by_hand]
    uncertain = sum(link.members[0] < len(library) for link in with_library.review)
    return Matches(keys, targets, versions), len(library), uncertain


@dataclass(frozen=True, slots=True)
class _PushReport:
    """What is printed about a push.

    Attributes:
        sources: how many sources were read.
        plan: the input's papers.
        push: what is sent.
        outcome: what was written.
        opened: the library.
        papers: how many papers the library had.
        matched: how many of the input's papers it had.
        to_review: how many pairs may be one paper.
        dry_run: whether nothing was sent.
        run: the folder of the run; empty if nothing was sent.
    """

    sources: int
    plan: "Plan"
    push: "Push"
    outcome: "WriteOutcome"
    opened: "OpenLibrary"
    papers: int
    matched: int
    to_review: int
    dry_run: bool
    run: str


def _print_report(common: Common, report: _PushReport) -> None:
    """Print what was sent, or would be, and what was not."""
    from refsync import schemas
    from refsync.zotero.push.apply import sends

    plan, push, outcome, dry_run = report.plan, report.push, report.outcome, report.dry_run
    refused = [*push.refused, *outcome.refused]
    address, requests = str(report.opened.client.address), report.opened.client.http.sent
    notes = [Problem(address, f"{item.key}: {item.title[:60]!r}: {item.message}", kind="note") for item in push.trashed]
    print_problems(notes, common.quiet, common.verbose)
    shown = refused if common.verbose else refused[:SHOWN_PROBLEMS]
    for item in shown:
        echo(f"refsync: error: {address} {item.key}: {item.title[:60]!r}: {item.message}", err=True)
    if hidden := len(refused) - len(shown):
        echo(f"refsync: error: {counted(hidden, 'more paper')} not done; -v shows all", err=True)
    print_refusals(address, (), outcome.stopped)
    written = [change for change in push.changes if dry_run or change.key in outcome.written]
    created = sum(change.creates for change in written)
    filled = len(written) - created
    if common.json:
        result = {
            "schema": "refsync.push/1",
            "library": address,
            "dry_run": dry_run,
            "records": plan.read,
            "merged": plan.merged,
            "created": created,
            "filled": filled,
            "unchanged": push.unchanged,
            "differing": push.differing,
            "review": report.to_review,
            "trashed": len(push.trashed),
            "collections": len(push.collections),
            "related": push.related,
            "areas": plan.areas,
            "refused": [{"key": item.key, "title": item.title, "message": item.message} for item in refused],
            "requests": requests,
            "problems": [schemas.problem(item) for item in plan.problems],
            "run": report.run or None,
        }
        print_json({**result, "sends": sends(push)} if dry_run else result)
        return
    if dry_run:
        _print_changes(push, verbose=common.verbose)
    would = "would be " if dry_run else ""
    rows = [
        ("records read", f"{plan.read:,}", f"from {counted(report.sources, 'source')}"),
        ("duplicates merged", f"{plan.merged:,}", "within the input" if plan.merged else ""),
        ("papers", f"{len(plan.entries):,}", ""),
        ("in the library", f"{report.matched:,}", f"of these; {address} had {report.papers:,}"),
        ("pairs to review", f"{report.to_review:,}", "perhaps one paper; kept separate" if report.to_review else ""),
        ("created", f"{created:,}", f"{would}new in the library" if created else ""),
        ("filled", f"{filled:,}", "lacked values that the input has" if filled else ""),
        ("unchanged", f"{push.unchanged:,}", "lack nothing that the input has" if push.unchanged else ""),
        (
            "values kept",
            f"{push.differing:,}",
            "differ from the input's; --overwrite replaces them" if push.differing else "",
        ),
        *([("in the trash", f"{len(push.trashed):,}", "left there")] if push.trashed else []),
        ("collections", f"{len(push.collections):,}", f"{would}new" if push.collections else ""),
        *([("versions", f"{push.related:,}", f"{would}related to each other")] if push.related else []),
        ("not done", f"{len(refused):,}", "listed above" if refused else ""),
        ("requests", f"{requests:,}", "nothing was written" if dry_run or not report.run else ""),
    ]
    if report.run:
        rows.append(("journal", "", report.run))
    print_areas(list(plan.areas.items()))
    print_rows(rows)


def _print_changes(push: "Push", *, verbose: bool) -> None:
    """Print one line for each change: `+` is new, `~` is filled, with the names of the properties."""
    for item in push.collections if verbose else push.collections[:SHOWN_PROBLEMS]:
        echo(f"+ {item['key']}  collection {item['name']}")
    shown = push.changes if verbose else push.changes[:SHOWN_PROBLEMS]
    for change in shown:
        what = change.object["itemType"] if change.creates else ", ".join(change.before)
        echo(f"{'+' if change.creates else '~'} {change.key}  {change.title[:70]}  ({what})")
    if hidden := len(push.changes) - len(shown):
        echo(f"... and {counted(hidden, 'more change')}; -v shows all, --format json what is sent")
    echo()
