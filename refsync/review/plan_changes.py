"""What an answer changes in a plan: the states of its rows, and rows of its own.

A row that a review changed keeps what it had before under `proposed`; a row that a review added has `"by": "review"`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from refsync.planning.file import PlanFile
from refsync.planning.file.plan_file import GROUPS, Row
from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.question_status import MemberPair, QuestionStatus, Verdict, ordered_pair, verdict_between
from refsync.review.questions import Question
from refsync.review.session import Session

REVIEW_PARTS = (*GROUPS, "fields", "areas")
"""The parts of a plan that follow the answers in the decisions file."""

_ADDED = {"by": "review"}

RowKey = tuple[str, int]
"""A row of a plan: the part and the number in it."""


def without_review(plan: PlanFile) -> PlanFile:
    """The plan as it was proposed or changed by hand, without the changes of reviews."""
    content = {**plan.content}
    for part in set(REVIEW_PARTS) & content.keys():
        content[part] = [as_proposed(row) for row in content[part] if row.get("by") != _ADDED["by"]]
    return replace(plan, content=content)


def as_proposed(row: Row) -> Row:
    """A row as it was before a review changed it."""
    before = row.get("proposed")
    if not isinstance(before, dict):
        return row
    return {name: value for name, value in {**row, **before, "proposed": None}.items() if value is not None}


def with_state(row: Row, state: str, **values: Any) -> Row:
    """A row in another state and with other values; it keeps the former ones under `proposed`."""
    before = {name: row.get(name) for name in ("state", *values)}
    return {**row, "state": state, **values, "proposed": before}


@dataclass(slots=True)
class PlanChanges:
    """The changes by one answer: changed rows by key, and added rows by part."""

    rows: dict[RowKey, Row] = field(default_factory=dict)
    added: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


def with_changes(content: Mapping[str, Any], changes: Collection[PlanChanges]) -> dict[str, Any]:
    """The content of a plan with the changes by several answers."""
    changed = {**content}
    for part in REVIEW_PARTS:
        rows = [*content.get(part, ())]
        for change in changes:
            for (row_part, number), row in change.rows.items():
                if row_part == part:
                    rows[number] = row
            rows += [{**row, **_ADDED} for row in change.added.get(part, ())]
        if rows or part in content:
            changed[part] = rows
    return changed


class PlanRows:
    """The rows of a plan, by the records that they are about."""

    def __init__(self, plan: PlanFile, records: Sequence[Record]) -> None:
        self._content, self._records = plan.content, records
        indices = {(record.source, record.index): i for i, record in enumerate(records)}
        self.members: dict[RowKey, frozenset[int]] = {}
        self._keys_of: dict[int, list[RowKey]] = defaultdict(list)
        for part in REVIEW_PARTS:
            for number, row in plan.rows(part):
                members = frozenset(indices[one["source"], one["index"]] for one in row["members"])
                self.members[part, number] = members
                for i in members:
                    self._keys_of[i].append((part, number))

    def row(self, key: RowKey) -> Row:
        """The row as it was proposed."""
        part, number = key
        row: Row = self._content[part][number]
        return row

    def keys_about(self, members: Iterable[int], *parts: str) -> list[RowKey]:
        """The rows of these parts that are about any of the records (indices), in the order of the plan."""
        return sorted({key for i in members for key in self._keys_of[i] if key[0] in parts})

    def references(self, members: Iterable[int]) -> list[Row]:
        """The records (indices) as a plan refers to them."""
        records = (self._records[i] for i in members)
        return [{"source": record.source, "index": record.index, "id": record.id} for record in records]


def paper_changes(rows: PlanRows, session: Session, paper: Paper) -> PlanChanges:
    """What the answer about a paper's areas changes."""
    changes, answers = PlanChanges(), session.area_answers(paper)
    if not answers.answered:
        return changes
    for key in rows.keys_about(paper.members, "areas"):
        row = rows.row(key)
        listed = {item["area"]: item for item in row.get("areas", ())}
        areas = [
            {"probability": 1.0, **listed.get(area, {"area": area}), "applied": area in answers.accepted}
            for area in dict.fromkeys((*sorted(answers.accepted), *listed))
            if area not in answers.rejected
        ]
        changes.rows[key] = with_state(row, "accepted" if answers.accepted else "rejected", areas=areas)
    return changes


def question_changes(rows: PlanRows, session: Session, question: Question) -> PlanChanges:
    """What the answer to a question changes; nothing if its answers contradict each other."""
    status = session.status(question)
    if status.state == "conflict":
        status = QuestionStatus()
    return _QuestionChanges(rows, session, question, status).compute()


@dataclass
class _QuestionChanges:
    """The computation for one question. Members are positions in the question unless called indices."""

    rows: PlanRows
    session: Session
    question: Question
    status: QuestionStatus
    changes: PlanChanges = field(default_factory=PlanChanges)

    @cached_property
    def verdicts(self) -> dict[MemberPair, Verdict]:
        """The verdict on every pair of members that has one."""
        return {
            (x, y): verdict
            for x, y in combinations(range(len(self.question.members)), 2)
            if (verdict := verdict_between(self.question, self.status, x, y)) is not None
        }

    def compute(self) -> PlanChanges:
        linked = self._change_groups()
        for (x, y), verdict in self.status.verdicts.items():
            if verdict == "version-of" and (x, y) not in linked and self.verdicts.get((x, y)) == verdict:
                row = {"state": "accepted", "probability": 1.0, "evidence": [], **self._relation(x, y)}
                self.changes.added["versions"].append(row)
        for group in _members_by_group(self.status.groups):
            self._add_merge([self.question.members[x] for x in group])
        if self.status.verdict in {"same", "mixed"}:
            self._choose_fields()
        return self.changes

    def _change_groups(self) -> set[MemberPair]:
        """Set the states of merges, versions and pairs to review; returns the pairs that a row links as versions."""
        positions = {member: number for number, member in enumerate(self.question.members)}
        linked: set[MemberPair] = set()
        for key in self.rows.keys_about(self.question.members, *GROUPS):
            part, row = key[0], self.rows.row(key)
            inside = sorted(positions[i] for i in self.rows.members[key] if i in positions)
            verdicts = {self.verdicts.get(pair) for pair in combinations(inside, 2)}
            if verdicts <= {None}:
                continue
            if part == "merges":
                is_split = bool(verdicts & {"not-duplicate", "version-of"})
                self.changes.rows[key] = with_state(row, "rejected" if is_split else "accepted")
                if is_split:
                    self._add_remaining_merges(self.rows.members[key], inside)
            elif part == "versions" and verdicts == {"version-of"}:
                linked.add((inside[0], inside[1]))
                self.changes.rows[key] = with_state(row, "accepted", **self._relation(inside[0], inside[1]))
            else:
                wanted = "same" if part == "review" else "version-of"
                self.changes.rows[key] = with_state(row, "accepted" if verdicts == {wanted} else "rejected")
        return linked

    def _add_remaining_merges(self, members: frozenset[int], inside: Sequence[int]) -> None:
        """Merge what remains together when an answer splits a merge of these records (indices)."""
        group_of = {x: x for x in inside}
        for x, y in combinations(inside, 2):
            if self.verdicts.get((x, y), "same") == "same" and not self._are_separated(group_of, x, y):
                old = group_of[y]
                group_of = {z: group_of[x] if group == old else group for z, group in group_of.items()}
        unseen = sorted(members - set(self.question.members))  # these stay with the first group
        for number in dict.fromkeys(group_of.values()):
            group = [self.question.members[x] for x in inside if group_of[x] == number]
            self._add_merge(group + (unseen if number == group_of[inside[0]] else []))

    def _are_separated(self, group_of: Mapping[int, int], x: int, y: int) -> bool:
        """Whether a verdict other than `same` exists between the groups of two members."""
        left, right = ([z for z, group in group_of.items() if group == group_of[one]] for one in (x, y))
        return any(self.verdicts.get(ordered_pair(a, b), "same") != "same" for a in left for b in right)

    def _add_merge(self, group: Sequence[int]) -> None:
        """Add a merge of these records (indices), unless accepted rows join them already."""
        joined = {group[0]}
        accepted = [
            self.rows.members[key]
            for key, row in self.changes.rows.items()
            if key[0] in {"merges", "review"} and row["state"] == "accepted"
        ]
        while near := [members for members in accepted if joined & members and not members <= joined]:
            joined = joined.union(*near)
        if not joined.issuperset(group):
            row = {"state": "accepted", "verdict": "same", "members": self.rows.references(group), "probability": 1.0}
            self.changes.added["merges"].append({**row, "evidence": []})

    def _choose_fields(self) -> None:
        """Accept or add the choices for fields of the merged record."""
        draft = self.session.draft(self.question)
        members = self.rows.references([self.question.members[position] for position in draft.merged_positions])
        for name, choice in draft.fields.items():
            if choice.of:
                take: Row = {"source": choice.of[0], "index": choice.of[1]}
            else:
                take = {"union": True} if choice.union else {"text": choice.text, "markup": choice.markup}
            about = self.rows.keys_about(self.question.members, "fields")
            existing = [(key, row) for key in about if (row := self.rows.row(key))["field"] == name]
            for key, row in existing:
                self.changes.rows[key] = with_state(row, "accepted", take=take)
            if not existing:
                row = {"members": members, "state": "accepted", "field": name, "take": take}
                self.changes.added["fields"].append(row)

    def _relation(self, x: int, y: int) -> dict[str, Any]:
        """Two versions as members of a row, the earlier form first, and their relation."""
        fingerprints = [self.session.fingerprints[i] for i in self.question.members]
        if len(fingerprints) == 2 and fingerprints[0] == fingerprints[1]:  # a line cannot say which is which
            draft = self.session.draft(self.question)
            pair = self.question.members if draft.forward else self.question.members[::-1]
            return {"members": self.rows.references(pair), "relation": draft.relation}
        for line in reversed(self.status.lines):
            decision = line.decision
            if not decision or decision.kind != "version-of":
                continue
            if {decision.a, decision.b} == {fingerprints[x], fingerprints[y]}:
                first, second = (x, y) if decision.a == fingerprints[x] else (y, x)
                members = self.rows.references([self.question.members[first], self.question.members[second]])
                return {"members": members, "relation": decision.relation or "variant-of"}
        return {}


def _members_by_group(groups: Sequence[int]) -> list[list[int]]:
    return [[x for x, group in enumerate(groups) if group == number] for number in dict.fromkeys(groups)]
