"""Why two records are, or are not, one paper."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from refsync.dedup.classify_pairs import ClassifiedPair, Verdict, classify_pair, classify_pairs
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.identical_records import Nodes, collapse
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.results import Deduplication, Link, Pair
from refsync.dedup.settings import DedupSettings
from refsync.dedup.vetoes import meaning
from refsync.records import Record
from refsync.text.html_table import html_block, html_table


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two records side by side: `sides` holds, per normalised field, what each of them says.

    `through` are the other records that decided: those of the chain that joined the two, or of the pair that separates
    or links their groups.
    """

    sides: Mapping[str, tuple[str, str]]
    pair: Pair
    verdict: Verdict
    relation: str
    why: str
    through: tuple[Record, ...] = ()

    def _repr_html_(self) -> str:
        """For notebooks: both sides field by field, with the evidence."""
        evidence = {item.field: item for item in self.pair.fields}
        rows = [
            (name, *self.sides.get(name, ("", "")), *((item.similarity, item.weight) if item else ("", "")))
            for name in dict.fromkeys([*self.sides, *evidence])
            for item in (evidence.get(name),)
        ]
        verdict = f"{self.verdict}: {self.relation}" if self.relation else self.verdict
        table = html_table(("field", "one", "other", "similarity", "weight"), rows)
        return html_block(verdict, f"p = {self.pair.probability:.3f}; {self.why}", table)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeduplicatedLibrary:
    """All records that were deduplicated, what was found, and the arguments with which `deduplicate` found it."""

    records: Sequence[Record]
    found: Deduplication
    settings: DedupSettings
    known: int = 0
    must_link: Collection[tuple[int, int]] = ()
    cannot_link: Collection[tuple[int, int]] = ()
    model: PairModel | None = None


def explain_pair(a: Record, b: Record, settings: DedupSettings) -> Explanation:
    """Compares two records alone. `pair` counts `a` as 0 and `b` as 1.

    What depends on a whole library is not seen here (`explain_among`): that a DOI is shared by many titles, that a
    title recurs each year, that a third record joins the two or a veto elsewhere keeps their groups separate.
    """
    library = DeduplicatedLibrary(records=[a, b], found=Deduplication(), settings=settings)
    context = _Context(library, Nodes([profile(a), profile(b)], [(0,), (1,)], [0, 1], frozenset()))
    classified = context.classify(0, 1)
    why = _why(classified, context.pair(0, 1), settings)
    return context.explanation((0, 1), classified.verdict, classified.relation, why)


def explain_among(library: DeduplicatedLibrary, a: int, b: int) -> Explanation:
    """Explains two different records (indices) as deduplication sees them among all records of the library.

    The verdict is that of `deduplicate`: `same` where a cluster holds both, a version or a question where any link
    joins their groups.
    """
    records, found = library.records, library.found
    named = frozenset(i for pairs in (library.must_link, library.cannot_link) for pair in pairs for i in pair)
    nodes = collapse(records, library.known, named, lambda *_: None)
    context = _Context(library, nodes)
    classified = context.classify(a, b)
    own = _why(classified, context.pair(a, b), library.settings)
    joined = {frozenset(pair) for pair in library.must_link}
    group_a, group_b = _group(found, a), _group(found, b)
    if b in group_a:
        through = _chain(found, a, b)
        if frozenset((a, b)) in joined:
            own = f"a remembered answer joins them ({own})"
        elif through:
            own = f"joined through {context.names(through)}; of the two alone: {own}"
        return context.explanation((a, b), "same", "", own, through)
    if link := _linking(found, group_a, group_b):
        verdict: Verdict = "version" if link.relation else "maybe"
        through = tuple(i for i in link.members if i not in (a, b))
        if not link.evidence:
            own = f"a remembered answer calls them versions ({own})"
        elif through:
            own = f"their groups are linked by {context.names(link.members)}; of the two alone: {own}"
        elif classified.verdict == "same":
            own, through = context.separated(a, b, group_a, group_b, own)
        return context.explanation((a, b), verdict, link.relation, own, through)
    own, through = context.separated(a, b, group_a, group_b, own) if classified.verdict != "different" else (own, ())
    return context.explanation((a, b), "different", "", own, through)


def _group(found: Deduplication, i: int) -> tuple[int, ...]:
    return next((cluster.members for cluster in found.clusters if i in cluster.members), (i,))


def _linking(found: Deduplication, left: Collection[int], right: Collection[int]) -> Link | None:
    """The link between two groups: a version before a question."""
    for link in (*found.versions, *found.review):
        x, y = link.members
        if (x in left and y in right) or (x in right and y in left):
            return link
    return None


def _chain(found: Deduplication, a: int, b: int) -> tuple[int, ...]:
    """The records between two of one cluster, along the links that joined it."""
    beside: dict[int, list[int]] = {}
    for cluster in found.clusters:
        if a in cluster.members:
            for pair in cluster.evidence:
                beside.setdefault(pair.a, []).append(pair.b)
                beside.setdefault(pair.b, []).append(pair.a)
    came = {a: a}
    queue = deque([a])
    while queue and b not in came:
        here = queue.popleft()
        for there in beside.get(here, ()):
            if came.setdefault(there, here) == here and there != a:
                queue.append(there)
    path = [came.get(b, a)]
    while path[-1] != a:
        path.append(came[path[-1]])
    return tuple(reversed(path[:-1]))


class _Context:
    """Pairs of records classified with all records of their library."""

    def __init__(self, library: DeduplicatedLibrary, nodes: Nodes) -> None:
        self.records, self.of, self.settings, self.known = library.records, nodes.of, library.settings, library.known
        self.cannot_link = sorted({(min(pair), max(pair)) for pair in library.cannot_link if pair[0] != pair[1]})
        self.comparer = PairComparer(nodes.profiles, nodes.shared, nodes.abstracts)
        self.model, self.whole_profile = library.model or shipped(), nodes.whole_profile

    def classify(self, a: int, b: int) -> ClassifiedPair:
        x, y = sorted((self.of[a], self.of[b]))
        vectors = self.comparer.compare(np.array([x]), np.array([y]))
        raw, calibrated = self.model.both(vectors.features)
        return classify_pair(self.comparer, vectors, 0, (x, y), (float(raw[0]), float(calibrated[0])), self.settings)

    def pair(self, a: int, b: int) -> Pair:
        """The evidence; the two count as 0 and 1."""
        vectors = self.comparer.compare(np.array([self.of[a]]), np.array([self.of[b]]))
        classified = self.classify(a, b)
        fields = self.model.evidence(vectors, 0)
        return Pair(0, 1, classified.probability, fields, vetoes=classified.vetoes)

    def names(self, indices: Sequence[int]) -> str:
        shown = (self.records[i] for i in indices)
        return " and ".join(f"{r.source}:{r.id}" if r.id else f"{r.source}:#{r.index}" for r in shown)

    def explanation(
        self, pair: tuple[int, int], verdict: Verdict, relation: str, why: str, through: Sequence[int] = ()
    ) -> Explanation:
        left, right = (_shown(self.whole_profile(self.of[i])) for i in pair)
        return Explanation(
            sides={name: (left[name], right[name]) for name in left if left[name] or right[name]},
            pair=self.pair(*pair),
            verdict=verdict,
            relation=relation,
            why=why,
            through=tuple(self.records[i] for i in through),
        )

    def separated(
        self, a: int, b: int, left: Sequence[int], right: Sequence[int], own: str
    ) -> tuple[str, tuple[int, ...]]:
        """Why two records that are alike were not joined, and the other records that are the reason."""
        if (min(a, b), max(a, b)) in self.cannot_link:
            return f"a remembered answer keeps them separate ({own})", ()
        if max(a, b) < self.known:
            return f"both are in the library, which is not compared with itself ({own})", ()
        for x, y, reason in self._conflicts(left, right):
            if {x, y} != {a, b}:
                return f"their groups are kept separate by {self.names((x, y))}: {reason} ({own})", tuple(
                    {x, y} - {a, b}
                )
        if self.classify(a, b).verdict == "same":
            return f"alike, but they have too little in common for blocking to propose the pair ({own})", ()
        return f"not a question of its own: likelier ones settle it ({own})", ()

    def _conflicts(self, left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """The pairs across two groups that may not be in one, each with the reason."""
        if min(left) < self.known and min(right) < self.known:
            yield min(left), min(right), "both are in the library"
        for x, y in self.cannot_link:
            if (x in left and y in right) or (x in right and y in left):
                yield x, y, "a remembered answer"
        # one record for each node: identical records are classified alike
        ones, others = ({self.of[i]: i for i in reversed(group)} for group in (left, right))
        pairs = np.array(sorted((min(x, y), max(x, y)) for x, y in product(ones, others)), np.int64)
        for pair in classify_pairs(self.comparer, pairs, self.model, self.settings):
            if pair.verdict != "same" and (pair.vetoes or pair.relation):
                x, y = (pair.a, pair.b) if pair.a in ones else (pair.b, pair.a)
                yield ones[x], others[y], "; ".join(map(meaning, pair.vetoes)) or pair.relation


def _shown(p: Profile) -> dict[str, str]:
    return {
        "title": p.title,
        "author": " ".join(
            f"{f} {i}".strip() + ";" for f, i in zip(p.authors.families, p.authors.initials, strict=True)
        )
        + (" and others" if p.authors.truncated else ""),
        "year": str(p.year or ""),
        "venue": p.venue,
        "volume": p.volume,
        "number": p.number,
        "pages": "-".join(part for part in (p.pages.first, p.pages.last) if part),
        "doi": p.doi,
        "arxiv": p.arxiv,
        "pmid": p.pmid,
        "pmcid": p.pmcid,
        "isbn": " ".join(p.isbns),
        "edition": p.edition,
        "type": p.kind,
        "abstract": p.abstract,
    }


def _why(classified: ClassifiedPair, pair: Pair, settings: DedupSettings) -> str:
    """What the pair alone says."""
    verdict, relation = classified.verdict, classified.relation
    chance = f"the fields give {pair.probability:.1%}"
    if pair.vetoes:
        vetoes = "; ".join(map(meaning, pair.vetoes))
        if verdict == "version":
            return f"{relation}: {chance}; {vetoes}"
        return f"kept separate: {vetoes} ({chance})"
    if relation:
        return f"{relation}: two forms of one work ({chance})"
    needed = {
        "same": f"at least {settings.same:.0%} is asked for a merge",
        "maybe": f"below the {settings.same:.0%} of a merge",
    }
    strongest = max(pair.fields, key=lambda f: abs(f.weight), default=None)
    most = f"; most by {strongest.field} ({strongest.weight:+.1f})" if strongest else "; no field can be compared"
    return f"{chance}; {needed.get(verdict, f'below the {settings.review:.0%} of a question')}{most}"
