"""The plan: what a run proposes, as data. Pure: values in, values out; only `apply` writes.

sources -> deduplicate -> merge -> classify -> Plan
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from refsync.cites import NO_CITES, Cites, rewrite, scan
from refsync.classify.labels import LABEL_FIELDS, labels_of
from refsync.classify.settings import AreaAnswer
from refsync.dedup.merge import NO_CHOICES, Choice, Merged, merge_cluster
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.write import SOURCE_FIELD
from refsync.planning.citation_keys import assign_keys, renamed_keys
from refsync.planning.run_models import Progress, area_answers, no_progress, tag_papers, title_and_abstract
from refsync.planning.settings import DEFAULTS, PLAIN, ExportSettings, PlanSettings
from refsync.records import REFERRING_FIELDS, Problem, Record, keys_in
from refsync.sources import STDIN
from refsync.text.latex_escape import from_text

if TYPE_CHECKING:  # who only looks for duplicates needs no model
    from refsync.classify.model import Model, Tagging


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of the result.

    `record` is ready to be written: merged, with its final key, areas and provenance. `members` are the indices of
    the input records that it stands for; `merged` says where each value is from, and which ones were not taken.
    """

    record: Record
    members: tuple[int, ...]
    merged: Merged
    tagging: "Tagging | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run proposes: `entries` in the order in which their papers were first read.

    The first `known` records are those of a library that the others are compared with. Papers that it has are no
    entries. `export` and `preambles` say how the library is written, `prefix` is written before its areas.
    `cannot_link` names the pairs that people answered are not duplicates, so that whoever edits the plan cannot join
    them in passing.
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
        """How many records were read, those of the library not counted."""
        return len(self.records) - self.known

    @property
    def present(self) -> dict[int, int]:
        """The records that the library has already, each with the library's record."""
        return {
            member: cluster.members[0]
            for cluster in self.deduplication.clusters
            if cluster.members[0] < self.known
            for member in cluster.members
            if member >= self.known
        }

    @property
    def merged(self) -> int:
        """How many records a merge removes: records read less papers kept and those present already."""
        return self.read - len(self.entries) - len(self.present)

    @property
    def renamed(self) -> dict[str, str]:
        """The users' keys that no entry has any more, each with the key of the entry that stands for its paper."""
        became = (
            (self.records[i].id, entry.record.id)
            for entry in self.entries
            for i in entry.members
            if is_users_key(self.records[i])
        )
        return renamed_keys(became, [entry.record.id for entry in self.entries])

    @property
    def areas(self) -> dict[str, int]:
        """How many papers were tagged with each area, the commonest first."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            for area in entry.tagging.areas if entry.tagging else ():
                if area.applied:
                    counts[area.area] = counts.get(area.area, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """What a plan takes into account beside records, duplicates and settings.

    Attributes:
        known: how many of the first records are those of a library that the others are compared with.
        cites: the documents that cite.
        ids: whether citation keys that go stay as aliases in the entry's `ids`.
        provenance: whether each entry names the places that it is from.
        preambles: LaTeX for the library's `@preamble`.
        area_answers: what people answered about areas, by fingerprint.
        field_choices: what people chose for fields, by the smallest member of the cluster (`decisions.choices_for_clusters`).
        cannot_link: pairs of records that people answered are not duplicates.
        tagged: gives the areas of the paper that these records are, instead of the model.
    """

    known: int = 0
    cites: Cites = NO_CITES
    ids: bool = True
    provenance: bool = True
    preambles: Sequence[str] = ()
    area_answers: Mapping[str, AreaAnswer] = field(default_factory=dict)
    field_choices: Mapping[int, Mapping[str, Choice]] = field(default_factory=dict)
    cannot_link: tuple[tuple[int, int], ...] = ()
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
    """Merge each cluster into one entry with a key of its own, and tag it if there is a model.

    Papers that the library of the first `context.known` records has are left out, and its keys are not given again. Of
    several keys the one that the documents cite most stays, unless the settings make all keys anew.

    Args:
        records: what was read.
        deduplication: which of them are one paper.
        problems: what is known to be wrong.
        model: the area model.
        config: settings; a whole `Config` is one.
        context: what else is taken into account.
        progress: called with the number of papers tagged so far and their total.
    """
    known, cites = context.known, context.cites
    in_cluster = {member: cluster.members for cluster in deduplication.clusters for member in cluster.members}
    groups = [in_cluster.get(i, (i,)) for i in range(len(records))]
    groups = [group for i, group in enumerate(groups) if min(group) == i and group[0] >= known]
    merges = [
        _merge([records[i] for i in group], config.merge, cites, context.field_choices.get(min(group), NO_CHOICES))
        for group in groups
    ]
    keys = assign_keys(
        [merge.record for merge in merges],
        [any(is_users_key(records[i]) for i in group) for group in groups],
        taken={record.id for record in records[:known]},
        template=config.export.keys,
    )
    taggings: Sequence[Tagging | None] = [context.tagged(group) if context.tagged else None for group in groups]
    if model:
        papers = [title_and_abstract(merge.record) for merge in merges]
        answers = area_answers([[records[i] for i in group] for group in groups], context.area_answers)
        taggings = tag_papers(model, papers, config.areas, progress, answers)
    renamed = _Renamed.of(records, groups, keys, context.ids)
    prefix = area_prefix(model, config)
    entries = tuple(
        Entry(
            _finish(
                merge,
                key,
                [records[i] for i in group],
                {config.areas.field: written_areas(merge.record, tagging, prefix, config)},
                renamed,
                context.provenance,
            ),
            group,
            merge,
            tagging,
        )
        for group, key, merge, tagging in zip(groups, keys, merges, taggings, strict=True)
    )
    clashes = [] if config.export.keys else _renamed_keys(records, entries)
    return Plan(
        records=tuple(records),
        deduplication=deduplication,
        entries=entries,
        problems=(*problems, *clashes),
        known=known,
        export=config.export,
        preambles=tuple(context.preambles),
        prefix=prefix,
        cannot_link=context.cannot_link,
    )


def area_prefix(model: "Model | None", config: PlanSettings) -> str:
    """What is written before an area: the prefix configured, or that which an own model needs."""
    if not model:
        return config.areas.prefix
    from refsync.classify.area_answers import prefix_for

    return prefix_for(config.areas, model.weights.notes, LABEL_FIELDS)


def written_areas(record: Record, tagging: "Tagging | None", prefix: str, config: PlanSettings) -> list[str]:
    """The applied areas that a record does not have yet, as they are written: in its markup, with a prefix.

    A label of the user's own needs no repeating.
    """
    if not tagging:
        return []
    present = {label.casefold() for label in labels_of(record, [config.areas.field])}
    areas = [area.area for area in tagging.areas if area.applied]
    lacking = [prefix + area for area in areas if present.isdisjoint({area.casefold(), (prefix + area).casefold()})]
    return [from_text(area) for area in lacking] if record.markup == "latex" else lacking


def is_users_key(record: Record) -> bool:
    """Whether the id is a citation key from a BibTeX file, not the number or table id that a reader gave."""
    return record.markup == "latex" and not record.id.startswith("#")


@dataclass(frozen=True, slots=True)
class _Renamed:
    """What became of the users' keys.

    `to` is by (source, key); `free` has those that mean one paper only, `aliases` such as an entry may have beside its
    own key.
    """

    to: Mapping[tuple[str, str], str]
    free: Mapping[str, str]
    aliases: Mapping[str, str]

    @classmethod
    def of(
        cls, records: Sequence[Record], groups: Sequence[Sequence[int]], keys: Sequence[str], ids: bool
    ) -> "_Renamed":
        to: dict[tuple[str, str], str] = {}
        became: list[tuple[str, str]] = []
        for group, key in zip(groups, keys, strict=True):
            for record in (records[i] for i in group):
                if is_users_key(record):
                    to.setdefault((record.source, record.id), key)  # of equal keys in a file, BibTeX takes the first
                    became.append((record.id, key))
        taken = {key.casefold() for key in keys}
        free = renamed_keys(became, keys)
        return cls(to, free, {old: new for old, new in free.items() if ids and old.casefold() not in taken})

    def key(self, source: str, old: str) -> str:
        """What a reference in this source names now; one to an entry of another source too."""
        return self.to.get((source, old)) or self.free.get(old, old)


def _merge(
    members: Sequence[Record], settings: MergeSettings, cites: Cites, choices: Mapping[str, Choice] = NO_CHOICES
) -> Merged:
    """Merge, with the key as the id that is cited most, else the survivor's, else one that the user knows."""
    merged = merge_cluster(members, settings, choices)
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
    renamed: _Renamed,
    provenance: bool,
) -> Record:
    """The record as it is to be written: references repointed, areas, old keys and provenance put in."""
    record = merged.record
    fields = dict(record.fields)
    for name in REFERRING_FIELDS:
        if name in fields:
            source = merged.origin[name][0] if name in merged.origin else record.source
            named = keys_in(fields[name])
            if named != (now := [renamed.key(source, key) for key in named]):
                fields[name] = ",".join(now)
    for name, value in fields.items():
        if "\\cite" in value and record.markup == "latex":
            source = merged.origin[name][0] if name in merged.origin else record.source
            keys = {cite.key for cite in scan(value, "tex")}
            fields[name], _ = rewrite(value, "tex", {old: renamed.key(source, old) for old in keys})
    if old := sorted({member.id for member in members if renamed.aliases.get(member.id) == key}):
        fields["ids"] = _joined(fields.get("ids", ""), old)
    for name, more in areas.items():
        if more:
            fields[name] = _joined(fields.get(name, ""), more)
    if provenance:
        fields[SOURCE_FIELD] = "; ".join(sorted({place for member in members for place in _places(member)}))
    return replace(record, id=key, fields=fields)


def _places(record: Record) -> list[str]:
    """Where a record came from: what an earlier run noted, else its file and its line or id there."""
    if noted := record.get(SOURCE_FIELD):
        return noted.split("; ")
    name = "stdin" if record.source == STDIN else PurePath(record.source).name
    return [f"{name}:{record.line}" if record.id.startswith("#") else f"{name}:{record.id}"]


def _joined(present: str, more: Sequence[str]) -> str:
    """A comma-parted list with more members, none twice. A list parted by semicolons alone is parted by commas then."""
    mark = "," if "," in present else ";"
    parts = [part.strip() for part in present.split(mark) if part.strip()]
    return ", ".join(dict.fromkeys([*parts, *more]))


def _renamed_keys(records: Sequence[Record], entries: Sequence[Entry]) -> list[Problem]:
    """A problem for each user's key that another paper has too, so that it could not be kept."""
    problems = []
    for entry in entries:
        known = {records[i].id for i in entry.members if is_users_key(records[i])}
        if known and entry.record.id not in known:
            first = next(records[i] for i in entry.members if is_users_key(records[i]))
            message = f"the key {first.id!r} also names another paper; this one is written as {entry.record.id!r}"
            problems.append(Problem(first.source, message, first.line, kind="note"))
    return problems
