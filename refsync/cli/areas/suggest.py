"""`refsync areas`: propose groups for a library without labels."""

from pathlib import Path

import click

from refsync import schemas
from refsync.classify.embedding import load_embedding
from refsync.classify.label_shift import FAR, FILE_NAME, MIN_PAPERS, write_shares
from refsync.classify.model import load_model
from refsync.classify.proposed_groups import ProposedGroup, write_proposal
from refsync.classify.suggest_groups import Group, suggest_groups
from refsync.classify.tagger import load_shipped
from refsync.cli.areas.library import expand_directories
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common, common_options
from refsync.cli.common.output_files import check_target, write_file
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, place_of, print_json, title_of
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.planning.run_models import paper_of, title_and_abstract
from refsync.records import Record
from refsync.sources import STDIN, is_remote

SHOWN_PAPERS = 3  # of each group
SHOWN_SHARES = 6  # of the areas of a model


@click.command("areas", short_help="Propose groups for a library without labels; adapt areas to it.")
@click.argument("inputs", nargs=-1, required=True, metavar="LIBRARY...")
@click.option("--suggest", "count", type=click.IntRange(min=2), metavar="N", help="Propose so many groups.")
@click.option(
    "--adapt",
    is_flag=True,
    help=f"Estimate how frequent each area is in the library and store it beside it ({FILE_NAME}): `tag` and `run` "
    "then use it.",
)
@click.option(
    "-o",
    "--output",
    default="",
    metavar="PROPOSAL",
    help="Write the groups to a .toml or .json file, in which you accept or rename them.",
)
@common_options
def command(common: Common, inputs: tuple[str, ...], count: int | None, output: str, adapt: bool) -> int:
    """Propose N groups of the papers in LIBRARY..., or adapt the areas of `tag` and `run` to them.

    Each group has the terms that distinguish it from the others. With -o the groups are written to a file, in which you
    can accept, rename or drop each group and remove papers;
    `refsync train --groups` then trains a model on the accepted groups. Nothing else is changed.

    \b
    Examples:
      refsync areas refs.bib --suggest 8
      refsync areas refs.bib --suggest 8 -o groups.toml         # edit it, then:
      refsync train refs.bib --groups groups.toml -o own.npz
      refsync areas refs.bib --adapt                            # no labels needed; `refsync undo` undoes it
    """
    if adapt == (count is not None):
        raise ConfigError("areas needs either --suggest N or --adapt", hint="for example --suggest 8")
    if adapt:
        return _adapt(common, inputs, output)
    assert count is not None
    if output:
        check_target(output, (".toml", ".json"), inputs, "a proposal")
    files, _ = expand_directories(inputs)
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        records = list({fingerprint(record): record for record in reversed(reading.records)}.values())[::-1]
        groups = suggest_groups(
            [title_and_abstract(record) for record in records], count, load_model().weights, load_embedding()
        )
    if output:
        write_file(output, write_proposal([_proposed(group, records) for group in groups], output), "areas")
    if common.json:
        print_json(schemas.areas(groups, records))
    else:
        _print(groups, records)
        if output:
            click.echo(f"\nwritten to {output}: accept or rename groups in it, then run")
            click.echo(f"  refsync train {' '.join(inputs)} --groups {output} -o own.npz")
    return exit_code(reading)


def _adapt(common: Common, inputs: tuple[str, ...], output: str) -> int:
    """Estimate the shares of areas in the library, and write them beside it.

    Raises:
        ConfigError: there are too few papers, or an own model is set.
    """
    if output:
        raise ConfigError(f"--adapt writes {FILE_NAME} beside the library and cannot be combined with -o")
    if common.config.areas.model:
        raise ConfigError("--adapt adapts the models of the package", hint="remove `model` from the settings")
    if any(name == STDIN or is_remote(name) for name in inputs):
        raise ConfigError("--adapt needs a library in a file, to write the shares beside it")
    target = (Path(inputs[0]) if Path(inputs[0]).is_dir() else Path(inputs[0]).parent) / FILE_NAME
    files, _ = expand_directories(inputs)
    tagger = load_shipped()
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        records = {fingerprint(record): record for record in reversed(reading.records)}
        shares = tagger.estimate([paper_of(record) for record in records.values()])
    if shares.papers < MIN_PAPERS:
        raise ConfigError(
            f"the shares of areas need {MIN_PAPERS} papers with text; there are {shares.papers}",
            hint="name more files of the library",
        )
    distances = tagger.distances(shares)
    write_file(str(target), write_shares(shares), "areas")
    if common.json:
        print_json(schemas.area_shares(shares, distances, str(target)))
        return exit_code(reading)
    for name, of in shares.models.items():
        largest = sorted(of.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_SHARES]
        click.echo(f"{name}: " + ", ".join(f"{area} {share:.0%}" for area, share in largest))
        if distances.get(name, 0) > FAR:
            click.echo(f"  far from the papers that the model was calibrated on (distance {distances[name]:.2f} of 1)")
    click.echo(f"written to {target}, from {counted(shares.papers, 'paper')}; `tag` and `run` use it from now on")
    return exit_code(reading)


def _proposed(group: Group, records: list[Record]) -> ProposedGroup:
    papers = tuple((fingerprint(records[i]), title_of(records[i])) for i in group.papers)
    return ProposedGroup(group.name, group.terms, papers)


def _print(groups: tuple[Group, ...], records: list[Record]) -> None:
    """Print each group with its terms and its most typical papers."""
    for group in groups:
        click.secho(f"{group.name}  ({counted(len(group.papers), 'paper')})", bold=True)
        click.echo(f"  {', '.join(group.terms)}")
        for index in group.papers[:SHOWN_PAPERS]:
            click.echo(f"    {place_of(records[index])}  {title_of(records[index], 80)}")
    if rest := len(records) - sum(len(group.papers) for group in groups):
        click.echo(f"{counted(rest, 'paper')} without text are in no group")
