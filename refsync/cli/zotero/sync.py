"""`refsync sync`: a .bib file and a Zotero library in both directions."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN, UNREADABLE
from refsync.cli.common.inputs import read_citing
from refsync.cli.common.options import Common, common_options, endpoint_option, own_options
from refsync.cli.common.output import echo
from refsync.cli.common.output_files import check_target
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress, show_progress
from refsync.cli.zotero.sync_answers import Answers, ask, parse_answers
from refsync.cli.zotero.sync_report import SyncReport, print_sync_report
from refsync.config import load_config
from refsync.errors import ConfigError
from refsync.in_place.citing import Citing
from refsync.records import Problem
from refsync.runs.journal import Run
from refsync.sources import is_remote

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.dedup.results import Deduplication
    from refsync.records import Record
    from refsync.zotero.sync.plan_types import Conflicts, Deletions
    from refsync.zotero.sync.synced_file import SyncedFile


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """The command's own options, under their names."""

    dry_run: bool
    diff: bool
    conflicts: str | None
    deletions: str | None
    taken: tuple[str, ...]
    endpoint: str
    collection: str = ""
    cites: tuple[str, ...] = ()
    rewrite_cites: bool = False

    @property
    def writes_nothing(self) -> bool:
        """Whether the sync is only planned."""
        return self.dry_run or self.diff


@click.command("sync", short_help="A .bib file and a Zotero library, both ways.")
@click.argument("file", metavar="FILE.bib")
@click.argument("library", metavar="zotero:LIB")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be done on both sides.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@click.option(
    "--conflicts",
    type=click.Choice(["ask", "ours", "theirs", "newest"]),
    default=None,
    help="If both sides changed a field differently: ask (the field is not written), take ours (the file's), theirs "
    "(Zotero's), or that of the side that was changed last.  [default: ask]",
)
@click.option(
    "--deletions",
    type=click.Choice(["ask", "keep", "apply"]),
    default=None,
    help="If an entry or item was deleted on one side: ask, keep it (it is restored there), or apply the deletion to "
    "the other side: the entry is removed, the item goes to Zotero's trash. If it was changed since on the other side, "
    "apply asks too.  [default: ask]",
)
@click.option(
    "--take",
    "taken",
    multiple=True,
    metavar="KEY.FIELD=SIDE",
    help="Answer a question with ours or theirs: for a field of an entry, or for all of an entry and its deletion "
    "(KEY=SIDE). `*` matches anything; may be repeated.",
)
@click.option(
    "--collection", default="", metavar="NAME|KEY", help="Sync with this collection alone, and those below it."
)
@click.option(
    "--cites",
    multiple=True,
    metavar="PATH",
    help="A document that cites, a folder or a pattern; may be repeated.",
)
@click.option(
    "--rewrite-cites", is_flag=True, help="Change citations in these documents to the keys that changed in Zotero."
)
@endpoint_option("A server other than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
@own_options(SyncOptions)
def command(common: Common, file: str, library: str, options: SyncOptions) -> int:
    """Bring FILE.bib and a Zotero library to the same state.

    What changed on one side since the last sync goes to the other, field by field; tags are added and removed one by
    one. The file is changed by minimal edits, so comments, order and layout stay. What is new on one side is created on
    the other. The first sync finds the pairs as `refsync push` does, and fills what one side lacks.

    If both sides changed a field, or something was deleted on one side, nothing of it is written: it is listed and the
    exit code is 3, until --conflicts, --deletions or --take decides. On a terminal you are asked.

    `refsync undo` undoes a sync on both sides. An interrupted sync is finished by running it again.

    \b
    Examples:
      refsync sync refs.bib zotero:user/12345 --dry-run
      refsync sync refs.bib zotero:group/678
      refsync sync thesis.bib zotero:user/12345 --collection Thesis
      refsync sync refs.bib zotero:user/12345 --take roe2020.volume=ours --take 'poe*.title=theirs'
      refsync sync refs.bib zotero:user/12345 --take old1999=theirs     # deleted in Zotero: delete it here too
      refsync sync refs.bib zotero:user/12345 --conflicts newest --deletions apply
    """
    if is_remote(file) or not is_remote(library):
        raise ConfigError("name the file, then the library", hint="refsync sync refs.bib zotero:user/12345")
    check_target(file, (".bib", ".bibtex"), (), "what is synced")
    return run_sync(common, Path(file), library, options)


def run_sync(common: Common, file: Path, library: str, options: SyncOptions) -> int:
    """Sync a file and a library (such as `zotero:user/12345`), or show what that would do; the exit code."""
    from refsync.zotero.items.collections import collection_key, collection_keys
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.sync.apply import SyncContext, SyncOutcome, apply_sync, prepare_sync
    from refsync.zotero.sync.merge_base import SyncState
    from refsync.zotero.sync.plan_types import Scope, SyncSettings
    from refsync.zotero.sync.synced_file import read_synced_file
    from refsync.zotero.web.address import parse_address
    from refsync.zotero.web.library import open_library

    answers = parse_answers(options.taken)
    address = parse_address(library, options.endpoint)  # before any work is done
    synced_file = read_synced_file(file)
    if _is_damaged(synced_file, common):
        return UNREADABLE
    dry = options.writes_nothing
    policies = common.config.zotero
    with ExitStack() as stack:
        with show_progress(common.quiet) as report:
            opened = stack.enter_context(open_library(library, options.endpoint, file.parent, report, write=not dry))
            state = stack.enter_context(SyncState(file.parent, address.file_name))
            settings = SyncSettings(
                mapping=MappingSettings(opened.schema, policies.area_prefix),
                conflicts=cast("Conflicts", options.conflicts or policies.conflicts),
                deletions=cast("Deletions", options.deletions or policies.deletions),
                answer=answers.of,
                answers=answers.given,
                dialect=common.config.export.dialect,
            )

            def deduplicate(records: "Sequence[Record]", known: int) -> "Deduplication":
                from refsync.planning.run_models import find_duplicates

                remembered, problems = remembered_answers(tuple(records), (str(file),), "", common)
                print_problems(problems, common.quiet, common.verbose)
                return find_duplicates(records, common.config.dedup, remembered, report, known)

            scope = None
            if named := options.collection:
                collection = collection_key(opened.collections, named, library)
                scope = Scope(collection, frozenset(collection_keys(opened.collections, named, library)))
            context = SyncContext(
                opened=opened,
                state=state,
                file=synced_file,
                settings=settings,
                find_duplicates=deduplicate,
                scope=scope,
                documents=_rewriter(common, options, report),
            )
            prepared = prepare_sync(context)
        reviews = prepared.plan.reviews
        if not dry and reviews and (more := ask(reviews, quiet=common.quiet or common.json)):
            answers = Answers((*answers.answers, *more))
            context = replace(context, settings=replace(settings, answer=answers.of, answers=answers.given))
            prepared = prepare_sync(context)
        outcome = SyncOutcome()
        if not dry:
            with show_progress(common.quiet) as report:
                prepared, outcome = apply_sync(prepared, context, report)
        requests = opened.client.http.sent
    sync_report = SyncReport(
        library=library,
        file=synced_file,
        prepared=prepared,
        outcome=outcome,
        answers=answers,
        requests=requests,
        dry_run=options.dry_run,
        diff=options.diff,
    )
    print_sync_report(common, sync_report)
    refused = [*prepared.plan.refused, *outcome.refused]
    return NOT_ALL_WRITTEN if refused or outcome.stopped or (prepared.plan.reviews and not dry) else 0


def resume_sync(run: Run, endpoint: str, quiet: bool) -> int:
    """Finish an interrupted sync with its own options; the exit code."""
    from refsync.zotero.web.address import check_server

    plan = run.plan
    file = run.base / Path(plan["file"]).name
    check_server(plan["server"], plan["library"], endpoint)
    common = Common(
        config=load_config(near=(str(file),)),
        from_format="",
        output_format="text",
        strict=False,
        quiet=quiet,
        verbose=False,
    )
    options = SyncOptions(
        dry_run=False,
        diff=False,
        conflicts=plan["conflicts"],
        deletions=plan["deletions"],
        taken=tuple(plan["answers"]),
        endpoint=endpoint,
        collection=plan.get("collection", ""),
    )
    return run_sync(common, file, plan["library"], options)


def _rewriter(
    common: Common, options: SyncOptions, report: Progress
) -> Callable[[Mapping[str, str]], dict[Path, bytes]]:
    """What computes the new content of the documents that cite renamed keys.

    Raises:
        ConfigError: documents are to be rewritten, and none are named.
    """
    if not options.rewrite_cites:
        return lambda renamed: {}
    from refsync.cites import RenamedKeys, rewrite_documents

    cites = read_citing(Citing(options.cites, options.rewrite_cites, None), common, report)

    def rewritten(renamed: Mapping[str, str]) -> dict[Path, bytes]:
        documents = rewrite_documents(cites, RenamedKeys(everywhere=renamed), write=True)
        return {
            Path(item.source): item.document.encoding.encode(item.after)
            for item in documents
            if item.after != item.before
        }

    return rewritten


def _is_damaged(file: "SyncedFile", common: Common) -> bool:
    """Print the problems of the file; whether entries could not be read, whose items would then count as deleted."""
    print_problems(file.problems, common.quiet, common.verbose)
    damage = [item for item in file.problems if item.fatal or item.kind == "damage"]
    if damage or (common.strict and file.problems):
        message = "entries that cannot be read would count as deleted, so nothing was synced"
        echo(f"refsync: error: {file.path}: {message}", err=True)
        echo(f"  hint: `refsync check {file.path}` shows what to fix", err=True)
        return True
    notes = [Problem(str(file.path), why, record.line, kind="note") for record, why in file.left_out]
    print_problems(notes, common.quiet, common.verbose)
    return False
