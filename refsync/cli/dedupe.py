"""`refsync dedupe`: which records are one paper."""

import click

from refsync import schemas
from refsync.cli import show
from refsync.cli.options import Common, common_options, inputs_argument, output_option
from refsync.cli.run import check_output, finish
from refsync.cli.stages import UNREADABLE, exit_code, must_stop, read_inputs, remembered_answers
from refsync.dedup.results import Deduplication
from refsync.plan import find_duplicates, make_plan
from refsync.records import Problem, Record


@click.command("dedupe", short_help="Find the records that are one paper.")
@inputs_argument
@output_option
@common_options
def command(common: Common, inputs: tuple[str, ...], output: str) -> int:
    """Find the records of INPUT... that are one paper; with -o write the merged library.

    Prints the groups, the versions of a paper (linked, not merged) and the pairs that a person should look at.

    \b
    Examples:
      refsync dedupe a.bib b.bib
      refsync dedupe export.csv --format json | jq .unique
      refsync dedupe pages/*.txt -o merged.bib
    """
    check_output(output, inputs)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.dedupe((), Deduplication(), reading.problems))
            return UNREADABLE
        remembered, contradictions = remembered_answers(reading.records, inputs, output, common)
        found = find_duplicates(reading.records, common.config.dedup, remembered, report)
    problems = (*reading.problems, *contradictions)
    if output:
        plan = make_plan(reading.records, found, problems, config=common.config)
        result = schemas.dedupe(reading.records, found, plan.problems)
        return finish(plan, reading, output, common, result)
    show.print_problems(contradictions, common.quiet, common.verbose)
    if common.json:
        show.print_json(schemas.dedupe(reading.records, found, problems))
    else:
        print_groups(reading.records, found, problems)
    return exit_code(reading)


def print_groups(records: tuple[Record, ...], found: Deduplication, problems: tuple[Problem, ...]) -> None:
    """The groups, versions and questions, each record on a line of its own, and a summary at the end."""
    for cluster in found.clusters:
        _print_group("same paper", cluster.probability, [records[i] for i in cluster.members])
    for link in found.versions:
        _print_group(f"versions: {link.relation}", link.probability, [records[i] for i in link.members])
    for link in found.review:
        _print_group("to review", link.probability, [records[i] for i in link.members])
    removed = sum(len(cluster.members) - 1 for cluster in found.clusters)
    click.echo(
        f"{show.counted(len(records), 'record')}: {len(records) - removed:,} unique, {removed:,} to merge "
        f"in {show.counted(len(found.clusters), 'group')}, {len(found.versions):,} versions, "
        f"{len(found.review):,} to review, {show.counted(len(problems), 'problem')}"
    )


def _print_group(verdict: str, probability: float, members: list[Record]) -> None:
    click.secho(f"{verdict}  p={probability:.3f}", bold=True)
    for record in members:
        click.echo(f"  {show.place_of(record)}  {show.title_of(record)}")
    click.echo()
