"""`refsync enrich`: values for missing fields, from Crossref, OpenAlex and arXiv."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.extras import require
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.lookup import look_up, print_lookups
from refsync.cli.common.options import Common, common_options, inputs_argument, own_options
from refsync.cli.common.output import echo
from refsync.cli.common.plan_files import check_plan
from refsync.cli.common.progress import show_progress
from refsync.cli.common.tables import print_rows
from refsync.cli.common.text import counted, place_of, print_json, shortened
from refsync.config import as_table
from refsync.enrich.environment import with_environment
from refsync.enrich.settings import SERVICES, EnrichSettings, Wanted
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile, PlanOptions, folder_from, plan_header
from refsync.records import Record
from refsync.sources import is_remote

if TYPE_CHECKING:  # the modules that ask services are slow to import
    from refsync.enrich.proposals import Enrichment

LOOKUPS_FAILED = 3  # exit code
_MAX_WIDTH = 60  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class EnrichOptions:
    """The options of `refsync enrich`; None or empty where the settings decide."""

    plan_file: str
    services: str
    fields: str
    accept: float | None
    also_differing: bool
    contact: str
    offline: bool
    max_age: float | None

    def apply_to(self, settings: EnrichSettings) -> EnrichSettings:
        """The settings with the environment's and the command line's values.

        Raises:
            ConfigError: a name is unknown, or a value is invalid.
        """
        settings = with_environment(settings)
        changes: dict[str, Any] = {"contact": self.contact} if self.contact else {}
        changes |= {name: value for name in ("accept", "max_age") if (value := getattr(self, name)) is not None}
        for name, text, known in (
            ("services", self.services, SERVICES),
            ("fields", self.fields, get_args(Wanted)),
        ):
            if chosen := tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())):
                if unknown := [part for part in chosen if part not in known]:
                    option = "service" if name == "services" else name
                    raise ConfigError(f"--{option}: unknown {unknown[0]!r}", hint=f"known are: {', '.join(known)}")
                changes[name] = chosen
        return replace(settings, **changes)


@click.command("enrich", short_help="Fill missing fields from Crossref, arXiv, OpenAlex.")
@inputs_argument
@click.option(
    "--plan", "plan_file", default="", metavar="PLAN", help="Write the proposals to a plan, for `refsync apply PLAN`."
)
@click.option(
    "--service",
    "services",
    default="",
    metavar="NAME,...",
    help=f"Ask only these services; for titles in this order.  [default: {', '.join(SERVICES)}]",
)
@click.option(
    "--fields",
    default="",
    metavar="NAME,...",
    help=f"The fields to fill.  [default: {', '.join(EnrichSettings().fields)}; also: "
    f"{', '.join(name for name in get_args(Wanted) if name not in EnrichSettings().fields)}]",
)
@click.option(
    "--accept",
    type=float,
    default=None,
    metavar="P",
    help="Accept a match by title from this probability on; below it is pending.  [default: 0.95]",
)
@click.option("--also-differing", is_flag=True, help="Also list fields with other values at a service.")
@click.option(
    "--contact",
    default="",
    metavar="ADDRESS",
    help="Your e-mail address, sent with each request. [env: REFSYNC_CONTACT]",
)
@click.option("--offline", is_flag=True, help="Send no requests: use the cache, whatever its age.")
@click.option(
    "--max-age", type=float, default=None, metavar="DAYS", help="Ask again if a cached answer is older.  [default: 30]"
)
@common_options
@own_options(EnrichOptions)
def command(common: Common, inputs: tuple[str, ...], options: EnrichOptions) -> int:
    """Look up the records of INPUT... with missing fields, and propose values for them.

    A DOI is looked up at Crossref, else at OpenAlex; an arXiv number at arXiv; a title at each service, where authors
    or abstract must support the match. Existing values are never changed. Only the plan and a cache (in your cache
    folder) are written: `refsync apply PLAN` writes the accepted values, and `refsync undo` undoes that.

    Requests contain identifiers, or a title with first author and year. No other command sends anything to these
    services.

    \b
    Examples:
      refsync enrich refs.bib --contact me@example.org
      refsync enrich refs.bib --plan plan.json && refsync apply plan.json
      refsync enrich dois.txt --plan plan.json && refsync apply plan.json -o refs.bib
      refsync enrich refs.bib --fields abstract --service openalex
      refsync enrich refs.bib --offline                # from the cache alone
    """
    settings = options.apply_to(common.config.enrich)
    plan_file = options.plan_file
    _check(inputs, plan_file)
    require("enrich", "looking up records")
    from refsync.enrich.proposals import Enrichment
    from refsync.enrich.serialize import as_json, as_plan

    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            if common.json:
                print_json(as_json((), Enrichment(), reading.problems, None))
            return UNREADABLE
        found = look_up(
            reading.records,
            settings,
            common,
            report,
            offline=options.offline,
            also_differing=options.also_differing,
        )
    print_lookups(reading.records, found, settings, common)
    in_place = all(item.format == "bibtex" and item.source not in reading.kept for item in reading.snapshots)
    if plan_file:
        plan_options = PlanOptions(inputs=inputs, from_format=common.from_format, in_place=in_place)
        header = plan_header("enrich", plan_options, as_table(common.config))
        plan = as_plan(reading.records, found, reading.digests, header)
        PlanFile(Path(plan_file), {**plan, "folder": folder_from(Path(plan_file).parent)}).save()
    if common.json:
        print_json(as_json(reading.records, found, reading.problems, plan_file or None))
    else:
        print_proposals(reading.records, found)
        _print_account(reading.records, found, reading.inputs, plan_file, in_place)
    return LOOKUPS_FAILED if found.failures else exit_code(reading)


def _check(inputs: Sequence[str], plan_file: str) -> None:
    if remote := next(filter(is_remote, inputs), ""):
        raise ConfigError(
            f"{remote} cannot be enriched in Zotero itself",
            hint="`refsync pull` it to a .bib file, enrich that, and `refsync push` it",
        )
    check_plan(plan_file, tuple(inputs), "")


def print_proposals(records: Sequence[Record], found: "Enrichment") -> None:
    """Print a table of the proposed values, then versions, then differing fields."""
    rows = [
        (
            place_of(records[fill.record]), fill.field, _in_a_cell(fill.value), fill.service,
            f"{fill.probability:.3f}", fill.state,
        )
        for fill in found.fills
    ]  # fmt: skip
    _print_table(("record", "field", "value", "from", "p", ""), rows)
    for item in found.related:
        relation = item.relation.removesuffix("-of").replace("-", " ")
        where = ", ".join(filter(None, (item.venue, item.year)))
        theirs = f"{item.identifier} ({where})" if where and item.identifier else item.identifier or where
        ours = place_of(records[item.record])
        first, second = (ours, theirs) if item.ours_first else (theirs, ours)
        echo(f"{first} is a {relation} of {second}  p={item.probability:.3f}")
    if found.related:
        echo()
    _print_table(
        ("record", "field", "here", "there", "from"),
        [
            (place_of(records[item.record]), item.field, _in_a_cell(item.ours), _in_a_cell(item.theirs), item.service)
            for item in found.differing
        ],
    )


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print left-aligned columns; repeated values of the first column are printed once."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    previous = ""
    for number, row in enumerate((headings, *rows)):
        cells = ["" if not column and cell == previous else cell for column, cell in enumerate(row)]
        previous = row[0]
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        echo(line, bold=not number)
    echo()


def _in_a_cell(value: str) -> str:
    return shortened(" ".join(value.split()), _MAX_WIDTH)


def _print_account(
    records: Sequence[Record], found: "Enrichment", sources: int, plan_file: str, in_place: bool
) -> None:
    accepted = sum(fill.state == "accepted" for fill in found.fills)
    pending = len(found.fills) - accepted
    rows = [
        ("records looked up", f"{found.looked_up:,}", f"of {len(records):,} from {counted(sources, 'source')}"),
        ("known there", f"{found.known:,}", ""),
        (
            "values proposed",
            f"{len(found.fills):,}",
            f"{accepted:,} accepted, {pending:,} pending" if found.fills else "",
        ),
        (
            "versions",
            f"{len(found.related):,}",
            "other versions of your papers; their values are not used" * bool(found.related),
        ),
        ("to check", f"{len(found.notes):,}", "listed above" if found.notes else ""),
        (
            "requests",
            f"{found.requests:,}",
            f"{counted(found.cached, 'answer')} from the cache" if found.cached else "",
        ),
    ]
    if found.not_cached:
        rows.append(("not in the cache", f"{found.not_cached:,}", "look-ups; without --offline they are sent"))
    if plan_file:
        out = "" if in_place else " -o OUT.bib"
        asks = f", `refsync review {plan_file}` asks about the rest" if pending else ""
        rows.append(("plan", "", f"{plan_file}; `refsync apply {plan_file}{out}` writes the accepted values{asks}"))
    print_rows(rows)
