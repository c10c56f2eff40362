"""Merging duplicates inside a papis library: documents before and after, moves of files, the plan for the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync.cites import Cites, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.decisions import RememberedAnswers, choices_for_clusters
from refsync.dedup.merge import NO_CHOICES, Choice, merge_cluster
from refsync.dedup.results import Cluster, Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.errors import RefsyncError
from refsync.formats.bibtex.edit import EditRefusedError
from refsync.in_place.citing import Citing
from refsync.papis.configuration import Library
from refsync.papis.files import FolderMerge, MoveRefusedError, plan_folder_merge
from refsync.planning.merge_documents import merged_text
from refsync.planning.merge_in_place import survivors_first
from refsync.planning.plan import Plan, PlanContext, make_plan, with_survivors_keys
from refsync.planning.settings import PLAIN, PlanSettings
from refsync.records import Problem
from refsync.runs.apply import apply_documents
from refsync.runs.journal import Run
from refsync.runs.moves import Moves
from refsync.sources import Reading, read_again


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMerges:
    """What merging duplicates in a library changes.

    Attributes:
        library: the library.
        before: the text of each document.
        after: the new text of each document that stays, by its source.
        folders: the folders of each group, in the order of the plan's clusters, and the moves between them.
        moves: all files that move, and the documents that are removed.
        plan: the merges, for the journal.
        rewritten: the documents that cite removed keys.
        disputed: answers about fields that contradict each other.
        notes: groups that are left as they are, and places to check.
    """

    library: Library
    before: Mapping[str, str]
    after: Mapping[str, str]
    folders: tuple[FolderMerge, ...]
    moves: Moves
    plan: Plan
    rewritten: tuple[RewrittenDocument, ...]
    disputed: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    def write(self, digests: Mapping[str, str]) -> Run:
        """Write the library.

        Args:
            digests: the SHA-256 of each document when it was read.

        Raises:
            StaleError: a document was changed since it was read; nothing is written then.
            RefsyncError: a file cannot be written or moved.
        """
        changed = {source: text for source, text in self.after.items() if text != self.before[source]}
        return apply_documents(
            changed, self.plan, digests, self.library.folder, "dedupe", self.moves, documents=self.rewritten
        )


@dataclass(slots=True)
class _Draft:
    """The merges so far."""

    after: dict[str, str] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)
    folders: list[FolderMerge] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def moves(self) -> Moves:
        emptied = [path for item in self.folders for path in item.emptied]
        return Moves(
            files=tuple(step for item in self.folders for step in item.files),
            removed=tuple(self.removed),
            emptied=tuple(sorted(emptied, key=lambda path: -len(path.parts))),
        )


def texts_of_library(reading: Reading, library: Library) -> dict[str, str]:
    """The text of each document.

    Raises:
        RefsyncError: a document cannot be read, so that it is unknown what the library has.
        StaleError: a file was changed since it was read.
    """
    if failed := sum(problem.fatal for problem in reading.problems):
        what = f"{library.name}: {failed:,} document{'s' if failed > 1 else ''} cannot be read"
        raise RefsyncError(what, hint="nothing was changed; correct what is listed above first")
    return {item.source: read_again(reading, item.source).decode("utf-8") for item in reading.snapshots}


def plan_document_merges(
    library: Library,
    reading: Reading,
    found: Deduplication,
    answers: RememberedAnswers,
    cites: Cites,
    citing: Citing,
    settings: PlanSettings,
) -> DocumentMerges:
    """What merging these duplicates changes in a library.

    Args:
        library: the library.
        reading: its documents.
        found: what to merge.
        answers: people's answers, of which the choices for fields are used.
        cites: the documents that cite.
        citing: the options about documents.
        settings: how to merge.

    Raises:
        RefsyncError: a document cannot be read, or a folder cannot be written.
        StaleError: a document was changed since it was read.
    """
    texts = texts_of_library(reading, library)
    choices, disputed = choices_for_clusters(found.clusters, reading.records, answers)
    found = survivors_first(reading.records, found, cites, settings.merge)
    draft = _merge(library, reading, found, settings.merge, texts, choices)
    plan = make_plan(
        reading.records,
        replace(found, clusters=tuple(draft.clusters)),
        (*reading.problems, *disputed),
        config=PlanSettings(merge=settings.merge, areas=settings.areas, export=PLAIN),
        context=PlanContext(
            survivors_first=True, link_versions=False, field_choices=choices, cannot_link=answers.cannot_link
        ),
    )
    plan = with_survivors_keys(plan)
    keys = plan.key_map.for_documents
    rewritten = rewrite_documents(cites, keys, write=citing.rewrite)
    return DocumentMerges(
        library=library,
        before=texts,
        after=draft.after,
        folders=tuple(draft.folders),
        moves=draft.moves,
        plan=plan,
        rewritten=tuple(rewritten),
        disputed=tuple(disputed),
        notes=(*draft.notes, *outdated_citations(rewritten, cites, keys)),
    )


def _merge(
    library: Library,
    reading: Reading,
    found: Deduplication,
    settings: MergeSettings,
    texts: Mapping[str, str],
    choices: Mapping[int, Mapping[str, Choice]],
) -> _Draft:
    """The merges; a group that cannot be merged is left as it is, with a note that says why."""
    draft = _Draft()
    for cluster in found.clusters:
        members = [reading.records[i] for i in cluster.members]
        merged = merge_cluster(members, settings, choices.get(min(cluster.members), NO_CHOICES), survivor=0)
        survivor, *others = members
        try:
            folders = plan_folder_merge(library, Path(survivor.source), [Path(one.source) for one in others])
            text, notes = merged_text([(one, texts[one.source]) for one in members], merged, folders.names)
        except (EditRefusedError, MoveRefusedError) as error:
            names = " and ".join(repr(one.id) for one in members)
            message = f"{names} are one paper, and are not merged: {error}"
            draft.notes.append(Problem(survivor.source, message, survivor.line, kind="note"))
            continue
        draft.after[survivor.source] = text
        draft.clusters.append(cluster)
        draft.folders.append(folders)
        draft.removed += [Path(one.source) for one in others]
        draft.notes += notes
    return draft
