"""`refsync review`: the pairs and areas in doubt, put before a person."""

import contextlib
import os
import webbrowser
from dataclasses import replace
from pathlib import Path

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common, against_option, common_options, inputs_argument
from refsync.cli.common.stages import UNREADABLE, must_stop, read_inputs, remembered_answers
from refsync.cli.runs.plan_files import at_base, read_again
from refsync.config import from_table
from refsync.decisions import FILE_NAME, NOTHING_REMEMBERED
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile, is_plan, load, proposed
from refsync.planning.run_models import find_duplicates
from refsync.records import Problem
from refsync.review.plan_states import Follower, without_review
from refsync.review.proposed_values import Values
from refsync.review.session import Library, Session
from refsync.sources import STDIN, Reading, is_remote


@click.command("review", short_help="Answer what is in doubt, side by side in the browser.")
@inputs_argument
@against_option
@click.option("--tty", "in_terminal", is_flag=True, help="Ask here in the terminal; by lines where stdin is a pipe.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port of the page; 0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option("--no-areas", is_flag=True, help="Duplicates only: don't look for papers whose areas are unsure.")
@click.option("--by", default="", metavar="NAME", help="Who answers.  [default: the name of your account]")
@common_options
def command(
    common: Common,
    inputs: tuple[str, ...],
    against: str,
    in_terminal: bool,
    port: int,
    no_browser: bool,
    no_areas: bool,
    by: str,
) -> int:
    """Put the pairs that refsync is not sure of, and the papers of whose areas it is unsure, before you.

    INPUT is what `refsync run` reads, a plan, or a Zotero library.

    A page opens in your browser: records side by side, what differs marked word by word, the merged record in the
    middle, why the pair is asked about. One key answers: m one paper, n not a duplicate, v versions of one work,
    s skip, u undo, ? all keys. This program serves the page to this machine alone, without a network; Ctrl-C ends it.

    Each answer is saved at once to refsync-decisions.jsonl beside INPUT. run, dedupe, check and merges in a Zotero
    library obey it from then on. Keep it in git: the answers of several people are put together line by line.

    \b
    Examples:
      refsync review refs.bib
      refsync review scopus.ris pubmed.nbib wos.txt --profile careful
      refsync review new.csv --against refs.bib
      refsync review zotero:user/12345      # then: refsync dedupe zotero:user/12345 --apply
      refsync review plan.json              # its states follow your answers; then: refsync apply plan.json
      refsync enrich refs.bib --plan plan.json; refsync review plan.json     # the values that it proposes
      refsync review refs.bib --tty         # y, n, v, s, u and more; ? lists the keys
      refsync review refs.bib --no-browser --port 8800     # over SSH: ssh -L 8800:127.0.0.1:8800 HOST
    """
    if not in_terminal:
        _check_installed()
    elif STDIN in inputs:
        raise ConfigError("--tty reads the answers from standard input", hint="save the records to a file first")
    plan = load(Path(inputs[0]).absolute()) if len(inputs) == 1 and is_plan(inputs[0]) else None
    if plan and against:
        raise ConfigError("--against: the plan names its own library")
    with contextlib.ExitStack() as stack:
        report = stack.enter_context(show.progress(common.quiet))
        if plan:
            common = _as_planned(common, plan)
            stack.enter_context(at_base(plan))
            reading, _ = read_again(plan, common, report)
        else:
            reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            return UNREADABLE
        session = start_session(reading, inputs, common, report, areas=not no_areas, by=by, plan=plan)
    if in_terminal:
        from refsync.cli.review import terminal

        terminal.run(session, areas=not no_areas)
        print_saved(session, plan)
        return 0
    from refsync.review.web.server import Server

    server = Server(session, ", ".join(Path(name).name for name in inputs[:3]), port)

    def ready() -> None:
        _announce(session, server.address, common, opens=not no_browser)

    try:
        server.run(ready)
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C
    print_saved(session, plan)
    return 0


def start_session(
    reading: Reading,
    inputs: tuple[str, ...],
    common: Common,
    report: show.Progress,
    *,
    areas: bool,
    by: str = "",
    plan: PlanFile | None = None,
) -> Session:
    """A review of what was read, that goes on where earlier answers left off; page and terminal begin with this.

    Args:
        reading: what was read.
        inputs: what the user named.
        common: the settings.
        report: told how far the work is.
        areas: whether papers with unsure areas are asked about.
        by: who answers.
        plan: the plan whose proposals are looked through, and whose states follow the answers.
    """
    records, config = reading.records, common.config
    path = answers_file((*plan.options["inputs"],) if plan else inputs, common).absolute()
    remembered, problems = NOTHING_REMEMBERED, list[Problem]()
    if path.exists():  # else it is made with the first answer
        remembered, problems = remembered_answers(records, (str(path), *inputs), "", common)
    if plan:
        found = proposed(without_review(plan), records)
    else:
        found = find_duplicates(records, config.dedup, remembered, report, reading.known)
    show.print_problems(problems, common.quiet, common.verbose)
    library = Library(records, found, config.dedup, config.merge)
    if areas and not (plan and plan.content.get("command") == "enrich"):  # such a plan has no place for areas
        from refsync.classify.model import load_model
        from refsync.review.areas import unsure_papers

        model = load_model(config.areas.model)
        papers = unsure_papers(records, found, config.merge, model, config.areas, report, reading.known)
        library = replace(library, papers=papers, areas=model.classes)
    if not plan:
        return Session(library, path, by)
    follower = Follower(plan, records)
    session = Session(library, path, by, follower, Values(follower, records) if follower.fills else None)
    if changed := follower.start(session):
        click.echo(f"{show.counted(changed, 'proposal')} of the plan set as answered before", err=True)
    return session


def _as_planned(common: Common, plan: PlanFile) -> Common:
    """The settings with which the plan was made."""
    config = from_table(plan.content.get("settings", {}), f"{plan.path}: settings")
    return replace(common, config=config, from_format=plan.options.get("from", ""))


def answers_file(inputs: tuple[str, ...], common: Common) -> Path:
    """Where answers are kept: the configured file, else the one beside an input, made where there is none yet."""
    if common.config.decisions:
        return Path(common.config.decisions)
    beside = [Path(FILE_NAME) if is_remote(name) or name == STDIN else Path(name).parent / FILE_NAME for name in inputs]
    return next((path for path in beside if path.is_file()), beside[0])


def print_saved(session: Session, plan: PlanFile | None = None) -> None:
    """What was answered, and where it is."""
    parts = [show.counted(session.saved, "answer") + " given"] if session.saved else []
    if session.decided:
        parts.append(f"{show.counted(session.decided, 'value')} accepted or rejected")
    parts = parts or ["nothing was answered"]
    if session.questions or not session.values:
        left = session.progress("uncertain").open
        parts.append(f"{show.counted(left, 'question')} left" if left else "no question is left")
    if session.values:
        waiting = session.values.progress().open
        parts.append(f"{show.counted(waiting, 'value')} pending" if waiting else "no value is pending")
    click.echo("; ".join(parts))
    if session.saved:
        click.echo(f"saved in {shown_path(session.path)}; `refsync run`, `dedupe` and `check` obey it")
    if plan:
        name = shown_path(plan.path)
        names_output = plan.content.get("output") or plan.options.get("in_place")
        to_apply = name if names_output else f"{name} -o OUT.bib"
        click.echo(f"the states in {name} are as answered; `refsync apply {to_apply}` carries them out")


def shown_path(path: Path) -> str:
    """From where the user is, where that is shorter."""
    here = os.path.relpath(path)
    return str(path) if here.startswith(os.pardir) else here


def _announce(session: Session, address: str, common: Common, *, opens: bool) -> None:
    pairs, papers = session.progress("uncertain"), session.area_progress()
    if not common.quiet:
        asked = [show.counted(pairs.open, "question")] if session.questions or not session.values else []
        if papers.open:
            asked.append(f"{show.counted(papers.open, 'paper')} with unsure areas")
        if asked:
            click.echo(f"{' and '.join(asked)}; answers go to {shown_path(session.path)}", err=True)
        if session.values:
            waiting = show.counted(session.values.progress().open, "value")
            click.echo(f"{waiting} pending; answers go to {shown_path(session.values.path)}", err=True)
    opened = opens and webbrowser.open(address)
    click.echo("the page opens in your browser; Ctrl-C here ends the review. If it does not:" if opened else
               "open this address, once, in one browser; Ctrl-C here ends the review", err=True)  # fmt: skip
    click.echo(address)


def _check_installed() -> None:
    """Refuse, before any work is done, what cannot be shown.

    Raises:
        ConfigError: what serves the page is not installed.
    """
    try:
        import jinja2  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"the review page needs {error.name}, which is not installed",
            hint="pip install 'refsync[review]', or ask in the terminal: refsync review --tty",
        ) from None
