"""Which paper keeps a citation key that records of several papers have. Pure.

A paper's names are the citation keys of its records and the aliases in their `ids`. A name that several papers have is
contested; case makes no difference, as in BibTeX. The paper that the documents mean by it keeps it. Where they do not
decide, a key of a `.bib` file comes before one that another format calls a key, and that before an id that only looks
like one (of a table, RIS or a database); then a paper without another key of its own, then one whose merged entry is
based on the record with that key; last, the content decides, so that the order of the files makes no difference.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from refsync.cites import Cites, cited_by_source
from refsync.records import Problem, Record, keys_in
from refsync.text.citation_keys import looks_like_citation_key


def is_users_key(record: Record) -> bool:
    """Whether the id is a citation key, not a number that a reader, program or database assigned."""
    if record.id.startswith("#"):
        return False
    return record.id_is_key or record.markup == "latex" or looks_like_citation_key(record.id)


_LEAST_CERTAIN = 2


def _certainty(record: Record) -> int:
    """How certain it is that documents cite a record by its id, 0 being the most: that of a table is often a number."""
    if record.markup == "latex":
        return 0
    return 1 if record.id_is_key else _LEAST_CERTAIN


class Name(NamedTuple):
    """A name of a paper in a file: a key, or an alias from `ids`. `record` is the index of the record that has it."""

    source: str
    name: str
    paper: int
    record: int
    alias: bool = False


Citations = Counter[tuple[int, str]]
"""How often documents cite a paper by a name."""


class NamesInFiles:
    """The names in the inputs and the papers that they mean.

    Attributes:
        names: all names, in the order of the records.
        void: aliases that are also a key of their file, where they mean the entry with the key.
        papers: the papers that have a name, by the name in lower case.
        exact: the same by the name as it is written, which is how documents and BibLaTeX distinguish names.
    """

    def __init__(self, records: Sequence[Record], paper_of: Sequence[int]) -> None:
        """Collect the names.

        Args:
            records: what was read.
            paper_of: for each record, the number of its paper.
        """
        keys = [
            Name(record.source, record.id, paper_of[i], i) for i, record in enumerate(records) if is_users_key(record)
        ]
        taken = {(item.source, item.name.casefold()) for item in keys}
        aliases = [
            Name(item.source, alias, item.paper, item.record, alias=True)
            for item in keys
            if (ids := records[item.record].get("ids"))
            for alias in keys_in(ids)
        ]
        effective = [item for item in aliases if (item.source, item.name.casefold()) not in taken]
        self.names = sorted([*keys, *effective], key=lambda item: (item.record, item.alias))
        self.void = [item for item in aliases if (item.source, item.name.casefold()) in taken]
        papers: dict[str, set[int]] = defaultdict(set)
        exact: dict[str, set[int]] = defaultdict(set)
        for item in self.names:
            papers[item.name.casefold()].add(item.paper)
            exact[item.name].add(item.paper)
        self.papers: Mapping[str, Collection[int]] = papers
        self.exact: Mapping[str, Collection[int]] = exact
        self._own: dict[int, set[str]] = defaultdict(set)
        for item in (*self.names, *self.void):
            self._own[item.paper].add(item.name)

    def is_contested(self, name: str) -> bool:
        """Whether several papers have this name, in whichever case."""
        return len(self.papers.get(name.casefold(), ())) > 1

    def is_ambiguous(self, name: str) -> bool:
        """Whether several papers have exactly this name."""
        return len(self.exact.get(name, ())) > 1

    def own(self, paper: int) -> Collection[str]:
        """The names of a paper, void ones too."""
        return self._own.get(paper, ())

    def contested(self) -> dict[str, list[Name]]:
        """The contested names in lower case, each with those who have it: of one file and paper, the first."""
        found: dict[str, dict[tuple[str, int], Name]] = {}
        for item in self.names:
            if self.is_contested(item.name):
                found.setdefault(item.name.casefold(), {}).setdefault((item.source, item.paper), item)
        return {name: [*items.values()] for name, items in found.items()}

    def citations(self, cites: Cites) -> Citations:
        """How often documents cite each paper by each of its names: by (paper, name)."""
        counted: Citations = Counter()
        if not cites.counts:
            return counted
        keys: dict[str, dict[str, int]] = defaultdict(dict)
        for item in self.names:
            keys[item.source].setdefault(item.name, item.paper)  # of equal keys of a file, BibTeX uses the first
        for (source, name), count in cited_by_source(cites, keys).items():
            if self.is_ambiguous(name):
                counted[keys[source][name], name] += count
        for item in self.names:
            if not self.is_ambiguous(item.name):
                counted[item.paper, item.name] = cites.counts[item.name]
        return counted


def record_citations(names: NamesInFiles, citations: Citations, cites: Cites, paper: int, record: Record) -> int:
    """How often documents cite a record: by its key or an alias, as far as they mean its paper."""
    own = {record.id, *keys_in(record.get("ids"))}
    known = names.own(paper)
    return sum(citations[paper, name] if name in known else cites.counts[name] for name in own)


def citations_of_records(records: Sequence[Record], clusters: Iterable[Sequence[int]], cites: Cites) -> list[int]:
    """How often documents cite each record, as far as they mean its paper; `clusters` are the papers of several."""
    if not cites.counts:
        return [0] * len(records)
    paper_of = list(range(len(records)))
    for members in clusters:
        for i in members:
            paper_of[i] = min(members)
    names = NamesInFiles(records, paper_of)
    citations = names.citations(cites)
    return [record_citations(names, citations, cites, paper_of[i], record) for i, record in enumerate(records)]


def shared_keys(records: Sequence[Record], clusters: Iterable[Sequence[int]], known: int = 0) -> Iterator[Problem]:
    """A problem for each record whose key names another paper in another file; the first `known` are a library's.

    Nothing is renamed here: this is what a merged library will have to settle.
    """
    paper_of = list(range(len(records)))
    for members in clusters:
        for i in members:
            paper_of[i] = min(members)
    for items in NamesInFiles(records, paper_of).contested().values():
        for item in items:
            others = [other for other in items if other.paper != item.paper and other.source != item.source]
            if others and item.record >= known:
                first = others[0]
                place = f"{first.source}:{records[first.record].line}"
                more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
                message = (
                    f"the {'alias' if item.alias else 'key'} {item.name!r} also names another paper ({place}{more})"
                )
                message += "; in a merged library one of them gets a new key"
                yield Problem(item.source, message, records[item.record].line, kind="repeated-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who has which key.

    Attributes:
        keys: the key of each paper; empty where it has none that it may keep.
        lost: for papers without a key that they may keep, the key that they would have had.
        reserved: contested names in lower case that mean one paper in the documents, with this paper.
        citations: see `NamesInFiles.citations`.
    """

    keys: Sequence[str]
    lost: Sequence[str]
    reserved: Mapping[str, int] = field(default_factory=dict)
    citations: Citations = field(default_factory=Counter)


def settle_keys(
    names: NamesInFiles,
    citations: Citations,
    records: Sequence[Record],
    preferred: Sequence[str],
    fixed: Mapping[int, str],
    rank: Callable[[int], str],
) -> Ownership:
    """Give each paper the best of its keys that no other paper keeps.

    Args:
        names: the names in the inputs.
        citations: how often documents cite each paper by each of its names.
        records: what was read.
        preferred: the key of each paper if nothing else decides: that of the record that the entry is based on.
        fixed: the papers of a library that is not written, with their keys, which stay.
        rank: what decides between papers that are equal otherwise.
    """
    reserved: dict[str, int] = {}
    for name, items in names.contested().items():
        totals: Counter[int] = Counter()
        for paper, spelling in {(item.paper, item.name) for item in items}:
            totals[paper] += citations[paper, spelling]
        (first, most), *others = totals.most_common(2)
        if most > 0 and (not others or others[0][1] < most):
            reserved[name] = first
    for item in names.names:
        if item.paper in fixed and (item.alias or item.name == fixed[item.paper]):
            reserved[item.name.casefold()] = item.paper
    weights, counts = _weights(names, records, citations)
    certainty: dict[tuple[int, str], int] = {}
    for item in names.names:
        claim = (item.paper, records[item.record].id)
        certainty[claim] = min(certainty.get(claim, _LEAST_CERTAIN), _certainty(records[item.record]))
    independent = {paper for paper, key in weights if not names.is_contested(key)}

    def order(claim: tuple[int, str]) -> tuple[object, ...]:
        paper, key = claim
        return (
            -weights[claim],
            certainty[claim],
            paper in independent,
            not names.is_contested(key),
            key != preferred[paper],
            -counts[claim],
            rank(paper) if names.is_contested(key) else "",
            key,
        )

    keys, lost, used = [""] * len(preferred), [""] * len(preferred), dict[str, int]()
    for paper, key in fixed.items():
        keys[paper] = key
        used[key.casefold()] = paper
    for paper, key in sorted(weights, key=order):
        if not keys[paper] and paper not in fixed:
            lost[paper] = lost[paper] or key
            folded = key.casefold()
            if folded not in used and reserved.get(folded, paper) == paper:
                keys[paper] = key
                used[folded] = paper
    return Ownership(keys=keys, lost=lost, reserved=reserved, citations=citations)


def _weights(
    names: NamesInFiles, records: Sequence[Record], citations: Citations
) -> tuple[dict[tuple[int, str], int], Counter[tuple[int, str]]]:
    """How often each key of each paper is cited, with the aliases of its records, and how many records have it."""
    cited_as: dict[tuple[int, str], set[str]] = defaultdict(set)
    counts: Counter[tuple[int, str]] = Counter()
    for item in names.names:
        claim = (item.paper, records[item.record].id)
        cited_as[claim].add(item.name)
        counts[claim] += not item.alias
    return {claim: sum(citations[claim[0], name] for name in own) for claim, own in cited_as.items()}, counts


def kept_aliases(names: NamesInFiles, ownership: Ownership, keys: Sequence[str], old_keys: bool) -> list[list[str]]:
    """The names that each paper may have in `ids`: no key or alias of another paper.

    Args:
        names: the names in the inputs.
        ownership: who owns them.
        keys: the final keys of the papers; empty for those that are not written.
        old_keys: whether keys that are not used any more become aliases.
    """
    used = {key.casefold() for key in keys if key}
    owner: dict[str, int] = dict(ownership.reserved)
    for name, items in names.contested().items():
        if name not in owner:  # nobody's key any more: of several that had it as an alias, the most cited
            aliased = [item for item in items if item.alias]
            owner[name] = min(
                aliased or items, key=lambda item: (-ownership.citations[item.paper, item.name], keys[item.paper])
            ).paper
    kept: list[dict[str, None]] = [{} for _ in keys]
    for item in names.names:
        folded = item.name.casefold()
        if folded in used or owner.get(folded, item.paper) != item.paper:
            continue
        if item.alias or (old_keys and (not names.is_contested(item.name) or folded in ownership.reserved)):
            kept[item.paper].setdefault(item.name)
    own = {(item.paper, item.name.casefold()) for item in names.names}
    for item in names.void:
        folded = item.name.casefold()
        itself = (item.paper, folded) in own and keys[item.paper].casefold() != folded
        if folded in used and not itself:  # still void
            kept[item.paper].setdefault(item.name)
    return [[*own] for own in kept]
