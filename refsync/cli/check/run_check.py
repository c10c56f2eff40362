"""What `refsync check` looks at: the files passed, the library beside them, the documents that cite."""

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile
from refsync.check.findings import Finding
from refsync.check.run_rules import DUPLICATES, find
from refsync.check.settings import CheckSettings
from refsync.cli.check.neighbouring_files import NEEDS_NEIGHBOURS, without_neighbours
from refsync.cli.common import show
from refsync.cli.common.options import Citing, Common
from refsync.cli.common.stages import read_citing, read_inputs, remembered_answers
from refsync.decisions import NOTHING_REMEMBERED, Remembered
from refsync.dedup.results import Deduplication
from refsync.formats.common.decode import decode
from refsync.sources import Reading, read_again, same_file

if TYPE_CHECKING:
    from refsync.cites import Cites


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read and found, and what people answered about it."""

    reading: Reading
    findings: list[Finding]
    cites: "Cites | None"
    remembered: Remembered = NOTHING_REMEMBERED


def look(inputs: tuple[str, ...], common: Common, citing: Citing, codes: frozenset[str]) -> Seen:
    """Read the files and the library, and find what the rules with these codes report."""
    settings = common.config.check
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, library=_library(settings, inputs))
        found, remembered = Deduplication(), NOTHING_REMEMBERED
        if codes & DUPLICATES and len(reading.records) > 1:
            remembered, disputed = remembered_answers(reading.records, inputs, "", common)
            show.print_problems(disputed, common.quiet, common.verbose)
            found = _duplicates(reading, remembered, common, report)
        documents = citing.paths or common.config.cites or citing.rewrite
        cites = read_citing(citing, common, report) if documents else None
    files = [
        BibFile(item, decode(read_again(reading, item.source), item.source) if item.format == "bibtex" else "")
        for item in reading.snapshots
    ]
    findings = find(files, codes, found, cites, reading.libraries, settings.certain)
    if any(item.code in NEEDS_NEIGHBOURS for item in findings):
        findings = without_neighbours(findings, inputs)
    return Seen(reading, findings, cites, remembered)


def _duplicates(reading: Reading, remembered: Remembered, common: Common, report: show.Progress) -> Deduplication:
    from refsync.check.rules.duplicates import within_files
    from refsync.planning.run_models import find_duplicates

    found = find_duplicates(reading.records, common.config.dedup, remembered, report, reading.known)
    return within_files(reading.records, found) if common.config.check.duplicates == "each-file" else found


def _library(settings: CheckSettings, inputs: Sequence[str]) -> tuple[str, ...]:
    """The files that the configuration names and the user did not."""
    named = [name for pattern in settings.library for name in sorted(glob.glob(pattern, recursive=True))]
    here = [os.path.relpath(name) for name in dict.fromkeys(named)]
    return tuple(name for name in here if not any(same_file(name, given) for given in inputs))
