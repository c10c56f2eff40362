"""The questions of a review, in the order in which they are asked.

A question is about records that may be one paper: all that uncertain links connect, so that three connected records
are one question and not three. Merged and linked records are questions too, to be checked.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from refsync.dedup.record_values import is_preprint_record
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

Kind = Literal["uncertain", "merge", "version"]
"""Uncertain, merged, or linked as versions."""

MAX_MEMBERS = 12
"""Records that one question shows side by side; of larger questions each merged group shows only some records."""

_MAX_UNITS = 8  # groups of records that one question is about


@dataclass(frozen=True, slots=True)
class Question:
    """Records; a person says which of them are one paper.

    Attributes:
        id: stable as long as the records stay the same.
        kind: why it is asked.
        members: the records (indices), in the order shown.
        units: the members, grouped by what refsync merged without asking.
        links: the uncertain pairs, or those that joined the members, most probable first.
        probability: of the link nearest to the merge threshold; of a merge, of its weakest link.
        hidden: for each unit, how many of its records are not shown.
        answered_only: whether it is listed only because somebody answered it before, and nothing is uncertain any more.
    """

    id: str
    kind: Kind
    members: tuple[int, ...]
    units: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    probability: float
    hidden: tuple[int, ...] = ()
    answered_only: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is about more than a pair."""
        return len(self.members) > 2

    @property
    def linked_positions(self) -> list[tuple[int, int]]:
        """The links between members shown, as positions in `members`."""
        positions = {member: number for number, member in enumerate(self.members)}
        ends = (link.members for link in self.links)
        return [(positions[a], positions[b]) for a, b in ends if a in positions and b in positions]

    def pair(self, a: int, b: int) -> Pair | None:
        """The compared pair of two members (indices), if a link has it."""
        for link in self.links:
            for pair in link.evidence:
                if {pair.a, pair.b} == {a, b}:
                    return pair
        return None


def find_questions(
    deduplication: Deduplication, settings: DedupSettings, answered: Iterable[tuple[int, int]] = ()
) -> list[Question]:
    """All questions: uncertain ones, then versions, then merges.

    Among uncertain ones, three and more connected records come first, then those nearest to the merge threshold.
    Versions and merges start with the weakest.

    Args:
        deduplication: the verdicts of the deduplication.
        settings: the settings of that deduplication.
        answered: pairs of records (indices) that somebody answered about. Pairs in no other question become questions
            of their own, so that the answer can be seen and changed.
    """
    unit_of = {member: cluster.members for cluster in deduplication.clusters for member in cluster.members}
    uncertain = [_uncertain(links, unit_of, settings) for links in _connected(deduplication.review, unit_of)]
    uncertain.sort(key=lambda item: (not item.is_group, abs(item.probability - settings.same), item.members))
    versions = [_of_links("version", (link,), unit_of, link.probability) for link in deduplication.versions]
    versions.sort(key=lambda item: (item.probability, item.members))
    merges = sorted(map(_merge, deduplication.clusters), key=lambda item: (item.probability, item.members))
    listed = [*uncertain, *versions, *merges]
    asked = {frozenset((a, b)) for item in listed for a in item.members for b in item.members}
    rest = [Link((min(pair), max(pair)), 0.0, "", ()) for pair in {*answered} if frozenset(pair) not in asked]
    remaining = _connected(sorted(rest, key=lambda link: link.members), unit_of)
    return [*listed, *(replace(_of_links("uncertain", links, unit_of, 0.0), answered_only=True) for links in remaining)]


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
    if kind == "uncertain":  # versions keep the earlier form first
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
    if sum(map(len, units)) > MAX_MEMBERS:  # of each unit first the records of the links
        room = max(MAX_MEMBERS // len(units), 1)
        shown = [tuple(sorted([*(i for i in unit if i in ends), *unit][:room])) for unit in units]
        shown = [tuple(dict.fromkeys(unit)) for unit in shown]
    members = tuple(i for unit in shown for i in unit)
    identity = f"{kind} {sorted(members)} {sorted(link.members for link in links)}"
    ordered = tuple(sorted(links, key=lambda link: (-link.probability, link.members)))
    hidden = tuple(len(unit) - len(part) for unit, part in zip(units, shown, strict=True))
    return Question(
        id=hashlib.blake2b(identity.encode(), digest_size=6).hexdigest(),
        kind=kind,
        members=members,
        units=tuple(shown),
        links=ordered,
        probability=probability,
        hidden=hidden,
    )


def _connected(links: Sequence[Link], unit_of: Mapping[int, tuple[int, ...]]) -> Iterator[list[Link]]:
    """The links by connected component (union-find over units), the most probable first, up to `_MAX_UNITS` units."""
    parent: dict[int, int] = {}
    size: dict[int, int] = {}

    def root(i: int) -> int:
        i = min(unit_of.get(i, (i,)))
        while parent.setdefault(i, i) != i:
            parent[i] = i = parent[parent[i]]
        return i

    separate: list[Link] = []
    joined: list[Link] = []
    for link in sorted(links, key=lambda link: (-link.probability, link.members)):
        x, y = map(root, link.members)
        total = size.get(x, 1) + size.get(y, 1)
        if x == y or total <= _MAX_UNITS:
            if x != y:
                parent[y], size[x] = x, total
            joined.append(link)
        else:
            separate.append(link)
    components: dict[int, list[Link]] = {}
    for link in joined:
        components.setdefault(root(link.members[0]), []).append(link)
    yield from components.values()
    yield from ([link] for link in separate)


def likely_relation(earlier: Record, later: Record) -> tuple[str, bool]:
    """A guess of how two records relate as versions, and whether the first is the earlier form."""
    if (preprint := is_preprint_record(earlier)) != is_preprint_record(later):
        return "preprint-of", preprint
    kinds = (earlier.type.lower(), later.type.lower())
    at_conference = [kind in {"inproceedings", "conference"} for kind in kinds]
    if at_conference[0] != at_conference[1] and "article" in kinds:
        return "conference-version-of", at_conference[0]
    thesis_or_report = ["thesis" in kind or kind.endswith("report") for kind in kinds]
    if thesis_or_report[0] != thesis_or_report[1]:
        return "variant-of", thesis_or_report[0]
    years = [record.get("year", "date")[:4] for record in (earlier, later)]
    return "variant-of", years[0] <= years[1]
