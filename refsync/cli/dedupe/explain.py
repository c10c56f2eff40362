"""`refsync explain`: why two records are, or are not, the same paper."""

import sys

import click

from refsync import schemas
from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common, against_option, common_options, inputs_argument
from refsync.cli.common.output import safe_console
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import place_of, print_json, shortened
from refsync.dedup.explain import DeduplicatedLibrary, Explanation, explain_among
from refsync.dedup.record_names import find_record
from refsync.errors import ConfigError
from refsync.planning.run_models import find_duplicates, pair_model
from refsync.records import Record


@click.command("explain", short_help="Why two records are, or are not, the same paper.")
@inputs_argument
@click.option(
    "--pair", "names", nargs=2, required=True, metavar="A B", help="The two records: an id, SOURCE:ID or SOURCE:#INDEX."
)
@against_option
@common_options
def command(common: Common, inputs: tuple[str, ...], names: tuple[str, str], against: str) -> int:
    """Show two records of INPUT... side by side, with the evidence of each field and the verdict.

    The verdict is the one that `refsync dedupe INPUT...` gives: a third record may join the two, or keep
    them separate.

    A record is named by its id (the BibTeX key, the id column of a table), by SOURCE:ID where several files have that
    id, or by SOURCE:#INDEX, its number within the file counted from 1.

    \b
    Examples:
      refsync explain refs.bib --pair smith2020 smith2021
      refsync explain a.txt b.txt --pair a.txt:#3 b.txt:#7
    """
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            return UNREADABLE
        records, settings = reading.records, common.config.dedup
        a, b = (find_record(records, name) for name in names)
        if a == b:
            raise ConfigError(f"{names[0]!r} and {names[1]!r} are the same record")
        answers, contradictions = remembered_answers(records, inputs, "", common)
        found = find_duplicates(records, settings, answers, report, reading.known)
    print_problems(contradictions, common.quiet, common.verbose)
    library = DeduplicatedLibrary(
        records=records,
        found=found,
        settings=settings,
        known=reading.known,
        must_link=answers.must_link,
        cannot_link=(*answers.cannot_link, *answers.versions),
        model=pair_model(answers),
    )
    explanation = explain_among(library, a, b)
    one, other = records[a], records[b]
    if common.json:
        print_json(schemas.explain(explanation, one, other))
    else:
        print_explanation(explanation, one, other)
    return exit_code(reading, common.strict, contradictions)


def print_explanation(explanation: Explanation, a: Record, b: Record) -> None:
    """Print the verdict, both records as they are compared, and the similarity and weight of each field."""
    from rich.markup import escape
    from rich.table import Table

    console = safe_console(width=None if sys.stdout.isatty() else 110)
    weights = {item.field: item for item in explanation.pair.fields}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", place_of(a), place_of(b)):
        table.add_column(escape(heading), overflow="fold", ratio=1 if heading else None)
    table.add_column("similarity", justify="right")
    table.add_column("weight", justify="right")
    for name in dict.fromkeys([*explanation.sides, *weights]):
        left, right = (shortened(side, 160) for side in explanation.sides.get(name, ("", "")))
        evidence = weights.get(name)
        numbers = (f"{evidence.similarity:.2f}", f"{evidence.weight:+.1f}") if evidence else ("", "")
        table.add_row(name, escape(left), escape(right), *numbers)
    relation = f" ({explanation.relation})" if explanation.relation else ""
    console.print(f"[bold]{explanation.verdict}[/]{relation}  p={explanation.pair.probability:.3f}")
    console.print(escape(explanation.why))
    console.print()
    console.print(table)
