"""Questions alike: the same doubt about pieces of one title in one journal, such as nine editorials.

They can be answered together as no duplicates, and only so: pieces that share a title are where merges go wrong.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from refsync.dedup.results import Link
from refsync.records import Record
from refsync.review.answers import Members, Statement
from refsync.review.questions import Question
from refsync.review.side_by_side import plain_text, value_of_any
from refsync.text.fold import fold
from refsync.text.venues import fold_venue

MAX_STATEMENTS = 2_000
"""Lines that one answer about questions alike adds at most for pairs that no question is about."""

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What questions alike have in common: the vetoes, the title without numbers, and the journal."""

    vetoes: frozenset[str]
    title: str
    journal: str


def likeness(question: Question, links: Sequence[Link], records: Sequence[Record]) -> Likeness | None:
    """What makes a question like others; None if its records differ in title or journal.

    Args:
        question: an uncertain question.
        links: its links with their evidence.
        records: those of its members.
    """
    titles = {_NUMBERS.sub("#", fold(plain_text("title", one.get("title"), one.markup))) for one in records}
    journals = {fold_venue(plain_text("journal", value_of_any(one, "journal"), one.markup)) for one in records}
    if question.kind != "uncertain" or len(titles) > 1 or len(journals) > 1 or not all((*titles, *journals)):
        return None
    vetoes = frozenset(veto for link in links for pair in link.evidence for veto in pair.vetoes)
    return Likeness(vetoes, titles.pop(), journals.pop())


def by_likeness(
    questions: Iterable[Question], likeness_of: Callable[[Question], Likeness | None]
) -> dict[Likeness, list[Question]]:
    """Questions by what they have in common, in their order."""
    found: dict[Likeness, list[Question]] = defaultdict(list)
    for question in questions:
        if common := likeness_of(question):
            found[common].append(question)
    return found


def joint_question(questions: Sequence[Question]) -> Question:
    """One question about the records of several."""
    units = dict.fromkeys(unit for question in questions for unit in question.units)
    members = dict.fromkeys(i for unit in units for i in unit)
    links = {link.members: link for question in questions for link in question.links}
    return Question(
        id=questions[0].id,
        kind="uncertain",
        members=tuple(members),
        units=tuple(units),
        links=tuple(links.values()),
        probability=questions[0].probability,
    )


def separating_statements(
    members: Members, questions: Sequence[Question], known: Callable[[int, int], bool]
) -> list[Statement]:
    """The meaning of the answer: no unit of these questions is a duplicate of another.

    Pairs that no question is about would be asked next (see `answers.statements`); those that somebody answered about,
    or that are one paper, are left out, and all of them where they are too many.

    Args:
        members: of the joint question.
        questions: the questions answered.
        known: whether two records (indices) are one paper already, or answered about.
    """
    joint = members.question
    position = {member: number for number, member in enumerate(joint.members)}
    own = {
        (min(pair), max(pair))
        for question in questions
        for pair in [*(link.members for link in question.links), *_across(question.units)]
        if {*pair} <= position.keys()
    }
    between = [(min(pair), max(pair)) for pair in _across(joint.units)]
    further = [pair for pair in between if pair not in own and not known(*pair)]
    if len(further) > MAX_STATEMENTS:
        further = []
    unit_of = {member: number for number, unit in enumerate(joint.units) for member in unit}
    pairs = sorted(pair for pair in {*own, *further} if unit_of[pair[0]] != unit_of[pair[1]])
    return [Statement("not-duplicate", position[a], position[b]) for a, b in pairs]


def _across(units: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """One pair of records for each two units."""
    return [(a[0], b[0]) for a, b in combinations(units, 2)]
