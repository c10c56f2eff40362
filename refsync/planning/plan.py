"""The plan: what a run proposes, as data. Pure.

sources -> deduplicate -> merge -> classify -> Plan
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from refsync.cites import NO_CITES, Cites, rewrite, scan
from refsync.classify.labels import LABEL_FIELDS, labels_of
from refsync.classify.settings import AreaAnswer
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.merge import NO_CHOICES, Choice, Merged, merge_cluster
from refsync.dedup.results import Deduplication
from refsync.formats.bibtex.write import SOURCE_FIELD
from refsync.papis.configuration import INFO_NAME
from refsync.planning.citation_keys import assign_keys, content_digest
from refsync.planning.databases import databases_of, with_databases
from refsync.planning.key_map import KeyMap, KeyRenaming
from refsync.planning.key_ownership import NamesInFiles, kept_aliases, record_citations, settle_keys
from refsync.planning.library_dialect import dialect_of_library
from refsync.planning.run_models import Progress, area_answers, no_progress, paper_of, tag_papers
from refsync.planning.settings import DEFAULTS, PLAIN, ExportSettings, PlanSettings
from refsync.planning.version_links import link_versions
from refsync.records import REFERRING_FIELDS, Problem, Record, keys_in
from refsync.sources import STDIN
from refsync.text.latex_escape import text_to_latex
from refsync.text.lists import join_words, split_words

if TYPE_CHECKING:  # finding duplicates needs no area model
    from refsync.classify.model import Tagging
    from refsync.classify.tagger import Tagger


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
        groups: how many papers each suggested group has.
        trailer: what is written after its entries in BibTeX, such as a tree of groups.
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
    groups: Mapping[str, int] = field(default_factory=dict)
    trailer: str = ""

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
    def key_map(self) -> KeyMap:
        """What became of the citation keys of the inputs; computed at each call."""
        groups = [entry.members for entry in self.entries]
        papers = [*groups, *_library_groups(self.deduplication, self.known)]
        library = [self.records[group[0]] for group in papers[len(groups) :]]
        entries = [entry.record for entry in self.entries]
        return KeyMap(
            records=self.records,
            paper_of=_paper_of(papers, len(self.records)),
            keys=[*(record.id for record in entries), *map(_library_key, library)],
            aliases=[record.get("ids") for record in (*entries, *library)],
            known=self.known,
        )

    @property
    def renamed(self) -> dict[str, str]:
        """The users' keys that stood for one paper, each with the different key of the entry that has it now."""
        return self.key_map.renamed

    @property
    def areas(self) -> dict[str, int]:
        """How many papers were tagged with each area, the most frequent first."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            for area in entry.tagging.areas if entry.tagging else ():
                if area.applied:
                    counts[area.area] = counts.get(area.area, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _repr_html_(self) -> str:
        from refsync.planning.plan_html import plan_html

        papers = [
            (entry.record, len(entry.members), (entry.tagging.primary if entry.tagging else None) or "")
            for entry in self.entries
        ]
        return plan_html(self.records, papers, self.deduplication, self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """What a plan takes into account besides records, duplicates and settings.

    Attributes:
        known: how many of the first records are those of a library that the others are compared with.
        cites: the documents that cite.
        survivors_first: whether the first member of each cluster is the record that the merged one continues.
        ids: whether removed citation keys become aliases in the entry's `ids`; None: if the library is for BibLaTeX.
        provenance: whether each entry names its sources, if the settings want it.
        link_versions: whether versions of a work are linked, if the settings want it.
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
    ids: bool | None = None
    provenance: bool = True
    link_versions: bool = True
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
    model: "Tagger | None" = None,
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
    groups = [in_cluster.get(i, (i,)) for i in range(known, len(records))]
    groups = [group for i, group in enumerate(groups, known) if min(group) == i and group[0] >= known]
    library = _library_groups(deduplication, known)
    names = NamesInFiles(records, _paper_of([*groups, *library], len(records)))
    citations = names.citations(cites)
    whole = with_inherited(records)
    merges = []
    for paper, group in enumerate(groups):
        members, inherited = [records[i] for i in group], [whole[i] for i in group]
        cited = [record_citations(names, citations, cites, paper, record) for record in members]
        choices = chosen.get(min(group), NO_CHOICES)
        survivor = 0 if context.survivors_first else None
        merges.append(merge_cluster(members, config.merge, choices, inherited, survivor, cited))
    ownership = settle_keys(
        names,
        citations,
        records,
        [*(merge.record.id for merge in merges), *("" for _ in library)],
        {len(groups) + i: _library_key(records[group[0]]) for i, group in enumerate(library)},
        lambda paper: content_digest(merges[paper].record) if paper < len(merges) else "",
    )
    merges = [
        replace(merge, record=replace(merge.record, id=key)) if (key := own or lost) else merge
        for merge, own, lost in zip(merges, ownership.keys, ownership.lost, strict=False)
    ]
    keys = assign_keys(
        with_inherited([merge.record for merge in merges]),
        [bool(key) for key in ownership.keys[: len(merges)]],
        taken={record.id for record in records[:known]},
        template=config.export.keys,
        wanted=ownership.lost[: len(merges)],
        avoided=names.papers,
    )
    all_keys = [*keys, *(_library_key(records[group[0]]) for group in library)]
    aliases = kept_aliases(names, ownership, all_keys, _writes_aliases(records, context, config))
    renaming = KeyRenaming.of(names, all_keys, aliases)
    taggings: Sequence[Tagging | None] = [context.tagged(group) if context.tagged else None for group in groups]
    if model:
        papers = [paper_of(merge.record) for merge in merges]
        answers = area_answers([[records[i] for i in group] for group in groups], context.area_answers or {})
        taggings = tag_papers(model, papers, config.areas, progress, answers)
    prefix = area_prefix(model, config)
    entries = tuple(
        Entry(
            _finish(
                merge,
                key,
                [records[i] for i in group],
                {config.areas.field: written_areas(merge.record, tagging, prefix, config)},
                _References(renaming, names.own(paper), aliases[paper]),
                context.provenance and config.export.provenance,
            ),
            group,
            merge,
            tagging,
        )
        for paper, (group, key, merge, tagging) in enumerate(zip(groups, keys, merges, taggings, strict=True))
    )
    if context.link_versions and deduplication.versions:
        linked = link_versions(
            [entry.record for entry in entries], groups, deduplication.versions, _how_linked(records, context, config)
        )
        entries = tuple(replace(entry, record=record) for entry, record in zip(entries, linked, strict=True))
    if config.export.databases:
        found_in = databases_of(records)
        entries = tuple(
            replace(entry, record=with_databases(entry.record, [found_in[i] for i in entry.members]))
            for entry in entries
        )
    plan = Plan(
        records=tuple(records),
        deduplication=deduplication,
        entries=entries,
        problems=tuple(problems),
        known=known,
        export=config.export,
        preambles=tuple(context.preambles),
        prefix=prefix,
        cannot_link=context.cannot_link or (),
    )
    return replace(plan, problems=(*problems, *replace(plan.key_map, counted=names).problems()))


def with_survivors_keys(plan: Plan) -> Plan:
    """The plan of a merge in place, where each entry keeps the key of its first member, repeated or not."""
    entries = (replace(one, record=replace(one.record, id=plan.records[one.members[0]].id)) for one in plan.entries)
    return replace(plan, entries=tuple(entries))


def area_prefix(model: "Tagger | None", config: PlanSettings) -> str:
    """What is written before an area: the configured prefix, or the one that an own model needs."""
    if not model:
        return config.areas.prefix
    from refsync.classify.area_answers import prefix_for

    return prefix_for(config.areas, model.notes, LABEL_FIELDS)


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


def _writes_aliases(records: Sequence[Record], context: PlanContext, config: PlanSettings) -> bool:
    """Whether removed citation keys become aliases, which only BibLaTeX has."""
    if context.ids is not None:
        return context.ids
    return dialect_of_library(records, context.cites, config.export.dialect) == "biblatex"


def _how_linked(records: Sequence[Record], context: PlanContext, config: PlanSettings) -> str:
    """How versions are linked: by `related` only for BibLaTeX, the other styles print it nowhere."""
    how = config.export.versions
    if how == "related" and dialect_of_library(records, context.cites, config.export.dialect) != "biblatex":
        return "none"
    return how


def _library_groups(deduplication: Deduplication, known: int) -> list[tuple[int, ...]]:
    """The papers of the library, with the records that it already has."""
    clusters = [cluster.members for cluster in deduplication.clusters if cluster.members[0] < known]
    clustered = {i for members in clusters for i in members}
    return [*clusters, *((i,) for i in range(known) if i not in clustered)]


def _library_key(record: Record) -> str:
    """The key of a library's record; empty for a number that the reader gave it."""
    return "" if record.id.startswith("#") else record.id


def _paper_of(papers: Sequence[Sequence[int]], count: int) -> list[int]:
    """The number of the paper of each record."""
    numbers = [0] * count
    for number, group in enumerate(papers):
        for i in group:
            numbers[i] = number
    return numbers


@dataclass(frozen=True, slots=True)
class _References:
    """What an entry refers to, and what it is referred to by.

    Attributes:
        renaming: the new keys.
        names: the keys and aliases of its records.
        aliases: those of them that its `ids` may have.
    """

    renaming: KeyRenaming
    names: Collection[str]
    aliases: Sequence[str]

    def ids(self, present: str) -> str:
        """The value of `ids`: without names of other papers, with old keys."""
        before = keys_in(present)
        kept = [name for name in before if name in self.aliases or name not in self.names]
        old = sorted(name for name in self.aliases if name not in kept)
        return present if kept == before and not old else ", ".join(dict.fromkeys([*kept, *old]))


def _finish(
    merged: Merged,
    key: str,
    members: Sequence[Record],
    areas: Mapping[str, Sequence[str]],
    references: _References,
    provenance: bool,
) -> Record:
    """The record as it is written: with updated references, areas, old keys and provenance."""
    record = merged.record
    fields = dict(record.fields)
    for name in REFERRING_FIELDS:
        if name in fields:
            source = merged.origin[name][0] if name in merged.origin else record.source
            old_keys = keys_in(fields[name])
            if old_keys != (new_keys := [references.renaming.new_key(source, key) for key in old_keys]):
                fields[name] = ",".join(new_keys)
    for name, value in fields.items():
        if "\\cite" in value and record.markup == "latex":
            source = merged.origin[name][0] if name in merged.origin else record.source
            keys = {cite.key for cite in scan(value, "tex")}
            fields[name], _ = rewrite(value, "tex", {old: references.renaming.new_key(source, old) for old in keys})
    if ids := references.ids(fields.get("ids", "")):
        fields["ids"] = ids
    else:
        fields.pop("ids", None)
    for name, more in areas.items():
        if more:
            fields[name] = _joined(fields.get(name, ""), more)
    if provenance:
        fields[SOURCE_FIELD] = "; ".join(sorted({place for member in members for place in places_of(member)}))
    return replace(record, id=key, fields=fields)


def places_of(record: Record) -> list[str]:
    """The provenance of a record: what an earlier run recorded, else its file and its line or id there."""
    if recorded := record.get(SOURCE_FIELD):
        return recorded.split("; ")
    path = PurePath(record.source)
    name = "stdin" if record.source == STDIN else path.name
    name = "/".join(path.parts[-2:]) if name == INFO_NAME else name  # all documents of papis have it
    return [f"{name}:{record.line}" if record.id.startswith("#") else f"{name}:{record.id}"]


def _joined(present: str, more: Sequence[str]) -> str:
    """A list with more items, none twice. Semicolons become commas where no item has one."""
    return join_words([*split_words(present), *more])
