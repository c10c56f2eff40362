"""The plan: what a run proposes, as data. Pure.

sources -> deduplicate -> merge -> classify -> Plan
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from refsync.cites import NO_CITES, Cites, rewrite, scan
from refsync.classify.labels import LABEL_FIELDS, labels_of
from refsync.classify.settings import AreaAnswer
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.merge import NO_CHOICES, Choice, Merged, merge_cluster, survivor_of
from refsync.dedup.results import Deduplication
from refsync.formats.bibtex.write import SOURCE_FIELD
from refsync.planning.citation_keys import assign_keys, renamed_keys
from refsync.planning.run_models import Progress, area_answers, no_progress, tag_papers, title_and_abstract
from refsync.planning.settings import DEFAULTS, PLAIN, ExportSettings, PlanSettings
from refsync.records import REFERRING_FIELDS, Problem, Record, keys_in
from refsync.sources import STDIN
from refsync.text.latex_escape import text_to_latex

if TYPE_CHECKING:  # finding duplicates needs no area model
    from refsync.classify.model import Model, Tagging


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of the result.

    Attributes:
        record: ready to be written: merged, with its final key, areas and provenance.
        members: the indices of the input records that it merges.
        merged: where each value is from, and which values were not used.
        tagging: its areas; None without an area model.
    """

    record: Record
    members: tuple[int, ...]
    merged: Merged
    tagging: "Tagging | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run proposes.

    Attributes:
        records: the input.
        deduplication: the clusters, versions and pairs for review.
        entries: the papers, in the order in which they were first read, without those that the library has.
        problems: those of the input and of the merge.
        known: how many of the first records are those of the library that the others are compared with.
        export: how the library is written.
        preambles: LaTeX for its `@preamble`.
        prefix: what is written before its areas.
        cannot_link: the pairs that people answered are not duplicates, so that an edited plan cannot merge them by
            accident.
    """

    records: tuple[Record, ...]
    deduplication: Deduplication
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    known: int = 0
    export: ExportSettings = PLAIN
    preambles: tuple[str, ...] = ()
    prefix: str = ""
    cannot_link: tuple[tuple[int, int], ...] = ()

    @property
    def read(self) -> int:
        """How many records were read, without those of the library."""
        return len(self.records) - self.known

    @property
    def present(self) -> dict[int, int]:
        """The records that the library already has, each with the library's record."""
        return {
            member: cluster.members[0]
            for cluster in self.deduplication.clusters
            if cluster.members[0] < self.known
            for member in cluster.members
            if member >= self.known
        }

    @property
    def merged(self) -> int:
        """How many records the merges remove: records read, less entries and records that the library already has."""
        return self.read - len(self.entries) - len(self.present)

    @property
    def renamed(self) -> dict[str, str]:
        """The users' keys that no entry has any more, each with the key of the entry that replaces it."""
        old_and_new = (
            (self.records[i].id, entry.record.id)
            for entry in self.entries
            for i in entry.members
            if is_users_key(self.records[i])
        )
        return renamed_keys(old_and_new, [entry.record.id for entry in self.entries])

    @property
    def areas(self) -> dict[str, int]:
        """How many papers were tagged with each area, the most frequent first."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            for area in entry.tagging.areas if entry.tagging else ():
                if area.applied:
                    counts[area.area] = counts.get(area.area, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """What a plan takes into account besides records, duplicates and settings.

    Attributes:
        known: how many of the first records are those of a library that the others are compared with.
        cites: the documents that cite.
        survivors_first: whether the first member of each cluster is the record that the merged one continues.
        ids: whether removed citation keys become aliases in the entry's `ids`.
        provenance: whether each entry names its sources.
        preambles: LaTeX for the library's `@preamble`.
        area_answers: people's answers about areas, by fingerprint. Of this and the next two, None means none here, and
            the remembered ones in `refsync.make_plan`.
        field_choices: people's choices for fields, by the smallest member of the cluster (see
            `decisions.choices_for_clusters`).
        cannot_link: pairs of records that people answered are not duplicates.
        tagged: gives the areas of a paper for the indices of its records, instead of the model.
    """

    known: int = 0
    cites: Cites = NO_CITES
    survivors_first: bool = False
    ids: bool = True
    provenance: bool = True
    preambles: Sequence[str] = ()
    area_answers: Mapping[str, AreaAnswer] | None = None
    field_choices: Mapping[int, Mapping[str, Choice]] | None = None
    cannot_link: tuple[tuple[int, int], ...] | None = None
    tagged: "Callable[[Sequence[int]], Tagging | None] | None" = None


NO_CONTEXT = PlanContext()


def make_plan(
    records: Sequence[Record],
    deduplication: Deduplication,
    problems: Sequence[Problem] = (),
    model: "Model | None" = None,
    config: PlanSettings = DEFAULTS,
    context: PlanContext = NO_CONTEXT,
    progress: Progress = no_progress,
) -> Plan:
    """Merge each cluster into one entry with a unique key, and tag it if there is a model.

    Papers that the library (the first `context.known` records) has are left out, and its keys are not reused. Of
    several keys the one that the documents cite most stays, unless the settings generate all keys.

    Args:
        records: what was read.
        deduplication: which records are the same paper.
        problems: those of the input.
        model: the area model.
        config: the settings; a whole `Config` has them.
        context: what else to take into account.
        progress: called with the number of papers tagged so far and their total.
    """
    known, cites, chosen = context.known, context.cites, context.field_choices or {}
    in_cluster = {member: cluster.members for cluster in deduplication.clusters for member in cluster.members}
    groups = [in_cluster.get(i, (i,)) for i in range(len(records))]
    groups = [group for i, group in enumerate(groups) if min(group) == i and group[0] >= known]
    whole = with_inherited(records)
    merges = []
    for group in groups:
        members, inherited = [records[i] for i in group], [whole[i] for i in group]
        survivor = 0
        if not context.survivors_first:
            survivor = survivor_of(inherited, config.merge, [cites.count(record) for record in members])
        choices = chosen.get(min(group), NO_CHOICES)
        merged = merge_cluster(members, config.merge, choices, inherited, survivor)
        merges.append(_with_cited_key(merged, members, cites))
    keys = assign_keys(
        [merge.record for merge in merges],
        [any(is_users_key(records[i]) for i in group) for group in groups],
        taken={record.id for record in records[:known]},
        template=config.export.keys,
    )
    taggings: Sequence[Tagging | None] = [context.tagged(group) if context.tagged else None for group in groups]
    if model:
        papers = [title_and_abstract(merge.record) for merge in merges]
        answers = area_answers([[records[i] for i in group] for group in groups], context.area_answers or {})
        taggings = tag_papers(model, papers, config.areas, progress, answers)
    renaming = _KeyRenaming.of(records, groups, keys, context.ids)
    prefix = area_prefix(model, config)
    entries = tuple(
        Entry(
            _finish(
                merge,
                key,
                [records[i] for i in group],
                {config.areas.field: written_areas(merge.record, tagging, prefix, config)},
                renaming,
                context.provenance,
            ),
            group,
            merge,
            tagging,
        )
        for group, key, merge, tagging in zip(groups, keys, merges, taggings, strict=True)
    )
    key_problems = [] if config.export.keys else _ambiguous_keys(records, entries)
    return Plan(
        records=tuple(records),
        deduplication=deduplication,
        entries=entries,
        problems=(*problems, *key_problems),
        known=known,
        export=config.export,
        preambles=tuple(context.preambles),
        prefix=prefix,
        cannot_link=context.cannot_link or (),
    )


def with_survivors_keys(plan: Plan) -> Plan:
    """The plan of a merge in place, where each entry keeps the key of its first member, repeated or not."""
    entries = (replace(one, record=replace(one.record, id=plan.records[one.members[0]].id)) for one in plan.entries)
    return replace(plan, entries=tuple(entries))


def area_prefix(model: "Model | None", config: PlanSettings) -> str:
    """What is written before an area: the configured prefix, or the one that an own model needs."""
    if not model:
        return config.areas.prefix
    from refsync.classify.area_answers import prefix_for

    return prefix_for(config.areas, model.weights.notes, LABEL_FIELDS)


def written_areas(record: Record, tagging: "Tagging | None", prefix: str, config: PlanSettings) -> list[str]:
    """The applied areas that a record does not have yet, as written: in its markup, with a prefix.

    Areas that the user has as labels without prefix are left out too.
    """
    if not tagging:
        return []
    present = {label.casefold() for label in labels_of(record, [config.areas.field])}
    areas = [area.area for area in tagging.areas if area.applied]
    missing = [prefix + area for area in areas if present.isdisjoint({area.casefold(), (prefix + area).casefold()})]
    return [text_to_latex(area) for area in missing] if record.markup == "latex" else missing


def is_users_key(record: Record) -> bool:
    """Whether the id is a citation key from a BibTeX file, not a number or table id from a reader."""
    return record.markup == "latex" and not record.id.startswith("#")


@dataclass(frozen=True, slots=True)
class _KeyRenaming:
    """The users' old keys with the new ones.

    Attributes:
        by_source: the new key by source and old key.
        unambiguous: the new key by old key, for old keys that name only one paper.
        aliases: those of them that an entry may have in `ids`.
    """

    by_source: Mapping[tuple[str, str], str]
    unambiguous: Mapping[str, str]
    aliases: Mapping[str, str]

    @classmethod
    def of(
        cls, records: Sequence[Record], groups: Sequence[Sequence[int]], keys: Sequence[str], ids: bool
    ) -> "_KeyRenaming":
        by_source: dict[tuple[str, str], str] = {}
        old_and_new: list[tuple[str, str]] = []
        for group, key in zip(groups, keys, strict=True):
            for record in (records[i] for i in group):
                if is_users_key(record):
                    by_source.setdefault((record.source, record.id), key)  # of equal keys, BibTeX uses the first
                    old_and_new.append((record.id, key))
        taken = {key.casefold() for key in keys}
        unambiguous = renamed_keys(old_and_new, keys)
        aliases = {old: new for old, new in unambiguous.items() if ids and old.casefold() not in taken}
        return cls(by_source, unambiguous, aliases)

    def new_key(self, source: str, old: str) -> str:
        """The new key for a reference in this source, also to an entry of another source."""
        return self.by_source.get((source, old)) or self.unambiguous.get(old, old)


def _with_cited_key(merged: Merged, members: Sequence[Record], cites: Cites) -> Merged:
    """The merged record with the most cited key, else that of the cited record, else another key of the user's."""
    named = [member for member in members if is_users_key(member)]
    if not named:
        return merged
    best = min(named, key=lambda member: (-cites.count(member), member.id != merged.record.id, member.id))
    return replace(merged, record=replace(merged.record, id=best.id))


def _finish(
    merged: Merged,
    key: str,
    members: Sequence[Record],
    areas: Mapping[str, Sequence[str]],
    renaming: _KeyRenaming,
    provenance: bool,
) -> Record:
    """The record as it is written: with updated references, areas, old keys and provenance."""
    record = merged.record
    fields = dict(record.fields)
    for name in REFERRING_FIELDS:
        if name in fields:
            source = merged.origin[name][0] if name in merged.origin else record.source
            old_keys = keys_in(fields[name])
            if old_keys != (new_keys := [renaming.new_key(source, key) for key in old_keys]):
                fields[name] = ",".join(new_keys)
    for name, value in fields.items():
        if "\\cite" in value and record.markup == "latex":
            source = merged.origin[name][0] if name in merged.origin else record.source
            keys = {cite.key for cite in scan(value, "tex")}
            fields[name], _ = rewrite(value, "tex", {old: renaming.new_key(source, old) for old in keys})
    if old := sorted({member.id for member in members if renaming.aliases.get(member.id) == key}):
        fields["ids"] = _joined(fields.get("ids", ""), old)
    for name, more in areas.items():
        if more:
            fields[name] = _joined(fields.get(name, ""), more)
    if provenance:
        fields[SOURCE_FIELD] = "; ".join(sorted({place for member in members for place in _places(member)}))
    return replace(record, id=key, fields=fields)


def _places(record: Record) -> list[str]:
    """The provenance of a record: what an earlier run recorded, else its file and its line or id there."""
    if recorded := record.get(SOURCE_FIELD):
        return recorded.split("; ")
    name = "stdin" if record.source == STDIN else PurePath(record.source).name
    return [f"{name}:{record.line}" if record.id.startswith("#") else f"{name}:{record.id}"]


def _joined(present: str, more: Sequence[str]) -> str:
    """A comma-separated list with more items, none twice. Semicolons as the only separators become commas."""
    separator = "," if "," in present else ";"
    parts = [part.strip() for part in present.split(separator) if part.strip()]
    return ", ".join(dict.fromkeys([*parts, *more]))


def _ambiguous_keys(records: Sequence[Record], entries: Sequence[Entry]) -> list[Problem]:
    """A problem for each user's key that could not be kept because another paper has it too."""
    problems = []
    for entry in entries:
        old_keys = {records[i].id for i in entry.members if is_users_key(records[i])}
        if old_keys and entry.record.id not in old_keys:
            first = next(records[i] for i in entry.members if is_users_key(records[i]))
            message = f"the key {first.id!r} also names another paper; this one is written as {entry.record.id!r}"
            problems.append(Problem(first.source, message, first.line, kind="note"))
    return problems
