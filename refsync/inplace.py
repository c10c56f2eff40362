"""Merging duplicates inside the user's own .bib files, by minimal edits. Pure: texts in, texts out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from refsync.dedup.merge import merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex_edit import (
    Edit,
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    replace_words,
)
from refsync.formats.bibtex_scan import Block
from refsync.records import REFERRING_FIELDS, Record

_ONE_OR_OTHER = (
    {"year", "date"},
    {"journal", "journaltitle", "booktitle"},
    {"address", "location"},
    {"school", "institution", "organization"},
    {"archiveprefix", "eprinttype"},
    {"primaryclass", "eprintclass"},
)
"""Fields that say one thing: an entry that has one of them does not lack the others."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A file before and after. `renamed` maps each citation key that was deleted to the one that stands for it now."""

    source: str
    before: str
    after: str
    deleted: int
    filled: int
    renamed: Mapping[str, str]


def revise(
    texts: Mapping[str, str], records: Sequence[Record], found: Deduplication, settings: MergeSettings
) -> list[Revision]:
    """What becomes of each file when its duplicates are merged; files in which nothing changes are left out.

    Of each cluster the record first read survives and gets the fields that it lacks; the others are deleted, and what
    referred to their keys refers to the survivor's. Every other byte stays.

    Args:
        texts: the files by source. Every record is an entry of one of them.
        records: what was read from them, in order.
        found: the deduplicator's verdicts; versions and questions are not merged.
        settings: how to choose between several values for a field that the survivor lacks.

    Raises:
        ValueError: an edit would change something else; nothing may be written then.
    """
    blocks = {source: entries(text) for source, text in texts.items()}
    at = [blocks[record.source][record.index - 1] for record in records]
    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    deleted: dict[str, set[int]] = {source: set() for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    became: dict[str, dict[str, str]] = {source: {} for source in texts}
    for cluster in found.clusters:
        first, *others = cluster.members
        survivor = records[first]
        lacking = _lacking(survivor, merge_cluster([records[i] for i in cluster.members], settings).record)
        if lacking:
            edits[survivor.source] += add_fields(texts[survivor.source], at[first], lacking)
            changed[survivor.source].add(at[first].start)
        for i in others:
            source = records[i].source
            edits[source].append(delete_entry(texts[source], at[i]))
            deleted[source].add(at[i].start)
            became[source][records[i].id] = survivor.id
    revisions = []
    for source, text in texts.items():
        remaining = [block for block in blocks[source] if block.start not in deleted[source]]
        renamed = _renamed(became[source], remaining)
        for block in remaining:
            if references := _repointed(text, block, renamed):
                edits[source] += references
                changed[source].add(block.start)
        if edits[source]:
            after = apply_edits(text, edits[source])
            check_untouched(text, after, deleted[source], changed[source])
            revisions.append(Revision(source, text, after, len(deleted[source]), len(changed[source]), renamed))
    return revisions


def _lacking(survivor: Record, merged: Record) -> dict[str, str]:
    """The fields of the merged record for which the survivor has nothing."""
    has = {name for name, value in survivor.fields.items() if value.strip()}
    present = set(survivor.fields)  # an empty field too: a second one of that name would be ignored
    for group in _ONE_OR_OTHER:
        if group & has:
            present |= group
    return {name: value for name, value in merged.fields.items() if name not in present}


def _renamed(became: Mapping[str, str], remaining: Sequence[Block]) -> dict[str, str]:
    """The keys that nothing has any more. One that another entry still has cannot be told apart."""
    still = Counter(block.key for block in remaining)
    return {old: new for old, new in became.items() if old != new and not still[old] and not old.startswith("#")}


def _repointed(text: str, block: Block, renamed: Mapping[str, str]) -> list[Edit]:
    return [
        edit
        for field in block.fields
        if field.name.lower() in REFERRING_FIELDS
        for edit in replace_words(text, field, renamed)
    ]
