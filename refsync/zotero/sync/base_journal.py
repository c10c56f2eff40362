"""Updating the merge base after a sync, with a backup in the run so that the sync can be undone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from refsync.errors import RefsyncError
from refsync.files import replace_file
from refsync.records import Record
from refsync.runs.journal import Run
from refsync.runs.proof import is_proven, proof
from refsync.zotero.items.mapping import Item
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.merge_base import SyncedPair, SyncedPairs, SyncState, entry_json, item_json
from refsync.zotero.sync.pair_merger import NOTES
from refsync.zotero.sync.plan_types import Link
from refsync.zotero.sync.synced_file import SyncedFile
from refsync.zotero.web.journal import journaled_writes

STATE_FILE = "synced.json"


def new_base(
    links: Mapping[str, Link], records: Iterable[Record], items: Mapping[str, Item], groups: Groups
) -> dict[str, SyncedPair]:
    """The merge base of the pairs whose entry and item both exist."""
    by_key = {record.id: record for record in reversed([*records])}
    pairs = {}
    for key, link in links.items():
        if key in items and link.key in by_key:
            item = items[key] | ({FIELD: groups.names(items[key])} if groups.used_in_file else {})
            item |= {NOTES: link.notes} if link.notes else {}
            pairs[key] = SyncedPair(entry_json(by_key[link.key]), item_json(item), int(item["version"]), link.open)
    return pairs


def save_base(
    state: SyncState, file: SyncedFile, pairs: SyncedPairs, gone: Sequence[str], before: SyncedPairs, run: Run | None
) -> None:
    """Store the pairs, and delete those of `gone` items; the earlier state goes into the run first."""
    gone = [key for key in gone if key not in pairs]  # an item that was created again may have its old key
    if run:
        touched = {key: before.get(key) for key in (*pairs, *gone)}
        backup = {"library": state.path.name, "file": file.name, "before": touched, "after": pairs}
        text = json.dumps(
            backup, ensure_ascii=False, default=lambda pair: [pair.entry, pair.data, pair.version, pair.open]
        )
        sealed = {"content": text, "mac": proof("base", run.id, text)}
        replace_file(run.folder / STATE_FILE, json.dumps(sealed, ensure_ascii=False).encode())
    if pairs or gone:
        state.put(file.name, pairs, gone)


def restore_base(run: Run) -> None:
    """Restore the merge base as it was before a run, except pairs that were synced again since, which are deleted.

    The items that the run created stay recorded, so that the next sync takes them out of the trash without asking.
    """
    path = run.folder / STATE_FILE
    if not path.is_file():
        return
    try:
        sealed = json.loads(path.read_bytes())
        proven = is_proven(sealed["mac"], "base", run.id, sealed["content"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        proven = False
    if not proven:
        raise RefsyncError(f"{path}: not written by you on this computer", hint="the state of the sync stays as it is")
    backup = json.loads(sealed["content"])
    before = {key: SyncedPair(*pair) if pair else None for key, pair in backup["before"].items()}
    after = {key: SyncedPair(*pair) for key, pair in backup["after"].items()}
    writes = journaled_writes(run)
    created = {item["key"] for _, item, state in writes if not (state or item.get("version"))}
    wanted = before | {
        key: replace(pair, version=0) for key, pair in after.items() if key in created and not before[key]
    }
    with SyncState(run.base, backup["library"].removesuffix("-sync.sqlite")) as state:
        now = state.pairs(backup["file"])
        restored = {key: pair for key, pair in wanted.items() if pair and now.get(key) in (after.get(key), pair)}
        state.put(backup["file"], restored, wanted.keys() - restored.keys())
