"""Writing the accepted values of a plan by `refsync enrich` to the user's own .bib files."""

from dataclasses import replace

from refsync.cli.common.file_changes import print_undo_hint
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.text import counted, print_json
from refsync.dedup.results import Deduplication
from refsync.enrich.fill import accepted_values, fill_texts
from refsync.in_place.aliases import check_in_place, digests_of_files
from refsync.planning.file import PlanFile
from refsync.planning.plan import PlanContext, make_plan
from refsync.planning.settings import PLAIN
from refsync.runs.apply import apply_revisions, read_texts
from refsync.sources import Reading


def fill_files(reading: Reading, plan_file: PlanFile, common: Common) -> int:
    """Fill the entries of files, by minimal edits; the exit code.

    Args:
        reading: the files.
        plan_file: the plan with the values to fill in.
        common: the shared options.

    Raises:
        ConfigError: an input is not a .bib file, or the plan accepts a value that cannot be filled in.
    """
    check_in_place(reading)
    inputs = digests_of_files(reading)
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
        files = [{"path": item.source, "filled": item.changed} for item in revisions]
        result = {"schema": "refsync.apply/1", "files": files, "run": str(run.folder) if run else None}
        print_json(result)
        return exit_code(reading, written=True)
    for item in revisions:
        echo(f"{item.source}: {counted(item.changed, 'entry')} filled")
    if pending := len(plan_file.rows("fills", "pending")):
        echo(f"{counted(pending, 'value')} pending, left out: `refsync review {plan_file.path}` asks about them")
    if run:
        print_undo_hint(run.folder)
    else:
        echo("nothing was changed")
    return exit_code(reading, written=True)
