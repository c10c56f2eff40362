"""What to ask, and in which order.

A question is about records that are perhaps one paper: all that hang together by links in doubt, so that a cluster of
three is one question and not three. What was merged and what was linked can be asked about too.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from refsync.dedup.merge_policies import is_preprint_record
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

Kind = Literal["uncertain", "merge", "version"]
"""In doubt, merged, or linked as versions."""

MOST = 12
"""Records that one question shows side by side; of groups that would be more only one record each is shown."""

_PARTS = 8  # groups of records that one question may be about


@dataclass(frozen=True, slots=True)
class Question:
    """Records of which a person should say which are one paper.

    Attributes:
        id: names the question as long as the records stay as they are.
        kind: why it is asked.
        members: the records (indices), as they are shown.
        units: the members, those together that are taken for one paper without an answer.
        links: the pairs in doubt, or those that joined the members, likeliest first.
        probability: of the link that is nearest to the threshold; of a merge, its weakest.
        hidden: how many records each unit has that are not shown.
        earlier: whether it is here only because somebody answered it before: nothing is in doubt any more.
    """

    id: str
    kind: Kind
    members: tuple[int, ...]
    units: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    probability: float
    hidden: tuple[int, ...] = ()
    earlier: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is about more than a pair."""
        return len(self.members) > 2

    def pair(self, a: int, b: int) -> Pair | None:
        """What the fields say about two of the members, where that was worked out."""
        for link in self.links:
            for pair in link.evidence:
                if {pair.a, pair.b} == {a, b}:
                    return pair
        return None


def questions(found: Deduplication, settings: DedupSettings, told: Iterable[tuple[int, int]] = ()) -> list[Question]:
    """Every question, what tells most first: in doubt before versions before merges.

    Of what is in doubt, records that hang together in threes and more come first, then what is nearest to the
    threshold of a merge; merges begin with the weakest.

    Args:
        found: the deduplicator's verdicts.
        settings: those that it had.
        told: pairs of records about which somebody answered: those of no other question are questions of their own,
            so that the answer can be seen and changed.
    """
    unit_of = {member: cluster.members for cluster in found.clusters for member in cluster.members}
    doubts = [_uncertain(links, unit_of, settings) for links in _together(found.review, unit_of)]
    doubts.sort(key=lambda item: (not item.is_group, abs(item.probability - settings.same), item.members))
    versions = [_of_links("version", (link,), unit_of, link.probability) for link in found.versions]
    versions.sort(key=lambda item: (item.probability, item.members))
    merges = sorted(map(_merge, found.clusters), key=lambda item: (item.probability, item.members))
    every = [*doubts, *versions, *merges]
    asked = {frozenset((a, b)) for item in every for a in item.members for b in item.members}
    rest = [Link((min(pair), max(pair)), 0.0, "", ()) for pair in {*told} if frozenset(pair) not in asked]
    answered = _together(sorted(rest, key=lambda link: link.members), unit_of)
    return [*every, *(replace(_of_links("uncertain", links, unit_of, 0.0), earlier=True) for links in answered)]


def _merge(cluster: Cluster) -> Question:
    links = tuple(Link((pair.a, pair.b), pair.probability, "", (pair,)) for pair in cluster.evidence)
    return _question("merge", [cluster.members], links, cluster.probability)


def _uncertain(links: Sequence[Link], unit_of: Mapping[int, tuple[int, ...]], settings: DedupSettings) -> Question:
    nearest = min(links, key=lambda link: (abs(link.probability - settings.same), link.members))
    return _of_links("uncertain", links, unit_of, nearest.probability)


def _of_links(
    kind: Kind, links: Sequence[Link], unit_of: Mapping[int, tuple[int, ...]], probability: float
) -> Question:
    ends = [i for link in links for i in link.members]
    units = list(dict.fromkeys(unit_of.get(i, (i,)) for i in ends))
    if kind == "uncertain":  # of versions the earlier one stays the first
        units.sort()
    return _question(kind, units, links, probability, ends)


def _question(
    kind: Kind,
    units: Sequence[tuple[int, ...]],
    links: Sequence[Link],
    probability: float,
    ends: Sequence[int] = (),
) -> Question:
    shown = list(units)
    if sum(map(len, units)) > MOST:  # of each unit the records that the links are about, else the first ones
        room = max(MOST // len(units), 1)
        shown = [tuple(sorted([*(i for i in unit if i in ends), *unit][:room])) for unit in units]
        shown = [tuple(dict.fromkeys(unit)) for unit in shown]
    members = tuple(i for unit in shown for i in unit)
    named = f"{kind} {sorted(members)} {sorted(link.members for link in links)}"
    ordered = tuple(sorted(links, key=lambda link: (-link.probability, link.members)))
    hidden = tuple(len(unit) - len(part) for unit, part in zip(units, shown, strict=True))
    digest = hashlib.blake2b(named.encode(), digest_size=6).hexdigest()
    return Question(digest, kind, members, tuple(shown), ordered, probability, hidden)


def _together(links: Sequence[Link], unit_of: Mapping[int, tuple[int, ...]]) -> Iterator[list[Link]]:
    """The links, those together that share groups of records; the likeliest join first, up to what one can look at."""
    above: dict[int, int] = {}
    size: dict[int, int] = {}

    def home(i: int) -> int:
        i = min(unit_of.get(i, (i,)))
        while above.setdefault(i, i) != i:
            above[i] = i = above[above[i]]
        return i

    alone: list[Link] = []
    joined: list[Link] = []
    for link in sorted(links, key=lambda link: (-link.probability, link.members)):
        x, y = map(home, link.members)
        total = size.get(x, 1) + size.get(y, 1)
        if x == y or total <= _PARTS:
            if x != y:
                above[y], size[x] = x, total
            joined.append(link)
        else:
            alone.append(link)
    groups: dict[int, list[Link]] = {}
    for link in joined:
        groups.setdefault(home(link.members[0]), []).append(link)
    yield from groups.values()
    yield from ([link] for link in alone)


def likely_relation(earlier: Record, later: Record) -> tuple[str, bool]:
    """How two records would relate as versions, and whether the first is the earlier form: a guess to start from."""
    if (preprint := is_preprint_record(earlier)) != is_preprint_record(later):
        return "preprint-of", preprint
    kinds = (earlier.type.lower(), later.type.lower())
    meeting = [kind in {"inproceedings", "conference"} for kind in kinds]
    if meeting[0] != meeting[1] and "article" in kinds:
        return "conference-version-of", meeting[0]
    grey = ["thesis" in kind or kind.endswith("report") for kind in kinds]
    if grey[0] != grey[1]:
        return "variant-of", grey[0]
    years = [record.get("year", "date")[:4] for record in (earlier, later)]
    return "variant-of", years[0] <= years[1]
