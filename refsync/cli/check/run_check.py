"""Run the rules on the files passed, together with the configured library and the documents that cite."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.check.findings import Finding
from refsync.check.run_rules import DUPLICATES
from refsync.check_inputs import examine_library, files_read, library_files, library_findings
from refsync.cli.common.inputs import read_citing, read_inputs
from refsync.cli.common.options import Common
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress, show_progress
from refsync.dedup.results import Deduplication
from refsync.in_place.citing import Citing
from refsync.records import Problem
from refsync.sources import Reading

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
        reading = read_inputs(inputs, common, report, library=library_files(settings, inputs))
        documents = citing.paths or common.config.cites or citing.rewrite
        cites = read_citing(citing, common, report) if documents else None
        # before duplicates are searched for, which takes as much memory as the texts
        template = common.config.export.keys
        examined = examine_library(files_read(reading), reading.libraries, codes, settings, template, cites)
        deduplication, remembered, disputed = Deduplication(), None, list[Problem]()
        if codes & DUPLICATES and len(reading.records) > 1:
            from refsync.cli.common.answers import remembered_answers

            remembered, disputed = remembered_answers(reading.records, inputs, "", common)
            print_problems(disputed, common.quiet, common.verbose)
            deduplication = _find_duplicates(reading, remembered, common, report)
    findings = library_findings(examined, deduplication, inputs, cites)
    return CheckResult(reading=reading, findings=findings, cites=cites, remembered=remembered, disputed=tuple(disputed))


def _find_duplicates(
    reading: Reading, remembered: "RememberedAnswers", common: Common, report: Progress
) -> Deduplication:
    from refsync.planning.run_models import find_duplicates

    return find_duplicates(reading.records, common.config.dedup, remembered, report, reading.known)
