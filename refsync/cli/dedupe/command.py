"""`refsync dedupe`: which records are one paper."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

import click
from click.core import ParameterSource

from refsync import schemas
from refsync.cites import NO_CITES
from refsync.cli.common import show
from refsync.cli.common.options import (
    Citing,
    Common,
    against_option,
    citing_options,
    common_options,
    export_options,
    inputs_argument,
    output_option,
    plan_option,
)
from refsync.cli.common.stages import UNREADABLE, exit_code, must_stop, read_citing, read_inputs, remembered_answers
from refsync.cli.dedupe.in_place import revise_files
from refsync.cli.run import check_output, finish
from refsync.cli.runs.plan_files import check_plan, document_of
from refsync.cli.zotero.merge import merge_library
from refsync.decisions import choices_in
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.planning.plan import PlanContext, make_plan
from refsync.planning.run_models import find_duplicates
from refsync.records import Problem, Record
from refsync.sources import is_remote


@click.command("dedupe", short_help="Find the records that are one paper.")
@inputs_argument
@output_option
@against_option
@click.option("--write", is_flag=True, help="Merge inside the .bib files themselves; every other byte stays.")
@click.option("--diff", is_flag=True, help="Show what --write changes; alone, write nothing.")
@click.option("--apply", is_flag=True, help="Merge inside the Zotero library; `refsync undo` takes it back.")
@click.option(
    "--types",
    type=click.Choice(["skip", "convert"]),
    default="skip",
    show_default=True,
    help="Items of a Zotero library that are one paper but of different item types: leave them, or translate them.",
)
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@plan_option
@citing_options
@common_options
@export_options
def command(
    common: Common,
    citing: Citing,
    inputs: tuple[str, ...],
    output: str,
    against: str,
    write: bool,
    diff: bool,
    apply: bool,
    types: Literal["skip", "convert"],
    endpoint: str,
    plan_path: str,
) -> int:
    """Find the records of INPUT... that are one paper; with -o write the merged library.

    Prints the groups, the versions of a paper (linked, not merged) and the pairs that a person should look at.

    \b
    Examples:
      refsync dedupe a.bib b.bib
      refsync dedupe export.csv --format json | jq .unique
      refsync dedupe pages/*.txt -o merged.bib
      refsync dedupe refs.bib --diff             # then with --write; `refsync undo` takes it back
      refsync dedupe refs.bib --write --cites paper/ --rewrite-cites
      refsync dedupe refs.bib --write --plan plan.json   # look through it, then `refsync apply plan.json`
      refsync dedupe zotero:user/12345           # shows the merges; with --apply does them
    """
    if apply and (len(inputs) > 1 or not is_remote(inputs[0])):
        raise ConfigError("--apply merges inside one Zotero library", hint="--write merges inside .bib files")
    if len(inputs) == 1 and is_remote(inputs[0]) and not (output or against or write or diff):
        return merge_library(common, inputs[0], types, endpoint, apply=apply)
    in_place = write or diff
    if in_place and (output or against):
        raise ConfigError("--write and --diff change the inputs themselves, and exclude -o and --against")
    if in_place and (export := [name for name in ("dialect", "keys", "sort") if _said(name)]):
        raise ConfigError(f"--{export[0]} is for -o: --write leaves all but the duplicates as it is")
    if plan_path and not (output or write):
        raise ConfigError(
            "--plan, but nothing to write", hint="-o OUT.bib writes a library, --write the files themselves"
        )
    check_output(output, inputs, against)
    check_plan(plan_path, inputs, output, against)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.dedupe((), Deduplication(), reading.problems))
            return UNREADABLE
        remembered, contradictions = remembered_answers(reading.records, inputs, output, common)
        found = find_duplicates(reading.records, common.config.dedup, remembered, report, reading.known)
        cites = read_citing(citing, common, report) if in_place or output else NO_CITES
    problems = (*reading.problems, *contradictions)
    if in_place:
        plan_of = partial(
            document_of,
            reading=reading,
            command="dedupe",
            inputs=inputs,
            output="",
            common=common,
            cites=cites,
            citing=citing,
            in_place=True,
        )
        return revise_files(
            reading, found, remembered, problems, cites, citing, common, plan_of, plan_path, write=write, diff=diff
        )
    if output:
        chosen, disputed = choices_in(found.clusters, reading.records, remembered)
        ids = citing.ids is not False
        context = PlanContext(
            known=reading.known,
            cites=cites,
            ids=ids,
            preambles=reading.preambles,
            field_choices=chosen,
            cannot_link=remembered.different,
        )
        plan = make_plan(reading.records, found, (*problems, *disputed), config=common.config, context=context)
        document = document_of(plan, reading, "dedupe", inputs, output, common, cites, citing, against=against)
        result = schemas.dedupe(reading.records, found, plan.problems, reading.known)
        return finish(plan, reading, output, common, "dedupe", result, cites, citing, document, plan_path)
    show.print_problems(contradictions, common.quiet, common.verbose)
    if common.json:
        show.print_json(schemas.dedupe(reading.records, found, problems, reading.known))
    else:
        print_groups(reading.records, found, problems, reading.known)
    return exit_code(reading)


def _said(option: str) -> bool:
    """Whether the command line has this option."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def print_groups(records: Sequence[Record], found: Deduplication, problems: Sequence[Problem], known: int) -> None:
    """The groups, versions and questions, each record on a line of its own, and a summary at the end."""
    for cluster in found.clusters:
        verdict = "already there" if cluster.members[0] < known else "same paper"
        _print_group(verdict, cluster.probability, [records[i] for i in cluster.members])
    for link in found.versions:
        _print_group(f"versions: {link.relation}", link.probability, [records[i] for i in link.members])
    for link in found.review:
        _print_group("to review", link.probability, [records[i] for i in link.members])
    removed = sum(len(cluster.members) - 1 for cluster in found.clusters)
    new = len(records) - known
    click.echo(
        f"{show.counted(new, 'record')}: {new - removed:,} {'new' if known else 'unique'}, {removed:,} to merge "
        f"in {show.counted(len(found.clusters), 'group')}, {len(found.versions):,} versions, "
        f"{len(found.review):,} to review, {show.counted(len(problems), 'problem')}"
    )


def _print_group(verdict: str, probability: float, members: list[Record]) -> None:
    click.secho(f"{verdict}  p={probability:.3f}", bold=True)
    for record in members:
        click.echo(f"  {show.place_of(record)}  {show.title_of(record)}")
    click.echo()
