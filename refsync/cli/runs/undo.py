"""`refsync undo`: undo a run."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN
from refsync.cli.common.options import endpoint_option
from refsync.cli.common.output import echo
from refsync.cli.common.progress import show_progress
from refsync.cli.common.refusals import print_refusals
from refsync.cli.common.text import counted
from refsync.errors import ConfigError
from refsync.papis.configuration import INFO_NAME
from refsync.runs import journal
from refsync.text.printable import printable
from refsync.write_targets import FOLDER


@click.command("undo", short_help="Undo a run: files and libraries get their previous content.")
@click.argument("run_id", default="", metavar="[RUN]")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of the library.  [default: .]")
@endpoint_option("Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@click.option("--dry-run", is_flag=True, help="Show what would be undone, and write nothing.")
def command(run_id: str, folder: str, endpoint: str, dry_run: bool) -> int:
    """Give the files of RUN (default: the last run that wrote) their previous content, byte for byte.

    If a file was changed since, nothing is touched. `refsync log` lists the runs.

    In a Zotero library, merged items are restored from the trash with their notes and files, and the item that they
    were merged into loses what it took from them. Papers that a push created go to the trash, and so do its collections
    if they are empty. Items that somebody changed since are reported and left as they are; the rest is undone. A sync
    is undone on both sides.

    \b
    Examples:
      refsync undo
      refsync undo 20261122-081530 --in ~/papers
    """
    run = chosen_run(Path(folder), run_id, _wrote_something, "no run to undo")
    if dry_run:
        facts = run.facts
        moved = [step["from"] for step in facts["moves"].get("files", ())]
        for name in [*(file["path"] for file in facts["files"]), *moved, *filter(None, [facts.get("remote")])]:
            echo(f"{name}: would be as before the run {run.id} ({run.facts['command']})")
        return 0
    return undo_run(run, endpoint)


def undo_run(run: journal.Run, endpoint: str) -> int:
    """Give files and libraries the content that they had before a run; the exit code."""
    if run.facts.get("remote"):
        return _undo_remote(run, endpoint)
    restored = journal.undo(run)
    _restore_base(run)
    if not restored:
        echo(f"the run {run.id} changed no file; there is nothing to undo")
    for path in restored:
        echo(f"{printable(str(path))}: as it was before the run {run.id}")
    if any(path.name == INFO_NAME for path in restored) and "papis.config" not in sys.modules:
        echo("refsync: note: papis shows what was undone after `papis cache reset`", err=True)
    return 0


def chosen_run(folder: Path, run_id: str, suits: Callable[[journal.Run], bool], none: str) -> journal.Run:
    """The run with this id, or without an id the newest that suits.

    Raises:
        ConfigError: there is none.
    """
    runs = list(journal.runs(folder))
    chosen = next((run for run in runs if (run.id == run_id if run_id else suits(run))), None)
    if chosen is None:
        if untrusted := [error for error in journal.unproven_runs(folder) if not run_id or error.run_id == run_id]:
            raise untrusted[0]
        what = f"no run {run_id}" if run_id else none
        raise ConfigError(
            f"{what} in {folder / FOLDER}",
            hint="runs are recorded beside the library that was written: --in FOLDER",
        )
    return chosen


def _wrote_something(run: journal.Run) -> bool:
    facts = run.facts
    return facts["state"] != "undone" and bool(facts["files"] or facts["moves"] or facts.get("remote"))


def _undo_remote(run: journal.Run, endpoint: str) -> int:
    from refsync.zotero.undo import undo_library_writes
    from refsync.zotero.web.address import check_server
    from refsync.zotero.web.library import open_library

    library = run.facts["remote"]
    if run.facts["state"] == "undone":
        raise ConfigError(f"the run {run.id} is undone already")
    check_server(run.plan["server"], library, endpoint)
    moved_notes = run.facts["command"] == "dedupe"
    with (
        show_progress(False) as report,
        open_library(library, endpoint, run.base, report, write=True, notes=moved_notes) as opened,
    ):
        for path in journal.restore(run):  # a sync's
            echo(f"{printable(str(path))}: as it was before the run {run.id}")
        _restore_base(run)
        undone = undo_library_writes(run, opened)
    print_refusals(library, undone.refused, undone.stopped, "`refsync undo` again continues it")
    for name in undone.kept:
        echo(f"refsync: note: {library}: the collection {name!r} is not removed: it is in use", err=True)
    if not undone.stopped:
        made = f" and {counted(len(undone.collections), 'collection')}" if undone.collections else ""
        echo(f"{library}: {counted(len(undone.items), 'item')}{made} as before the run {run.id}")
    return NOT_ALL_WRITTEN if undone.refused or undone.stopped else 0


def _restore_base(run: journal.Run) -> None:
    """Restore the merge base that a sync recorded."""
    if run.facts["command"] == "sync":
        from refsync.zotero.sync.base_journal import restore_base

        restore_base(run)
