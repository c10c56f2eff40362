"""`refsync run`: the main job."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from refsync import schemas
from refsync.cites import NO_CITES, Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.classify.model import load_model
from refsync.cli.areas.library import recorded_area_answers
from refsync.cli.common import show
from refsync.cli.common.options import (
    NOT_CITING,
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
from refsync.cli.runs.plan_files import check_plan, document_of, write_plan
from refsync.decisions import choices_for_clusters
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.run_models import find_duplicates
from refsync.runs.apply import apply_plan, render, writer_for
from refsync.sources import STDIN, Reading, same_file


@click.command("run", short_help="The main job.")
@inputs_argument
@output_option
@against_option
@plan_option
@citing_options
@common_options
@export_options
def command(common: Common, citing: Citing, inputs: tuple[str, ...], output: str, against: str, plan_path: str) -> int:
    """Read INPUT..., merge repeated papers, tag each by research area, write a clean library.

    INPUT is a .bib or .ris file, a saved page, a table, what a service returned (docs/inputs.md), a compressed file or
    archive of such, or `-` for standard input; kinds may be mixed. Versions of a paper (a preprint, its published form)
    are linked, not merged. What was read and what became of it stands in the ledger under .refsync/runs/ beside OUT.

    \b
    Examples:
      refsync run pages/*.txt -o library.bib
      refsync run export.ris.gz references.zip - -o library.bib
      refsync run a.bib b.bib export.csv -o library.bib --profile careful
      refsync run export.csv --against refs.bib -o new.bib    # only what refs.bib does not have
      refsync run a.bib b.bib -o library.bib --dialect biblatex --keys '{auth}{year}{title}' --sort author
      refsync run refs.bib --format json                       # the account alone; writes no library
      refsync run *.csv -o library.bib --plan plan.json        # look through it, then `refsync apply plan.json`
    """
    check_output(output, inputs, against)
    check_plan(plan_path, inputs, output, against)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.run(Plan((), Deduplication(), (), reading.problems), None, None))
            return UNREADABLE
        cites = read_citing(citing, common, report)
        plan = plan_library(reading, inputs, output, common, report, cites, ids=citing.ids is not False)
    document = document_of(plan, reading, "run", inputs, output, common, cites, citing, against=against)
    return finish(plan, reading, output, common, "run", None, cites, citing, document, plan_path)


def finish(
    plan: Plan,
    reading: Reading,
    output: str,
    common: Common,
    command: str,
    result: schemas.Json | None = None,
    cites: Cites = NO_CITES,
    citing: Citing = NOT_CITING,
    document: schemas.Json | None = None,
    plan_path: str = "",
) -> int:
    """Write what the plan proposes and tell of it, unless `--strict` forbids; the exit code.

    Args:
        plan: what to write.
        reading: what was read.
        output: the file to write, if any.
        common: what every command is told.
        command: which one this is.
        result: what to print as JSON, if it is not the account.
        cites: the documents that cite.
        citing: what is to become of them.
        document: the plan as it is kept.
        plan_path: where the plan is written to, and nothing else; empty to write the library.
    """
    new = plan.problems[len(reading.problems) :]  # the others were told when they were found
    show.print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    rewritten = rewrite_documents(cites, plan.renamed, write=citing.rewrite and bool(output))
    if output:
        show.print_problems([*outdated_citations(rewritten)], common.quiet, common.verbose)
    if plan_path and document:
        write_plan(plan_path, document, plan, common)
        return exit_code(reading)
    ledger = write_library(plan, reading, output, command, rewritten, document)
    if output != STDIN and common.json:
        show.print_json({**(result or schemas.run(plan, output or None, ledger)), **schemas.renamed(plan, rewritten)})
        return exit_code(reading)
    name = "standard output" if output == STDIN else output
    show.print_account(plan, reading.inputs, name, ledger, to_stderr=output == STDIN)
    if output:
        show.print_renamed(plan.renamed, output == STDIN, show.SHOWN_PROBLEMS)
    show.print_rewritten(rewritten, output == STDIN)
    return exit_code(reading)


def check_output(output: str, inputs: tuple[str, ...], against: str = "", form: str = "") -> None:
    """Refuse, before any work is done, an output that cannot or must not be written (in the format `form`, if named).

    Raises:
        ConfigError: its ending names no format, it is a file that is read, or its folder does not exist.
    """
    if output in ("", STDIN):
        return
    writer_for(output, form)
    target = Path(output)
    if not target.parent.is_dir():
        raise ConfigError(f"{output}: there is no folder {target.parent}", hint="make it first")
    if target.is_dir():
        raise ConfigError(f"{output}: a directory, not a file")
    if against and same_file(output, against):
        raise ConfigError(
            f"{output} is the library itself, and would hold only what is new", hint="write to another file"
        )
    if any(same_file(output, name) for name in inputs):
        raise ConfigError(
            f"{output} is also an input, and its comments and layout would be lost", hint="write to another file"
        )


def plan_library(
    reading: Reading,
    inputs: tuple[str, ...],
    output: str,
    common: Common,
    report: show.Progress,
    cites: Cites = NO_CITES,
    *,
    ids: bool = True,
) -> Plan:
    """The plan for everything that was read, with areas."""
    config = common.config
    model = load_model(config.areas.model)
    remembered, contradictions = remembered_answers(reading.records, inputs, output, common)
    found = find_duplicates(reading.records, config.dedup, remembered, report, reading.known)
    said, unread = recorded_area_answers(inputs, output, common)
    chosen, disputed = choices_for_clusters(found.clusters, reading.records, remembered)
    problems = (*reading.problems, *contradictions, *unread, *disputed)
    context = PlanContext(
        known=reading.known,
        cites=cites,
        ids=ids,
        preambles=reading.preambles,
        area_answers=said,
        field_choices=chosen,
        cannot_link=remembered.cannot_link,
    )
    return make_plan(reading.records, found, problems, model, config, context, report)


def write_library(
    plan: Plan,
    reading: Reading,
    output: str,
    command: str,
    documents: Sequence[RewrittenDocument] = (),
    document: schemas.Json | None = None,
) -> str:
    """Write the library, or print it where `output` is `-`; the path of the ledger."""
    if output == STDIN:
        sys.stdout.buffer.write(render(plan, writer_for(".bib", plan.export.format)))
    target = Path(output) if output not in ("", STDIN) else None
    run = apply_plan(plan, target, reading.digests, command, documents, document)
    return str(run.ledger)
