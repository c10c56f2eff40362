"""Merging duplicates inside .bib files: the files before and after, the plan for the journal, and what to check."""

from dataclasses import dataclass, replace

from refsync.cites import Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.decisions import RememberedAnswers, choices_for_clusters
from refsync.dedup.results import Deduplication
from refsync.in_place.aliases import check_in_place, digests_of_files, files_with_aliases
from refsync.in_place.citing import Citing
from refsync.planning.merge_in_place import merge_in_place, survivors_first
from refsync.planning.plan import Plan, PlanContext, make_plan, with_survivors_keys
from refsync.planning.revision import Revision
from refsync.planning.settings import PLAIN, PlanSettings
from refsync.records import Problem
from refsync.runs.apply import read_texts
from refsync.sources import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMerges:
    """What merging duplicates in files changes.

    Attributes:
        revisions: the files before and after.
        rewritten: the documents that cite removed keys.
        plan: the merges, for the journal.
        inputs: the SHA-256 of each file.
        disputed: answers about fields that contradict each other.
        key_problems: keys that stood for several papers.
        notes: places to check.
    """

    revisions: tuple[Revision, ...]
    rewritten: tuple[RewrittenDocument, ...]
    plan: Plan
    inputs: dict[str, str]
    disputed: tuple[Problem, ...]
    key_problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def plan_merges(
    reading: Reading,
    found: Deduplication,
    answers: RememberedAnswers,
    cites: Cites,
    citing: Citing,
    settings: PlanSettings,
    problems: tuple[Problem, ...] = (),
) -> FileMerges:
    """What merging these duplicates changes in the files that were read.

    Args:
        reading: the files.
        found: what to merge.
        answers: people's answers, of which the choices for fields are used.
        cites: the documents that cite.
        citing: the options about documents and `ids`.
        settings: how to merge.
        problems: those of the answers, for the plan.

    Raises:
        ConfigError: an input is not a .bib file.
        StaleError: a file was changed since it was read.
        EditRefusedError: a file has an unresolved conflict of a merge, or an edit would change something else.
    """
    check_in_place(reading)
    inputs = digests_of_files(reading)
    texts = read_texts(inputs)
    choices, disputed = choices_for_clusters(found.clusters, reading.records, answers)
    problems = (*reading.problems, *problems, *disputed)
    found = survivors_first(reading.records, found, cites, settings.merge)
    revisions = merge_in_place(
        texts, reading.records, found, settings.merge, files_with_aliases(reading, citing, cites), choices
    )
    plan = make_plan(
        reading.records,
        found,
        problems,
        config=PlanSettings(merge=settings.merge, areas=settings.areas, export=PLAIN),
        context=PlanContext(
            survivors_first=True, link_versions=False, field_choices=choices, cannot_link=answers.cannot_link
        ),
    )
    plan = with_survivors_keys(plan)
    keys = plan.key_map
    key_problems = tuple(keys.problems())
    rewritten = rewrite_documents(cites, keys.for_documents, write=citing.rewrite)
    notes = (
        *(note for revision in revisions for note in revision.notes),
        *key_problems,
        *outdated_citations(rewritten, cites, keys.for_documents),
    )
    return FileMerges(
        revisions=tuple(revisions),
        rewritten=tuple(rewritten),
        plan=replace(plan, problems=(*problems, *key_problems)),
        inputs=inputs,
        disputed=tuple(disputed),
        key_problems=key_problems,
        notes=notes,
    )
