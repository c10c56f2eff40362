"""What a check needs besides the files that it is about: documents, the rest of the library, neighbouring files.

`refsync check`, `refsync.check_files` and the language server follow the table `[check]` alike because all use
this.
"""

import glob
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile
from refsync.check.findings import Finding
from refsync.check.run_rules import Context, ExaminedFiles, all_findings
from refsync.check.settings import CheckSettings
from refsync.check_inputs.bibliography_scope import scope_of, without_cited_elsewhere
from refsync.check_inputs.neighbouring_files import NEEDS_NEIGHBOURS, whole_files, without_neighbours
from refsync.dedup.results import Deduplication
from refsync.formats.common.decode import decode
from refsync.records import Snapshot
from refsync.sources import Reading, read_again, same_file

if TYPE_CHECKING:  # a check without documents needs no scanners for them
    from refsync.cites import Cites


def library_files(settings: CheckSettings, inputs: Sequence[str]) -> tuple[str, ...]:
    """The files that the configuration names and the user did not pass."""
    named = [name for pattern in settings.library for name in sorted(glob.glob(pattern, recursive=True))]
    here = [os.path.relpath(name) for name in dict.fromkeys(named)]
    return tuple(name for name in here if not any(same_file(name, passed) for passed in inputs))


def files_read(reading: Reading) -> list[BibFile]:
    """The files that were read, with their texts; documents of papis as entries."""
    return [_file_read(reading, item) for item in reading.snapshots]


def _file_read(reading: Reading, snapshot: Snapshot) -> BibFile:
    if snapshot.format == "bibtex":
        return BibFile(snapshot, decode(read_again(reading, snapshot.source), snapshot.source))
    if snapshot.format == "papis" and len(snapshot.records) == 1 and snapshot.source not in reading.kept:
        from refsync.check_inputs.papis_entries import document_as_entry  # a check of .bib files needs no YAML

        return document_as_entry(snapshot, decode(read_again(reading, snapshot.source), snapshot.source))
    return BibFile(snapshot)


def examine_library(
    files: Sequence[BibFile],
    libraries: int,
    codes: Collection[str],
    settings: CheckSettings,
    key_template: str,
    cites: "Cites | None",
) -> ExaminedFiles:
    """Apply the rules for single entries, and keep what the others need.

    Args:
        files: the files, with their texts.
        libraries: how many of the first files are only compared with.
        codes: the rules to apply.
        settings: which files belong together.
        key_template: for citation keys, for RS208; empty for none.
        cites: the documents that cite; None if none were named.
    """
    sources = [file.source for file in files]
    parts = frozenset(file.source for file in files if file.lines)
    whole = [source for source in sources if source not in parts]
    scope = replace(scope_of(whole, sources[:libraries], settings.scope, cites), parts=parts)
    context = Context(
        cites=cites,
        library=libraries,
        scope=scope,
        whole=whole_files(sources) if scope.spans_files else sources,
        file_exists=_file_exists,
        expected_keys=_keys_of_template(files, key_template) if "RS208" in codes else (),
    )
    return ExaminedFiles(files, codes, context)


def library_findings(
    examined: ExaminedFiles, deduplication: Deduplication, checked: Sequence[str], cites: "Cites | None"
) -> list[Finding]:
    """All findings, without those that other files of the project refute.

    Args:
        examined: what `examine_library` returned.
        deduplication: the deduplicator's result for all records.
        checked: the files that the user named.
        cites: the documents that cite; None if none were named.
    """
    findings = all_findings(examined, deduplication)
    if any(item.code in NEEDS_NEIGHBOURS for item in findings):
        findings = without_neighbours(findings, checked)
    if cites and any(item.code == "RS205" for item in findings):
        findings = without_cited_elsewhere(findings, cites)
    return findings


def _file_exists(source: str, name: str) -> bool:
    """Whether a file exists that an entry names: a path that is absolute, or relative to the bibliography's folder."""
    try:
        return (Path(source).parent / Path(name).expanduser()).exists()
    except (OSError, ValueError, RuntimeError):
        return False


def _keys_of_template(files: Sequence[BibFile], template: str) -> list[str]:
    """The citation key of each record by the template; empty where there is no template."""
    if not template:
        return []
    from refsync.planning.citation_keys import assign_keys

    return [assign_keys([record], [False], template=template)[0] for file in files for record in file.records]
