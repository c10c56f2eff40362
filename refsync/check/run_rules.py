"""Apply the rules to files and their duplicates, and leave out what `ignore` comments hide. Pure."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile, Library
from refsync.check.examine_file import ExaminedFile, examine, macros
from refsync.check.findings import Finding
from refsync.check.rules import citation_keys
from refsync.dedup.results import Deduplication

if TYPE_CHECKING:  # a check without documents that cite needs no scanners for them
    from refsync.cites import Cites

DUPLICATES = frozenset({"RS101", "RS102", "RS103", "RS104"})
"""The rules that need the deduplicator."""

MERGEABLE = frozenset({"RS101", "RS102"})
"""The rules whose findings a merge fixes."""


def run_rules(
    files: Sequence[BibFile],
    codes: Collection[str],
    deduplication: Deduplication,
    cites: "Cites | None" = None,
    library: int = 0,
) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        files: the files that are checked together; the first `library` of them are not reported on.
        codes: the rules to apply.
        deduplication: the deduplicator's result for all records, in the order of the files.
        cites: the documents that cite; None where there are none: then RS204 and RS205 are not applied.
        library: how many of the files are only compared with.
    """
    context = Library.of(files, macros(files))
    examined = [examine(file, codes, context) for file in files[library:]]
    findings = [finding for one in examined for finding in (*one.findings, *_duplicate_keys(one, codes))]
    if deduplication != Deduplication():
        findings += _duplicates(files, examined, deduplication, codes)
    if cites:
        findings += _citations(files, examined, cites, codes)
    ignores = {one.file.source: one.ignores for one in examined if one.ignores}
    findings = [item for item in findings if not any(ignore.hides(item) for ignore in ignores.get(item.source, ()))]
    order = {file.source: place for place, file in enumerate(files)}
    return sorted(
        findings, key=lambda item: (order.get(item.source, -1), item.source, item.line, item.column, item.code)
    )


def _duplicate_keys(one: ExaminedFile, codes: Collection[str]) -> Iterator[Finding]:
    for duplicate in citation_keys.duplicate_keys(one.file.records):
        if duplicate.code in codes:
            yield one.finding_at(duplicate.index, duplicate.code, duplicate.message, "")


def _duplicates(
    files: Sequence[BibFile],
    examined: Sequence[ExaminedFile],
    deduplication: Deduplication,
    codes: Collection[str],
) -> Iterator[Finding]:
    from refsync.check.rules.duplicates import duplicates

    known = sum(len(file.records) for file in files[: len(files) - len(examined)])
    records = [record for file in files for record in file.records]
    homes = [(one, index) for one in examined for index in range(len(one.file.records))]
    members_with = {member: cluster.members for cluster in deduplication.clusters for member in cluster.members}
    for duplicate in duplicates(records, deduplication, known):
        if duplicate.code not in codes:
            continue
        one, index = homes[duplicate.index - known]
        merge = None
        if duplicate.code in MERGEABLE and one.editable:
            first = next(i for i in members_with[duplicate.index] if records[i].source == one.file.source)
            merge = (first, duplicate.index) if first != duplicate.index else None
        yield one.finding_at(index, duplicate.code, duplicate.message, records[duplicate.other].id, merge)


def _citations(
    files: Sequence[BibFile], examined: Sequence[ExaminedFile], cites: "Cites", codes: Collection[str]
) -> Iterator[Finding]:
    records = [record for file in files for record in file.records]
    if "RS204" in codes:
        yield from citation_keys.cited_but_missing(cites, records)
    if "RS205" in codes:
        known = sum(len(file.records) for file in files[: len(files) - len(examined)])
        homes = [(one, index) for one in examined for index in range(len(one.file.records))]
        for index in citation_keys.never_cited(cites, records):
            if index >= known:
                one, at = homes[index - known]
                yield one.finding_at(at, "RS205", "is cited by no document", "")
