"""`refsync apply --resume`: finishing an interrupted run, for each kind of run."""

from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN
from refsync.cli.common.output import echo
from refsync.cli.common.progress import show_progress
from refsync.cli.common.refusals import print_refusals
from refsync.cli.common.text import counted
from refsync.dedup.settings import MergeSettings
from refsync.errors import ConfigError
from refsync.runs.journal import Run, finish


def is_unfinished(run: Run) -> bool:
    """Whether a run was interrupted, or stopped before its end."""
    return run.facts["state"] in {"planned", "stopped"}


def resume(run: Run, endpoint: str, quiet: bool) -> int:
    """Finish an interrupted run; the exit code.

    Raises:
        ConfigError: it is finished or undone already.
        StaleError: a file was changed since; no file is touched.
    """
    if not is_unfinished(run):
        state = "undone" if run.facts["state"] == "undone" else "finished"
        raise ConfigError(f"the run {run.id} is {state} already")
    if not run.facts.get("remote"):
        for path in finish(run):
            echo(f"{path}: written, as the run {run.id} planned")
        echo(f"the run {run.id} is finished")
        return 0
    if run.facts["command"] == "sync":
        from refsync.cli.zotero.sync import resume_sync

        return resume_sync(run, endpoint, quiet)
    from refsync.zotero.merge.apply import apply_merges, library_state, read_merge_run
    from refsync.zotero.push import apply as push
    from refsync.zotero.web.address import check_server
    from refsync.zotero.web.library import open_library

    library = run.facts["remote"]
    check_server(run.plan["server"], library, endpoint)
    pushed = run.facts["command"] in ("push", "tag")
    plan, merges = ({}, []) if pushed else read_merge_run(run)
    with (
        show_progress(quiet) as report,
        open_library(library, endpoint, run.base, report, write=True, notes=not pushed) as opened,
    ):
        if pushed:
            written = push.resume(run, opened, report)
            refused, stopped, done = written.refused, written.stopped, counted(len(written.written), "object")
        else:
            merged = apply_merges(
                merges,
                library_state(opened, plan["types"], MergeSettings(**plan.get("policies", {}))),
                opened,
                run,
                report,
            )
            refused, stopped, done = merged.refused, merged.stopped, counted(len(merged.done), "merge")
    print_refusals(library, refused, stopped)
    echo(f"{library}: {done} done, {counted(len(refused), 'item')} not")
    return NOT_ALL_WRITTEN if refused or stopped else 0
