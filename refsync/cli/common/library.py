"""From the records that were read to the written library: the plan, the writing, the account."""

from collections.abc import Sequence
from pathlib import Path

from refsync import schemas
from refsync.cites import NO_CITES, Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.cli.common.account import print_account
from refsync.cli.common.answers import recorded_area_answers
from refsync.cli.common.area_shares import library_tagger, note_if_far
from refsync.cli.common.duplicates import deduplicate
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.output import write_data
from refsync.cli.common.plan_files import write_plan
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.decisions import choices_for_clusters
from refsync.in_place.aliases import aliases_chosen
from refsync.planning.export import export
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.removed import removed_duplicates
from refsync.runs.apply import apply_plan, render, writer_for
from refsync.sources import STDIN, Reading


def plan_library(reading: Reading, request: Request, report: Progress, cites: Cites = NO_CITES) -> Plan:
    """The plan for everything that was read: merged papers with their areas."""
    config = request.common.config
    model = library_tagger(request.inputs, request.output, request.common) if config.areas.tags else None
    duplicates = deduplicate(reading, request, report)
    print_problems(duplicates.notes, request.common.quiet, request.common.verbose)
    area_answers, unread = recorded_area_answers(request.inputs, request.output, request.common)
    choices, disputed = choices_for_clusters(duplicates.found.clusters, reading.records, duplicates.answers)
    problems = (*reading.problems, *duplicates.problems, *unread, *disputed)
    context = PlanContext(
        known=reading.known,
        cites=cites,
        ids=aliases_chosen(request.citing),
        preambles=reading.preambles,
        area_answers=area_answers,
        field_choices=choices,
        cannot_link=duplicates.answers.cannot_link,
    )
    plan = make_plan(
        reading.records, duplicates.found, problems, request.common.engine.tagger(model), config, context, report
    )
    if model:
        tagged = [entry.tagging for entry in plan.entries if entry.tagging]
        note_if_far(model, tagged, request.inputs, request.common)
    return plan


def write_and_report(
    plan: Plan,
    reading: Reading,
    request: Request,
    cites: Cites = NO_CITES,
    *,
    result: schemas.Json | None = None,
    document: schemas.Json | None = None,
) -> int:
    """Write the library that a plan proposes, or the plan itself, and print the account, unless `--strict` forbids it.

    Args:
        plan: what to write.
        reading: what was read.
        request: what the command was asked to do.
        cites: the documents that cite.
        result: what to print as JSON instead of the account.
        document: the plan file's content, if a plan file is written or kept.

    Returns:
        The exit code.
    """
    common, output = request.common, request.output
    new = plan.problems[len(reading.problems) :]  # the others were printed after reading
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    keys = plan.key_map
    write = request.citing.rewrite and bool(output)
    rewritten = rewrite_documents(cites, keys.for_documents, write=write)
    if output:
        print_problems([*outdated_citations(rewritten, cites, keys.for_documents)], common.quiet, common.verbose)
    if request.plan_path and document and not request.dry_run:
        write_plan(request.plan_path, document, plan, common)
        return exit_code(reading, written=True)
    ledger = "" if request.dry_run else _write(plan, reading, request, rewritten, document)
    to_stdout = output == STDIN
    if common.json and not to_stdout:
        account = result or schemas.run(plan, output if output and ledger else None, ledger or None)
        print_json({**account, **schemas.renamed(plan, rewritten)})
        return exit_code(reading, written=True)
    print_account(plan, reading, request, ledger, rewritten)
    return exit_code(reading, written=True)


def _write(
    plan: Plan,
    reading: Reading,
    request: Request,
    rewritten: Sequence[RewrittenDocument],
    document: schemas.Json | None,
) -> str:
    """Write the library, or print it on standard output; the path of the ledger."""
    if request.output == STDIN:
        write_data(render(plan, writer_for(".bib", plan.export.format)))
    target = Path(request.output) if request.output not in ("", STDIN) else None
    further = {Path(request.removed): _removed(plan, request.removed)} if request.removed else {}
    run = apply_plan(plan, target, reading.digests, request.command, rewritten, document, further)
    return str(run.ledger)


def _removed(plan: Plan, path: str) -> bytes:
    """The duplicates that the plan removes, as the bytes of a file."""
    return export(removed_duplicates(plan), writer_for(path))
