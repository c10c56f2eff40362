"""`refsync check --fix`: fix findings in the files, in a run that `refsync undo` undoes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from refsync.check.findings import Finding
from refsync.check.rules.citation_keys import citable_keys
from refsync.cites import Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers, choices_for_clusters
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.results import Cluster, Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, entries
from refsync.formats.bibtex.format import read
from refsync.formats.common.decode import encode_like
from refsync.in_place.aliases import files_with_aliases
from refsync.in_place.citing import Citing
from refsync.planning.key_ownership import citations_of_records
from refsync.planning.merge_in_place import first_survivor, merge_in_place
from refsync.planning.plan import Plan, PlanContext, make_plan, with_survivors_keys
from refsync.planning.revision import Revision
from refsync.planning.settings import PLAIN, PlanSettings
from refsync.records import Problem, Record
from refsync.runs.apply import apply_revisions, read_texts
from refsync.runs.journal import Run
from refsync.sources import Reading, read_again

COMMAND = "check --fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes:
    """What --fix changes.

    Attributes:
        revisions: the files before and after.
        rewritten: the documents that cite renamed keys.
        fixed: the findings that are fixed.
        notes: why other findings are not fixed, and places to check.
        plan: the merges, for the journal.
        inputs: the SHA-256 of each file.
    """

    revisions: tuple[Revision, ...]
    rewritten: tuple[RewrittenDocument, ...]
    fixed: tuple[Finding, ...]
    notes: tuple[Problem, ...]
    plan: Plan
    inputs: Mapping[str, str]

    def write(self) -> Run:
        """Write the files.

        Raises:
            StaleError: a file was changed since it was read; none is written then.
            RefsyncError: a file cannot be written.
        """
        return apply_revisions(self.revisions, self.plan, self.inputs, COMMAND, self.rewritten)


def plan_fixes(
    reading: Reading,
    findings: Sequence[Finding],
    cites: Cites,
    citing: Citing,
    config: PlanSettings,
    remembered: RememberedAnswers = NO_REMEMBERED_ANSWERS,
) -> Fixes:
    """The fixes of these findings: edits of single fields first, then merges inside each file. Nothing is written.

    Args:
        reading: what was read.
        findings: what is reported; only these findings are fixed.
        cites: the documents that cite. Of a paper's keys the most cited one stays; another cited key is removed only if
            the documents are rewritten or `ids` keeps it.
        citing: the options about documents and `ids`.
        config: how to merge.
        remembered: people's answers, of which the choices for fields are used.
    """
    unsafe = {problem.source for problem in reading.problems if problem.fatal or problem.code == "conflict-marker"}
    editable = [
        item
        for item in reading.snapshots[reading.libraries :]
        if item.format == "bibtex" and item.source not in reading.kept and item.source not in unsafe
    ]
    inputs = {item.source: reading.digests[item.source] for item in editable}
    aliases = files_with_aliases(reading, citing, cites)
    fixable = [item for item in findings if item.fixable and item.source in inputs]
    before = read_texts(inputs)
    merges = _merges(reading.records, fixable, cites, inputs if citing.rewrite else aliases, config.merge)
    fixed = tuple(item for item in fixable if merges.fixes(item))

    edits: defaultdict[str, list[Edit]] = defaultdict(list)
    for item in fixed:
        edits[item.source] += item.edits
    after = {source: _apply_edits(text, edits[source]) for source, text in before.items()}
    records: list[Record] = []
    for snapshot in editable:  # the same entries in the same order, after the edits
        source, text = snapshot.source, after[snapshot.source]
        changed = text != before[source]
        data = encode_like(text, read_again(reading, source), source) if changed else b""
        records += read(data, source).records if changed else snapshot.records
    index_of = {(record.source, record.index): index for index, record in enumerate(records)}
    indices = [index_of.get((record.source, record.index), -1) for record in reading.records]
    clusters = [Cluster(group, 1.0, ()) for group in merges.groups]
    choices_by_cluster, disputed = choices_for_clusters(clusters, reading.records, remembered)
    deduplication = Deduplication(tuple(Cluster(tuple(indices[i] for i in group), 1.0, ()) for group in merges.groups))
    chosen = {indices[first]: choices for first, choices in choices_by_cluster.items()}

    merged = {
        item.source: item for item in merge_in_place(after, records, deduplication, config.merge, aliases, chosen)
    }
    revisions = {}
    for source, text in before.items():
        if source in merged or after[source] != text:
            new = merged.get(source) or Revision(source=source, before=text, after=after[source])
            deleted = {
                reading.records[i].index
                for group in merges.groups
                for i in group[1:]
                if reading.records[i].source == source
            }
            revisions[source] = replace(new, before=text, changed=_count_changed(text, new.after, deleted))
    plan = make_plan(
        records,
        deduplication,
        config=replace(config, export=PLAIN),
        context=PlanContext(survivors_first=True, field_choices=chosen),
    )
    plan = with_survivors_keys(plan)
    keys = plan.key_map
    rewritten = rewrite_documents(cites, keys.for_documents, write=citing.rewrite)
    notes = (
        *(note for item in revisions.values() for note in item.notes),
        *keys.problems(),
        *outdated_citations(rewritten, cites, keys.for_documents),
        *merges.notes,
        *disputed,
    )
    return Fixes(
        revisions=tuple(revisions.values()),
        rewritten=tuple(rewritten),
        fixed=fixed,
        notes=notes,
        plan=plan,
        inputs=inputs,
    )


@dataclass(frozen=True, slots=True)
class _Merges:
    """Groups of records to merge, each led by its survivor; `excluded` records are not merged, `notes` say why."""

    groups: tuple[tuple[int, ...], ...]
    excluded: frozenset[int]
    notes: tuple[Problem, ...]

    def fixes(self, finding: Finding) -> bool:
        """Whether the merges, or edits of its own, fix a finding."""
        return not finding.merge or self.excluded.isdisjoint(finding.merge)


def _merges(
    records: Sequence[Record],
    fixable: Sequence[Finding],
    cites: Cites,
    removable: Collection[str],
    settings: MergeSettings,
) -> _Merges:
    """The merges that the findings need.

    Args:
        records: all records.
        fixable: the findings.
        cites: the documents that cite.
        removable: the files in which a cited key may be removed.
        settings: which form of publication is kept.
    """
    whole = with_inherited(records)
    # only documents that the user named: others may be drafts, and are reported by a note
    cited = {cite.key for document in cites.documents for cite in document.cites}
    members: defaultdict[int, list[int]] = defaultdict(list)
    for item in fixable:
        if item.merge:
            members[item.merge[0]].append(item.merge[1])
    groups: list[tuple[int, ...]] = []
    excluded: set[int] = set()
    notes: list[Problem] = []
    citations = citations_of_records(records, [(first, *others) for first, others in members.items()], cites)
    for first, others in sorted(members.items()):
        survivor = first_survivor((first, *others), whole, citations, settings)
        duplicates = [i for i in (first, *others) if i != survivor]
        kept_key = records[survivor].id
        for i in duplicates:
            record = records[i]
            if record.id != kept_key and cited.intersection(citable_keys(record)) and record.source not in removable:
                excluded.add(i)
                message = f"not merged into {kept_key!r}: {record.id!r} is cited too; use --rewrite-cites to merge it"
                notes.append(Problem(record.source, message, record.line, kind="note"))
        groups.append((survivor, *(i for i in duplicates if i not in excluded)))
    return _Merges(tuple(group for group in groups if len(group) > 1), frozenset(excluded), tuple(notes))


def _apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits; of two that overlap only the first is applied (another run applies the other)."""
    applied: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not applied or edit.start >= applied[-1].end:
            applied.append(edit)
    after = apply_edits(text, applied)
    changed = {block.start for block in entries(text) if any(block.start < edit.start < block.end for edit in applied)}
    check_untouched(text, after, (), changed)
    return after


def _count_changed(before: str, after: str, deleted: Collection[int]) -> int:
    """How many entries differ; those with the indices `deleted` (from 1) are only in the text before."""
    remaining = (block for index, block in enumerate(entries(before), 1) if index not in deleted)
    pairs = zip(remaining, entries(after), strict=True)
    return sum(before[one.start : one.end] != after[other.start : other.end] for one, other in pairs)
