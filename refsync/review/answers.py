"""What a person has set for a question, and the statements about pairs of records that an answer consists of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from refsync.decisions import FieldChoice
from refsync.dedup.merge import Choice, value_of
from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.review.question_status import MemberPair, QuestionStatus, Verdict, ordered_pair
from refsync.review.questions import Question, likely_relation

VERDICT_LABELS: Mapping[str, str] = {
    "same": "one paper",
    "not-duplicate": "not duplicates",
    "version-of": "versions of one work",
    "mixed": "some of them one paper",
}
"""Each verdict in words."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a question, with the records and fingerprints of the whole library."""

    question: Question
    all_records: Sequence[Record]
    all_fingerprints: Sequence[str]

    @property
    def records(self) -> list[Record]:
        """The members' records."""
        return [self.all_records[i] for i in self.question.members]

    @property
    def fingerprints(self) -> list[str]:
        """The members' fingerprints."""
        return [self.all_fingerprints[i] for i in self.question.members]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has set, answered or not.

    Attributes:
        groups: for each member, the number of its paper: members with the same number are one paper.
        fields: chosen values of the merged record, by field.
        relation: how the members relate if they are versions.
        forward: whether the first member is the earlier form.
    """

    groups: tuple[int, ...]
    fields: Mapping[str, Choice] = field(default_factory=dict)
    relation: str = "variant-of"
    forward: bool = True

    @property
    def merged_positions(self) -> list[int]:
        """Positions of the members that are merged: the largest group, the first of equals."""
        by_group: dict[int, list[int]] = defaultdict(list)
        for position, group in enumerate(self.groups):
            by_group[group].append(position)
        return max(by_group.values(), key=len)

    @property
    def merges_nothing(self) -> bool:
        """Whether each member is a paper of its own."""
        return len(set(self.groups)) == len(self.groups)

    @property
    def is_split(self) -> bool:
        """Whether the members are more than one paper."""
        return len(set(self.groups)) > 1


@dataclass(frozen=True, slots=True)
class Statement:
    """A verdict on two members (positions), which becomes one line; of versions, `a` is the earlier form."""

    kind: Verdict
    a: int
    b: int
    relation: str = ""
    with_fields: bool = False


def saved_draft(members: Members, status: QuestionStatus, suggested: tuple[int, ...]) -> Draft:
    """The draft that the answer in the file amounts to; without one, the suggested groups and the likely relation."""
    draft = _first_draft(members, suggested)
    if status.verdict in {"same", "mixed"} and status.state == "answered":
        draft = replace(draft, groups=_renumbered(status.groups))
    for line in status.lines:
        assert line.decision
        if line.decision.fields:
            draft = replace(draft, fields={**draft.fields, **_choices(members, line.decision.fields)})
        if line.decision.relation:
            forward = members.fingerprints[0] == line.decision.a
            draft = replace(draft, relation=line.decision.relation, forward=forward)
    return draft


def _first_draft(members: Members, groups: tuple[int, ...]) -> Draft:
    question, records = members.question, members.records
    link = next((link for link in question.links if link.relation), None)
    if link:
        return Draft(groups, relation=link.relation, forward=question.members.index(link.members[0]) == 0)
    relation, forward = likely_relation(records[0], records[1])
    return Draft(groups, relation=relation, forward=forward)


def _choices(members: Members, fields: Sequence[tuple[str, FieldChoice]]) -> dict[str, Choice]:
    choices = {}
    for name, choice in fields:
        if not choice.source:
            choices[name] = Choice(text=choice.text, markup=choice.markup, union=choice.union)
            continue
        for fingerprint, record in zip(members.fingerprints, members.records, strict=True):
            if fingerprint == choice.source and value_of(record, name).strip():
                choices[name] = Choice((record.source, record.index))
                break
    return choices


def _renumbered(groups: Sequence[int]) -> tuple[int, ...]:
    """The same groups, numbered from 0 in the order in which they appear."""
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return tuple(order[group] for group in groups)


def statements(members: Members, verdict: Verdict, draft: Draft) -> tuple[tuple[int, ...], list[Statement]]:
    """The groups of members that an answer makes one paper (as in `Draft.groups`), and its statements.

    Raises:
        RefsyncError: the draft has to say first which members are one paper.
    """
    question = members.question
    links = question.linked_positions
    count = len(question.members)
    groups = draft.groups
    if verdict == "same" and draft.merges_nothing:
        raise RefsyncError("no two records are marked as one paper", hint="n answers that none is a duplicate")
    if verdict == "not-duplicate" or (verdict == "version-of" and not draft.is_split):
        groups = tuple(range(count))  # each its own paper, except records that refsync merged without asking
        if question.kind != "merge":
            units = {i: number for number, unit in enumerate(question.units) for i in unit}
            groups = tuple(units[member] for member in question.members)
        elif verdict == "version-of" and count > 2:
            raise RefsyncError("choose first which records are the same form", hint="give the records numbers, 1 or 2")
    made: list[Statement] = []
    if verdict == "same" or (verdict == "version-of" and draft.is_split):
        made += _joining(groups, links)
    kind: Verdict = "not-duplicate" if verdict == "same" else verdict
    for a, b in _separating(groups, links):
        if kind == "version-of":
            earlier, later, relation = _directed(a, b, members.records, draft)
            made.append(Statement(kind, earlier, later, relation))
        else:
            made.append(Statement(kind, a, b))
    merged = draft.merged_positions
    for number, item in enumerate(made):
        if item.kind == "same" and item.a in merged:
            made[number] = replace(item, with_fields=True)
            break
    return groups, made


def _joining(groups: Sequence[int], links: Sequence[MemberPair]) -> list[Statement]:
    """A spanning tree of `same` statements for each group, along the links as far as possible."""
    components = list(range(len(groups)))
    made = []
    for a, b in (*links, *combinations(range(len(groups)), 2)):
        if groups[a] == groups[b] and components[a] != components[b]:
            components = [components[a] if one == components[b] else one for one in components]
            made.append(Statement("same", *ordered_pair(a, b)))
    return made


def _separating(groups: Sequence[int], links: Sequence[MemberPair]) -> list[MemberPair]:
    """The links between groups, and one pair for each two groups that no link connects.

    Not every uncertain pair of a group has a link (`dedup.cluster_evidence` shows the likeliest): without a line about
    it, it would be asked next.
    """
    crossing = [ordered_pair(a, b) for a, b in links if groups[a] != groups[b]]
    separated = {ordered_pair(groups[a], groups[b]) for a, b in crossing}
    for a, b in combinations(range(len(groups)), 2):
        pair = ordered_pair(groups[a], groups[b])
        if groups[a] != groups[b] and pair not in separated:
            separated.add(pair)
            crossing.append((a, b))
    return list(dict.fromkeys(crossing))


def _directed(a: int, b: int, records: Sequence[Record], draft: Draft) -> tuple[int, int, str]:
    """Two members with the earlier form first, and their relation."""
    forward = draft.forward if len(records) == 2 else likely_relation(records[a], records[b])[1]
    return (a, b, draft.relation) if forward else (b, a, draft.relation)
