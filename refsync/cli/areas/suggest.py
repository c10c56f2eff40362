"""`refsync areas`: propose groups for a library without labels."""

import click

from refsync import schemas
from refsync.classify.embedding import load_embedding
from refsync.classify.label_shift import FILE_NAME
from refsync.classify.proposed_groups import ProposedGroup, write_proposal
from refsync.classify.suggest_groups import Group, suggest_groups
from refsync.cli.areas.adapt import adapt as adapt_to_library
from refsync.cli.areas.library import expand_directories, library_argument
from refsync.cli.areas.topics import suggest_topics
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.output_files import check_target, write_file
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, place_of, print_json, title_of
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.planning.run_models import title_and_abstract
from refsync.records import Record

SHOWN_PAPERS = 3  # of each group


@click.command("areas", short_help="Propose groups for a library without labels; adapt areas to it.")
@library_argument
@click.option("--suggest", "count", type=click.IntRange(min=2), metavar="N", help="Propose so many groups.")
@click.option(
    "--adapt",
    is_flag=True,
    help=f"Estimate how frequent each area is in the library and store it beside it ({FILE_NAME}): `tag` and `run` "
    "then use it.",
)
@click.option("--topics", is_flag=True, help="Suggest topics for each paper, of the 4,516 of OpenAlex.")
@click.option(
    "-o",
    "--output",
    default="",
    metavar="PROPOSAL",
    help="Write the groups to a .toml or .json file, in which you accept or rename them.",
)
@common_options
def command(common: Common, inputs: tuple[str, ...], count: int | None, output: str, adapt: bool, topics: bool) -> int:
    """Propose N groups of the papers in LIBRARY..., suggest topics, or adapt the areas of `tag` and `run` to them.

    Each group has the terms that distinguish it from the others. With -o the groups are written to a file, in which you
    can accept, rename or drop each group and remove papers;
    `refsync train --groups` then trains a model on the accepted groups. Nothing else is changed.

    \b
    Examples:
      refsync areas refs.bib --suggest 8
      refsync areas refs.bib --suggest 8 -o groups.toml         # edit it, then:
      refsync train refs.bib --groups groups.toml -o own.npz
      refsync areas refs.bib --topics --format json             # finer than areas; suggestions, written nowhere
      refsync areas refs.bib --adapt                            # no labels needed; `refsync undo` undoes it
    """
    if [count is not None, adapt, topics].count(True) != 1:
        raise ConfigError("areas needs one of --suggest N, --adapt and --topics", hint="for example --suggest 8")
    if topics:
        return suggest_topics(common, inputs, output)
    if adapt:
        return adapt_to_library(common, inputs, output)
    assert count is not None
    if output:
        check_target(output, (".toml", ".json"), inputs, "a proposal")
    files, _ = expand_directories(inputs)
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        records = list({fingerprint(record): record for record in reversed(reading.records)}.values())[::-1]
        groups = suggest_groups([title_and_abstract(record) for record in records], count, load_embedding())
    if output:
        write_file(output, write_proposal([_proposed(group, records) for group in groups], output), "areas")
    if common.json:
        print_json(schemas.areas(groups, records))
    else:
        _print(groups, records)
        if output:
            echo_below(f"written to {output}: accept or rename groups in it, then run")
            echo(f"  refsync train {' '.join(inputs)} --groups {output} -o own.npz")
    return exit_code(reading)


def _proposed(group: Group, records: list[Record]) -> ProposedGroup:
    papers = tuple((fingerprint(records[i]), title_of(records[i])) for i in group.papers)
    return ProposedGroup(group.name, group.terms, papers)


def _print(groups: tuple[Group, ...], records: list[Record]) -> None:
    """Print each group with its terms and its most typical papers."""
    for group in groups:
        echo(f"{group.name}  ({counted(len(group.papers), 'paper')})", bold=True)
        echo(f"  {', '.join(group.terms)}")
        for index in group.papers[:SHOWN_PAPERS]:
            echo(f"    {place_of(records[index])}  {title_of(records[index], 80)}")
    if rest := len(records) - sum(len(group.papers) for group in groups):
        echo(f"{counted(rest, 'paper')} in no group: near to none of these; more groups have room for more")
