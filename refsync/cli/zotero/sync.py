"""`refsync sync`: a .bib file and a Zotero library, both ways."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output_files import check_target
from refsync.cli.common.stages import UNREADABLE, remembered_answers
from refsync.cli.zotero.sync_answers import Taken, ask, parse_taken
from refsync.cli.zotero.sync_report import tell
from refsync.config import load_config
from refsync.errors import ConfigError
from refsync.records import Problem
from refsync.runs.journal import Run
from refsync.sources import is_remote

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.dedup.results import Deduplication
    from refsync.records import Record
    from refsync.zotero.sync.synced_file import Source

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
    check_target(file, (".bib", ".bibtex"), (), "what is synced")
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
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.sync.apply import Outcome, Parties, carry_out, work_out
    from refsync.zotero.sync.merge_base import SyncState
    from refsync.zotero.sync.plan_types import SyncSettings
    from refsync.zotero.sync.synced_file import read_file
    from refsync.zotero.web.address import parse_address
    from refsync.zotero.web.library import open_library

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
                from refsync.planning.run_models import find_duplicates

                remembered, problems = remembered_answers(tuple(records), (str(file),), "", common)
                show.print_problems(problems, common.quiet, common.verbose)
                return find_duplicates(records, common.config.dedup, remembered, report, known)

            parties = Parties(opened, state, source, settings, likeness)
            work = work_out(parties)
        if not dry and work.plan.reviews and (more := ask(work.plan.reviews, quiet=common.quiet or common.json)):
            answers = Taken((*answers.answers, *more))
            parties = replace(parties, settings=replace(settings, answer=answers.of, answers=answers.given))
            work = work_out(parties)
        outcome = Outcome()
        if not dry:
            with show.progress(common.quiet) as report:
                work, outcome = carry_out(work, parties, report)
        requests = opened.remote.http.sent
    tell(common, library, source, work, outcome, answers, requests, dry_run=dry_run, diff=diff)
    refused = [*work.plan.refused, *outcome.refused]
    return NOT_ALL_DONE if refused or outcome.stopped or (work.plan.reviews and not dry) else 0


def resume_sync(run: Run, endpoint: str, quiet: bool) -> int:
    """Finish a sync that died, as it was to be done."""
    from refsync.zotero.undo import endpoint_of

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
