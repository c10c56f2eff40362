"""From files and verdicts to findings: the rules are applied, and what comments switch off is left out. Pure."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile, Library
from refsync.check.examine_file import Examined, examine, macros
from refsync.check.findings import Finding
from refsync.check.rules import citation_keys
from refsync.dedup.results import Deduplication

if TYPE_CHECKING:  # a check without documents that cite needs no scanners for them
    from refsync.cites import Cites

DUPLICATES = frozenset({"RS101", "RS102", "RS103", "RS104"})
"""The rules that need the deduplicator."""

MERGEABLE = frozenset({"RS101", "RS102"})
"""The rules whose findings a merge mends."""


def find(
    files: Sequence[BibFile],
    codes: Collection[str],
    found: Deduplication,
    cites: "Cites | None" = None,
    library: int = 0,
    certain: float = 0.95,
) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        files: what is looked at together; nothing is reported of the first `library` of them.
        codes: the rules that are looked for.
        found: what the deduplicator says of all records, in the order of the files.
        cites: the documents that cite; None where there are none, and nothing is to be said of citations.
        library: how many of the files are only there to be compared with.
        certain: how probable it must be that two entries are one paper to be an error.
    """
    known = Library.of(files, macros(files))
    examined = [examine(file, codes, known) for file in files[library:]]
    findings = [finding for one in examined for finding in (*one.findings, *_clashes(one, codes))]
    if found != Deduplication():
        findings += _repeats(files, examined, found, codes, certain)
    if cites:
        findings += _citations(files, examined, cites, codes)
    hidden = {one.file.source: one.ignores for one in examined if one.ignores}
    findings = [item for item in findings if not any(ignore.hides(item) for ignore in hidden.get(item.source, ()))]
    order = {file.source: place for place, file in enumerate(files)}
    return sorted(
        findings, key=lambda item: (order.get(item.source, -1), item.source, item.line, item.column, item.code)
    )


def _clashes(one: Examined, codes: Collection[str]) -> Iterator[Finding]:
    for clash in citation_keys.clashes(one.file.records):
        if clash.code in codes:
            yield one.about(clash.index, clash.code, clash.message, "")


def _repeats(
    files: Sequence[BibFile], examined: Sequence[Examined], found: Deduplication, codes: Collection[str], certain: float
) -> Iterator[Finding]:
    from refsync.check.rules.duplicates import repeats

    known = sum(len(file.records) for file in files[: len(files) - len(examined)])
    records = [record for file in files for record in file.records]
    homes = [(one, index) for one in examined for index in range(len(one.file.records))]
    members_with = {member: cluster.members for cluster in found.clusters for member in cluster.members}
    for repeat in repeats(records, found, certain, known):
        if repeat.code not in codes:
            continue
        one, index = homes[repeat.index - known]
        merge = None
        if repeat.code in MERGEABLE and one.file.text:
            first = next(i for i in members_with[repeat.index] if records[i].source == one.file.source)
            merge = (first, repeat.index) if first != repeat.index else None
        yield one.about(index, repeat.code, repeat.message, records[repeat.other].id, merge)


def _citations(
    files: Sequence[BibFile], examined: Sequence[Examined], cites: "Cites", codes: Collection[str]
) -> Iterator[Finding]:
    records = [record for file in files for record in file.records]
    if "RS204" in codes:
        yield from citation_keys.missing(cites, records)
    if "RS205" in codes:
        known = sum(len(file.records) for file in files[: len(files) - len(examined)])
        homes = [(one, index) for one in examined for index in range(len(one.file.records))]
        for index in citation_keys.uncited(cites, records):
            if index >= known:
                one, at = homes[index - known]
                yield one.about(at, "RS205", "is cited by no document", "")
