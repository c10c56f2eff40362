"""Run the rules on the files passed, together with the configured library and the documents that cite."""

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile
from refsync.check.findings import Finding
from refsync.check.run_rules import DUPLICATES, Context, ExaminedFiles, all_findings
from refsync.check.settings import CheckSettings
from refsync.cli.check.bibliography_scope import scope_of, without_cited_elsewhere
from refsync.cli.check.neighbouring_files import NEEDS_NEIGHBOURS, whole_files, without_neighbours
from refsync.cli.common.inputs import read_citing, read_inputs
from refsync.cli.common.options import Citing, Common
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress, show_progress
from refsync.dedup.results import Deduplication
from refsync.formats.common.decode import decode
from refsync.records import Problem
from refsync.sources import Reading, read_again, same_file

if TYPE_CHECKING:  # a check of one entry starts fast because it imports no models and no answers
    from refsync.cites import Cites
    from refsync.decisions import RememberedAnswers


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was read, the findings, the remembered answers that were applied, and those that contradict each other.

    `remembered` is None where there are no two records to compare.
    """

    reading: Reading
    findings: list[Finding]
    cites: "Cites | None"
    remembered: "RememberedAnswers | None" = None
    disputed: tuple[Problem, ...] = ()


def run_check(inputs: tuple[str, ...], common: Common, citing: Citing, codes: frozenset[str]) -> CheckResult:
    """Read the files and the library, and apply the rules with these codes."""
    settings = common.config.check
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, library=_library_files(settings, inputs))
        documents = citing.paths or common.config.cites or citing.rewrite
        cites = read_citing(citing, common, report) if documents else None
        # before duplicates are searched for, which takes as much memory as the texts
        examined = _examine(reading, codes, common, cites)
        deduplication, remembered, disputed = Deduplication(), None, list[Problem]()
        if codes & DUPLICATES and len(reading.records) > 1:
            from refsync.cli.common.answers import remembered_answers

            remembered, disputed = remembered_answers(reading.records, inputs, "", common)
            print_problems(disputed, common.quiet, common.verbose)
            deduplication = _find_duplicates(reading, remembered, common, report)
    findings = all_findings(examined, deduplication)
    if any(item.code in NEEDS_NEIGHBOURS for item in findings):
        findings = without_neighbours(findings, inputs)
    if cites and any(item.code == "RS205" for item in findings):
        findings = without_cited_elsewhere(findings, cites)
    return CheckResult(reading=reading, findings=findings, cites=cites, remembered=remembered, disputed=tuple(disputed))


def _examine(reading: Reading, codes: frozenset[str], common: Common, cites: "Cites | None") -> ExaminedFiles:
    """Apply the rules for single entries, and keep what the others need."""
    sources = [item.source for item in reading.snapshots]
    scope = scope_of(sources, sources[: reading.libraries], common.config.check.scope, cites)
    context = Context(
        cites=cites,
        library=reading.libraries,
        scope=scope,
        whole=whole_files(sources) if scope.spans_files else sources,
        file_exists=_file_exists,
        expected_keys=_keys_of_template(reading, common.config.export.keys) if "RS208" in codes else (),
    )
    files = [
        BibFile(item, decode(read_again(reading, item.source), item.source) if item.format == "bibtex" else "")
        for item in reading.snapshots
    ]
    return ExaminedFiles(files, codes, context)


def _find_duplicates(
    reading: Reading, remembered: "RememberedAnswers", common: Common, report: Progress
) -> Deduplication:
    from refsync.planning.run_models import find_duplicates

    return find_duplicates(reading.records, common.config.dedup, remembered, report, reading.known)


def _file_exists(source: str, name: str) -> bool:
    """Whether a file exists that an entry names: a path that is absolute, or relative to the bibliography's folder."""
    try:
        return (Path(source).parent / Path(name).expanduser()).exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _keys_of_template(reading: Reading, template: str) -> list[str]:
    """The citation key of each record by the template; empty where there is no template."""
    if not template:
        return []
    from refsync.planning.citation_keys import assign_keys

    return [assign_keys([record], [False], template=template)[0] for record in reading.records]


def _library_files(settings: CheckSettings, inputs: Sequence[str]) -> tuple[str, ...]:
    """The files that the configuration names and the user did not pass."""
    named = [name for pattern in settings.library for name in sorted(glob.glob(pattern, recursive=True))]
    here = [os.path.relpath(name) for name in dict.fromkeys(named)]
    return tuple(name for name in here if not any(same_file(name, passed) for passed in inputs))
