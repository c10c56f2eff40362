"""Merge duplicates inside the user's own .bib files, by minimal edits. Pure: texts in, texts out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from refsync.cites import Cites
from refsync.dedup.cited_record import survivor_of
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.merge import ENTRY_TYPE, NO_CHOICES, Choice, Merged, merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.edit import (
    Edit,
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    merge_deletions,
    remove_fields,
    set_fields,
    set_type,
)
from refsync.formats.bibtex.scan import Block, Field, parts, scan
from refsync.planning.citation_keys import renamed_keys
from refsync.planning.key_ownership import citations_of_records
from refsync.planning.key_references import (
    outdated_groups,
    parents_before_children,
    reference_edits,
    removed_keys,
    with_other_spellings,
    with_renamed_keys,
)
from refsync.planning.revision import Revision
from refsync.records import REFERRING_FIELDS, Record, keys_in


@dataclass(slots=True, kw_only=True)
class _FileDraft:
    """A file whose revision is in progress. Entries are identified by the position where they begin.

    Attributes:
        text: the file as it is.
        entries: its entries.
        strings: its `@string` blocks.
        replacements: the keys of deleted entries, each with that of the survivor.
        removed_keys: the keys that no remaining entry has, each with its replacement.
        renamed: the keys that references in this file may name, each with the key to name now.
        edits: the edits so far.
        deleted: the entries that are deleted.
        changed: the entries that change otherwise.
        replaced_fields: the fields of each survivor that get other values, in lower case.
        new_parents: the keys to which survivors newly refer in `crossref`.
    """

    text: str
    entries: Sequence[Block]
    strings: Sequence[Block]
    replacements: dict[str, str] = field(default_factory=dict)
    removed_keys: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    replaced_fields: dict[int, set[str]] = field(default_factory=dict)
    new_parents: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> "_FileDraft":
        blocks = [*scan(text)]
        return cls(
            text=text,
            entries=[block for block in blocks if block.is_record],
            strings=[block for block in blocks if block.kind == "string"],
        )

    @property
    def remaining(self) -> list[Block]:
        """The entries that are not deleted."""
        return [block for block in self.entries if block.start not in self.deleted]

    def revision(self, source: str) -> Revision | None:
        """The file with all edits; None where there are none.

        Raises:
            EditRefusedError: an edit would change something else.
        """
        gone = (block for block in self.entries if block.start in self.deleted)
        self.edits += merge_deletions(delete_entry(self.text, block) for block in gone)
        for block in self.remaining if self.renamed else ():
            skipped = self.replaced_fields.get(block.start, ())
            if references := [*reference_edits(self.text, block, self.renamed, skipped)]:
                self.edits += references
                self.changed.add(block.start)
        if not self.edits:
            return None
        after = apply_edits(self.text, self.edits)
        check_untouched(self.text, after, self.deleted, self.changed)
        return Revision(
            source=source,
            before=self.text,
            after=after,
            deleted=len(self.deleted),
            changed=len(self.changed),
            renamed=self.removed_keys,
            notes=(
                *parents_before_children(source, after, {*self.renamed.values(), *self.new_parents}),
                *outdated_groups(source, after, self.removed_keys),
            ),
        )


def survivors_first(
    records: Sequence[Record], deduplication: Deduplication, cites: Cites, settings: MergeSettings
) -> Deduplication:
    """The same clusters, each led by the record that survives (see `survivor_of`; of several sources the first)."""
    whole = with_inherited(records)
    citations = citations_of_records(records, [cluster.members for cluster in deduplication.clusters], cites)
    clusters = []
    for cluster in deduplication.clusters:
        survivor = first_survivor(cluster.members, whole, citations, settings)
        clusters.append(replace(cluster, members=(survivor, *(i for i in cluster.members if i != survivor))))
    return replace(deduplication, clusters=tuple(clusters))


def first_survivor(
    members: Sequence[int], whole: Sequence[Record], citations: Sequence[int], settings: MergeSettings
) -> int:
    """The member that survives in place.

    Args:
        members: the records of one paper.
        whole: all records with what they inherit.
        citations: how often documents cite each record, see `citations_of_records`.
        settings: which form of publication is kept.
    """
    ordered = sorted(members)
    cited = [citations[i] for i in ordered]
    return ordered[survivor_of([whole[i] for i in ordered], settings, cited, first_read=True)]


def merge_in_place(
    texts: Mapping[str, str],
    records: Sequence[Record],
    deduplication: Deduplication,
    settings: MergeSettings,
    aliased: Collection[str] = (),
    chosen: Mapping[int, Mapping[str, Choice]] = MappingProxyType({}),
) -> list[Revision]:
    """The files with their duplicates merged; files in which nothing changes are left out.

    The first record of each cluster survives and gets the values of the merged record that it lacks or has otherwise.
    The others are deleted, and references to their keys, in whichever file, are changed to the survivor's key. Every
    other byte stays.

    Args:
        texts: the files by source. Every record is an entry in one of them.
        records: the entries, in order.
        deduplication: the clusters to merge; versions and pairs for review are not merged.
        settings: how to choose between several values of a field.
        aliased: the files in which survivors keep the keys of the deleted entries in `ids`.
        chosen: people's choices for fields, by the smallest member of the cluster.

    Raises:
        ValueError: an edit would change something else; nothing may be written then.
    """
    drafts = {source: _FileDraft.of(text) for source, text in texts.items()}
    blocks = [drafts[record.source].entries[record.index - 1] for record in records]
    deduplication = _without_malformed(deduplication, blocks)
    whole = with_inherited(records)
    merged_into = {i: cluster.members[0] for cluster in deduplication.clusters for i in cluster.members[1:]}
    for i, survivor in merged_into.items():
        draft = drafts[records[i].source]
        draft.deleted.add(blocks[i].start)
        draft.replacements.setdefault(records[i].id, records[survivor].id)
    # For references to entries of other files: keys that no file has any more and that named only one paper.
    across_files = renamed_keys(
        [(record.id, records[merged_into.get(i, i)].id) for i, record in enumerate(records)],
        [block.key for draft in drafts.values() for block in draft.remaining],
    )
    for source, draft in drafts.items():
        own_keys = {block.key for block in draft.entries}
        survivors = {blocks[i].start for i in merged_into.values() if records[i].source == source}
        draft.removed_keys = removed_keys(draft.replacements, draft.remaining, survivors)
        renamed = {old: new for old, new in across_files.items() if old not in own_keys} | draft.removed_keys
        draft.renamed = with_other_spellings(renamed, draft.text, draft.entries)
    for cluster in deduplication.clusters:
        members = [(records[i], blocks[i]) for i in cluster.members]
        choices = chosen.get(min(cluster.members), NO_CHOICES)
        merged = merge_cluster(
            [record for record, _ in members], settings, choices, [whole[i] for i in cluster.members], survivor=0
        )
        survivor_source = members[0][0].source
        aliases = across_files if survivor_source in aliased else {}
        _edit_survivor(drafts, members, merged, aliases)
    revisions = (draft.revision(source) for source, draft in drafts.items())
    return [revision for revision in revisions if revision]


def _without_malformed(deduplication: Deduplication, blocks: Sequence[Block]) -> Deduplication:
    """The clusters without malformed entries, which stay as they are."""
    clusters = [
        replace(cluster, members=tuple(i for i in cluster.members if blocks[i].kind == "entry"))
        for cluster in deduplication.clusters
    ]
    return replace(deduplication, clusters=tuple(cluster for cluster in clusters if len(cluster.members) > 1))


def _edit_survivor(
    drafts: Mapping[str, _FileDraft],
    members: Sequence[tuple[Record, Block]],
    merged: Merged,
    aliases: Mapping[str, str],
) -> None:
    """Give the first member the values of the merged record.

    Args:
        drafts: the files; that of the survivor gets the edits.
        members: the records of the cluster with their entries, the survivor first.
        merged: the merged record.
        aliases: the removed keys that may be kept in `ids`, each with its new key.
    """
    (survivor, block), *others = members
    draft = drafts[survivor.source]
    missing = _missing_fields(survivor, merged)
    replaced = _replaced_fields(survivor, merged)
    verbatim = _macro_values(
        draft,
        block,
        {**missing, **replaced},
        survivor.source,
        [(record, drafts[record.source].text, other) for record, other in others],
    )
    keys = [record.id for record, _ in others if aliases.get(record.id) == survivor.id]
    keys += [key for record, _ in others for key in keys_in(record.get("ids")) if key != survivor.id]
    present = keys_in(survivor.get("ids"))
    new_ids = [key for key in dict.fromkeys(keys) if key not in present]
    if new_ids:
        draft.edits += _add_ids(draft.text, block, new_ids, missing)
    for values in (missing, replaced):
        for name, value in values.items():
            source = merged.origin[name][0] if name in merged.origin else survivor.source
            renamed = {**drafts[source].renamed, survivor.id: survivor.id}
            values[name] = with_renamed_keys(name, value, renamed, survivor.id)
    missing = {name: value for name, value in missing.items() if value or name not in REFERRING_FIELDS}
    draft.new_parents.update(keys_in(missing.get("crossref", "")))
    draft.edits += add_fields(draft.text, block, missing, verbatim)
    draft.edits += _replace_fields(draft.text, block, replaced, verbatim)
    if merged.record.type.lower() != survivor.type.lower():
        draft.edits.append(set_type(draft.text, block, merged.record.type))
        replaced[ENTRY_TYPE] = merged.record.type
    draft.replaced_fields[block.start] = {*replaced}
    if missing or replaced or new_ids:
        draft.changed.add(block.start)


def _missing_fields(survivor: Record, merged: Merged) -> dict[str, str]:
    """The fields of the merged record that the survivor lacks."""
    return {name: value for name, value in merged.record.fields.items() if name not in {*survivor.fields, "ids"}}


def _replaced_fields(survivor: Record, merged: Merged) -> dict[str, str]:
    """The survivor's fields that have another value in the merged record; an empty value removes the field."""
    values = merged.record.fields
    return {
        name: values.get(name, "")
        for name, own in survivor.fields.items()
        if name != "ids" and own != values.get(name, "") and (own.strip() or name in values or name in merged.chosen)
    }


def _replace_fields(text: str, block: Block, values: Mapping[str, str], verbatim: Mapping[str, str]) -> list[Edit]:
    """The edits that set an entry's fields; `verbatim` has the values that are written as they are."""
    new = {name: value for name, value in values.items() if value}
    removed = [name for name, value in values.items() if not value]
    return [*set_fields(text, block, new, verbatim), *remove_fields(text, block, removed)]


def _macro_values(
    draft: _FileDraft,
    survivor: Block,
    values: Mapping[str, str],
    source: str,
    others: Sequence[tuple[Record, str, Block]],
) -> Mapping[str, str]:
    """Of the values that the survivor takes over, those with macros, as written in the other entry.

    A macro means the same in the same file, unless an `@string` between the two entries defines it. Otherwise, and
    where it comes from another file, the value is written out; but an undefined macro stays a macro: its name must not
    become text.

    Args:
        draft: the survivor's file.
        survivor: its entry.
        values: the fields that it takes over.
        source: the survivor's file.
        others: the other records, each with the text of its file and its entry.
    """
    verbatim: dict[str, str] = {}
    for record, text, block in others:
        for item in block.fields:
            name = item.name.lower()
            value = text[item.value_start : item.value_end]
            if name in verbatim or values.get(name) != record.get(name) or value[:1].isdecimal():
                continue
            if item.joined or value[:1] not in {"{", '"'}:
                undefined = value.lower() == record.get(name).lower()
                redefined = _macros_between(survivor, block, draft.strings) & _macros_in(text, item)
                same_meaning = record.source == source and not redefined
                verbatim[name] = value if same_meaning or undefined else ""
    return verbatim


def _macros_in(text: str, item: Field) -> set[str]:
    """The macros in a value, in lower case."""
    return {text[part.start : part.end].lower() for part in parts(text, item) if part.kind == "macro"}


def _macros_between(one: Block, other: Block, strings: Sequence[Block]) -> set[str]:
    """The macros that are defined between two entries of a file, in lower case."""
    first, last = sorted((one.start, other.start))
    return {item.name.lower() for block in strings if first < block.start < last for item in block.fields}


def _add_ids(text: str, block: Block, keys: Sequence[str], missing: dict[str, str]) -> list[Edit]:
    """Add keys to the `ids` of an entry; if it has none, to the fields that it is missing."""
    for item in block.fields:
        if item.name.lower() == "ids" and not item.joined and text[item.value_start] in '{"':
            value = text[item.value_start + 1 : item.value_end - 1].rstrip().rstrip(",")
            end = item.value_start + 1 + len(value)
            return [Edit(end, end, (", " if value.strip() else "") + ", ".join(keys))]
    missing["ids"] = ", ".join(keys)
    return []
