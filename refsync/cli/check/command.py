"""`refsync check`: findings in .bib files, and --fix for those that are certain."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from refsync.check.baseline import Debts, read_baseline, render, rows_of_others, without_debts
from refsync.check.findings import Finding
from refsync.check.rule_selection import selected
from refsync.cli.check.render import FORMATS, one_line, print_findings, summary
from refsync.cli.check.run_check import Seen, look
from refsync.cli.common import show
from refsync.cli.common.options import Citing, Common, citing_options, common_options
from refsync.cli.common.stages import exit_code
from refsync.errors import ConfigError
from refsync.memory import no_collection

FINDINGS = 1  # exit code


@click.command("check", short_help="Findings in .bib files.")
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...")
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: RS201, RS1 (all that begin so), ALL.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="These rules too.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option("--fix", is_flag=True, help="Mend what is certain; `refsync undo` takes it back.")
@click.option("--diff", is_flag=True, help="Show what --fix changes; alone, write nothing.")
@click.option("--baseline", metavar="FILE", help="Do not report the old debts in FILE.")
@click.option("--write-baseline", metavar="FILE", help="Write what is found now to FILE, as old debts.")
@citing_options
@partial(common_options, formats=FORMATS)
def command(
    common: Common,
    citing: Citing,
    inputs: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    baseline: str | None,
    write_baseline: str | None,
) -> int:
    """Report duplicates, keys used twice, dangling references, damage and more in FILE...

    Duplicates are sought across all the files together, and the files that `[check] library` in the configuration
    names. Notes (pairs that may be one paper, versions of a paper) fail the check only with --strict. Nothing is
    written without --fix or --write-baseline. `refsync rules` lists the rules, `refsync rules CODE` explains one.

    A line `% refsync: ignore[RS103]` above an entry hides what is found there.

    \b
    Examples:
      refsync check refs.bib
      refsync check *.bib --extend-select RS5,RS601     # malformed values and missing fields too
      refsync check refs.bib --cites paper/             # cited but missing, never cited
      refsync check refs.bib --fix --diff
      refsync check refs.bib --write-baseline refsync-baseline.json
      refsync check refs.bib --baseline refsync-baseline.json
      refsync check refs.bib --format sarif > refsync.sarif

    \b
    Exit codes: 0 clean, 1 findings or changed files, 2 a file could not be read.
    """
    settings = common.config.check
    codes = selected(select or settings.select, (*settings.extend_select, *extend_select), (*settings.ignore, *ignore))
    debts_file = Path(baseline or settings.baseline) if baseline or settings.baseline else None
    old_debts = debts_file is not None and not _to_be_written(debts_file, write_baseline)
    debts = read_baseline(debts_file) if debts_file and old_debts else Debts()
    with no_collection():
        seen = look(inputs, common, citing, codes)
        folder = debts_file.parent if debts_file else Path()
        findings, old = without_debts(seen.findings, debts, folder)
        changed = False
        if fix or diff:
            changed = _mend(seen, findings, citing, common, write=fix, diff=diff)
            if changed and fix:
                seen = look(inputs, common, citing, codes)
                findings, old = without_debts(seen.findings, debts, folder)
    if write_baseline:
        _write_baseline(Path(write_baseline), seen, old if old_debts else seen.findings, common)
        findings = findings if old_debts else []
    fatal = [item for item in seen.reading.problems if item.fatal]
    show.print_problems(fatal, common.quiet, common.verbose)
    print_findings(findings, common.output_format, fatal, verbose=common.verbose)
    if common.output_format != "json" and not common.quiet and (told := summary(findings, inputs, len(old))):
        click.echo(told, err=True)
    if seen.reading.failed:
        return exit_code(seen.reading)
    failing = [item for item in findings if common.strict or item.rule.severity == "error"]
    return FINDINGS if changed or failing else 0


def _mend(seen: Seen, findings: Sequence[Finding], citing: Citing, common: Common, *, write: bool, diff: bool) -> bool:
    """Mend what is certain, or show what that would change; whether there is anything to mend."""
    if seen.reading.kept:
        raise ConfigError("--fix and --diff change files, not standard input or what is packed", hint="unpack it first")
    if not any(item.fixable for item in findings):
        return False
    from refsync.cites import NO_CITES
    from refsync.cli.check.fix import mend

    mending = mend(seen.reading, findings, seen.cites or NO_CITES, citing, common.config, seen.remembered)
    show.print_problems(mending.notes, common.quiet, common.verbose)
    aside = common.output_format != "text"
    if diff and not aside:
        for revision in mending.revisions:
            show.print_diff(revision.source, revision.before, revision.after)
        for moved in mending.moved:
            show.print_diff(moved.source, moved.before, moved.after)
    if write and mending.revisions:
        run = mending.write()
        for item in mending.mended:
            click.echo(f"mended: {one_line(item)}", err=aside)
        show.print_revisions(mending.revisions, mending.moved, run.folder, to_stderr=aside)
    return bool(mending.revisions)


def _to_be_written(debts_file: Path, write_baseline: str | None) -> bool:
    """Whether the baseline is about to be written for the first time."""
    return write_baseline is not None and Path(write_baseline) == debts_file and not debts_file.exists()


def _write_baseline(path: Path, seen: Seen, owed: Sequence[Finding], common: Common) -> None:
    checked = [item.source for item in seen.reading.snapshots[seen.reading.libraries :]]
    from refsync.cli.common.output_files import write_file

    write_file(str(path), render(owed, path.parent, rows_of_others(path, checked)), "check")
    if not common.quiet:
        click.echo(f"{path}: {show.counted(len(owed), 'finding')} written as old debts", err=True)
