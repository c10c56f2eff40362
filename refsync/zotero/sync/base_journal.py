"""What a sync leaves to be remembered, kept with its run so that it can be taken back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from refsync.files import replace_file
from refsync.records import Record
from refsync.runs.journal import Run
from refsync.zotero.items.mapping import Item
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.merge_base import Rows, Synced, SyncState, entry_json, item_json
from refsync.zotero.sync.pair_merger import NOTES
from refsync.zotero.sync.plan_types import Link
from refsync.zotero.sync.synced_file import Source
from refsync.zotero.web.journal import FILE, sendings

STATE_FILE = "synced.json"


def rows_after(
    links: Mapping[str, Link], records: Iterable[Record], items: Mapping[str, Item], groups: Groups
) -> dict[str, Synced]:
    """What to remember of the pairs of which both are there."""
    by_key = {record.id: record for record in reversed([*records])}
    rows = {}
    for key, link in links.items():
        if key in items and link.key in by_key:
            item = items[key] | ({FIELD: groups.names(items[key])} if groups.held else {})
            item |= {NOTES: link.notes} if link.notes else {}
            rows[key] = Synced(entry_json(by_key[link.key]), item_json(item), int(item["version"]), link.open)
    return rows


def remember(state: SyncState, source: Source, rows: Rows, gone: Sequence[str], before: Rows, run: Run | None) -> None:
    """Remember the pairs; what was remembered before goes into the run first."""
    gone = [key for key in gone if key not in rows]  # an item that was made anew may have the key of the old one
    if run:
        touched = {key: before.get(key) for key in (*rows, *gone)}
        kept = {"library": state.path.name, "file": source.name, "before": touched, "after": rows}
        text = json.dumps(kept, ensure_ascii=False, default=lambda row: [row.entry, row.data, row.version, row.open])
        replace_file(run.folder / STATE_FILE, text.encode())
    if rows or gone:
        state.put(source.name, rows, gone)


def forget(run: Run) -> None:
    """Let what is remembered be as before a run; pairs that were synced again since are asked about anew.

    Of an item that the run made it stays known what it was, so that the next sync takes it out of the trash unasked.
    """
    path = run.folder / STATE_FILE
    if not path.is_file():
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    before = {key: Synced(*row) if row else None for key, row in kept["before"].items()}
    after = {key: Synced(*row) for key, row in kept["after"].items()}
    made = {item["key"] for kind, item, held in sendings(run.folder / FILE) if not (held or item.get("version"))}
    was = before | {key: replace(row, version=0) for key, row in after.items() if key in made and not before[key]}
    with SyncState(run.folder.parents[2], kept["library"].removesuffix("-sync.sqlite")) as state:
        now = state.rows(kept["file"])
        back = {key: row for key, row in was.items() if row and now.get(key) in (after.get(key), row)}
        state.put(kept["file"], back, was.keys() - back.keys())
