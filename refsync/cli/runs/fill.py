"""Writing the accepted values of a plan by `refsync enrich` to the user's own .bib files."""

from refsync.cli.common.file_changes import print_undo_hint
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.text import counted, print_json
from refsync.enrich.fill import accepted_values
from refsync.in_place.fills import plan_fills
from refsync.planning.file import PlanFile
from refsync.runs.apply import apply_revisions
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
    fills = plan_fills(reading, accepted_values(plan_file, reading.records), common.config)
    revisions, document = fills.revisions, dict(plan_file.content)
    run = apply_revisions(revisions, fills.plan, fills.inputs, "enrich", document=document) if revisions else None
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
