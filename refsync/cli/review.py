"""`refsync review`: the pairs and areas in doubt, put before a person."""

import webbrowser
from dataclasses import replace
from pathlib import Path

import click

from refsync.cli import show
from refsync.cli.options import Common, against_option, common_options, inputs_argument
from refsync.cli.stages import UNREADABLE, must_stop, read_inputs, remembered_answers
from refsync.decisions import FILE_NAME, NOTHING_REMEMBERED
from refsync.errors import ConfigError
from refsync.plan import find_duplicates
from refsync.records import Problem
from refsync.review.session import Library, Session
from refsync.sources import STDIN, Reading, is_remote


@click.command("review", short_help="Answer what is in doubt, side by side in the browser.")
@inputs_argument
@against_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port of the page; 0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option("--no-areas", is_flag=True, help="Duplicates only: don't look for papers whose areas are unsure.")
@click.option("--by", default="", metavar="NAME", help="Who answers.  [default: the name of your account]")
@common_options
def command(
    common: Common,
    inputs: tuple[str, ...],
    against: str,
    port: int,
    no_browser: bool,
    no_areas: bool,
    by: str,
) -> int:
    """Put the pairs that refsync is not sure of, and the papers of whose areas it is unsure, before you.

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
      refsync review refs.bib --no-browser --port 8800     # over SSH: ssh -L 8800:127.0.0.1:8800 HOST
    """
    _check_installed()
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            return UNREADABLE
        session = start_session(reading, inputs, common, report, areas=not no_areas, by=by)
    from refsync.review.web.server import Server

    server = Server(session, ", ".join(Path(name).name for name in inputs[:3]), port)

    def ready() -> None:
        _announce(session, server.address, common, opens=not no_browser)

    try:
        server.run(ready)
    except KeyboardInterrupt:
        click.echo(err=True)  # below the ^C
    print_saved(session)
    return 0


def start_session(
    reading: Reading,
    inputs: tuple[str, ...],
    common: Common,
    report: show.Progress,
    *,
    areas: bool,
    by: str = "",
) -> Session:
    """A review of what was read, that goes on where earlier answers left off.

    Page and terminal (`--tty`) begin with this.
    """
    records, config = reading.records, common.config
    path = answers_file(inputs, common)
    remembered, problems = NOTHING_REMEMBERED, list[Problem]()
    if path.exists():  # else it is made with the first answer
        remembered, problems = remembered_answers(records, (str(path), *inputs), "", common)
    found = find_duplicates(records, config.dedup, remembered, report, reading.known)
    show.print_problems(problems, common.quiet, common.verbose)
    library = Library(records, found, config.dedup, config.merge)
    if areas:
        from refsync.classify.model import load_model
        from refsync.review.areas import unsure_papers

        model = load_model(config.areas.model)
        papers = unsure_papers(records, found, config.merge, model, config.areas, report, reading.known)
        library = replace(library, papers=papers, areas=model.classes)
    return Session(library, path, by)


def answers_file(inputs: tuple[str, ...], common: Common) -> Path:
    """Where answers are kept: the configured file, else the one beside an input, made where there is none yet."""
    if common.config.decisions:
        return Path(common.config.decisions)
    beside = [Path(FILE_NAME) if is_remote(name) or name == STDIN else Path(name).parent / FILE_NAME for name in inputs]
    return next((path for path in beside if path.is_file()), beside[0])


def print_saved(session: Session) -> None:
    """What was answered, and where it is."""
    parts = [show.counted(session.saved, "answer") + " given"] if session.saved else ["nothing was answered"]
    left = session.progress("uncertain").open
    parts.append(f"{show.counted(left, 'question')} left" if left else "no question is left")
    click.echo("; ".join(parts))
    if session.saved:
        click.echo(f"saved in {session.path}; `refsync run`, `dedupe` and `check` obey it")


def _announce(session: Session, address: str, common: Common, *, opens: bool) -> None:
    pairs, papers = session.progress("uncertain"), session.area_progress()
    if not common.quiet:
        asked = [show.counted(pairs.open, "question")]
        if papers.open:
            asked.append(f"{show.counted(papers.open, 'paper')} with unsure areas")
        click.echo(f"{' and '.join(asked)}; answers go to {session.path}", err=True)
    if opens and webbrowser.open(address):
        click.echo("the page is open in your browser; Ctrl-C here ends the review", err=True)
    else:
        click.echo("open this address, once, in one browser; Ctrl-C here ends the review", err=True)
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
