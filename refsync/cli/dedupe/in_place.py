"""`dedupe --write`: merging inside the user's own .bib files."""

from refsync import schemas
from refsync.cites import Cites
from refsync.cli.common.diff import print_diff
from refsync.cli.common.duplicates import Duplicates
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_revisions
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.output import echo
from refsync.cli.common.plan_files import plan_document, write_plan
from refsync.cli.common.problems import print_problems
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.in_place.merges import plan_merges
from refsync.runs.apply import apply_revisions
from refsync.sources import Reading


def merge_files(
    request: Request,
    reading: Reading,
    duplicates: Duplicates,
    cites: Cites,
    document: schemas.Json | None = None,
    *,
    write: bool,
    diff: bool = False,
) -> int:
    """Merge duplicates in the files that were read, or show what that would change.

    Args:
        request: what the command was asked to do; with a `plan_path` only the plan is written.
        reading: the files.
        duplicates: what to merge.
        cites: the documents that cite.
        document: the content of the plan file that is carried out; None for a new plan.
        write: write the files.
        diff: print what changes.

    Returns:
        The exit code.

    Raises:
        ConfigError: an input is not a .bib file.
        StaleError: a file was changed since it was read.
    """
    common, citing = request.common, request.citing
    merges = plan_merges(
        reading, duplicates.found, duplicates.answers, cites, citing, common.config, duplicates.problems
    )
    revisions, rewritten, plan = merges.revisions, merges.rewritten, merges.plan
    new = (*duplicates.problems, *merges.disputed)
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    notes = (*duplicates.notes, *merges.notes)
    print_problems(notes, common.quiet, common.verbose)
    if common.strict and merges.key_problems:
        return UNREADABLE
    if diff and not common.json:
        for revision in revisions:
            print_diff(revision.source, revision.before, revision.after)
        for item in rewritten:
            print_diff(item.source, item.before, item.after)
        if not revisions and not common.quiet:
            echo("no duplicates; there is nothing to change", err=True)
    if request.plan_path:
        write_plan(request.plan_path, plan_document(plan, reading, request, cites), plan, common)
        return exit_code(reading, written=True)
    run = None
    if write and revisions and not request.dry_run:
        document = document or plan_document(plan, reading, request, cites)
        run = apply_revisions(revisions, plan, merges.inputs, documents=rewritten, document=document)
    if common.json:
        problems = (*reading.problems, *new, *notes)
        result = schemas.dedupe(reading.records, plan.deduplication, problems)
        print_json({**result, **schemas.renamed(plan, rewritten)})
    elif write:
        print_revisions(revisions, rewritten, run.folder if run else None, plan.key_map.everything)
    return exit_code(reading, written=True)
