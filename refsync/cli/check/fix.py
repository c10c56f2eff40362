"""`refsync check --fix`: what is certain is mended in the files, in a run that `refsync undo` takes back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from refsync.check.findings import Finding
from refsync.cites import Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.cli.common.options import Citing
from refsync.cli.dedupe.in_place import aliased
from refsync.config import Config
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers, choices_for_clusters
from refsync.dedup.results import Cluster, Deduplication
from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, entries
from refsync.formats.bibtex.format import read
from refsync.formats.common.decode import encode_like
from refsync.planning.merge_in_place import Revision, revise
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.settings import PLAIN
from refsync.records import Problem, Record
from refsync.runs.apply import apply_revisions, read_texts
from refsync.runs.journal import Run
from refsync.sources import Reading, read_again

COMMAND = "check --fix"


@dataclass(frozen=True, slots=True)
class Mending:
    """What --fix does.

    `revisions` are the files before and after, `moved` the documents that cite other keys then, `mended` the findings
    that this mends, `notes` why others stay.
    """

    revisions: tuple[Revision, ...]
    moved: tuple[RewrittenDocument, ...]
    mended: tuple[Finding, ...]
    notes: tuple[Problem, ...]
    plan: Plan
    inputs: Mapping[str, str]

    def write(self) -> Run:
        """Write the files.

        Raises:
            StaleError: a file was changed since it was read; none is written then.
            RefsyncError: a file cannot be written.
        """
        return apply_revisions(self.revisions, self.plan, self.inputs, COMMAND, self.moved)


def mend(
    reading: Reading,
    findings: Sequence[Finding],
    cites: Cites,
    citing: Citing,
    config: Config,
    remembered: RememberedAnswers = NO_REMEMBERED_ANSWERS,
) -> Mending:
    """Work out what to change: edits of single fields first, then merges inside each file. Nothing is written.

    Args:
        reading: what was read.
        findings: what is reported; only what they name is mended.
        cites: the documents that cite. Of a paper's keys the one cited most stays; another that is cited goes only
            where the documents are rewritten or `ids` keeps it.
        citing: what is asked for of both.
        config: how to merge.
        remembered: what people answered, of which what they chose for fields counts here.
    """
    cut_off = {problem.source for problem in reading.problems if problem.fatal}  # nobody knows what is missing there
    passed = [
        item
        for item in reading.snapshots[reading.libraries :]
        if item.format == "bibtex" and item.source not in reading.kept and item.source not in cut_off
    ]
    inputs = {item.source: reading.digests[item.source] for item in passed}
    aliases = aliased(reading, citing)
    fixable = [item for item in findings if item.fixable and item.source in inputs]
    before = read_texts(inputs)
    merges = _merges(reading.records, fixable, cites, inputs if citing.rewrite else aliases)
    mended = tuple(item for item in fixable if merges.mends(item))

    edits: defaultdict[str, list[Edit]] = defaultdict(list)
    for item in mended:
        edits[item.source] += item.edits
    after = {source: _edited(text, edits[source]) for source, text in before.items()}
    records: list[Record] = []
    for snapshot in passed:  # the same entries in the same order, with what the edits made of them
        source, text = snapshot.source, after[snapshot.source]
        changed = text != before[source]
        data = encode_like(text, read_again(reading, source), source) if changed else b""
        records += read(data, source).records if changed else snapshot.records
    place = {(record.source, record.index): number for number, record in enumerate(records)}
    places = [place.get((record.source, record.index), -1) for record in reading.records]
    clusters = [Cluster(group, 1.0, ()) for group in merges.groups]
    wished, disputed = choices_for_clusters(clusters, reading.records, remembered)
    found = Deduplication(tuple(Cluster(tuple(places[i] for i in group), 1.0, ()) for group in merges.groups))
    chosen = {places[first]: choices for first, choices in wished.items()}

    settings = replace(config.merge, keep="first")
    merged = {item.source: item for item in revise(after, records, found, settings, aliases, chosen)}
    revisions = {}
    for source, text in before.items():
        if source in merged or after[source] != text:
            new = merged.get(source) or Revision(source, text, after[source], 0, 0, {})
            gone = {
                reading.records[i].index
                for group in merges.groups
                for i in group[1:]
                if reading.records[i].source == source
            }
            revisions[source] = replace(new, before=text, filled=_differing(text, new.after, gone))
    plan = make_plan(
        records, found, config=replace(config, merge=settings, export=PLAIN), context=PlanContext(field_choices=chosen)
    )
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    plan = replace(plan, entries=kept)
    moved = rewrite_documents(cites, plan.renamed, write=citing.rewrite)
    notes = (
        *(note for item in revisions.values() for note in item.notes),
        *outdated_citations(moved),
        *merges.notes,
        *disputed,
    )
    return Mending(tuple(revisions.values()), tuple(moved), mended, notes, plan, inputs)


@dataclass(frozen=True, slots=True)
class _Merges:
    """What is merged: groups of records, each led by the one that survives; `apart` are records that must stay."""

    groups: tuple[tuple[int, ...], ...]
    apart: frozenset[int]
    notes: tuple[Problem, ...]

    def mends(self, finding: Finding) -> bool:
        """Whether a finding is gone after this."""
        return not finding.merge or self.apart.isdisjoint(finding.merge)


def _merges(
    records: Sequence[Record],
    fixable: Sequence[Finding],
    cites: Cites,
    free: Collection[str],
) -> _Merges:
    """The merges that the findings ask for.

    Args:
        records: all records.
        fixable: the findings.
        cites: the documents that cite.
        free: the files in which a key may go although it is cited.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for item in fixable:
        if item.merge:
            members[item.merge[0]].append(item.merge[1])
    groups: list[tuple[int, ...]] = []
    apart: set[int] = set()
    notes: list[Problem] = []
    for first, others in sorted(members.items()):
        survivor = max((first, *others), key=lambda i: (cites.count(records[i]), -i))
        rest = [i for i in (first, *others) if i != survivor]
        stays = records[survivor].id
        for i in rest:
            record = records[i]
            if record.id != stays and cites.count(record) and record.source not in free:
                apart.add(i)
                told = f"not merged into {stays!r}: {record.id!r} is cited too; --rewrite-cites would change that"
                notes.append(Problem(record.source, told, record.line, kind="note"))
        groups.append((survivor, *(i for i in rest if i not in apart)))
    return _Merges(tuple(group for group in groups if len(group) > 1), frozenset(apart), tuple(notes))


def _edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made; of two that overlap the first (another run makes the other)."""
    made: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not made or edit.start >= made[-1].end:
            made.append(edit)
    after = apply_edits(text, made)
    changed = {block.start for block in entries(text) if any(block.start < edit.start < block.end for edit in made)}
    check_untouched(text, after, (), changed)
    return after


def _differing(before: str, after: str, gone: Collection[int]) -> int:
    """How many entries differ, where those with the indices `gone` (from 1) were deleted."""
    stayed = (block for index, block in enumerate(entries(before), 1) if index not in gone)
    pairs = zip(stayed, entries(after), strict=True)
    return sum(before[one.start : one.end] != after[other.start : other.end] for one, other in pairs)
