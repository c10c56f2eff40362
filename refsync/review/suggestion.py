"""Which records of a question the evidence suggests are one paper: what the letters of a cluster start with."""

from collections.abc import Callable, Sequence

from refsync.dedup.results import Link, Pair
from refsync.review.questions import Question

LIKELY = 0.5
"""Probability from which a pair without a veto is suggested as one paper: more likely than not."""


def suggested_groups(question: Question, links: Sequence[Link], compare: Callable[[int, int], Pair]) -> tuple[int, ...]:
    """For each member, the number of its paper.

    Of two groups the only question is whether they are one paper, so they start as one. Of three and more the surest
    links are followed first, never through a pair that a veto keeps separate: a suggestion that is accepted unread
    must not merge what refsync itself would not.

    Args:
        question: the question.
        links: its links with their evidence.
        compare: compares two records (indices) that no link connects.
    """
    if question.kind != "uncertain" or len(question.units) < 3:
        return (0,) * len(question.members)
    unit_of = {member: number for number, unit in enumerate(question.units) for member in unit}
    compared: dict[tuple[int, int], list[Pair]] = {}
    for link in links:
        a, b = (unit_of.get(member, -1) for member in link.members)
        compared.setdefault((min(a, b), max(a, b)), []).extend(link.evidence)

    def agree(a: int, b: int) -> bool:
        pair = (min(a, b), max(a, b))
        if pair not in compared:
            compared[pair] = [compare(question.units[a][0], question.units[b][0])]
        return not any(one.vetoes for one in compared[pair])

    group_of = list(range(len(question.units)))
    for link in sorted(links, key=lambda link: (-link.probability, link.members)):
        a, b = (unit_of.get(member, -1) for member in link.members)
        if link.probability < LIKELY or -1 in (a, b) or group_of[a] == group_of[b]:
            continue
        left, right = (_units_in(group_of, group_of[one]) for one in (a, b))
        if all(agree(x, y) for x in left for y in right):
            for one in right:
                group_of[one] = group_of[a]
    numbers = {group: number for number, group in enumerate(dict.fromkeys(group_of))}
    return tuple(numbers[group_of[unit_of[member]]] for member in question.members)


def _units_in(group_of: Sequence[int], group: int) -> list[int]:
    return [unit for unit, own in enumerate(group_of) if own == group]
