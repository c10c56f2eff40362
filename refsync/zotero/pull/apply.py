"""Carrying out a pull: selecting the items, reading the merge base, and writing the file with a backup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from refsync.errors import ConfigError
from refsync.files import digest, replace_files
from refsync.formats.bibtex.unencodable import escape_unencodable
from refsync.formats.common.decode import decode_file, detect_encoding, encode_like
from refsync.planning.export import export
from refsync.planning.settings import ExportSettings
from refsync.runs.apply import writer_for
from refsync.runs.journal import Run, open_run
from refsync.sources import read_sources
from refsync.zotero.items.attachments import children_by_item, file_field, markdown_of
from refsync.zotero.items.child_notes import notes_by_item
from refsync.zotero.items.collections import collection_keys
from refsync.zotero.items.exports import attachment_names
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.items.papers import papers
from refsync.zotero.pull.merge_base import PullBase, last_pulled_version
from refsync.zotero.pull.plan import PulledItems, PullPlan, PullSettings, new_file_records, plan_update
from refsync.zotero.web.changes import item_title
from refsync.zotero.web.library import OpenLibrary

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PullScope:
    """What to pull.

    Attributes:
        collection: the name or key of a collection, with those below it; empty for the whole library.
        changed: whether to pull only what changed since the last pull.
        overwrite: whether the library's values win over edits of the file.
        notes: whether to pull the texts of the items' notes too.
        files: Zotero's data directory, to pull the paths of files too; empty not to.
        markdown: the folder for a file per paper with its notes and annotations; empty for none.
    """

    collection: str = ""
    changed: bool = False
    overwrite: bool = False
    notes: bool = False
    files: str = ""
    markdown: str = ""


def selected_papers(opened: OpenLibrary, scope: PullScope, folder: Path) -> list[Data]:
    """The papers of a library, or of a part of it; `folder` is the one that is pulled into.

    Raises:
        ConfigError: there is no such collection, or there are several.
    """
    selected = papers(opened.items)
    if scope.collection:
        keys = collection_keys(opened.collections, scope.collection, str(opened.client.address))
        selected = [item for item in selected if keys & set(item.get("collections") or ())]
    if scope.changed:
        if opened.client.address.kind == "local":
            raise ConfigError(
                "--changed compares versions, which zotero:local does not update", hint="pull without --changed"
            )
        last = last_pulled_version(opened.local_copy, folder)
        selected = [item for item in selected if item["version"] > last]
    return selected


def plan_pull(
    opened: OpenLibrary, output: Path, scope: PullScope, mapping: MappingSettings, settings: ExportSettings
) -> tuple[PullPlan, bytes]:
    """What a pull would do, and the bytes of the file that it would write.

    Raises:
        ConfigError: there is no such collection, or the file cannot be written in its format.
        SourceError: the existing file cannot be read.
    """
    all_items = opened.items
    items = PulledItems(
        library=str(opened.client.address),
        papers=selected_papers(opened, scope, output.parent),
        notes=notes_by_item(all_items) if scope.notes else None,
        files=attachment_names(all_items.values()),
        file_fields=_file_fields(all_items, scope.files) if scope.files else None,
    )
    form = writer_for(output.name, settings.format)
    if not output.exists() or form.name != "bibtex":
        records, new_base = new_file_records(items, mapping, settings)
        return PullPlan("", new_base, dict.fromkeys(new_base, "added")), export(records, form, settings)
    data = output.read_bytes()
    base = PullBase.load(opened.local_copy, output).entries
    pull = plan_update(
        text=decode_file(data, str(output)).exact,
        present=read_sources([str(output)], "bibtex").records,
        items=items,
        gone={key: _why_gone(all_items.get(key)) for key in base if not _exists(all_items.get(key))},
        base=base,
        settings=PullSettings(
            mapping,
            settings,
            overwrite=scope.overwrite,
            versioned=opened.client.address.kind != "local",  # its versions change only when it syncs
        ),
    )
    return pull, encode_like(escape_unencodable(pull.text, detect_encoding(data)), data, str(output))


def _file_fields(items: Mapping[str, Data], folder: str) -> dict[str, str]:
    """The field `file` of each item that has files."""
    children = children_by_item(items.values())
    return {key: files for key, own in children.items() if (files := file_field(own, folder))}


def markdown_files(pull: PullPlan, opened: OpenLibrary, folder: str) -> tuple[dict[Path, bytes], list[Path]]:
    """The new content of the files with notes and annotations, and those that were edited and are left alone."""
    items, copy = opened.items, opened.local_copy
    children = children_by_item(items.values())
    writes: dict[Path, bytes] = {}
    edited: list[Path] = []
    for key in pull.statuses:
        text = markdown_of(item_title(items[key]), key, children).encode()
        path = Path(folder, re.sub(r"[^\w.+-]", "_", pull.base[key].key) + ".md")
        has = path.read_bytes() if path.is_file() else b""
        if not text or has == text:
            continue
        if has and copy.fact(f"markdown:{path}") != digest(has):
            edited.append(path)
        else:
            writes[path] = text
    return writes, edited


def apply_pull(
    pull: PullPlan,
    data: bytes,
    opened: OpenLibrary,
    output: Path,
    documents: Mapping[Path, bytes] = MappingProxyType({}),
) -> Run | None:
    """Write the file if it changes, and save the merge base; the run with the backup, if there was one.

    `documents` are more files to write.

    Raises:
        RefsyncError: the file cannot be written; it is unchanged.
    """
    run = None
    base = PullBase.load(opened.local_copy, output)
    before = output.read_bytes() if output.exists() else None
    if data != before or documents:
        ledger = [{"item": key, "id": pull.base[key].key, "became": status} for key, status in pull.statuses.items()]
        version = opened.local_copy.version
        facts = {"schema": "refsync.pull/1", "library": str(opened.client.address), "version": version}
        writes = {output: data, **documents}
        digests = {path: digest(path.read_bytes()) if path.is_file() else None for path in documents}
        for path in documents:
            path.parent.mkdir(parents=True, exist_ok=True)
        run = open_run(output.parent, "pull", {**facts, "remembered": base.as_json()}, ledger, writes)
        replace_files(writes, {output: digest(before) if before is not None else None, **digests})
        opened.local_copy.set_facts(**{f"markdown:{path}": digest(text) for path, text in documents.items()})
        run.mark("applied")
    PullBase(run.id if run else base.run, opened.local_copy.version, pull.base).save(opened.local_copy, output)
    return run


def _exists(item: Data | None) -> bool:
    return item is not None and not item.get("deleted")


def _why_gone(item: Data | None) -> str:
    return "was deleted in Zotero" if item is None else "is in Zotero's trash"
