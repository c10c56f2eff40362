"""`refsync explain`: why two records are, or are not, the same paper."""

import difflib
from collections.abc import Sequence

import click

from refsync import schemas
from refsync.cli import show
from refsync.cli.options import Common, common_options, inputs_argument
from refsync.cli.stages import UNREADABLE, exit_code, must_stop, read_inputs
from refsync.dedup.explain import explain_pair
from refsync.errors import ConfigError
from refsync.records import Record


@click.command("explain", short_help="Why two records are, or are not, the same paper.")
@inputs_argument
@click.option(
    "--pair", "names", nargs=2, required=True, metavar="A B", help="The two records: an id, SOURCE:ID or SOURCE:#INDEX."
)
@common_options
def command(common: Common, inputs: tuple[str, ...], names: tuple[str, str]) -> int:
    """Show two records of INPUT... side by side, with what each field says about them and the verdict.

    A record is named by its id (the BibTeX key, the id column of a table), by SOURCE:ID where several files have that
    id, or by SOURCE:#INDEX, its number within the file counted from 1.

    \b
    Examples:
      refsync explain refs.bib --pair smith2020 smith2021
      refsync explain a.txt b.txt --pair a.txt:#3 b.txt:#7
    """
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
    if must_stop(reading, common):
        return UNREADABLE
    a, b = (find_record(reading.records, name) for name in names)
    explanation = explain_pair(a, b, common.config.dedup)
    if common.json:
        show.print_json(schemas.explain(explanation, a, b))
    else:
        show.print_explanation(explanation, a, b)
    return exit_code(reading)


def find_record(records: Sequence[Record], name: str) -> Record:
    """The one record of this name.

    Raises:
        ConfigError: there is none, or more than one.
    """
    found = [
        record
        for record in records
        if name in (record.id, f"{record.source}:{record.id}", f"{record.source}:#{record.index}")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(f"{record.source}:#{record.index}" for record in found[:5])
        raise ConfigError(
            f"{len(found)} records are named {name!r}", hint=f"name one by SOURCE:ID or SOURCE:#INDEX: {places}"
        )
    near = difflib.get_close_matches(name, {record.id for record in records}, 1)
    raise ConfigError(f"no record is named {name!r}", hint=f"did you mean {near[0]}?" if near else "")
