"""`dedupe papis:LIBRARY --write`: merging documents inside a papis library."""

from pathlib import Path

from refsync import schemas
from refsync.cites import Cites
from refsync.cli.common.diff import print_diff
from refsync.cli.common.duplicates import Duplicates
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_renamed, print_rewritten, print_undo_hint
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.output import echo
from refsync.cli.common.papis_library import print_cache_note, shown_path
from refsync.cli.common.problems import print_problems
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, print_json
from refsync.in_place.document_merges import DocumentMerges, plan_document_merges
from refsync.papis.configuration import Library
from refsync.sources import Reading


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
    common = request.common
    merges = plan_document_merges(
        library, reading, duplicates.found, duplicates.answers, cites, request.citing, common.config
    )
    new = (*duplicates.problems, *merges.disputed)
    print_problems(new, common.quiet, common.verbose)
    if common.strict and new:
        return UNREADABLE
    notes = (*duplicates.notes, *merges.notes)
    print_problems(notes, common.quiet, common.verbose)
    if not write and not common.json:
        for source, after in merges.after.items():
            print_diff(shown_path(source, library), merges.before[source], after)
        for item in merges.rewritten:
            print_diff(item.source, item.before, item.after)
    run = merges.write(reading.digests) if write and merges.folders and not request.dry_run else None
    if common.json:
        result = schemas.dedupe(reading.records, merges.plan.deduplication, (*reading.problems, *new, *notes))
        moved = {shown_path(old, library): shown_path(new, library) for old, new in merges.moves.files}
        print_json({**result, **schemas.renamed(merges.plan, merges.rewritten), "moved": moved})
        return exit_code(reading, written=True)
    _print(merges)
    print_renamed(merges.plan.key_map.everything)
    print_rewritten(merges.rewritten)
    if run:
        print_undo_hint(run.folder)
        print_cache_note(library, common.quiet)
    elif merges.folders:
        echo(f"nothing was written ({'--dry-run' if request.dry_run else '--diff'})")
    else:
        echo("no duplicates to merge; nothing was changed")
    return exit_code(reading, written=True)


def _print(merges: DocumentMerges) -> None:
    """Print which documents are merged, and where their files go."""
    library, records = merges.library, merges.plan.records
    for cluster, folders in zip(merges.plan.deduplication.clusters, merges.folders, strict=True):
        survivor, *others = (shown_path(Path(records[i].source).parent, library) for i in cluster.members)
        echo(f"{survivor}: {', '.join(others)} merged into it, {counted(len(folders.files), 'file')} moved")
        for old, new in folders.files:
            echo(f"  {shown_path(old, library)} -> {shown_path(new, library)}")
