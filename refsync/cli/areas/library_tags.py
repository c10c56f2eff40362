"""`refsync tag zotero:LIB`: areas as automatic tags of the items of a library, and as collections on request."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.exit_codes import NOT_ALL_WRITTEN
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.progress import show_progress
from refsync.cli.common.refusals import print_refusals
from refsync.cli.common.tables import print_areas, print_rows
from refsync.cli.common.text import print_json

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.classify.tagger import Tagger
    from refsync.planning.plan import PlanContext


@dataclass(frozen=True, slots=True)
class LibraryTagging:
    """How a library is tagged: its name, the model, people's answers about areas, and the root of the collections."""

    library: str
    model: "Tagger"
    context: "PlanContext"
    root: str | None = None


def tag_library(common: Common, tagging: LibraryTagging) -> int:
    """Add the areas of the papers of a library as automatic tags; the exit code.

    Raises:
        ConfigError: the library cannot be opened, or the API key may not write.
        RemoteError: the server refused or did not respond.
    """
    from refsync.dedup.results import Deduplication
    from refsync.planning.plan import make_plan
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.items.papers import library_records, papers
    from refsync.zotero.push.apply import apply_push
    from refsync.zotero.push.plan import LibraryContent, PushSettings, plan_tags
    from refsync.zotero.web.library import open_library

    settings = common.config.zotero
    root = settings.collections if tagging.root is None else tagging.root
    with (
        show_progress(common.quiet) as report,
        open_library(tagging.library, "", Path(), report, write=True) as opened,
    ):
        mapping = MappingSettings(opened.schema, settings.area_prefix)
        items = papers(opened.items)
        records = tuple(library_records(str(opened.client.address), items, mapping))
        plan = make_plan(records, Deduplication(), (), tagging.model, common.config, tagging.context, report)
        library = LibraryContent(opened.path, opened.items, opened.collections)
        options = PushSettings(mapping=mapping, root=root)
        taggings = {items[entry.members[0]]["key"]: entry.tagging for entry in plan.entries}
        push = plan_tags(taggings, library, options)
        run, outcome = apply_push(push, plan, opened, options, Path(), report, command="tag")
        requests = opened.client.http.sent
    print_refusals(tagging.library, [*push.refused, *outcome.refused], outcome.stopped)
    tagged = sum(change.key in outcome.written for change in push.changes)
    counts: Mapping[str, object] = {
        "schema": "refsync.tag-library/1",
        "library": tagging.library,
        "papers": len(items),
        "tagged": tagged,
        "unchanged": push.unchanged,
        "collections": len(push.collections),
        "areas": plan.areas,
        "requests": requests,
        "run": str(run.folder) if run else None,
    }
    if common.json:
        print_json(dict(counts))
    else:
        for change in push.changes if common.verbose else ():
            echo(f"~ {change.key}  {change.title[:60]}")
        rows = [
            ("papers", f"{len(items):,}", f"of {tagging.library}"),
            ("tagged", f"{tagged:,}", "got areas as automatic tags" if tagged else ""),
            ("unchanged", f"{push.unchanged:,}", ""),
            ("collections", f"{len(push.collections):,}", "new" if push.collections else ""),
            ("not done", f"{len(outcome.refused):,}", "listed above" if outcome.refused else ""),
            ("requests", f"{requests:,}", "" if run else "nothing was written"),
        ]
        if run:
            rows.append(("journal", "", f"{run.folder}; `refsync undo` undoes it"))
        print_areas(list(plan.areas.items()))
        print_rows(rows)
    return NOT_ALL_WRITTEN if outcome.refused or outcome.stopped else 0
