"""`dedupe --write`: merging inside the user's own .bib files."""

from dataclasses import replace

from refsync import schemas
from refsync.cites import Cites, outdated_citations, rewrite_documents
from refsync.cli.common.diff import print_diff
from refsync.cli.common.duplicates import Duplicates
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_revisions
from refsync.cli.common.in_place import check_in_place, digests_of_files, files_with_aliases
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.output import echo
from refsync.cli.common.plan_files import plan_document, write_plan
from refsync.cli.common.problems import print_problems
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.decisions import choices_for_clusters
from refsync.planning.merge_in_place import merge_in_place, survivors_first
from refsync.planning.plan import PlanContext, make_plan, with_survivors_keys
from refsync.planning.settings import PLAIN
from refsync.runs.apply import apply_revisions, read_texts
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
    check_in_place(reading)
    common, citing = request.common, request.citing
    inputs = digests_of_files(reading)
    texts = read_texts(inputs)
    found, notes = duplicates.found, [*duplicates.notes]
    choices, disputed = choices_for_clusters(found.clusters, reading.records, duplicates.answers)
    new = (*duplicates.problems, *disputed)
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    problems = (*reading.problems, *new)
    settings = common.config.merge
    found = survivors_first(reading.records, found, cites, settings)
    revisions = merge_in_place(
        texts, reading.records, found, settings, files_with_aliases(reading, citing, cites), choices
    )
    plan = make_plan(
        reading.records,
        found,
        problems,
        config=replace(common.config, export=PLAIN),
        context=PlanContext(
            survivors_first=True, link_versions=False, field_choices=choices, cannot_link=duplicates.answers.cannot_link
        ),
    )
    plan = with_survivors_keys(plan)
    keys = plan.key_map
    key_problems = [*keys.problems()]
    plan = replace(plan, problems=(*problems, *key_problems))
    rewritten = rewrite_documents(cites, keys.for_documents, write=citing.rewrite)
    notes += [note for revision in revisions for note in revision.notes]
    notes += [*key_problems, *outdated_citations(rewritten, cites, keys.for_documents)]
    print_problems(notes, common.quiet, common.verbose)
    if common.strict and key_problems:
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
        run = apply_revisions(revisions, plan, inputs, documents=rewritten, document=document)
    if common.json:
        result = schemas.dedupe(reading.records, found, (*problems, *notes))
        print_json({**result, **schemas.renamed(plan, rewritten)})
    elif write:
        print_revisions(revisions, rewritten, run.folder if run else None, keys.everything)
    return exit_code(reading, written=True)
