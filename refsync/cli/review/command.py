"""`refsync review`: a person answers uncertain pairs and areas."""

import contextlib
import os
import webbrowser
from dataclasses import dataclass, replace
from pathlib import Path

import click

from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.extras import require
from refsync.cli.common.inputs import must_stop, read_inputs
from refsync.cli.common.options import Common, against_option, common_options, inputs_argument, own_options
from refsync.cli.common.output import echo
from refsync.cli.common.plan_files import in_plan_folder, read_planned_inputs
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted
from refsync.cli.review.start import ReviewInputs, start_session
from refsync.config import from_table
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.operating_system import command_line
from refsync.planning.file import PlanFile, is_plan, load
from refsync.planning.run_models import find_duplicates
from refsync.review.session import Session
from refsync.sources import STDIN, Reading

_FEW_RECORDS = 20_000  # deduplicated again within seconds, while the user waits


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """The command's own options, as they are named there."""

    against: str
    in_terminal: bool
    port: int
    no_browser: bool
    with_areas: bool
    no_areas: bool
    everything: bool
    by: str


@click.command("review", short_help="Answer uncertain pairs, side by side in the browser.")
@inputs_argument
@against_option
@click.option("--tty", "in_terminal", is_flag=True, help="Ask in the terminal; by lines if stdin is a pipe.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port of the page; 0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option("--areas", "with_areas", is_flag=True, help="Also ask about papers whose areas are uncertain.")
@click.option("--no-areas", is_flag=True, hidden=True, help="Duplicates only, as without --areas.")
@click.option("--all", "everything", is_flag=True, help="Start also if nothing is in doubt, to check merges.")
@click.option("--by", default="", metavar="NAME", help="Who answers.  [default: the name of your account]")
@common_options
@own_options(ReviewOptions)
def command(common: Common, inputs: tuple[str, ...], options: ReviewOptions) -> int:
    """Answer the pairs that refsync is not certain about.

    INPUT is what `refsync run` reads, a plan, or a Zotero library.

    A page opens in your browser: what the doubt is, records side by side with their differences marked word by word,
    and the merged record in the middle. One key answers: y one paper (merge), n not a duplicate, v versions of one
    work, s skip, u undo, ? all keys. The page is served to this machine only, without a network; Ctrl-C ends it. If
    nothing is in doubt, no page opens.

    Each answer is saved at once to refsync-decisions.jsonl beside INPUT. run, dedupe, check and merges in a Zotero
    library use it from then on. Keep it in git: the answers of several people merge line by line.

    \b
    Examples:
      refsync review refs.bib
      refsync review scopus.ris pubmed.nbib wos.txt --profile careful
      refsync review refs.bib --areas       # also papers whose areas are uncertain
      refsync review refs.bib --all         # also if nothing is in doubt: to check what was merged
      refsync review new.csv --against refs.bib
      refsync review zotero:user/12345      # then: refsync dedupe zotero:user/12345 --apply
      refsync review plan.json              # its states follow your answers; then: refsync apply plan.json
      refsync enrich refs.bib --plan plan.json; refsync review plan.json     # the values that it proposes
      refsync review refs.bib --tty         # y, n, v, s, u and more; ? lists the keys
      refsync review refs.bib --no-browser --port 8800     # over SSH: ssh -L 8800:127.0.0.1:8800 HOST
    """
    if not options.in_terminal:
        require("review", "the review page", "or ask in the terminal: refsync review --tty")
    elif STDIN in inputs:
        raise ConfigError("--tty reads the answers from standard input", hint="save the records to a file first")
    plan = load(Path(inputs[0]).absolute()) if len(inputs) == 1 and is_plan(inputs[0]) else None
    if plan and options.against:
        raise ConfigError("--against: the plan names its own library")
    if options.with_areas and options.no_areas:
        raise ConfigError("--areas and --no-areas exclude each other")
    areas = options.with_areas
    with contextlib.ExitStack() as stack:
        report = stack.enter_context(show_progress(common.quiet))
        if plan:
            common = _as_planned(common, plan)
            stack.enter_context(in_plan_folder(plan))
            reading, _ = read_planned_inputs(plan, common, report)
        else:
            reading = read_inputs(inputs, common, report, options.against)
        if must_stop(reading, common):
            return UNREADABLE
        session = start_session(ReviewInputs(inputs, reading, plan), common, report, areas=areas, by=options.by)
    if not plan and len(reading.records) <= _FEW_RECORDS:
        session.deduplicate_again = lambda: _deduplicate(session, inputs, common, reading)
    if not (options.everything or session.has_open):
        _print_nothing_in_doubt(session, inputs, areas=areas)
        return 0
    if options.in_terminal:
        from refsync.cli.review import terminal

        terminal.run(session, areas=areas)
    else:
        _serve(session, common, options)
    print_summary(session, plan)
    return 0


def _deduplicate(session: Session, inputs: tuple[str, ...], common: Common, reading: Reading) -> Deduplication:
    """What the other commands will find, with the answers given so far."""
    answers, _ = remembered_answers(reading.records, (str(session.path), *inputs), "", common)
    return find_duplicates(reading.records, common.config.dedup, answers, known=reading.known)


def _print_nothing_in_doubt(session: Session, inputs: tuple[str, ...], *, areas: bool) -> None:
    """Print that there is nothing to ask, what was decided without asking, and how to look at it."""
    if session.values and not session.questions:
        echo("no value is pending")
        return
    found = [
        f"{counted(len(session.library.deduplication.clusters), 'merge')}",
        f"{counted(len(session.library.deduplication.versions), 'link')} between versions",
    ]
    if answered := session.progress("answered").total:
        found.append(f"{counted(answered, 'answer')} given earlier")
    papers = counted(session.paper_count, "paper")
    echo(f"nothing is in doubt: {counted(len(session.library.records), 'record')}, {papers}; {', '.join(found)}")
    command = command_line(["refsync", "review", *inputs, *(["--areas"] if areas else []), "--all"])
    echo(f"to check them: {command}")


def _serve(session: Session, common: Common, options: ReviewOptions) -> None:
    """Serve the page until it is ended there or by Ctrl-C."""
    from refsync.review.web.server import Server
    from refsync.review.web.start_file import start_file

    server = Server(session, options.port)
    with start_file(server.address) as to_open:

        def ready() -> None:
            opened = not options.no_browser and webbrowser.open(to_open)
            _announce(session, server.address, quiet=common.quiet, opened=opened)

        try:
            server.run(ready)
        except KeyboardInterrupt:
            echo(err=True)  # below the ^C
    if server.ended_idle:
        echo("ended, as nobody used the page for two hours; all answers are saved", err=True)


def _as_planned(common: Common, plan: PlanFile) -> Common:
    """The settings that the plan was made with."""
    config = from_table(plan.content.get("settings", {}), f"{plan.path}: settings")
    return replace(common, config=config, from_format=plan.options.from_format)


def print_summary(session: Session, plan: PlanFile | None = None) -> None:
    """Print how much was answered, what is left, and where the answers are."""
    parts = [counted(session.answer_count, "answer") + " given"] if session.answer_count else []
    if session.value_count:
        parts.append(f"{counted(session.value_count, 'value')} accepted or rejected")
    parts = parts or ["nothing was answered"]
    if session.questions or not session.values:
        left = session.progress("uncertain").open
        parts.append(f"{counted(left, 'question')} left" if left else "no question is left")
    if session.values:
        pending = session.values.progress().open
        parts.append(f"{counted(pending, 'value')} pending" if pending else "no value is pending")
    echo("; ".join(parts))
    if session.answer_count:
        echo(f"saved in {_shortest_path(session.path)}; `refsync run`, `dedupe` and `check` use it")
    if plan:
        name = _shortest_path(plan.path)
        names_output = plan.content.get("output") or plan.options.in_place
        to_apply = name if names_output else f"{name} -o OUT.bib"
        echo(f"the states in {name} follow the answers; `refsync apply {to_apply}` carries them out")


def _shortest_path(path: Path) -> str:
    """Relative to the working directory if the path is below it, else absolute."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative


def _announce(session: Session, address: str, *, quiet: bool, opened: bool) -> None:
    """Print what is asked, and the address."""
    pairs, papers = session.progress("uncertain"), session.area_progress()
    if not quiet:
        asked = [counted(pairs.open, "question")] if session.questions or not session.values else []
        if papers.open:
            asked.append(f"{counted(papers.open, 'paper')} with uncertain areas")
        if asked:
            echo(f"{' and '.join(asked)}; answers are saved in {_shortest_path(session.path)}", err=True)
        if session.values:
            pending = counted(session.values.progress().open, "value")
            echo(f"{pending} pending; answers are saved in {_shortest_path(session.values.path)}", err=True)
    echo("the page opens in your browser; Ctrl-C here ends the review. If it does not open:" if opened else
               "open this address, once, in one browser; Ctrl-C here ends the review", err=True)  # fmt: skip
    echo(address)
