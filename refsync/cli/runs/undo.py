"""`refsync undo`: take back a run."""

from collections.abc import Callable
from pathlib import Path

import click

from refsync.errors import ConfigError
from refsync.runs import journal

NOT_ALL_WRITTEN = 3  # exit code


@click.command("undo", short_help="Take back a run: files and libraries get what they held before.")
@click.argument("run_id", default="", metavar="[RUN]")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of the library, if it is another one.")
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
def command(run_id: str, folder: str, endpoint: str) -> int:
    """Give the files of RUN (default: the last run that wrote) the content they had before, byte for byte.

    Refuses, and touches nothing, where a file was changed since. `refsync log` lists the runs.

    In a Zotero library merged items come out of the trash, get their notes and files back, and the item that stayed
    loses what it took over; papers that a push created go to the trash, and its collections where they are empty. What
    somebody has changed since is told and left as it is, and the rest is taken back. A sync goes back on both sides.
    """
    return take_back(chosen_run(Path(folder), run_id, _wrote, "no run to take back"), endpoint)


def take_back(run: journal.Run, endpoint: str) -> int:
    """Give files and libraries what they held before a run."""
    if run.facts.get("remote"):
        return _undo_remote(run, endpoint)
    taken = journal.undo(run)
    _forget(run)
    if not taken:
        click.echo(f"the run {run.id} changed no file; nothing to take back")
    for path in taken:
        click.echo(f"{path}: as it was before the run {run.id}")
    return 0


def chosen_run(folder: Path, run_id: str, fits: Callable[[journal.Run], bool], none: str) -> journal.Run:
    """The run of this id, else the newest one that fits.

    Raises:
        ConfigError: there is none.
    """
    kept = list(journal.runs(folder))
    chosen = next((run for run in kept if (run.id == run_id if run_id else fits(run))), None)
    if chosen is None:
        what = f"no run {run_id}" if run_id else none
        raise ConfigError(
            f"{what} in {folder / journal.FOLDER}",
            hint="they are kept beside the library that was written: --in FOLDER",
        )
    return chosen


def _wrote(run: journal.Run) -> bool:
    facts = run.facts
    return facts["state"] != "undone" and bool(facts["files"] or facts.get("remote"))


def _undo_remote(run: journal.Run, endpoint: str) -> int:
    from refsync.cli.common import show
    from refsync.cli.zotero.merge import complain
    from refsync.zotero.undo import endpoint_of, undo_remote
    from refsync.zotero.web.library import open_library

    library = run.facts["remote"]
    if run.facts["state"] == "undone":
        raise ConfigError(f"the run {run.id} is undone already")
    beside = run.folder.parent.parent.parent
    with (
        show.progress(False) as report,
        open_library(library, endpoint or endpoint_of(run), beside, report, write=True) as opened,
    ):
        for path in journal.restore(run):  # a sync's
            click.echo(f"{path}: as it was before the run {run.id}")
        _forget(run)
        undone = undo_remote(run, opened)
    complain(library, undone.refused, undone.stopped, "`refsync undo` again goes on")
    for name in undone.kept:
        click.echo(f"refsync: note: {library}: the collection {name!r} stays, it is in use", err=True)
    if not undone.stopped:
        made = f" and {show.counted(len(undone.collections), 'collection')}" if undone.collections else ""
        click.echo(f"{library}: {show.counted(len(undone.items), 'item')}{made} as before the run {run.id}")
    return NOT_ALL_WRITTEN if undone.refused or undone.stopped else 0


def _forget(run: journal.Run) -> None:
    """What a sync remembers of both sides is as before the run, too."""
    if run.facts["command"] == "sync":
        from refsync.zotero.sync.base_journal import forget

        forget(run)
