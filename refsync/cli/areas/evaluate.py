"""`refsync evaluate`: how good a model is on a labelled library."""

from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

import click

from refsync import schemas
from refsync.classify.area_answers import is_own
from refsync.classify.evaluate import Evaluation
from refsync.classify.labels import CATEGORY_FIELDS, LABEL_FIELDS, categories_of, labels_of
from refsync.classify.model import load_model
from refsync.cli.areas.library import expand_directories, library_argument
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.progress import show_progress
from refsync.cli.common.report_page import check_page, write_page
from refsync.cli.common.tables import print_columns
from refsync.cli.common.text import counted, print_json
from refsync.errors import ConfigError
from refsync.planning.model_evaluation import evaluate_model

SHOWN_AREAS, SHOWN_CONFUSIONS = 30, 15


@click.command("evaluate", short_help="How good a model is on a labelled library.")
@library_argument
@click.option("--model", "path", default="", metavar="MODEL", help="A model of your own.  [default: the shipped one]")
@click.option(
    "--labels",
    "fields",
    default="",
    metavar="FIELDS",
    help="Fields that hold areas, a paper's main area first.",
)
@click.option("--all", "everything", is_flag=True, help="Include papers that the model was trained on.")
@click.option("-o", "--output", default="", metavar="OUT.html", help="Also write the figures as a page with plots.")
@common_options
def command(common: Common, inputs: tuple[str, ...], path: str, fields: str, everything: bool, output: str) -> int:
    """Compare the areas that a model finds with those that the papers in LIBRARY... have.

    Areas are read from `primaryclass` and from columns such as `primary_category` and `categories`; those of a model of
    your own also from the keywords. Keywords that refsync may have written itself are not counted as true.
    Areas that the model does not know are left out, and so are papers that it was trained on. Prints accuracy,
    precision, recall and F1 by area, calibration, confusions, and how accuracy grows when the model abstains.

    \b
    Examples:
      refsync evaluate arxiv.csv
      refsync evaluate refs.bib --model own.npz
      refsync evaluate arxiv.csv -o evaluation.html     # calibration and coverage as plots
      refsync evaluate table.csv --labels topic --model own.npz --format json
    """
    check_page(output, inputs)
    names = tuple(name.strip().lower() for name in fields.split(",") if name.strip())
    files, folders = expand_directories(inputs)
    model = load_model(path or common.config.areas.model)
    # What `tag` and `run` wrote is no truth: areas of the package's models are written like labels, own ones are not.
    assigned = tuple(name for name in CATEGORY_FIELDS if name != common.config.areas.field)
    sets = (names,) if names else (assigned, LABEL_FIELDS) if is_own(model.notes) else (assigned,)
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        records = reading.records
        known_areas = [
            categories_of(record, model.classes, sets)
            or tuple(label for label in (folders.get(record.source, ""),) if label in model.classes)
            for record in records
        ]
        result = evaluate_model(model, records, known_areas, common.config.areas, report, include_trained_on=everything)
        if result.evaluation is None:
            labels = Counter(label for record in records for label in labels_of(record, names or LABEL_FIELDS))
            _refuse(len(records), result.left_out["trained_on"], labels)
    if output:
        from refsync.report.figures import ModelFigures

        figures = ModelFigures(model.name, result.evaluation, result.reasons)
        write_page(output, None, figures, profile=common.config.profile, area_model=model.name)
    if common.json:
        print_json(schemas.evaluate(model.name, result.evaluation, result.left_out))
    else:
        _print(model.name, result.evaluation, result.reasons, common.verbose)
    return exit_code(reading)


def _refuse(papers: int, trained_on: int, labels: Counter[str]) -> NoReturn:
    """Explain why no paper can be used.

    Raises:
        ConfigError: always.
    """
    if trained_on:
        raise ConfigError(
            f"the model was trained on all labelled papers of these ({trained_on:,})",
            hint="name other papers, or add --all; `refsync train` prints cross-validated figures",
        )
    common = ", ".join(f"{label} ({count})" for label, count in labels.most_common(3))
    raise ConfigError(
        f"none of the {counted(papers, 'paper')} has an area that the model knows"
        + (f"; its most common labels: {common}" if common else ""),
        hint="name the field of the areas with --labels, or a model of your own with --model",
    )


def _print(name: str, result: Evaluation, reasons_left_out: Sequence[tuple[str, int]], verbose: bool) -> None:
    rest = "".join(f"; {counted(count, 'paper')} {reason} left out" for reason, count in reasons_left_out)
    echo(f"{name} on {counted(result.papers, 'paper')}{rest}")
    echo()
    top = ", ".join(f"top {count} {share:.3f}" for count, share in enumerate(result.top, 1) if count in (2, 3, 5))
    echo(f"most likely area is the paper's first {result.accuracy:.3f}   ({top})")
    echo(f"most likely area is among the paper's {result.among:.3f}")
    echo(f"macro F1 over first areas              {result.macro_f1:.3f}")
    echo(f"calibration error                      {result.calibration_error:.3f}")
    echo(
        f"papers that get an area                {result.tagged:.3f}   (the first one is right for "
        f"{result.tagged_accuracy:.3f}; micro F1 of all areas {result.micro_f1:.3f})"
    )
    echo()
    areas = result.areas if verbose else result.areas[:SHOWN_AREAS]
    print_columns(
        ("area", "papers", "applied", "precision", "recall", "F1"),
        [
            (x.area, f"{x.papers:,}", f"{x.applied:,}", f"{x.precision:.2f}", f"{x.recall:.2f}", f"{x.f1:.2f}")
            for x in areas
        ],
        indent=0,
    )
    if len(areas) < len(result.areas):
        echo(f"... -v shows all {len(result.areas):,}")
    echo_below("calibration of the most likely area")
    print_columns(
        ("probability", "papers", "mean", "right"),
        [
            (f"{x.low:.1f} to {x.high:.1f}", f"{x.papers:,}", f"{x.probability:.2f}", f"{x.accuracy:.2f}")
            for x in result.bins
        ],
    )
    echo_below("if only the papers with the most certain areas get one")
    print_columns(
        ("share of papers", "probability", "right"),
        [(f"{x.coverage:.0%}", f"{x.threshold:.2f}", f"{x.accuracy:.3f}") for x in result.curve],
    )
    if result.confusions:
        echo_below("most common confusions")
        shown = result.confusions if verbose else result.confusions[:SHOWN_CONFUSIONS]
        print_columns(("area", "classified as", "papers"), [(x.truth, x.predicted, f"{x.papers:,}") for x in shown])
