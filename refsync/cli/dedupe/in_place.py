"""`dedupe --write`: merging inside the user's own .bib files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from refsync import schemas
from refsync.check.rule_selection import entries_ignored
from refsync.check.run_rules import MERGEABLE
from refsync.cites import Cites, outdated_citations, rewrite_documents
from refsync.cli.common.diff import print_diff
from refsync.cli.common.file_changes import print_revisions
from refsync.cli.common.problems import print_problems
from refsync.cli.common.text import print_json
from refsync.cli.common.options import Citing, Common
from refsync.cli.common.stages import UNREADABLE, exit_code
from refsync.cli.runs.plan_files import write_plan
from refsync.decisions import RememberedAnswers, choices_for_clusters
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.formats.common.dialect import dialect_of
from refsync.planning.merge_in_place import revise, survivors_first
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.settings import PLAIN
from refsync.records import Problem, Record
from refsync.runs.apply import apply_revisions, read_texts
from refsync.sources import Reading


def revise_files(
    reading: Reading,
    found: Deduplication,
    remembered: RememberedAnswers,
    problems: tuple[Problem, ...],
    cites: Cites,
    citing: Citing,
    common: Common,
    plan_of: Callable[[Plan], schemas.Json],
    plan_path: str = "",
    *,
    write: bool,
    diff: bool = False,
) -> int:
    """Merge duplicates in the files that were read, or show what that would change.

    Args:
        reading: the files.
        found: the deduplicator's verdicts.
        remembered: what people answered, of which what they chose for fields counts here.
        problems: what is known to be wrong.
        cites: the documents that cite.
        citing: what is to become of them.
        common: what every command is told.
        plan_of: makes the plan that is kept.
        plan_path: where the plan is written to, and nothing else; empty to write the files.
        write: write them.
        diff: show what changes.

    Raises:
        ConfigError: an input is no .bib file.
    """
    for snapshot in reading.snapshots:
        if snapshot.format != "bibtex" or snapshot.source in reading.kept:
            raise ConfigError(
                f"{snapshot.source}: only .bib files can be changed in place", hint="use -o for the others"
            )
    inputs = {snapshot.source: reading.digests[snapshot.source] for snapshot in reading.snapshots}
    texts = read_texts(inputs)
    found, left = _without_ignored(texts, reading.records, found)
    chosen, disputed = choices_for_clusters(found.clusters, reading.records, remembered)
    problems = (*problems, *disputed)
    print_problems(problems[len(reading.problems) :], common.quiet, common.verbose)
    if common.strict and len(problems) > len(reading.problems):
        return UNREADABLE
    found = survivors_first(reading.records, found, cites)
    settings = replace(common.config.merge, keep="first")
    revisions = revise(texts, reading.records, found, settings, aliased(reading, citing), chosen)
    config = replace(common.config, merge=settings, export=PLAIN)
    plan = make_plan(
        reading.records,
        found,
        problems,
        config=config,
        context=PlanContext(field_choices=chosen, cannot_link=remembered.cannot_link),
    )
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    plan = replace(plan, entries=kept, problems=tuple(problems))
    rewritten = rewrite_documents(cites, plan.renamed, write=citing.rewrite)
    told = [*left, *(note for revision in revisions for note in revision.notes), *outdated_citations(rewritten)]
    print_problems(told, common.quiet, common.verbose)
    if diff and not common.json:
        for revision in revisions:
            print_diff(revision.source, revision.before, revision.after)
        for item in rewritten:
            print_diff(item.source, item.before, item.after)
    if plan_path:
        write_plan(plan_path, plan_of(plan), plan, common)
        return exit_code(reading)
    run = None
    if write and revisions:
        run = apply_revisions(revisions, plan, inputs, documents=rewritten, document=plan_of(plan))
    if common.json:
        result = schemas.dedupe(reading.records, found, (*problems, *told))
        print_json({**result, **schemas.renamed(plan, rewritten)})
    elif write:
        print_revisions(revisions, rewritten, run.folder if run else None)
    return exit_code(reading)


def _without_ignored(
    texts: Mapping[str, str], records: Sequence[Record], found: Deduplication
) -> tuple[Deduplication, list[Problem]]:
    """The same verdicts without the entries above which a comment says that they are none, and a note for each."""
    ignored = {source: entries_ignored(text, MERGEABLE) for source, text in texts.items()}
    clusters, notes = [], []
    for cluster in found.clusters:
        first, *others = cluster.members
        stay = [i for i in others if records[i].index in ignored[records[i].source]]
        for i in stay:
            told = (
                f"{records[i].id!r} is not merged into {records[first].id!r}: a comment above it says `refsync: ignore`"
            )
            notes.append(Problem(records[i].source, told, records[i].line, kind="note"))
        members = tuple(i for i in cluster.members if i not in stay)
        if len(members) > 1:
            evidence = tuple(pair for pair in cluster.evidence if {pair.a, pair.b} <= {*members})
            clusters.append(replace(cluster, members=members, evidence=evidence))
    return replace(found, clusters=tuple(clusters)), notes


def aliased(reading: Reading, citing: Citing) -> list[str]:
    """The files whose entries keep the keys that they take over, in `ids`.

    Where it isn't said, those written for BibLaTeX, unless documents are rewritten: BibTeX knows no aliases, and who
    has us rewrite the documents wants the old key gone.
    """
    if citing.ids is False or (citing.ids is None and citing.rewrite):
        return []
    return [
        snapshot.source for snapshot in reading.snapshots if citing.ids or dialect_of(snapshot.records) == "biblatex"
    ]
