"""`refsync report`: figures of a library as one page."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync import schemas
from refsync.classify.labels import CATEGORY_FIELDS, categories_of
from refsync.classify.model import Model, load_model
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.library import plan_library
from refsync.cli.common.options import Common, against_option, common_options, inputs_argument, own_options
from refsync.cli.common.output import echo
from refsync.cli.common.plan_files import accepted_plan, in_plan_folder, read_planned_inputs
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress, show_progress
from refsync.cli.common.report_page import check_page, write_figure, write_page
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, print_json
from refsync.config import from_table
from refsync.errors import ConfigError, SourceError
from refsync.planning.file import is_plan, load
from refsync.planning.model_evaluation import evaluate_model
from refsync.planning.plan import Plan
from refsync.records import Record
from refsync.report.figure_tables import FIGURES
from refsync.sources import STDIN

if TYPE_CHECKING:
    from refsync.report.figures import ModelFigures

MIN_LABELLED = 50  # papers; with fewer the figures of the area model would be random


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of `refsync report`."""

    output: str
    against: str
    figure: str | None
    screened: str
    collection: str


@click.command("report", short_help="Figures of a library as one page that needs no network.")
@inputs_argument
@click.option(
    "-o",
    "--output",
    default="",
    metavar="OUT.html",
    help="The page to write, or with --figure a .svg, .png, .pdf, .csv or .json file; `-` for standard output.",
)
@click.option("--figure", type=click.Choice(FIGURES), default=None, help="Write only this figure, or its numbers.")
@click.option(
    "--screened",
    default="",
    metavar="FILE",
    help="What a screening tool exported: its decisions fill the PRISMA diagram; its records are not counted.",
)
@against_option
@click.option("--collection", default="", metavar="NAME|KEY", help="Of a Zotero library: this collection alone.")
@common_options
@own_options(ReportOptions)
def command(common: Common, inputs: tuple[str, ...], options: ReportOptions) -> int:
    """Show the contents of INPUT... and what `refsync run` would do with them, as one page of figures and tables.

    The page has a PRISMA 2020 flow diagram, the counts of each database, the overlap between sources, venues, areas
    and years, the completeness of fields, group sizes and probabilities, each merge with the values it chose from, and
    the pairs to review. It is one file without scripts that needs no network: send it, print it, keep it.

    INPUT may be one plan of `refsync run --plan`: the page then shows what `refsync apply` would do, with the settings
    of the plan.

    If 50 or more papers have their own areas (`primaryclass`, a column `primary_category`, ...), the page also shows
    how well the area model predicts them. Drawing needs `pip install refsync[report]`.

    \b
    Examples:
      refsync report scopus.ris pubmed.csv wos.bib -o report.html
      refsync report export.csv --against refs.bib -o report.html
      refsync report *.ris --figure prisma -o prisma.pdf       # or .svg, .png; the numbers: .csv, .json
      refsync report *.ris --screened asreview.csv --figure prisma -o prisma.pdf
      refsync report plan.json -o report.html                  # what `refsync apply plan.json` would do
      refsync report refs.bib --format json > figures.json     # the numbers alone
    """
    output, against, figure = options.output, options.against, options.figure
    if figure and not output:
        raise ConfigError("--figure needs an output file", hint=f"add -o {figure}.svg, .png, .pdf, .csv or .json")
    if not (output or common.json):
        raise ConfigError("report needs an output file", hint="add -o report.html, or --format json")
    check_page(output, inputs, figure or "")
    common = replace(common, collection=options.collection)
    if output == STDIN and common.json:
        raise ConfigError("the page and its figures cannot both go to standard output", hint="name a file with -o")
    file = load(Path(inputs[0])) if len(inputs) == 1 and is_plan(inputs[0]) else None
    if file:
        config = from_table(file.content.get("settings", {}), f"{inputs[0]}: settings")
        common = replace(common, config=config, from_format=file.options.from_format)
        against = file.options.against
    with show_progress(common.quiet) as progress, in_plan_folder(file) if file else nullcontext():
        if file:
            reading, cites = read_planned_inputs(file, common, progress)
        else:
            reading = read_inputs(inputs, common, progress, against)
        if must_stop(reading, common):
            return UNREADABLE
        request = Request(command="report", common=common, inputs=inputs, against=against)
        plan = accepted_plan(file, reading, cites, common) if file else plan_library(reading, request, progress)
        new = plan.problems[len(reading.problems) :]
        print_problems(new, common.quiet, common.verbose)
        if common.strict and new:
            return UNREADABLE
        model = load_model(common.config.areas.model) if common.config.areas.tags and not figure else None
        from refsync.report.figures import library_figures

        decided = _decided(options.screened, plan, common, progress) if options.screened else {}
        figures = library_figures(plan, common.config.dedup, decided)
        evaluation = _evaluation(plan, model, common, progress) if model else None
    if figure:
        write_figure(figure, output, figures)
    elif output:
        profile = common.config.profile
        write_page(
            output, figures, evaluation, profile=profile, area_model=model.name if model else "", against=against
        )
    if common.json:
        print_json(schemas.report(asdict(figures), asdict(evaluation) if evaluation else None, output or None))
    elif output != STDIN:
        echo(f"written to {output}: {counted(plan.read, 'record')}, {counted(len(plan.entries), 'paper')}")
    return exit_code(reading)


def _decided(path: str, plan: Plan, common: Common, progress: Progress) -> Mapping[int, Sequence[Record]]:
    """The records of a screening tool, by the place of their paper; a note says how many have none.

    Raises:
        SourceError: the file cannot be read.
    """
    from refsync.report.screened import match_screened

    reading = read_inputs((path,), common, progress)
    if not reading.records:
        raise SourceError(path, "no records of a screening tool")
    matched, others = match_screened(plan, reading.records, common.config.dedup)
    if others and not common.quiet:
        echo(f"refsync: note: {path}: {counted(others, 'record')} not among the inputs", err=True)
    return matched


def _evaluation(plan: Plan, model: Model, common: Common, progress: Progress) -> "ModelFigures | None":
    """The figures of the model on the papers whose areas others assigned, if there are enough.

    Keywords are left out: they may hold areas that an earlier run wrote.
    """
    records = [entry.merged.record for entry in plan.entries]
    known_areas = [categories_of(record, model.classes, (CATEGORY_FIELDS,)) for record in records]
    if sum(map(bool, known_areas)) < MIN_LABELLED:
        return None
    from refsync.report.figures import ModelFigures

    result = evaluate_model(model, records, known_areas, common.config.areas, progress)
    return ModelFigures(model.name, result.evaluation, result.reasons) if result.evaluation else None
