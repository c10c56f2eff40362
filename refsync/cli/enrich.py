"""`refsync enrich`: what records lack, from Crossref, OpenAlex and arXiv."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options, inputs_argument
from refsync.cli.common.stages import UNREADABLE, exit_code, must_stop, read_inputs
from refsync.cli.runs.plan_files import check_plan
from refsync.config import as_table
from refsync.enrich.settings import SERVICES, EnrichSettings, Wanted
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile, about, folder_from
from refsync.records import Problem, Record
from refsync.runs.journal import FOLDER
from refsync.sources import STDIN, is_remote

if TYPE_CHECKING:  # asking services takes what other commands need not load
    from refsync.enrich.proposals import Enrichment, Failure

NOT_ALL_ASKED = 3  # exit code
_WIDEST = 60  # characters of a value that are shown


@click.command("enrich", short_help="Fill missing fields from Crossref, arXiv, OpenAlex.")
@inputs_argument
@click.option(
    "--plan", "plan_file", default="", metavar="PLAN", help="Write the proposals down, for `refsync apply PLAN`."
)
@click.option(
    "--service",
    "services",
    default="",
    metavar="NAME,...",
    help=f"Ask only these, titles in this order.  [default: {', '.join(SERVICES)}]",
)
@click.option(
    "--fields",
    default="",
    metavar="NAME,...",
    help=f"What to fill.  [default: {', '.join(EnrichSettings().fields)}; too: "
    f"{', '.join(name for name in get_args(Wanted) if name not in EnrichSettings().fields)}]",
)
@click.option(
    "--accept",
    type=float,
    default=None,
    metavar="P",
    help="What is found by title is accepted from this probability on; below it is pending.  [default: 0.95]",
)
@click.option("--also-differing", is_flag=True, help="List the fields that a service has otherwise, too.")
@click.option(
    "--contact", default="", metavar="ADDRESS", help="Your e-mail address, sent along. [env: REFSYNC_CONTACT]"
)
@click.option("--offline", is_flag=True, help="Send nothing: take what the cache has, however old.")
@click.option(
    "--max-age", type=float, default=None, metavar="DAYS", help="Ask again for answers that are older.  [default: 30]"
)
@common_options
def command(
    common: Common,
    inputs: tuple[str, ...],
    plan_file: str,
    services: str,
    fields: str,
    accept: float | None,
    also_differing: bool,
    contact: str,
    offline: bool,
    max_age: float | None,
) -> int:
    """Look up the records of INPUT... that lack something, and propose values for what is missing.

    A DOI is looked up at Crossref, else at OpenAlex; an arXiv number at arXiv; a title at each, and what is found has
    to be borne out by authors or abstract. Values that are there are never touched, and nothing is written but the plan
    and the cache in .refsync/: `refsync apply PLAN` writes what is accepted, and `refsync undo` takes that back.

    No other command sends anything to these services. Sent are identifiers, and titles with first author and year.

    \b
    Examples:
      refsync enrich refs.bib --contact me@example.org
      refsync enrich refs.bib --plan plan.json && refsync apply plan.json
      refsync enrich dois.txt --plan plan.json && refsync apply plan.json -o refs.bib
      refsync enrich refs.bib --fields abstract --service openalex
      refsync enrich refs.bib --offline                # what the cache has
    """
    settings = chosen_settings(
        common.config.enrich, services=services, fields=fields, accept=accept, contact=contact, max_age=max_age
    )
    _check(inputs, plan_file)
    from refsync.enrich.cache import Cache
    from refsync.enrich.cached_lookups import Asker
    from refsync.enrich.lookup import enrich
    from refsync.enrich.proposals import Enrichment
    from refsync.enrich.serialize import as_json, as_plan
    from refsync.enrich.services import open_services

    beside = Path(inputs[0]).parent if inputs[0] != STDIN else Path()
    folder = Path(settings.cache) if settings.cache else beside / FOLDER / "cache"
    try:
        with show.progress(common.quiet) as report:
            reading = read_inputs(inputs, common, report)
            if must_stop(reading, common):
                if common.json:
                    show.print_json(as_json((), Enrichment(), reading.problems, None))
                return UNREADABLE
            with (
                open_services(settings, os.environ.get("OPENALEX_API_KEY", "")) as asked,
                Cache(folder, settings.max_age, offline=offline) as cache,
            ):
                asker = Asker(asked, cache, report, offline=offline)
                found = enrich(reading.records, asker, settings, common.config.dedup, also_differing=also_differing)
    except KeyboardInterrupt:
        click.echo(f"refsync: note: what was answered is in {folder}; run it again to go on", err=True)
        raise
    show.print_problems(_noted(reading.records, found), common.quiet, common.verbose)
    _complain(found.failures)
    if found.sent and not (settings.contact or common.quiet):
        click.echo(f"refsync: note: {_NO_CONTACT}", err=True)
    in_place = all(item.format == "bibtex" and item.source not in reading.kept for item in reading.snapshots)
    if plan_file:
        told = about("enrich", inputs, "", as_table(common.config), from_format=common.from_format, in_place=in_place)
        plan = as_plan(reading.records, found, reading.digests, told)
        PlanFile(Path(plan_file), {**plan, "folder": folder_from(Path(plan_file).parent)}).save()
    if common.json:
        show.print_json(as_json(reading.records, found, reading.problems, plan_file or None))
    else:
        print_proposals(reading.records, found)
        _print_account(reading.records, found, reading.inputs, plan_file, in_place)
    return NOT_ALL_ASKED if found.failures else exit_code(reading)


_NO_CONTACT = (
    "no contact address was sent; services are more patient with who gives one: --contact me@example.org, or "
    "`contact` under [enrich] in refsync.toml"
)


def chosen_settings(
    settings: EnrichSettings, *, services: str, fields: str, accept: float | None, contact: str, max_age: float | None
) -> EnrichSettings:
    """The settings with what the environment and the command line say on top.

    Raises:
        ConfigError: a name is unknown, or a value is none that can be.
    """
    said: dict[str, Any] = {
        name: address for name in SERVICES if (address := os.environ.get(f"REFSYNC_{name.upper()}_URL"))
    }
    said |= {"contact": contact or os.environ.get("REFSYNC_CONTACT", "") or settings.contact}
    said |= {name: value for name, value in (("accept", accept), ("max_age", max_age)) if value is not None}
    for name, text, known in (("services", services, SERVICES), ("fields", fields, get_args(Wanted))):
        if chosen := tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())):
            if unknown := [part for part in chosen if part not in known]:
                option = "service" if name == "services" else name
                raise ConfigError(f"--{option}: unknown {unknown[0]!r}", hint=f"known are: {', '.join(known)}")
            said[name] = chosen
    return replace(settings, **said)


def _check(inputs: Sequence[str], plan_file: str) -> None:
    if remote := next(filter(is_remote, inputs), ""):
        raise ConfigError(
            f"{remote} cannot be enriched where it is",
            hint="`refsync pull` it to a .bib file, and `refsync push` it back",
        )
    check_plan(plan_file, tuple(inputs), "")


def _noted(records: Sequence[Record], found: "Enrichment") -> list[Problem]:
    return [
        Problem(records[place].source, f"{records[place].id!r}: {message}", records[place].line, kind="note")
        for place, message in found.notes
    ]


def _complain(failures: "Sequence[Failure]") -> None:
    for item in failures:
        click.echo(f"refsync: error: {show.counted(item.lookups, 'look-up')} failed: {item.message}", err=True)


def print_proposals(records: Sequence[Record], found: "Enrichment") -> None:
    """A table of what is proposed, then versions, then what differs."""
    rows = [
        (
            show.place_of(records[fill.record]), fill.field, _cut(fill.value), fill.service,
            f"{fill.probability:.3f}", fill.state,
        )
        for fill in found.fills
    ]  # fmt: skip
    _print_table(("record", "field", "value", "from", "p", ""), rows)
    for item in found.related:
        relation = item.relation.removesuffix("-of").replace("-", " ")
        where = ", ".join(filter(None, (item.venue, item.year)))
        theirs = f"{item.identifier} ({where})" if where and item.identifier else item.identifier or where
        ours = show.place_of(records[item.record])
        told = f"{ours} is a {relation} of {theirs}" if item.ours_first else f"{theirs} is a {relation} of {ours}"
        click.echo(f"{told}  p={item.probability:.3f}")
    if found.related:
        click.echo()
    _print_table(
        ("record", "field", "here", "there", "from"),
        [
            (show.place_of(records[item.record]), item.field, _cut(item.ours), _cut(item.theirs), item.service)
            for item in found.differing
        ],
    )


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns to the left; what stands in the first column again and again is shown once."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    before = ""
    for number, row in enumerate((headings, *rows)):
        cells = ["" if not column and cell == before else cell for column, cell in enumerate(row)]
        before = row[0]
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        click.secho(line, bold=not number)
    click.echo()


def _cut(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _WIDEST else f"{value[: _WIDEST - 1]}…"


def _print_account(
    records: Sequence[Record], found: "Enrichment", sources: int, plan_file: str, in_place: bool
) -> None:
    accepted = sum(fill.state == "accepted" for fill in found.fills)
    pending = len(found.fills) - accepted
    rows = [
        ("records looked up", f"{found.sought:,}", f"of {len(records):,} from {show.counted(sources, 'source')}"),
        ("known there", f"{found.found:,}", ""),
        (
            "values proposed",
            f"{len(found.fills):,}",
            f"{accepted:,} accepted, {pending:,} pending" if found.fills else "",
        ),
        (
            "versions",
            f"{len(found.related):,}",
            "other forms of your papers; nothing is taken from them" * bool(found.related),
        ),
        ("to look at", f"{len(found.notes):,}", "listed above" if found.notes else ""),
        (
            "requests",
            f"{found.sent:,}",
            f"{show.counted(found.cached, 'answer')} from the cache" if found.cached else "",
        ),
    ]
    if found.left_out:
        rows.append(("not in the cache", f"{found.left_out:,}", "look-ups; without --offline they are sent"))
    if plan_file:
        out = "" if in_place else " -o OUT.bib"
        asks = f", `refsync review {plan_file}` asks about the rest" if pending else ""
        rows.append(("plan", "", f"{plan_file}; `refsync apply {plan_file}{out}` writes what is accepted{asks}"))
    show.print_rows(rows)
