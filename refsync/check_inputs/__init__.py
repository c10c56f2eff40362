"""What a check needs besides the files that it is about: documents, the rest of the library, neighbouring files.

`refsync check` and `refsync.check_files` obey the table `[check]` in the same way because both use this.
"""

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile
from refsync.check.findings import Finding
from refsync.check.run_rules import Context, ExaminedFiles
from refsync.check.settings import CheckSettings
from refsync.check_inputs.bibliography_scope import scope_of, without_cited_elsewhere
from refsync.check_inputs.neighbouring_files import NEEDS_NEIGHBOURS, whole_files, without_neighbours
from refsync.formats.common.decode import decode
from refsync.sources import Reading, read_again, same_file

if TYPE_CHECKING:  # a check without documents needs no scanners for them
    from refsync.cites import Cites


def library_files(settings: CheckSettings, inputs: Sequence[str]) -> tuple[str, ...]:
    """The files that the configuration names and the user did not pass."""
    named = [name for pattern in settings.library for name in sorted(glob.glob(pattern, recursive=True))]
    here = [os.path.relpath(name) for name in dict.fromkeys(named)]
    return tuple(name for name in here if not any(same_file(name, passed) for passed in inputs))


def examine_files(
    reading: Reading, codes: frozenset[str], settings: CheckSettings, cites: "Cites | None", template: str = ""
) -> ExaminedFiles:
    """Apply the rules for single entries, and keep what the others need.

    Args:
        reading: what was read; its first sources are the configured library.
        codes: of the rules.
        settings: which files belong together.
        cites: the documents that were named; None to search for documents in the project.
        template: of citation keys, for RS208.
    """
    sources = [item.source for item in reading.snapshots]
    scope = scope_of(sources, sources[: reading.libraries], settings.scope, cites)
    context = Context(
        cites=cites,
        library=reading.libraries,
        scope=scope,
        whole=whole_files(sources) if scope.spans_files else sources,
        file_exists=_file_exists,
        expected_keys=_keys_of_template(reading, template) if "RS208" in codes else (),
    )
    files = [
        BibFile(item, decode(read_again(reading, item.source), item.source) if item.format == "bibtex" else "")
        for item in reading.snapshots
    ]
    return ExaminedFiles(files, codes, context)


def without_answered(findings: list[Finding], inputs: Sequence[str], cites: "Cites | None") -> list[Finding]:
    """The findings without those that a neighbouring file, or a document that was not named, shows to be none."""
    if any(item.code in NEEDS_NEIGHBOURS for item in findings):
        findings = without_neighbours(findings, inputs)
    if cites and any(item.code == "RS205" for item in findings):
        findings = without_cited_elsewhere(findings, cites)
    return findings


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
