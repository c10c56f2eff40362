"""`refsync convert`: change format, dialect, citation keys and order, and nothing else."""

from pathlib import Path

import click

from refsync import schemas
from refsync.cites import outdated_citations, rewrite_documents
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_renamed, print_rewritten
from refsync.cli.common.inputs import exit_code, must_stop, read_citing, read_inputs
from refsync.cli.common.options import (
    Common,
    citing_options,
    common_options,
    dry_run_option,
    export_options,
    inputs_argument,
)
from refsync.cli.common.output import echo, write_data
from refsync.cli.common.output_files import check_output
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, print_json
from refsync.dedup.results import Deduplication
from refsync.in_place.citing import Citing
from refsync.planning.plan import PlanContext, make_plan
from refsync.runs.apply import apply_plan, render, writer_for
from refsync.sources import STDIN


@click.command("convert", short_help="Formats, dialects and keys only.")
@inputs_argument
@click.option("-o", "--output", default=STDIN, metavar="OUT", help="The file to write; without it, or `-`, print.")
@dry_run_option
@click.option("--to", "form", default=None, metavar="FORMAT", help="The format of OUT.  [default: by its ending]")
@citing_options
@common_options
@export_options
def command(
    common: Common, citing: Citing, inputs: tuple[str, ...], output: str, form: str | None, dry_run: bool
) -> int:
    """Write the records of INPUT... in another format, dialect or order, or with other citation keys.

    Every record is kept: nothing is merged or tagged. Values stay as they are. Macros (@string) are expanded, preambles
    kept; comments and layout are not.

    \b
    Keys are built from {auth} {auths} {year} {yy} {title} {venue} {type} {key} {doi} ... and text between them;
    {title:3} takes three words, {auths:2-} parts names by `-`, {Auth} and {AUTH} set the case. Equal keys get
    a, b, c. See docs/convert.md.

    \b
    Examples:
      refsync convert export.csv -o refs.bib
      refsync convert refs.bib --dialect biblatex --sort author -o new.bib
      refsync convert refs.bib --keys '{auth}{year}{title}' -o new.bib --cites paper/ --rewrite-cites
    """
    common = common.with_export(format=form)
    settings = common.config.export
    writer = writer_for(".bib" if output == STDIN else output, settings.format)
    check_output(output, inputs, form=settings.format)
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        cites = read_citing(citing, common, report, reading)
    plan = make_plan(
        reading.records,
        Deduplication(),
        reading.problems,
        config=common.config,
        context=PlanContext(cites=cites, ids=bool(citing.ids), provenance=False, preambles=reading.preambles),
    )
    new = plan.problems[len(reading.problems) :]
    keys = plan.key_map
    rewritten = rewrite_documents(cites, keys.for_documents, write=citing.rewrite)
    notes = outdated_citations(rewritten, cites, keys.for_documents)
    print_problems([*new, *notes], common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    to_stdout = output == STDIN
    if to_stdout:
        write_data(render(plan, writer))
    if not dry_run and (not to_stdout or citing.rewrite):
        apply_plan(plan, None if to_stdout else Path(output), reading.digests, "convert", rewritten)
    if common.json and not to_stdout:
        print_json(schemas.convert(plan, output, writer.name, rewritten))
    elif not common.quiet:
        name = "standard output" if to_stdout else output
        written = "; nothing was written (--dry-run)" if dry_run else ""
        echo(f"{name}: {counted(len(plan.entries), 'record')} as {writer.name}{written}", err=to_stdout)
        print_renamed(keys.everything, to_stderr=to_stdout)
        print_rewritten(rewritten, to_stderr=to_stdout)
    return exit_code(reading, written=True)
