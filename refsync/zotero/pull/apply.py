"""Carrying out a pull: which items, what the last pull remembered, and writing the file with the state before kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError
from refsync.files import digest, replace_files
from refsync.formats.bibtex.unencodable import spelled
from refsync.formats.common.decode import decode_file, encode_like, encoding_of
from refsync.planning.export import export
from refsync.planning.settings import ExportSettings
from refsync.runs.apply import writer_for
from refsync.runs.journal import Run, open_run
from refsync.sources import read_sources
from refsync.zotero.items.child_notes import notes_by_item
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.pull.merge_base import PullBase, last_pulled_version
from refsync.zotero.pull.plan import Pull, new_file_records, plan_update
from refsync.zotero.push.plan import papers
from refsync.zotero.web.library import OpenLibrary

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PullScope:
    """What to pull.

    Attributes:
        collection: the name or key of a collection; with those below it. Empty for the whole library.
        changed: only what changed since the last pull.
        overwrite: let the library's values win over what was edited in the file.
        notes: the texts of the items' notes too.
    """

    collection: str = ""
    changed: bool = False
    overwrite: bool = False
    notes: bool = False


def chosen_papers(opened: OpenLibrary, wanted: PullScope, beside: Path) -> list[Data]:
    """The papers of a library, or of a part of it; `beside` is the folder that is pulled into.

    Raises:
        ConfigError: there is no such collection, or there are several.
    """
    found = papers(opened.items)
    if wanted.collection:
        keys = collection_keys(opened.collections, wanted.collection, str(opened.client.address))
        found = [item for item in found if keys & set(item.get("collections") or ())]
    if wanted.changed:
        if opened.client.address.kind == "local":
            raise ConfigError("--changed goes by versions, which zotero:local does not move", hint="pull all of it")
        last = last_pulled_version(opened.local_copy, beside)
        found = [item for item in found if item["version"] > last]
    return found


def collection_keys(collections: Mapping[str, Data], named: str, library: str) -> set[str]:
    """The keys of a collection and of those below it."""
    live = {key: item for key, item in collections.items() if not item.get("deleted")}
    found = [named] if named in live else [key for key, item in live.items() if item["name"] == named]
    if len(found) != 1:
        several = f"; several have it: {', '.join(found)}" if found else ""
        names = ", ".join(sorted({repr(item["name"]) for item in live.values()})[:10]) or "none"
        hint = "name its key instead" if found else f"there are: {names}"
        raise ConfigError(f"{library} has no one collection {named!r}{several}", hint=hint)
    keys = set(found)
    while below := {key for key, item in live.items() if item.get("parentCollection") in keys} - keys:
        keys |= below
    return keys


def plan_pull(
    opened: OpenLibrary, output: Path, wanted: PullScope, mapping: MappingSettings, settings: ExportSettings
) -> tuple[Pull, bytes]:
    """The file as it is to be, and its bytes.

    Raises:
        ConfigError: there is no such collection, or the file cannot be written in its format.
        SourceError: the file that is there cannot be read.
    """
    source = str(opened.client.address)
    found = chosen_papers(opened, wanted, output.parent)
    form = writer_for(output.name, settings.format)
    notes = notes_by_item(opened.items) if wanted.notes else None
    if not output.exists() or form.name != "bibtex":
        records, known = new_file_records(found, source, mapping, settings, notes)
        return Pull("", known, dict.fromkeys(known, "added")), export(records, form, settings)
    data = output.read_bytes()
    remembered = PullBase.of(opened.local_copy, output).known
    present = read_sources([str(output)], "bibtex").records
    text = decode_file(data, str(output)).exact
    items = opened.items
    gone = {key: _why_gone(items.get(key)) for key in remembered if not _is_there(items.get(key))}
    versioned = opened.client.address.kind != "local"  # there versions only move when it syncs
    pull = plan_update(
        text,
        present,
        found,
        gone,
        remembered,
        source,
        mapping,
        settings,
        notes=notes,
        overwrite=wanted.overwrite,
        versioned=versioned,
    )
    return pull, encode_like(spelled(pull.text, encoding_of(data)), data, str(output))


def apply_pull(pull: Pull, data: bytes, opened: OpenLibrary, output: Path) -> Run | None:
    """Write the file, if it changes, and remember the pull; the run that keeps the state before.

    Raises:
        RefsyncError: the file cannot be written; it is as it was.
    """
    run = None
    memory = PullBase.of(opened.local_copy, output)
    before = output.read_bytes() if output.exists() else None
    if data != before:
        ledger = [{"item": key, "id": pull.known[key].key, "became": became} for key, became in pull.became.items()]
        facts = {
            "schema": "refsync.pull/1",
            "library": str(opened.client.address),
            "version": opened.local_copy.version,
        }
        run = open_run(output.parent, "pull", {**facts, "remembered": memory.as_json()}, ledger, {output: data})
        replace_files({output: data}, {output: digest(before) if before is not None else None})
        run.mark("applied")
    PullBase(run.id if run else memory.run, opened.local_copy.version, pull.known).keep(opened.local_copy, output)
    return run


def _is_there(item: Data | None) -> bool:
    return item is not None and not item.get("deleted")


def _why_gone(item: Data | None) -> str:
    return "was deleted in Zotero" if item is None else "lies in Zotero's trash"
