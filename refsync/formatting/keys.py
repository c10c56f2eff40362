"""New citation keys by a template, in place: references between entries follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, rename_key, set_fields
from refsync.formats.bibtex.scan import scan
from refsync.formatting.file_records import macros_of, records_of
from refsync.planning.citation_keys import assign_keys
from refsync.planning.key_references import reference_edits, with_other_spellings
from refsync.records import Record, keys_in

_SUFFIX = re.compile(r"[a-z]?|-\d+")


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """A text with new keys, and the key of each of its entries; empty where nothing changes."""

    text: str
    keys: Sequence[str] = ()


def rename_keys(text: str, template: str, *, aliases: bool) -> Rekeyed:
    """The text with citation keys by a template.

    A key that has the form already stays, also with a letter or number after it, so that keys do not change when other
    entries are added, moved or removed.

    Args:
        text: a .bib file.
        template: see `parse_template`.
        aliases: keep old keys in the field `ids`.

    Raises:
        ConfigError: the template is malformed.
        EditRefusedError: a reference cannot be changed without changing something else.
    """
    blocks = [*scan(text)]
    entries = [block for block in blocks if block.kind == "entry"]
    records = records_of(text, blocks, macros_of(text, blocks))
    new = _new_keys(records, template)
    renamed: dict[str, str] = {}
    for record, key in zip(records, new, strict=True):
        if not record.id.startswith("#"):
            renamed.setdefault(record.id, key)  # of two entries with one key BibTeX uses the first
    changed = with_other_spellings({old: key for old, key in renamed.items() if old != key}, text, entries)
    if new == [record.id for record in records]:
        return Rekeyed(text)
    taken = {key.casefold() for key in new}
    edits: list[Edit] = []
    touched: set[int] = set()
    for block, record, key in zip(entries, records, new, strict=True):
        own: list[Edit] = []
        alias = aliases and key != block.key and block.key.casefold() not in taken
        if key != block.key and renamed.get(block.key) != key:
            alias = False  # its old key names another entry
        own += reference_edits(text, block, changed, ("ids",) if alias else ())
        if alias and block.key:
            present = keys_in(record.get("ids"))
            if block.key not in present:
                own += set_fields(text, block, {"ids": ", ".join([*present, block.key])})
        if key != block.key:
            own.append(rename_key(text, block, key))
        if own:
            edits += own
            touched.add(block.start)
    after = apply_edits(text, edits)
    check_untouched(text, after, (), touched)
    return Rekeyed(after, new)


def _new_keys(records: Sequence[Record], template: str) -> list[str]:
    """The key of each record: the present one if it follows the template, else a new one."""
    wanted = [assign_keys([_without_references(record)], [False], template=template)[0] for record in records]
    used: set[str] = set()
    keys = [""] * len(records)
    for i, (record, key) in enumerate(zip(records, wanted, strict=True)):
        stays = record.id.startswith(key) and _SUFFIX.fullmatch(record.id[len(key) :])
        if stays and record.id.casefold() not in used:
            keys[i] = record.id
            used.add(record.id.casefold())
    others = [i for i, key in enumerate(keys) if not key]
    new = assign_keys([_without_references(records[i]) for i in others], [False] * len(others), used, template)
    for i, key in zip(others, new, strict=True):
        keys[i] = key
    return keys


def _without_references(record: Record) -> Record:
    """The record without the values that hold keys, which change with the keys."""
    kept = {
        name: value
        for name, value in record.fields.items()
        if name in ("author", "editor", "title", "year", "date") or not _REFERS.search(f"{name}={value}")
    }
    return Record(record.source, 1, record.id, type=record.type, fields=kept, markup="latex")


_REFERS = re.compile(r"\A(?:crossref|xdata|xref|related|entryset|ids)=|\\[A-Za-z]*cite")
