"""Apply the rules to files and their duplicates, and leave out what `ignore` comments hide. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.check.entries import BibFile, Library
from refsync.check.examine_file import examine, macros
from refsync.check.findings import Finding
from refsync.check.ignore_comments import IgnoreComment, ignore_comments, unused_comments
from refsync.check.line_index import LineIndex
from refsync.check.rules import citation_keys
from refsync.check.scope import TOGETHER, Scope
from refsync.dedup.results import Deduplication
from refsync.records import Record

if TYPE_CHECKING:  # a check without documents that cite needs no scanners for them
    from refsync.cites import Cites

DUPLICATES = frozenset({"RS101", "RS102", "RS103", "RS104", "RS105"})
"""The rules that need the deduplicator."""

MERGEABLE = frozenset({"RS101", "RS102"})
"""The rules whose findings a merge fixes."""

ACROSS_FILES = DUPLICATES | {"RS201", "RS202", "RS203", "RS205", "RS206", "RS207", "RS304"}
"""The rules whose findings depend on other files."""

NO_DUPLICATES = Deduplication()
"""The result of a deduplicator that found nothing, or did not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rules need besides the files.

    Attributes:
        cites: the documents that cite; None where there are none: then RS204 and RS205 are not applied.
        library: how many of the first files are only compared with, not reported on.
        scope: which files belong together.
        whole: the files of which every other file that belongs to them is known.
        file_exists: whether a file exists that an entry of a source names, for RS607; None if files are not looked for.
        expected_keys: the citation key that each record should have by the template, for RS208; empty without one.
    """

    cites: "Cites | None" = None
    library: int = 0
    scope: Scope = TOGETHER
    whole: Collection[str] = ()
    expected_keys: Sequence[str] = ()
    file_exists: Callable[[str, str], bool] | None = None


_MOST_IN_A_LINE = 4  # blocks with comments above them that end in the line where the next one begins

ALONE = Context()
"""The files are checked by themselves."""


class ExaminedFiles:
    """The files with their records, the findings in single entries, and the comments; their texts are not kept."""

    def __init__(self, files: Sequence[BibFile], codes: Collection[str], context: Context) -> None:
        library = Library.of(files, macros(files), context.file_exists)
        self.codes, self.context = codes, context
        self.files = [BibFile(file.snapshot) for file in files]
        self.examined = [examine(file, codes, library) for file in files[context.library :]]
        self.records: list[Record] = [record for file in files for record in file.records]
        self.known = sum(len(file.records) for file in files[: context.library])
        self.homes = [(one, index) for one in self.examined for index in range(len(one.file.records))]
        self._blocks: dict[str, list[tuple[tuple[int, int], list[IgnoreComment]]]] = {}
        self.comments = {file.source: found for file in files if (found := ignore_comments(file.text))}
        self.line_indices = {one.file.source: one.line_index for one in self.examined}
        for file in files:
            if file.source in self.comments:
                self.line_indices.setdefault(file.source, LineIndex(file.text))(0)

    def finding(self, index: int, code: str, message: str, anchor: str = "", others: Sequence[int] = ()) -> Finding:
        """A finding at the key of a record, counted from 0 over all files."""
        one, place = self.homes[index - self.known]
        beside = tuple((self.records[i].source, self.records[i].line) for i in others)
        return one.finding_at(place, code, message, anchor, others=beside)

    def hidden(self, finding: Finding) -> bool:
        """Whether a comment above the entry of a finding, or above another one that it is about, hides it."""
        places = ((finding.source, finding.line), *finding.others)
        # not `any`: each comment that hides it is in use
        hiding = [item for source, line in places for item in self._above(source, line) if item.hides(finding.code)]
        return bool(hiding)

    def not_merged(self) -> set[int]:
        """The records that a comment keeps from being merged."""
        start, found = 0, set()
        for file in self.files:
            for item in self.comments.get(file.source, ()):
                if item.entry >= 0 and item.hides(*MERGEABLE):
                    found.add(start + item.entry)
            start += len(file.records)
        return found

    def _above(self, source: str, line: int) -> Sequence[IgnoreComment]:
        """The comments above the block that a line is in."""
        if source not in self.comments:
            return ()
        if source not in self._blocks:
            blocks: dict[tuple[int, int], list[IgnoreComment]] = {}
            lines = self.line_indices[source]
            for item in self.comments[source]:
                if item.start >= 0:
                    blocks.setdefault((lines(item.start)[0], lines(item.end)[0]), []).append(item)
            self._blocks[source] = sorted(blocks.items(), key=lambda block: block[0])
        known = self._blocks[source]
        at = bisect_right(known, line, key=lambda block: block[0][0])
        # several blocks may begin in one line
        return [
            item
            for (first, last), items in known[max(0, at - _MOST_IN_A_LINE) : at]
            if first <= line <= last
            for item in items
        ]


def run_rules(
    files: Sequence[BibFile],
    codes: Collection[str],
    deduplication: Deduplication = NO_DUPLICATES,
    context: Context = ALONE,
) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        files: the files that are checked together.
        codes: the rules to apply.
        deduplication: the deduplicator's result for all records, in the order of the files.
        context: what the rules need besides the files.
    """
    return all_findings(ExaminedFiles(files, codes, context), deduplication)


def all_findings(view: ExaminedFiles, deduplication: Deduplication) -> list[Finding]:
    """All findings, in the order of files and lines: those in single entries, and those about several."""
    codes, context = view.codes, view.context
    findings = [finding for one in view.examined for finding in one.findings]
    findings += (finding for finding in _keys(view) if finding.code in codes)
    if deduplication != NO_DUPLICATES:
        findings += (finding for finding in _duplicates(view, deduplication) if finding.code in codes)
    if "RS105" in codes and len(view.records) > 1:
        findings += _shared_identifiers(view, deduplication)
    if context.cites:
        findings += _citations(view, context.cites)
    findings = [item for item in findings if not view.hidden(item)]
    findings += (finding for finding in _comments(view) if finding.code in codes)
    order = {file.source: place for place, file in enumerate(view.files)}
    return sorted(
        findings, key=lambda item: (order.get(item.source, -1), item.source, item.line, item.column, item.code)
    )


def _keys(view: ExaminedFiles) -> Iterator[Finding]:
    records = view.records
    for item in citation_keys.duplicate_keys(records, view.context.scope.compiled, view.known):
        one, place = view.homes[item.index - view.known]
        beside = ((item.other.source, item.other.line),)
        yield one.finding_at(place, item.code, item.message, item.alias, others=beside)
    for index, key in enumerate(view.context.expected_keys):
        record = records[index]
        if index >= view.known and not record.id.startswith("#") and not citation_keys.follows(record.id, key):
            yield view.finding(index, "RS208", f"is not the key of the template, which gives {key!r}")


def _duplicates(view: ExaminedFiles, found: Deduplication) -> Iterator[Finding]:
    from refsync.check.rules.duplicates import duplicates

    records, known = view.records, view.known
    excluded = view.not_merged()
    members_with = {member: cluster.members for cluster in found.clusters for member in cluster.members}
    for item in duplicates(records, found, view.context.scope.compared, known, excluded):
        one, place = view.homes[item.index - known]
        merge = None
        if item.code in MERGEABLE and one.editable:
            source = one.file.source
            first = next(i for i in members_with[item.index] if records[i].source == source and i not in excluded)
            merge = (first, item.index) if first != item.index else None
        other = records[item.other]
        beside = ((other.source, other.line),)
        yield one.finding_at(place, item.code, item.message, other.id, merge, beside)


def _shared_identifiers(view: ExaminedFiles, deduplication: Deduplication) -> Iterator[Finding]:
    from refsync.check.rules.identifiers import shared_identifiers

    compared = view.context.scope.compared
    for item in shared_identifiers(view.records, deduplication, compared, view.known):
        other, record = view.records[item.other], view.records[item.index]
        place = f"line {other.line}" if other.source == record.source else f"{other.source}:{other.line}"
        message = (
            f"has the {item.identifier}, as has {other.id!r} ({place}), a different paper: one of the two is wrong, "
            "or both are one paper after all"
        )
        yield view.finding(item.index, "RS105", message, f"{item.identifier}={other.id}", [item.other])


def _citations(view: ExaminedFiles, cites: "Cites") -> Iterator[Finding]:
    if "RS204" in view.codes:
        yield from citation_keys.cited_but_missing(cites, view.records)
    if "RS205" in view.codes:
        for index in citation_keys.never_cited(cites, view.records):
            if index >= view.known:
                yield view.finding(index, "RS205", "is cited by no document")


def _comments(view: ExaminedFiles) -> Iterator[Finding]:
    """RS001 and RS002, after the other rules."""
    needs: Mapping[str, bool] = {"RS204": bool(view.context.cites), "RS205": bool(view.context.cites)}
    own = {code for code in view.codes if needs.get(code, True)}
    for one in view.examined:
        source = one.file.source
        judged = own if source in view.context.whole else own - ACROSS_FILES
        for item, code, message in unused_comments(view.comments.get(source, ()), judged):
            line, column = one.line_index(item.position)
            anchor = ",".join(item.codes)
            yield Finding(code=code, source=source, line=line, column=column, key="", message=message, anchor=anchor)
