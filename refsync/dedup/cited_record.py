"""Which record of a paper is to be cited, and which one a merged record continues."""

from collections.abc import Sequence

from refsync.dedup.publication_block import Publication, citation_rank, same_publication
from refsync.dedup.settings import MergeSettings
from refsync.records import Record


class CitedOrder:
    """Records of one paper, the one to be cited first; by content, so that their order makes no difference.

    Attributes:
        positions: the positions of the records, in this order.
        same: for each position, whether the record is of the publication of the first.
        same_venue: for each position, whether it is at least of its type and venue.
    """

    def __init__(self, members: Sequence[Record], settings: MergeSettings) -> None:
        publications = [Publication.of(record) for record in members]

        def key(i: int) -> tuple[object, ...]:
            one = members[i]
            content = (one.type, sorted(one.fields.items()), one.markup, one.id, one.source, one.index)
            return (citation_rank(one, publications[i], settings), content)

        if settings.keep == "first":
            self.positions = [0, *sorted(range(1, len(members)), key=key)]
        else:
            self.positions = sorted(range(len(members)), key=key)
        same = same_publication([publications[i] for i in self.positions])
        self.same = dict(zip(self.positions, same, strict=True))
        first = publications[self.positions[0]]
        self.same_venue = {i: self.same[i] or first.is_of_one_venue(publications[i]) for i in self.positions}

    def survivor(
        self, members: Sequence[Record], citations: Sequence[int] = (), *, first_read: bool = False, keep: str
    ) -> int:
        """The position of the record that the merged one continues, see `survivor_of`."""
        most = max(citations, default=0)
        cited = [i for i in self.positions if not citations or citations[i] == most]
        candidates = [i for i in cited if self.same[i]] or cited
        if keep == "first" and 0 in candidates:
            return 0
        if first_read:
            return min(candidates)
        source = members[candidates[0]].source
        return min((i for i in candidates if members[i].source == source), key=lambda i: members[i].index)


def survivor_of(
    members: Sequence[Record],
    settings: MergeSettings | None = None,
    citations: Sequence[int] = (),
    *,
    first_read: bool = False,
) -> int:
    """The position of the record that the merged one continues.

    It is the most cited one; of equal ones, one that describes the publication which the merged record takes. Of these
    it is the first in its source, and of several sources the one whose record is most complete.

    Args:
        members: records of one paper, with what they inherit.
        settings: which form of publication is kept.
        citations: how often documents cite each.
        first_read: of several sources the first is taken.
    """
    settings = settings or MergeSettings()
    order = CitedOrder(members, settings)
    return order.survivor(members, citations, first_read=first_read, keep=settings.keep)
