"""`dedupe papis:LIBRARY --write`: merging documents inside a papis library."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync import schemas
from refsync.cites import Cites, outdated_citations, rewrite_documents
from refsync.cli.common.diff import print_diff
from refsync.cli.common.duplicates import Duplicates
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_renamed, print_rewritten, print_undo_hint
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.output import echo
from refsync.cli.common.papis_library import print_cache_note, shown_path, texts_of_library
from refsync.cli.common.problems import print_problems
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, print_json
from refsync.decisions import choices_for_clusters
from refsync.dedup.merge import NO_CHOICES, Choice, merge_cluster
from refsync.dedup.results import Cluster, Deduplication
from refsync.formats.bibtex.edit import EditRefusedError
from refsync.papis.configuration import Library
from refsync.papis.files import FolderMerge, MoveRefusedError, plan_folder_merge
from refsync.planning.merge_documents import merged_text
from refsync.planning.merge_in_place import survivors_first
from refsync.planning.plan import PlanContext, make_plan, with_survivors_keys
from refsync.planning.settings import PLAIN
from refsync.records import Problem, Record
from refsync.runs.apply import apply_documents
from refsync.runs.journal import Run
from refsync.runs.moves import Moves
from refsync.sources import Reading


@dataclass(slots=True)
class _Draft:
    """The merges of a library: its new texts, the moves of each cluster, and what a person should know."""

    texts: dict[str, str] = field(default_factory=dict)
    clusters: list[Cluster] = field(default_factory=list)
    folders: list[FolderMerge] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def moves(self) -> Moves:
        emptied = [path for item in self.folders for path in item.emptied]
        return Moves(
            files=tuple(step for item in self.folders for step in item.files),
            removed=tuple(map(Path, self.removed)),
            emptied=tuple(sorted(emptied, key=lambda path: -len(path.parts))),
        )


def merge_papis_library(
    request: Request,
    library: Library,
    reading: Reading,
    duplicates: Duplicates,
    cites: Cites,
    *,
    write: bool,
) -> int:
    """Merge the duplicates of a papis library, or show what that would change.

    Args:
        request: what the command was asked to do.
        library: the library.
        reading: its documents.
        duplicates: what to merge.
        cites: the documents that cite.
        write: write the library; otherwise print what would change.

    Returns:
        The exit code.

    Raises:
        RefsyncError: a document cannot be read or written.
        StaleError: a document was changed since it was read.
    """
    common, citing = request.common, request.citing
    texts = texts_of_library(reading, library)
    choices, disputed = choices_for_clusters(duplicates.found.clusters, reading.records, duplicates.answers)
    new = (*duplicates.problems, *disputed)
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    found = survivors_first(reading.records, duplicates.found, cites, common.config.merge)
    draft = _merge(library, reading.records, found, request, texts, choices)
    plan = make_plan(
        reading.records,
        replace(found, clusters=tuple(draft.clusters)),
        (*reading.problems, *new),
        config=replace(common.config, export=PLAIN),
        context=PlanContext(
            survivors_first=True, link_versions=False, field_choices=choices, cannot_link=duplicates.answers.cannot_link
        ),
    )
    plan = with_survivors_keys(plan)
    keys = plan.key_map
    rewritten = rewrite_documents(cites, keys.for_documents, write=citing.rewrite)
    notes = [*duplicates.notes, *draft.notes, *outdated_citations(rewritten, cites, keys.for_documents)]
    print_problems(notes, common.quiet, common.verbose)
    if not write and not common.json:
        for source, after in draft.texts.items():
            print_diff(shown_path(source, library), texts[source], after)
        for item in rewritten:
            print_diff(item.source, item.before, item.after)
    run: Run | None = None
    if write and draft.clusters and not request.dry_run:
        changed = {source: after for source, after in draft.texts.items() if after != texts[source]}
        run = apply_documents(changed, plan, reading.digests, library.folder, "dedupe", draft.moves, rewritten)
    if common.json:
        result = schemas.dedupe(reading.records, plan.deduplication, (*plan.problems, *notes))
        moved = {shown_path(old, library): shown_path(new, library) for old, new in draft.moves.files}
        print_json({**result, **schemas.renamed(plan, rewritten), "moved": moved})
        return exit_code(reading)
    _print(library, draft, reading.records)
    print_renamed(keys.everything)
    print_rewritten(rewritten)
    if run:
        print_undo_hint(run.folder)
        print_cache_note(library, common.quiet)
    elif not draft.clusters:
        echo("no duplicates to merge; nothing was changed")
    else:
        echo(f"nothing was written ({'--dry-run' if request.dry_run else '--diff'})")
    return exit_code(reading)


def _merge(
    library: Library,
    records: tuple[Record, ...],
    found: Deduplication,
    request: Request,
    texts: Mapping[str, str],
    choices: Mapping[int, Mapping[str, Choice]],
) -> _Draft:
    """The merges; a group that cannot be merged is left as it is, with a note that says why."""
    draft = _Draft()
    for cluster in found.clusters:
        members = [records[i] for i in cluster.members]
        chosen = choices.get(min(cluster.members), NO_CHOICES)
        merged = merge_cluster(members, request.common.config.merge, chosen, members, survivor=0)
        survivor, *others = members
        try:
            folders = plan_folder_merge(library, Path(survivor.source), [Path(one.source) for one in others])
            pairs = [(one, texts[one.source]) for one in members]
            text, notes = merged_text(pairs, merged, folders.names)
        except (EditRefusedError, MoveRefusedError) as error:
            names = " and ".join(repr(one.id) for one in members)
            message = f"{names} are one paper, and are not merged: {error}"
            draft.notes.append(Problem(survivor.source, message, survivor.line, kind="note"))
            continue
        draft.texts[survivor.source] = text
        draft.clusters.append(cluster)
        draft.folders.append(folders)
        draft.removed += [one.source for one in others]
        draft.notes += notes
    return draft


def _print(library: Library, draft: _Draft, records: tuple[Record, ...]) -> None:
    for cluster, folders in zip(draft.clusters, draft.folders, strict=True):
        survivor, *others = (shown_path(Path(records[i].source).parent, library) for i in cluster.members)
        echo(f"{survivor}: {', '.join(others)} merged into it, {counted(len(folders.files), 'file')} moved")
        for old, new in folders.files:
            echo(f"  {shown_path(old, library)} -> {shown_path(new, library)}")
