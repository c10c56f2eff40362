"""`refsync check`: findings only."""

import click

from refsync import check, schemas
from refsync.cli import show
from refsync.cli.options import Common, common_options
from refsync.cli.stages import exit_code, read_inputs, remembered_answers
from refsync.plan import find_duplicates

FINDINGS = 1  # exit code


@click.command("check", short_help="Findings in .bib files.")
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...")
@common_options
def command(common: Common, inputs: tuple[str, ...]) -> int:
    """Report duplicates, keys used twice and damaged entries of FILE...; never writes.

    Duplicates are sought across all the files together. Notes (pairs that may be one paper, versions of a paper) do
    not fail the check. `refsync rules CODE` says what a finding means.

    \b
    Exit codes: 0 clean, 1 findings, 2 a file could not be read.
    """
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        remembered, contradictions = remembered_answers(reading.records, inputs, "", common)
        found = find_duplicates(reading.records, common.config.dedup, remembered, report)
    damage = [item for item in (*reading.problems, *contradictions) if not item.fatal]
    findings = check.find(reading.records, found, damage)
    show.print_problems([item for item in reading.problems if item.fatal], common.quiet, common.verbose)
    if common.json:
        show.print_json(schemas.check(findings))
    else:
        for item in findings:
            name = f" {item.key!r}" if item.key else ""
            click.echo(
                f"{item.source}:{item.line}:{item.column}: {item.rule.code} {item.rule.severity}:{name} {item.message}"
            )
        if findings and not common.quiet:
            click.echo(f"{show.counted(len(findings), 'finding')}; `refsync rules CODE` says what one means", err=True)
    if reading.failed:
        return exit_code(reading)
    return FINDINGS if any(item.rule.severity == "error" for item in findings) else 0
