"""Putting the values that a plan of `refsync enrich` accepts into the user's own .bib files."""

from dataclasses import replace

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common
from refsync.cli.common.stages import exit_code
from refsync.dedup.results import Deduplication
from refsync.enrich.fill import accepted_values, fill_texts
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile
from refsync.planning.plan import PlanContext, make_plan
from refsync.planning.settings import PLAIN
from refsync.runs.apply import apply_revisions, read_texts
from refsync.sources import Reading


def fill_files(reading: Reading, plan_file: PlanFile, common: Common) -> int:
    """Fill the entries of files, by minimal edits.

    Args:
        reading: the files.
        plan_file: says what to fill.
        common: what every command is told.

    Raises:
        ConfigError: an input is no .bib file, or the plan accepts what cannot be.
    """
    for snapshot in reading.snapshots:
        if snapshot.format != "bibtex" or snapshot.source in reading.kept:
            raise ConfigError(
                f"{snapshot.source}: only .bib files can be changed in place", hint="use -o for the others"
            )
    inputs = {snapshot.source: reading.digests[snapshot.source] for snapshot in reading.snapshots}
    revisions = fill_texts(read_texts(inputs), reading.records, accepted_values(plan_file, reading.records))
    plan = make_plan(
        reading.records,
        Deduplication(),
        config=replace(common.config, export=PLAIN),
        context=PlanContext(provenance=False),
    )
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    plan = replace(plan, entries=kept, problems=reading.problems)
    run = apply_revisions(revisions, plan, inputs, "enrich", document=dict(plan_file.content)) if revisions else None
    if common.json:
        files = [{"path": item.source, "filled": item.filled} for item in revisions]
        result = {"schema": "refsync.apply/1", "files": files, "run": str(run.folder) if run else None}
        show.print_json(result)
        return exit_code(reading)
    for item in revisions:
        click.echo(f"{item.source}: {show.counted(item.filled, 'entry')} filled")
    if pending := len(plan_file.rows("fills", "pending")):
        click.echo(
            f"{show.counted(pending, 'value')} pending, left out: `refsync review {plan_file.path}` asks about them"
        )
    if run:
        show.print_way_back(run.folder)
    else:
        click.echo("nothing was changed")
    return exit_code(reading)
