"""Why two records are, or are not, one paper."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from refsync.dedup.classify_pairs import Judgement, Verdict, judge, one
from refsync.dedup.comparison_vectors import Columns
from refsync.dedup.identical_records import Nodes, collapse
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.results import Deduplication, Link, Pair
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

REASONS: Mapping[str, str] = {
    "notice": "one is a notice about a paper (an erratum, a reply, a comment, a retraction), the other is not",
    "generic title": "the title is shared by many pieces, and nothing else places both at one spot",
    "no title": "a record without a title matches only by identifier",
    "thin": "a short title alone, without authors, abstract, place or identifier, is no identity",
    "numbers": "the titles count differently (parts, phases, years)",
    "opposites": "the titles differ by opposites",
    "titles": "the titles differ too much for what else agrees",
    "words": "words of the titles are exchanged, and neither place nor identifier agrees",
    "subtitle": "one title has words more, and neither place nor identifier agrees",
    "doi": "different DOIs of one registrant, and another field differs too",
    "issue": "the same title in two issues of one volume",
    "years": "the years are too far apart",
    "edition": "different editions",
    "type": "one is a thesis, a book or a volume, the other a paper",
    "report number": "reports with different numbers",
    "authors": "the authors are others",
    "places": "volume and pages both differ",
    "copies": "papers stand twice at most in this library, and only title, people and year join these three or more",
}
"""What each veto means, for people."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two records side by side: `sides` holds, per normalised field, what each of them says.

    `through` are the other records that decided: those of the chain that joined the two, or of the pair that holds
    their groups apart or links them.
    """

    sides: Mapping[str, tuple[str, str]]
    pair: Pair
    verdict: Verdict
    relation: str
    why: str
    through: tuple[Record, ...] = ()


def explain_pair(a: Record, b: Record, settings: DedupSettings) -> Explanation:
    """Compares two records alone. `pair` counts `a` as 0 and `b` as 1.

    What a whole library tells is not seen here (`explain_among`): that a DOI stands over many titles, that a title
    recurs each year, that a third record joins the two or a veto elsewhere holds their groups apart.
    """
    context = _Context([a, b], Nodes([profile(a), profile(b)], [(0,), (1,)], [0, 1], frozenset(), ["", ""]), settings)
    judged = context.judge(0, 1)
    return context.explanation(0, 1, judged.verdict, judged.relation, _why(judged, context.pair(0, 1), settings))


def explain_among(
    records: Sequence[Record],
    a: int,
    b: int,
    found: Deduplication,
    settings: DedupSettings,
    *,
    known: int = 0,
    same: Collection[tuple[int, int]] = (),
    different: Collection[tuple[int, int]] = (),
    model: PairModel | None = None,
) -> Explanation:
    """The verdict that deduplicating `records` gave for two of them (indices), and why.

    It is that of the groups that the two are in: two groups are versions, or a question, where any link joins them.

    Args:
        records: all records that were deduplicated.
        a: the index of one of the two.
        b: that of the other, not the same.
        found: what deduplicating them found, with these settings, known records and decisions.
        settings: as for deduplicating.
        known: as for deduplicating.
        same: as for deduplicating.
        different: as for deduplicating.
        model: as for deduplicating.
    """
    named = frozenset(i for pairs in (same, different) for pair in pairs for i in pair)
    context = _Context(records, collapse(records, known, named, lambda *_: None), settings, known, different, model)
    judged = context.judge(a, b)
    own = _why(judged, context.pair(a, b), settings)
    asked = {frozenset(pair) for pair in same}
    group_a, group_b = _group(found, a), _group(found, b)
    shown = _evidence(found, a, b)
    if shown and "copies" in shown.vetoes:
        own = f"{REASONS['copies']}; of the two alone: {own}"
    if b in group_a:
        through = _chain(found, a, b)
        if frozenset((a, b)) in asked:
            own = f"an answer that was remembered joins them ({own})"
        elif shown and shown.settled:
            own = (
                "settled by the rest of the library: most records here have a partner, and these are like nothing "
                f"else; of the two alone: {own}"
            )
        elif through:
            own = f"joined through {context.names(through)}; of the two alone: {own}"
        return context.explanation(a, b, "same", "", own, through)
    if link := _linking(found, group_a, group_b):
        verdict: Verdict = "version" if link.relation else "maybe"
        through = tuple(i for i in link.members if i not in (a, b))
        if not link.evidence:
            own = f"an answer that was remembered calls them versions ({own})"
        elif through:
            own = f"their groups are linked by {context.names(link.members)}; of the two alone: {own}"
        elif judged.verdict == "same":
            own, through = context.parted(a, b, group_a, group_b, own)
        return context.explanation(a, b, verdict, link.relation, own, through)
    own, through = context.parted(a, b, group_a, group_b, own) if judged.verdict != "different" else (own, ())
    return context.explanation(a, b, "different", "", own, through)


def _evidence(found: Deduplication, a: int, b: int) -> Pair | None:
    shown = [group.evidence for group in found.clusters] + [link.evidence for link in found.review]
    return next((pair for pairs in shown for pair in pairs if {pair.a, pair.b} == {a, b}), None)


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
    """Pairs of records judged as their whole library has it."""

    def __init__(
        self,
        records: Sequence[Record],
        nodes: Nodes,
        settings: DedupSettings,
        known: int = 0,
        different: Collection[tuple[int, int]] = (),
        model: PairModel | None = None,
    ) -> None:
        self.records, self.of, self.settings, self.known = records, nodes.of, settings, known
        self.different = sorted({(min(pair), max(pair)) for pair in different if pair[0] != pair[1]})
        self.columns, self.model = Columns(nodes.profiles), model or shipped()

    def judge(self, a: int, b: int) -> Judgement:
        x, y = sorted((self.of[a], self.of[b]))
        comparison = self.columns.compare(np.array([x]), np.array([y]))
        raw, calibrated = self.model.both(comparison.features)
        return one(self.columns, comparison, 0, x, y, (float(raw[0]), float(calibrated[0])), self.settings)

    def pair(self, a: int, b: int) -> Pair:
        """The evidence; the two count as 0 and 1."""
        comparison = self.columns.compare(np.array([self.of[a]]), np.array([self.of[b]]))
        judged = self.judge(a, b)
        return Pair(0, 1, judged.probability, self.model.evidence(comparison, 0), judged.vetoes)

    def names(self, indices: Sequence[int]) -> str:
        shown = (self.records[i] for i in indices)
        return " and ".join(f"{r.source}:{r.id}" if r.id else f"{r.source}:#{r.index}" for r in shown)

    def explanation(
        self, a: int, b: int, verdict: Verdict, relation: str, why: str, through: Sequence[int] = ()
    ) -> Explanation:
        left, right = (_shown(self.columns.profiles[self.of[i]]) for i in (a, b))
        sides = {name: (left[name], right[name]) for name in left if left[name] or right[name]}
        others = tuple(self.records[i] for i in through)
        return Explanation(sides, self.pair(a, b), verdict, relation, why, others)

    def parted(
        self, a: int, b: int, left: Sequence[int], right: Sequence[int], own: str
    ) -> tuple[str, tuple[int, ...]]:
        """Why two records that look alike were not brought together, and the other records that are to blame."""
        if (min(a, b), max(a, b)) in self.different:
            return f"an answer that was remembered keeps them apart ({own})", ()
        if max(a, b) < self.known:
            return f"both are of the library, which is not compared with itself ({own})", ()
        for x, y, reason in self._conflicts(left, right):
            if {x, y} != {a, b}:
                return f"their groups are held apart by {self.names((x, y))}: {reason} ({own})", tuple({x, y} - {a, b})
        if self.judge(a, b).verdict == "same":
            return f"alike, but they share too little for blocking to have brought them together ({own})", ()
        return f"no question of its own: likelier ones settle it ({own})", ()

    def _conflicts(self, left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        """The pairs across two groups that may not be in one, each with the reason."""
        if min(left) < self.known and min(right) < self.known:
            yield min(left), min(right), "both are of the library"
        for x, y in self.different:
            if (x in left and y in right) or (x in right and y in left):
                yield x, y, "an answer that was remembered"
        # one record for each node: equal records are judged alike
        ones, others = ({self.of[i]: i for i in reversed(group)} for group in (left, right))
        pairs = np.array(sorted((min(x, y), max(x, y)) for x, y in product(ones, others)), np.int64)
        for judged in judge(self.columns, pairs, self.model, self.settings):
            if judged.verdict != "same" and (judged.vetoes or judged.relation):
                x, y = (judged.a, judged.b) if judged.a in ones else (judged.b, judged.a)
                yield ones[x], others[y], "; ".join(map(REASONS.__getitem__, judged.vetoes)) or judged.relation


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


def _why(judged: Judgement, pair: Pair, settings: DedupSettings) -> str:
    """What the pair alone says."""
    verdict, relation = judged.verdict, judged.relation
    chance = f"the fields give {pair.probability:.1%}"
    if pair.vetoes:
        held = "; ".join(REASONS.get(veto, veto) for veto in pair.vetoes)
        if verdict == "version":
            return f"{relation}: {chance}; {held}"
        return f"held apart: {held} ({chance})"
    if relation:
        return f"{relation}: two forms of one work ({chance})"
    needed = {
        "same": f"at least {settings.same:.0%} is asked for a merge",
        "maybe": f"below the {settings.same:.0%} of a merge",
    }
    strongest = max(pair.fields, key=lambda f: abs(f.weight), default=None)
    most = f"; most by {strongest.field} ({strongest.weight:+.1f})" if strongest else "; no field can be compared"
    return f"{chance}; {needed.get(verdict, f'below the {settings.review:.0%} of a question')}{most}"
