"""`refsync push`: papers into a Zotero library."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.stages import UNREADABLE, exit_code, must_stop, read_inputs, remembered_answers
from refsync.cli.zotero.merge import GO_ON, complain
from refsync.errors import ConfigError
from refsync.records import Problem
from refsync.sources import Reading, is_remote

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.planning.plan import Plan, PlanContext
    from refsync.zotero.push.plan import Push
    from refsync.zotero.web.library import Opened
    from refsync.zotero.web.write_batches import Outcome

NOT_ALL_WRITTEN = 3  # exit code


@click.command("push", short_help="Papers into a Zotero library.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT... zotero:LIB")
@click.option("--dry-run", is_flag=True, help="Send nothing; show what would be. With --format json: exactly that.")
@click.option(
    "--collections",
    "root",
    is_flag=False,
    flag_value="refsync",
    default=None,
    metavar="[ROOT]",
    help="Put papers into one collection for each area, under the collection ROOT (`refsync`).",
)
@click.option("--overwrite", is_flag=True, help="Let the input's values replace those in the library.")
@click.option("--tags/--no-tags", default=True, help="Tag papers with their research areas.", show_default=True)
@click.option(
    "--area-prefix", default=None, metavar="TEXT", help="What the tags of areas start with.  [default: area:]"
)
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
def command(
    common: Common,
    inputs: tuple[str, ...],
    dry_run: bool,
    root: str | None,
    overwrite: bool,
    tags: bool,
    area_prefix: str | None,
    endpoint: str,
) -> int:
    """Bring the papers of INPUT... into a Zotero library.

    INPUT is read, deduplicated and tagged as `refsync run` does. What the library has already is filled where it lacks
    something, and never overwritten; the rest is created. Pushing the same again changes nothing and sends nothing.

    The library is zotero:user/ID or zotero:group/ID. The API key is taken from ZOTERO_API_KEY or from the system's
    keyring (service `refsync`, name `zotero`).

    \b
    Examples:
      refsync push refs.bib zotero:user/12345 --dry-run
      refsync push pages/*.txt zotero:user/12345 --collections
      refsync push new.bib zotero:group/678 --profile careful
    """
    from refsync.zotero.web.address import parse_address

    *files, target = inputs
    if not is_remote(target) or not files:
        raise ConfigError("name the inputs, then the library", hint="refsync push refs.bib zotero:user/12345")
    settings = common.config.zotero
    root = settings.collections if root is None else root
    area_prefix = settings.area_prefix if area_prefix is None else area_prefix
    if root and not tags:
        raise ConfigError("--collections puts papers by their areas, and --no-tags looks for none")
    parse_address(target, endpoint)  # before any work is done
    with show.progress(common.quiet) as report:
        reading = read_inputs(tuple(files), common, report)
        if must_stop(reading, common):
            return UNREADABLE
        return _push(
            common, reading, tuple(files), target, endpoint, report, (root, overwrite, tags, area_prefix, dry_run)
        )


def _push(
    common: Common,
    reading: Reading,
    files: tuple[str, ...],
    target: str,
    endpoint: str,
    report: show.Progress,
    chosen: tuple[str, bool, bool, str, bool],
) -> int:
    from refsync.classify.model import load_model
    from refsync.decisions import choices_in
    from refsync.dedup.results import Deduplication
    from refsync.planning.plan import make_plan
    from refsync.planning.run_models import find_duplicates
    from refsync.zotero.items.generated_keys import record_keys
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.push.apply import apply_push
    from refsync.zotero.push.plan import (
        PushSettings,
        library_records,
        papers,
        plan_push,
    )
    from refsync.zotero.push.targets import targets_by_citation_key, targets_by_key, targets_by_likeness
    from refsync.zotero.push.versions import version_pairs
    from refsync.zotero.web.library import open_library
    from refsync.zotero.web.write_batches import Outcome

    root, overwrite, tags, area_prefix, dry_run = chosen
    dedup = common.config.dedup
    with open_library(target, endpoint, Path(), report, write=not dry_run) as opened:
        settings = PushSettings(MappingSettings(opened.schema, area_prefix), root, overwrite)
        # First the input on its own, so that the same input makes the same papers, whatever the library holds by then.
        remembered, contradictions = remembered_answers(reading.records, files, "", common)
        found = find_duplicates(reading.records, dedup, remembered, report)
        wishes, disputed = choices_in(found.clusters, reading.records, remembered)
        problems = (*reading.problems, *contradictions, *disputed)
        model = load_model(common.config.areas.model) if tags else None
        context = PlanContext(provenance=False, field_choices=wishes)
        plan = make_plan(reading.records, found, problems, model, common.config, context, report)
        merged = [entry.merged.record for entry in plan.entries]
        keys = record_keys(opened.remote.address.path, merged)
        items = opened.items
        targets = targets_by_key(keys, items, opened.store.links())
        library = papers(items)
        likely = Deduplication()
        if unknown := [index for index in range(len(keys)) if index not in targets]:
            held = library_records(opened.remote.address, library, settings.mapping)
            targets |= targets_by_citation_key(merged, unknown, held, library)
            unknown = [index for index in unknown if index not in targets]
        if unknown and library:
            records = (*held, *(merged[index] for index in unknown))
            remembered, _ = remembered_answers(records, files, "", common)
            likely = find_duplicates(records, dedup, remembered, report, len(library))
            targets |= targets_by_likeness(likely, library, unknown)
        collections = opened.store.objects("collections")
        became = [targets.get(index, key) for index, key in enumerate(keys)]
        versions = version_pairs(plan, likely, library, unknown, became)
        push = plan_push(plan, keys, targets, opened.remote.address, items, collections, settings, versions)
        new = plan.problems[len(reading.problems) :]
        show.print_problems(new, common.quiet, common.verbose)
        if common.strict and new:
            return UNREADABLE
        if dry_run:
            run, outcome = None, Outcome()
        else:
            opened.store.set_links({keys[index]: key for index, key in targets.items() if keys[index] != key})
            try:
                run, outcome = apply_push(push, plan, opened, settings, Path(), report)
            except KeyboardInterrupt:
                click.echo(f"refsync: note: {GO_ON}", err=True)
                raise
    asked = [link for link in likely.review if link.members[0] < len(library)]
    account = _Account(reading, plan, push, outcome, opened, len(library), len(targets), len(found.review) + len(asked))
    _tell(common, account, dry_run=dry_run, run=str(run.folder) if run else "")
    return NOT_ALL_WRITTEN if push.refused or outcome.refused or outcome.stopped else exit_code(reading)


@dataclass(frozen=True, slots=True)
class _Account:
    """What there is to tell: `held` papers were in the library, `there` of the input's among them, `asked` perhaps."""

    reading: Reading
    plan: "Plan"
    push: "Push"
    outcome: "Outcome"
    opened: "Opened"
    held: int
    there: int
    asked: int


def _tell(common: Common, account: _Account, *, dry_run: bool, run: str) -> None:
    """What was sent, or would be, and what was not."""
    from refsync import schemas
    from refsync.zotero.push.apply import sends

    plan, push, outcome, opened = account.plan, account.push, account.outcome, account.opened
    refused = [*push.refused, *outcome.refused]
    address = str(opened.remote.address)
    notes = [Problem(address, f"{item.key}: {item.title[:60]!r}: {item.message}", kind="note") for item in push.trashed]
    show.print_problems(notes, common.quiet, common.verbose)
    told = refused if common.verbose else refused[: show.SHOWN_PROBLEMS]
    for item in told:
        click.echo(f"refsync: error: {opened.remote.address} {item.key}: {item.title[:60]!r}: {item.message}", err=True)
    if hidden := len(refused) - len(told):
        click.echo(f"refsync: error: {show.counted(hidden, 'more paper')} not done; -v shows all", err=True)
    complain(address, (), outcome.stopped)
    if common.json:
        result = {
            "schema": "refsync.push/1",
            "library": str(opened.remote.address),
            "dry_run": dry_run,
            "records": plan.read,
            "merged": plan.merged,
            "created": sum(change.creates and (dry_run or change.key in outcome.written) for change in push.changes),
            "filled": sum(not change.creates and (dry_run or change.key in outcome.written) for change in push.changes),
            "unchanged": push.unchanged,
            "differing": push.differing,
            "review": account.asked,
            "trashed": len(push.trashed),
            "collections": len(push.collections),
            "related": push.related,
            "areas": plan.areas,
            "refused": [{"key": item.key, "title": item.title, "message": item.message} for item in refused],
            "requests": opened.remote.http.sent,
            "problems": [schemas.problem(item) for item in plan.problems],
            "run": run or None,
        }
        show.print_json({**result, "sends": sends(push)} if dry_run else result)
        return
    if dry_run:
        _print_changes(push, verbose=common.verbose)
    written = push.changes if dry_run else [change for change in push.changes if change.key in outcome.written]
    created = sum(change.creates for change in written)
    would = "would be " if dry_run else ""
    rows = [
        ("records read", f"{plan.read:,}", f"from {show.counted(account.reading.inputs, 'source')}"),
        ("duplicates merged", f"{plan.merged:,}", "among themselves" if plan.merged else ""),
        ("papers", f"{len(plan.entries):,}", ""),
        ("in the library", f"{account.there:,}", f"of these; {opened.remote.address} had {account.held:,}"),
        ("pairs to review", f"{account.asked:,}", "perhaps one paper; kept apart" if account.asked else ""),
        ("created", f"{created:,}", f"{would}new in the library" if created else ""),
        (
            "filled",
            f"{len(written) - created:,}",
            "lacked something that the input says" if len(written) > created else "",
        ),
        ("unchanged", f"{push.unchanged:,}", "lack nothing that the input says" if push.unchanged else ""),
        (
            "values kept",
            f"{push.differing:,}",
            "differ from the input's; --overwrite takes those" if push.differing else "",
        ),
        *([("in the trash", f"{len(push.trashed):,}", "left there")] if push.trashed else []),
        ("collections", f"{len(push.collections):,}", f"{would}new" if push.collections else ""),
        *([("versions", f"{push.related:,}", f"{would}related to each other")] if push.related else []),
        ("not done", f"{len(refused):,}", "listed above" if refused else ""),
        ("requests", f"{opened.remote.http.sent:,}", "nothing was written" if dry_run or not run else ""),
    ]
    if run:
        rows.append(("journal", "", run))
    show.print_rows(rows, list(plan.areas.items()))


def _print_changes(push: "Push", *, verbose: bool) -> None:
    """One line for each change: `+` is new, `~` is filled and with what."""
    shown = push.changes if verbose else push.changes[: show.SHOWN_PROBLEMS]
    for item in push.collections if verbose else push.collections[: show.SHOWN_PROBLEMS]:
        click.echo(f"+ {item['key']}  collection {item['name']}")
    for change in shown:
        what = change.object["itemType"] if change.creates else ", ".join(change.before)
        click.echo(f"{'+' if change.creates else '~'} {change.key}  {change.title[:70]}  ({what})")
    if hidden := len(push.changes) - len(shown):
        click.echo(f"... and {show.counted(hidden, 'more change')}; -v shows all, --format json what is sent")
    click.echo()
