"""Merging duplicates inside the user's own .bib files, by minimal edits. Pure: texts in, texts out."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from refsync.cites import Cites, rewrite
from refsync.dedup.merge import ENTRY_TYPE, NO_CHOICES, Choice, Merged, merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.edit import (
    Edit,
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    joined_deletions,
    remove_fields,
    renamed_words,
    set_fields,
    set_type,
)
from refsync.formats.bibtex.scan import Block, Field, parts, scan
from refsync.formats.common.positions import places
from refsync.planning.citation_keys import renamed_keys
from refsync.records import REFERRING_FIELDS, Problem, Record, keys_in

_ONE_OR_OTHER = (
    {"year", "date"},
    {"journal", "journaltitle", "booktitle"},
    {"address", "location"},
    {"school", "institution", "organization"},
    {"archiveprefix", "eprinttype"},
    {"primaryclass", "eprintclass"},
)
"""Fields that say one thing: an entry that has one of them does not lack the others."""

_GROUPS = re.compile(r"@\s*comment\s*\{\s*(?:jabref-meta:\s*groups?tree|bibdesk static groups)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Revision:
    """A file before and after.

    `renamed` maps each citation key that was deleted there to the one that stands for it now. `notes` are places that
    a person should look at.
    """

    source: str
    before: str
    after: str
    deleted: int
    filled: int
    renamed: Mapping[str, str]
    notes: tuple[Problem, ...] = ()


def survivors_first(records: Sequence[Record], found: Deduplication, cites: Cites) -> Deduplication:
    """The same clusters, each led by the record that is to survive: the one cited most, else the one first read."""
    clusters = []
    for cluster in found.clusters:
        best = max(cluster.members, key=lambda i: (cites.count(records[i]), -i))
        clusters.append(replace(cluster, members=(best, *(i for i in cluster.members if i != best))))
    return replace(found, clusters=tuple(clusters))


def revise(
    texts: Mapping[str, str],
    records: Sequence[Record],
    found: Deduplication,
    settings: MergeSettings,
    aliased: Collection[str] = (),
    chosen: Mapping[int, Mapping[str, Choice]] = MappingProxyType({}),
) -> list[Revision]:
    """What becomes of each file when its duplicates are merged; files in which nothing changes are left out.

    Of each cluster the first record survives and gets the fields that it lacks, and what people chose; the others are
    deleted, and what referred to their keys, in whichever file, refers to the survivor's. Every other byte stays.

    Args:
        texts: the files by source. Every record is an entry of one of them.
        records: what was read from them, in order.
        found: the deduplicator's verdicts; versions and questions are not merged.
        settings: how to choose between several values for a field that the survivor lacks.
        aliased: the files whose entries keep the keys that they take over, in `ids`.
        chosen: what people chose for fields, by the smallest member of the cluster.

    Raises:
        ValueError: an edit would change something else; nothing may be written then.
    """
    scanned = {source: [*scan(text)] for source, text in texts.items()}
    strings = {source: [block for block in every if block.kind == "string"] for source, every in scanned.items()}
    blocks = {source: [block for block in every if block.kind == "entry"] for source, every in scanned.items()}
    at = [blocks[record.source][record.index - 1] for record in records]
    survivor_of = {i: cluster.members[0] for cluster in found.clusters for i in cluster.members[1:]}
    deleted: dict[str, set[int]] = {source: set() for source in texts}
    became: dict[str, dict[str, str]] = {source: {} for source in texts}
    for i, first in survivor_of.items():
        deleted[records[i].source].add(at[i].start)
        became[records[i].source].setdefault(records[i].id, records[first].id)
    kept = {source: [block for block in blocks[source] if block.start not in deleted[source]] for source in texts}
    renamed = {source: _renamed(became[source], kept[source]) for source in texts}
    # A reference to an entry of another file: to a key that no file has any more, and that meant one paper.
    elsewhere = renamed_keys(
        [(record.id, records[survivor_of.get(i, i)].id) for i, record in enumerate(records)],
        [block.key for remaining in kept.values() for block in remaining],
    )

    to = {}
    for source, own in blocks.items():
        keys = {block.key for block in own}
        to[source] = {old: new for old, new in elsewhere.items() if old not in keys} | renamed[source]

    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    rewritten: dict[tuple[str, int], set[str]] = {}
    parents: dict[str, set[str]] = {source: set() for source in texts}
    for cluster in found.clusters:
        first, *others = cluster.members
        survivor = records[first]
        text = texts[survivor.source]
        wishes = chosen.get(min(cluster.members), NO_CHOICES)
        merged = merge_cluster([records[i] for i in cluster.members], settings, wishes)
        lacking = _lacking(survivor, merged)
        instead = _instead(survivor, merged)
        others_at = [(records[i], texts[records[i].source], at[i]) for i in others]
        written = _macros(survivor.source, at[first], {**lacking, **instead}, others_at, strings[survivor.source])
        taken_over = [records[i].id for i in others] if survivor.source in aliased else []
        aliases = [key for key in taken_over if elsewhere.get(key) == survivor.id]
        aliases += [key for i in others for key in keys_in(records[i].get("ids")) if key != survivor.id]
        has = keys_in(survivor.get("ids"))
        if new := [key for key in dict.fromkeys(aliases) if key not in has]:
            edits[survivor.source] += _add_ids(text, at[first], new, lacking)
        for values in (lacking, instead):
            for name, value in values.items():
                source = merged.origin[name][0] if name in merged.origin else survivor.source
                values[name] = _repointed(name, value, to[source] | {survivor.id: survivor.id}, survivor.id)
        lacking = {name: value for name, value in lacking.items() if value or name not in REFERRING_FIELDS}
        parents[survivor.source].update(keys_in(lacking.get("crossref", "")))
        edits[survivor.source] += add_fields(text, at[first], lacking, written)
        edits[survivor.source] += _exchanges(text, at[first], instead, written)
        if ENTRY_TYPE in merged.chosen and merged.record.type.lower() != survivor.type.lower():
            edits[survivor.source].append(set_type(text, at[first], merged.record.type))
            instead[ENTRY_TYPE] = merged.record.type
        rewritten[survivor.source, at[first].start] = {*instead}
        if lacking or instead or new:
            changed[survivor.source].add(at[first].start)
    for source, text in texts.items():
        gone = (block for block in blocks[source] if block.start in deleted[source])
        edits[source] += joined_deletions(delete_entry(text, block) for block in gone)

    revisions = []
    for source, text in texts.items():
        for block in kept[source] if to[source] else ():
            if references := [*_repointings(text, block, to[source], rewritten.get((source, block.start), ()))]:
                edits[source] += references
                changed[source].add(block.start)
        if edits[source]:
            after = apply_edits(text, edits[source])
            check_untouched(text, after, deleted[source], changed[source])
            notes = _parents_before_children(source, after, {*to[source].values(), *parents[source]})
            notes += tuple(_groups_left_behind(source, after, renamed[source]))
            revisions.append(
                Revision(source, text, after, len(deleted[source]), len(changed[source]), renamed[source], notes)
            )
    return revisions


def add_words(
    texts: Mapping[str, str], records: Sequence[Record], words: Sequence[Sequence[str]], name: str
) -> list[Revision]:
    """What becomes of each file when words are added to a list such as `keywords`; every other byte stays.

    Args:
        texts: the files by source. Every record is an entry of one of them.
        records: what was read from them, in order.
        words: what to add to each record, in LaTeX; none of them is there yet.
        name: of the field, in lower case. An entry that lacks it gets it.

    Raises:
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    blocks = {source: entries(text) for source, text in texts.items()}
    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    for record, more in zip(records, words, strict=True):
        if more:
            block = blocks[record.source][record.index - 1]
            edits[record.source] += _add_words(texts[record.source], block, name, more, record.get(name))
            changed[record.source].add(block.start)
    return edited(texts, edits, changed)


def edited(
    texts: Mapping[str, str], edits: Mapping[str, Sequence[Edit]], changed: Mapping[str, Collection[int]]
) -> list[Revision]:
    """The files in which entries are edited and none is deleted.

    Args:
        texts: the files, by name.
        edits: what is done to each.
        changed: where the entries begin that may change.

    Raises:
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    revisions = []
    for source, text in texts.items():
        if edits[source]:
            after = apply_edits(text, edits[source])
            check_untouched(text, after, (), changed[source])
            revisions.append(Revision(source, text, after, 0, len(changed[source]), {}))
    return revisions


def _add_words(text: str, block: Block, name: str, words: Sequence[str], present: str) -> list[Edit]:
    """Add words behind the last one of a list, parted as the list is."""
    mark = "; " if ";" in present and "," not in present else ", "
    more = mark.join(words)
    field = next((field for field in block.fields if field.name.lower() == name), None)
    if field is None:
        return add_fields(text, block, {name: more})
    if field.joined or text[field.value_start : field.value_start + 1] not in ("{", '"'):
        return [Edit(field.value_end, field.value_end, f" # {{{mark if present.strip() else ''}{more}}}")]
    value = text[field.value_start + 1 : field.value_end - 1].rstrip()
    value = value.removesuffix(mark.strip())
    end = field.value_start + 1 + len(value)
    return [Edit(end, end, (mark if value.strip() else "") + more)]


def _lacking(survivor: Record, merged: Merged) -> dict[str, str]:
    """The fields of the merged record for which the survivor has nothing, or where a person wants them beside it."""
    has = {name for name, value in survivor.fields.items() if value.strip()}
    present = {*survivor.fields, "ids"}  # an empty field too: a second one of that name would be ignored
    for group in _ONE_OR_OTHER:
        if group & has:
            present |= group
    wanted = {name for name in merged.chosen if name not in survivor.fields}
    return {name: value for name, value in merged.record.fields.items() if name not in present or name in wanted}


def _instead(survivor: Record, merged: Merged) -> dict[str, str]:
    """The fields in which a person wants another value than the survivor's; empty where the field is to go."""
    now = merged.record.fields
    return {
        name: now.get(name, "")
        for name in merged.chosen
        if name in survivor.fields and survivor.fields[name] != now.get(name, "")
    }


def _exchanges(text: str, block: Block, instead: Mapping[str, str], written: Mapping[str, str]) -> list[Edit]:
    """The edits that give an entry's fields other values; `written` has those that stand in the file as they are."""
    values = {name: value for name, value in instead.items() if value}
    gone = [name for name, value in instead.items() if not value]
    return [*set_fields(text, block, values, written), *remove_fields(text, block, gone)]


def _macros(
    source: str,
    survivor: Block,
    lacking: Mapping[str, str],
    others: Sequence[tuple[Record, str, Block]],
    strings: Sequence[Block],
) -> Mapping[str, str]:
    """Of the values that an entry of `source` takes over, those that have macros, as they are written there.

    A macro means the same in the same file, unless an `@string` between the two entries defines it. Where it does not,
    and where it comes from another file, the value is written out; but if nobody knows what it stands for, its name
    must not become text.
    """
    found: dict[str, str] = {}
    for record, text, block in others:
        for field in block.fields:
            name = field.name.lower()
            value = text[field.value_start : field.value_end]
            if name in found or lacking.get(name) != record.get(name) or value[:1].isdecimal():
                continue
            if field.joined or value[:1] not in {"{", '"'}:
                unknown = value.lower() == record.get(name).lower()
                same = record.source == source and not _defined_between(survivor, block, strings) & _words(text, field)
                found[name] = value if same or unknown else ""
    return found


def _words(text: str, field: Field) -> set[str]:
    """The macros in a value."""
    return {text[part.start : part.end].lower() for part in parts(text, field) if part.kind == "macro"}


def _defined_between(one: Block, other: Block, strings: Sequence[Block]) -> set[str]:
    """The macros that are defined between two entries of a file."""
    first, last = sorted((one.start, other.start))
    return {field.name.lower() for block in strings if first < block.start < last for field in block.fields}


def _add_ids(text: str, block: Block, keys: Sequence[str], lacking: dict[str, str]) -> list[Edit]:
    """Add keys to the `ids` that an entry has; if it has none, to the fields that it lacks."""
    for field in block.fields:
        if field.name.lower() == "ids" and not field.joined and text[field.value_start] in '{"':
            value = text[field.value_start + 1 : field.value_end - 1].rstrip().rstrip(",")
            end = field.value_start + 1 + len(value)
            return [Edit(end, end, (", " if value.strip() else "") + ", ".join(keys))]
    lacking["ids"] = ", ".join(keys)
    return []


def _renamed(became: Mapping[str, str], remaining: Sequence[Block]) -> dict[str, str]:
    """The keys that nothing has any more. One that another entry still has cannot be told apart."""
    still = Counter(block.key for block in remaining)
    return {old: new for old, new in became.items() if old != new and not still[old] and not old.startswith("#")}


def _repointings(text: str, block: Block, to: Mapping[str, str], rewritten: Collection[str]) -> Iterator[Edit]:
    """The edits that let an entry call by its new key what it refers to; fields that are `rewritten` do already."""
    for field in block.fields:
        if field.name.lower() in rewritten:
            continue
        value = text[field.value_start : field.value_end]
        if (now := _repointed(field.name.lower(), value, to, block.key)) != value:
            yield Edit(field.value_start, field.value_end, now)


def _repointed(name: str, value: str, to: Mapping[str, str], own: str) -> str:
    r"""A value with new keys: in fields that name entries, and in `\cite` anywhere; `own` is the key of the entry."""
    if name in REFERRING_FIELDS:
        return renamed_words(value, to, own)
    return rewrite(value, "tex", to)[0] if "cite" in value else value


def _groups_left_behind(source: str, after: str, renamed: Mapping[str, str]) -> Iterator[Problem]:
    """A note for each key that is gone and that a group of JabRef's or BibDesk's lists: they keep them in comments."""
    if not renamed or not _GROUPS.search(after):
        return
    place = places(after)
    for block in scan(after):
        if block.kind == "comment" and _GROUPS.match(after, block.start):
            listed = set(re.split(r"[\s,;\\<>{}]+", after[block.start : block.end]))
            for old in sorted(listed & renamed.keys()):
                told = f"a group in this comment lists {old!r}, which is {renamed[old]!r} now"
                yield Problem(source, told, place(block.start)[0], kind="note")


def _parents_before_children(source: str, after: str, merged_into: Collection[str]) -> tuple[Problem, ...]:
    """A note for each entry that refers to an earlier one in `crossref`: BibTeX looks for it further down only.

    Args:
        source: the file.
        after: what it holds.
        merged_into: the keys that a merge made entries refer to.
    """
    notes = []
    seen: dict[str, int] = {}
    place = places(after)
    for block in entries(after) if merged_into else ():
        line, _ = place(block.start)
        for field in block.fields:
            parent = after[field.value_start : field.value_end].strip('{}" \t\r\n')
            if field.name.lower() == "crossref" and parent in merged_into and parent in seen:
                message = f"refers to {parent!r} (line {seen[parent]}) now, which BibTeX wants further down than this"
                notes.append(Problem(source, f"{block.key!r} {message}", line, kind="note"))
        seen[block.key] = line
    return tuple(notes)
