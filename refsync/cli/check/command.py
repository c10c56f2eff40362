"""`refsync check`: report findings in .bib files, and fix the unambiguous ones with --fix."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from refsync.check.baseline import (
    Baseline,
    read_baseline,
    renamed_files,
    render,
    rows_of_unchecked_files,
    split_by_baseline,
)
from refsync.check.findings import Finding
from refsync.check.rule_selection import selected_codes
from refsync.cli.check.checked_files import FileGroup, file_groups
from refsync.cli.check.render import FORMATS, one_line, print_findings, summary
from refsync.cli.check.run_check import CheckResult, run_check
from refsync.cli.common.diff import print_diff
from refsync.cli.common.file_changes import print_revisions
from refsync.cli.common.inputs import exit_code, read_citing
from refsync.cli.common.memory_estimate import warn_of_memory
from refsync.cli.common.named_files import complete_files, expand_only_patterns
from refsync.cli.common.options import Common, citing_options, common_options, jobs_option, own_options
from refsync.cli.common.output import echo, joined
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted
from refsync.errors import ConfigError
from refsync.in_place.citing import Citing
from refsync.memory import no_collection
from refsync.papis.configuration import is_papis

FINDINGS = 1  # exit code


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options that only `refsync check` has."""

    inputs: tuple[str, ...]
    select: tuple[str, ...]
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    fix: bool
    diff: bool
    baseline: str | None
    write_baseline: str | None


@click.command("check", short_help="Findings in .bib files.")
@click.argument(
    "inputs", nargs=-1, required=True, metavar="FILE...", callback=expand_only_patterns, shell_complete=complete_files
)
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: RS201, RS1 (all RS1..), ALL.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="Additional rules.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Rules to leave out.")
@click.option("--fix", is_flag=True, help="Fix what is unambiguous; `refsync undo` undoes it.")
@click.option("--diff", is_flag=True, help="Show what --fix changes; writes nothing.")
@click.option("--baseline", metavar="FILE", help="Do not report the existing findings in FILE.")
@click.option("--write-baseline", metavar="FILE", help="Write the current findings to FILE.")
@jobs_option
@citing_options
@partial(common_options, formats=FORMATS)
@own_options(CheckOptions)
@no_collection()
def command(common: Common, citing: Citing, options: CheckOptions) -> int:
    """Report duplicates, keys used twice, dangling references, damage and more in FILE...

    FILE is a .bib file, a folder with .bib files, a document (.tex, .md, ...), which stands for the bibliographies that
    it names, or a library of papis (papis:LIBRARY). Duplicates are searched for across the files that belong together
    (`[check] scope`), and those that `[check] library` in the configuration names. Notes (pairs that may be the same
    paper, versions of a paper) fail the check only with --strict. Nothing is written without --fix or --write-baseline.
    `refsync rules` lists the rules, `refsync rules CODE` explains one.

    A line `% refsync: ignore[RS103]` above an entry hides that rule's findings in it.

    \b
    Examples:
      refsync check refs.bib
      refsync check *.bib --extend-select RS5,RS601     # malformed values and missing fields too
      refsync check refs.bib --cites paper/             # cited but missing, never cited
      refsync check paper.tex                           # its bibliographies, and what it cites
      refsync check refs.bib --diff              # then with --fix; `refsync undo` undoes it
      refsync check refs.bib --write-baseline refsync-baseline.json
      refsync check refs.bib --baseline refsync-baseline.json
      refsync check refs.bib --format sarif > refsync.sarif

    \b
    Exit codes: 0 clean, 1 findings or changed files, 2 a file could not be read.
    """
    if (options.fix or options.diff) and any(map(is_papis, options.inputs)):
        hint = "`refsync dedupe papis:LIBRARY --write` merges duplicates"
        raise ConfigError("--fix and --diff change .bib files, not libraries of papis", hint=hint)
    groups, notes = file_groups(options.inputs, common, citing)
    print_problems(notes, common.quiet, common.verbose)
    warn_of_memory([name for group in groups for name in group.inputs], quiet=common.quiet)
    outcomes = [_check_group(group, options) for group in groups]
    findings = [finding for item in outcomes for finding in item.findings]
    existing = sum(len(item.existing) for item in outcomes)
    if options.write_baseline:
        _write_baseline(Path(options.write_baseline), outcomes, common)
        findings = [finding for item in outcomes if item.has_baseline for finding in item.findings]
    fatal = [problem for item in outcomes for problem in item.result.reading.problems if problem.fatal]
    print_problems(fatal, common.quiet, common.verbose)
    print_findings(findings, common.output_format, fatal, verbose=common.verbose)
    if common.output_format != "json" and not common.quiet and (findings or existing or not options.write_baseline):
        can_fix = not any(item.result.reading.kept for item in outcomes)
        echo(summary(findings, options.inputs, existing, can_fix=can_fix), err=True)
    for item in outcomes:
        if item.result.reading.failed or (common.strict and item.result.disputed):
            return exit_code(item.result.reading, common.strict, item.result.disputed)
    failing = [item for item in findings if common.strict or item.rule.severity == "error"]
    return FINDINGS if failing or any(item.changed for item in outcomes) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """The check of the files with one configuration: new findings, those of the baseline, whether files changed."""

    result: CheckResult
    findings: list[Finding]
    existing: list[Finding]
    has_baseline: bool
    changed: bool


def _check_group(group: FileGroup, options: CheckOptions) -> _Outcome:
    """Check files, and fix them if that is asked for."""
    common, settings = group.common, group.common.config.check
    codes = selected_codes(
        options.select or settings.select,
        (*settings.extend_select, *options.extend_select),
        (*settings.ignore, *options.ignore),
    )
    name = options.baseline or settings.baseline
    baseline_file = Path(name) if name else None
    has_baseline = baseline_file is not None and not _to_be_created(baseline_file, options.write_baseline)
    baseline = read_baseline(baseline_file) if baseline_file and has_baseline else Baseline()
    folder = baseline_file.parent if baseline_file else Path()
    result = run_check(group.inputs, common, group.citing, codes)
    gone = {name for name, _ in baseline if not (folder / name).exists()}
    renamed = renamed_files(result.findings, baseline, gone, folder) if gone else {}
    findings, existing = split_by_baseline(result.findings, baseline, folder, renamed)
    changed = False
    if options.fix or options.diff:
        write = options.fix and not options.diff
        changed = _fix(result, findings, group.citing, common, write=write, diff=options.diff)
        if changed and write:
            result = run_check(group.inputs, common, group.citing, codes)
            findings, existing = split_by_baseline(result.findings, baseline, folder, renamed)
    return _Outcome(result=result, findings=findings, existing=existing, has_baseline=has_baseline, changed=changed)


def _fix(
    result: CheckResult, findings: Sequence[Finding], citing: Citing, common: Common, *, write: bool, diff: bool
) -> bool:
    """Fix the fixable findings, or show what that would change; whether a file changes."""
    if result.reading.kept:
        raise ConfigError(
            "--fix and --diff change files, not standard input, pipes or compressed files", hint="decompress it first"
        )
    if not any(item.fixable for item in findings):
        return False
    from refsync.decisions import NO_REMEMBERED_ANSWERS
    from refsync.in_place.fixes import plan_fixes

    # the documents beside the files too, as for `dedupe --write`: they decide which key stays, and about aliases
    with show_progress(common.quiet) as report:
        cites = read_citing(citing, common, report, result.reading)
    fixes = plan_fixes(
        result.reading, findings, cites, citing, common.config, result.remembered or NO_REMEMBERED_ANSWERS
    )
    print_problems(fixes.notes, common.quiet, common.verbose)
    to_stderr = common.output_format != "text"
    if diff and not to_stderr:
        for revision in fixes.revisions:
            print_diff(revision.source, revision.before, revision.after)
        for document in fixes.rewritten:
            print_diff(document.source, document.before, document.after)
    if write and fixes.revisions:
        run = fixes.write()
        for item in fixes.fixed:
            echo(joined("fixed: ", one_line(item)), err=to_stderr)
        keys = fixes.plan.key_map.everything
        print_revisions(fixes.revisions, fixes.rewritten, run.folder, keys, to_stderr=to_stderr)
    return bool(fixes.revisions)


def _to_be_created(baseline_file: Path, write_baseline: str | None) -> bool:
    """Whether the baseline is about to be written for the first time."""
    return write_baseline is not None and Path(write_baseline) == baseline_file and not baseline_file.exists()


def _write_baseline(path: Path, outcomes: Sequence[_Outcome], common: Common) -> None:
    """Write the findings: those of the old baseline that still exist, else all."""
    from refsync.cli.common.output_files import write_file

    findings = [row for item in outcomes for row in (item.existing if item.has_baseline else item.result.findings)]
    checked = [
        snapshot.source
        for item in outcomes
        for snapshot in item.result.reading.snapshots[item.result.reading.libraries :]
    ]
    write_file(str(path), render(findings, path.parent, rows_of_unchecked_files(path, checked)), "check")
    if not common.quiet:
        echo(f"{path}: {counted(len(findings), 'finding')} written as existing findings", err=True)
