"""Finishing a run that died, or taking it back: what `refsync apply --resume` does for each kind of run."""

import click

from refsync.cli.common import show
from refsync.cli.zotero.merge import NOT_ALL_WRITTEN, complain
from refsync.errors import ConfigError
from refsync.runs.journal import Run, finish


def died(run: Run) -> bool:
    """Whether a run did not come to its end."""
    return run.facts["state"] in {"planned", "stopped"}


def resume(run: Run, endpoint: str, quiet: bool) -> int:
    """Finish a run that died.

    Raises:
        ConfigError: it came to its end, or was taken back.
        StaleError: a file was changed since; none is touched.
    """
    if not died(run):
        was = "undone" if run.facts["state"] == "undone" else "finished"
        raise ConfigError(f"the run {run.id} is {was} already")
    if not run.facts.get("remote"):
        for path in finish(run):
            click.echo(f"{path}: as the run {run.id} was to leave it")
        click.echo(f"the run {run.id} is finished")
        return 0
    if run.facts["command"] == "sync":
        from refsync.cli.zotero.sync import resume_sync

        return resume_sync(run, endpoint, quiet)
    from refsync.zotero.merge.apply import begun, carry_out, holdings
    from refsync.zotero.push import apply as push
    from refsync.zotero.undo import endpoint_of
    from refsync.zotero.web.library import open_library

    library = run.facts["remote"]
    beside = run.folder.parent.parent.parent
    endpoint = endpoint or endpoint_of(run)
    pushed = run.facts["command"] == "push"
    plan, merges = ({}, []) if pushed else begun(run)
    with show.progress(quiet) as report, open_library(library, endpoint, beside, report, write=True) as opened:
        if pushed:
            outcome = push.resume(run, opened, report)
            refused, stopped, done = outcome.refused, outcome.stopped, show.counted(len(outcome.written), "object")
        else:
            told = carry_out(merges, holdings(opened, plan["types"]), opened, run, report)
            refused, stopped, done = told.refused, told.stopped, show.counted(len(told.done), "merge")
    complain(library, refused, stopped)
    click.echo(f"{library}: {done} done, {show.counted(len(refused), 'item')} not")
    return NOT_ALL_WRITTEN if refused or stopped else 0
