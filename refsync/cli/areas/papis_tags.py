"""`refsync tag papis:LIBRARY --write`: areas as tags of the documents of a papis library."""

from dataclasses import replace

from refsync import schemas
from refsync.cli.common.diff import print_diff
from refsync.cli.common.file_changes import print_undo_hint
from refsync.cli.common.inputs import exit_code
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.papis_library import print_cache_note, shown_path
from refsync.cli.common.problems import print_problems
from refsync.cli.common.text import counted, print_json
from refsync.formats.bibtex.edit import EditRefusedError
from refsync.formats.yaml.edit import revise_mapping
from refsync.in_place.document_merges import texts_of_library
from refsync.papis.configuration import Library
from refsync.planning.plan import Plan, written_areas
from refsync.records import Problem
from refsync.runs.apply import apply_documents
from refsync.sources import Reading

_FIELDS = {"keywords": "tags"}
"""What papis calls the field that areas are written to."""


def tag_papis_library(
    library: Library, reading: Reading, plan: Plan, common: Common, result: schemas.Json, *, dry_run: bool
) -> int:
    """Add areas to the tags of the documents, or show what that would change; the exit code.

    Raises:
        RefsyncError: a document cannot be read or written.
        StaleError: a document was changed since it was read.
    """
    texts = texts_of_library(reading, library)
    name = _FIELDS.get(common.config.areas.field, common.config.areas.field)
    changed: dict[str, str] = {}
    notes: list[Problem] = []
    for entry in plan.entries:
        record = entry.merged.record
        words = written_areas(record, entry.tagging, plan.prefix, common.config)
        try:
            after = revise_mapping(texts[record.source], {}, {name: words}) if words else texts[record.source]
        except EditRefusedError as error:
            notes.append(Problem(record.source, f"not tagged: {error}", record.line, kind="note"))
            continue
        if after != texts[record.source]:
            changed[record.source] = after
    print_problems(notes, common.quiet, common.verbose)
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    plan = replace(plan, entries=kept, problems=reading.problems)
    run = apply_documents(changed, plan, reading.digests, library.folder, "tag") if changed and not dry_run else None
    if common.json:
        print_json(result)
        return exit_code(reading, written=True)
    if dry_run:
        for source, after in changed.items():
            print_diff(shown_path(source, library), texts[source], after)
    if run:
        echo(f"{library.name}: {counted(len(changed), 'document')} changed")
        print_undo_hint(run.folder)
        print_cache_note(library, common.quiet)
    elif not changed:
        echo("no areas to add; nothing was changed")
    return exit_code(reading, written=True)
