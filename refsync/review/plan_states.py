"""A plan whose states follow the answers of its review."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, zip_longest
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, RefsyncError
from refsync.planning.file import PlanFile, State, load
from refsync.planning.file.plan_file import GROUPS, Row
from refsync.records import Record
from refsync.review.answers import Standing, between
from refsync.review.areas import Paper
from refsync.review.questions import Question
from refsync.review.session import Session

OURS = {"by": "review"}
"""Marks rows that a review put into a plan; of a row that it changed, `proposed` keeps what was there before."""

_PARTS = (*GROUPS, "fields", "areas")


def without_review(plan: PlanFile) -> PlanFile:
    """The plan as it was proposed, and changed by hand: without what a review made of it."""
    content = {**plan.content}
    for part in set(_PARTS) & content.keys():
        content[part] = [_as_it_was(row) for row in content[part] if row.get("by") != OURS["by"]]
    return replace(plan, content=content)


def _as_it_was(row: Row) -> Row:
    before = row.get("proposed")
    if not isinstance(before, dict):
        return row
    return {name: value for name, value in {**row, **before, "proposed": None}.items() if value is not None}


@dataclass(slots=True)
class _Change:
    """What the answer to one question makes of the plan: rows by part and number, and new rows."""

    rows: dict[tuple[str, int], Row] = field(default_factory=dict)
    added: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


class Follower:
    """Keeps the states of a plan like the answers: to be given to a session as its `changed`.

    An answer that is taken back leaves the rows as they were proposed, or changed by hand.
    """

    def __init__(self, plan: PlanFile, records: Sequence[Record]) -> None:
        self.plan, self._read = plan, without_review(plan)
        self._records = records
        at = {(record.source, record.index): i for i, record in enumerate(records)}
        self._members: dict[tuple[str, int], frozenset[int]] = {}
        self._of: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for part in _PARTS:
            for number, row in self._read.rows(part):
                found = frozenset(at[one["source"], one["index"]] for one in row["members"])
                self._members[part, number] = found
                for i in found:
                    self._of[i].append((part, number))
        self._changes: dict[str, _Change] = {}
        self._stamp = self._stamped()

    @property
    def path(self) -> Path:
        """The plan."""
        return self.plan.path

    @property
    def fills(self) -> Sequence[Row]:
        """The values that are proposed. No file but the plan says what people answered of them."""
        rows: Sequence[Row] = self._read.content.get("fills", ())
        return rows

    def fill(self, states: Mapping[int, State]) -> None:
        """Set the states of values, by number; one that is as it was proposed leaves no trace.

        Raises:
            RefsyncError: the plan cannot be written.
        """
        before, rows = self._read, [*self.fills]
        for number, state in states.items():
            row = _as_it_was(rows[number])
            rows[number] = row if row["state"] == state else _with(row, state)
        self._read = replace(before, content={**before.content, "fills": rows})
        try:
            self._save()
        except RefsyncError:
            self._read = before
            raise

    def refresh(self) -> bool:
        """Take over the states of values that somebody else set in the file; whether there was anything new.

        Raises:
            RefsyncError: it cannot be read, or is not the plan any more that is looked through.
        """
        stamp = self._stamped()
        if stamp == self._stamp:
            return False
        there = without_review(load(self.path))
        if _but_states(there) != _but_states(self._read):
            raise ConfigError(f"{self.path}: changed by another program", hint="end this review and start it again")
        self._stamp, before = stamp, self._read.content["fills"]
        self._read = there
        return bool(there.content["fills"] != before)

    def _stamped(self) -> tuple[int, int]:
        try:
            status = self.path.stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_size)

    def start(self, session: Session) -> int:
        """Let the plan follow what was answered before; how many proposals have another state then."""
        for question in session.questions:
            if session.standing(question).said:
                self._changes[question.id] = self._question(session, question)
        for paper in session.papers:
            if session.opinion(paper).answered:
                self._changes[paper.id] = self._paper(session, paper)
        before = self.plan.content
        self._save()
        changed = 0
        for part in _PARTS:
            states = ([row["state"] for row in content.get(part, ())] for content in (before, self.plan.content))
            changed += sum(one != other for one, other in zip_longest(*states))
        return changed

    def __call__(self, session: Session, name: str) -> None:
        """Follow a changed answer."""
        try:
            self._changes[name] = self._question(session, session.question(name))
        except KeyError:
            self._changes[name] = self._paper(session, session.paper(name))
        self._save()

    def _question(self, session: Session, question: Question) -> _Change:
        change, now = _Change(), session.standing(question)
        if now.state == "conflict":
            now = Standing()
        place = {member: number for number, member in enumerate(question.members)}
        touched = {key for i in question.members for key in self._of[i] if key[0] in GROUPS}
        told = {
            (x, y): verdict
            for x, y in combinations(range(len(place)), 2)
            if (verdict := between(question, now, x, y)) is not None
        }
        linked = set()
        for part, number in sorted(touched):
            row = self._read.content[part][number]
            members = self._members[part, number]
            inside = sorted(place[i] for i in members if i in place)
            verdicts = {told.get(pair) for pair in combinations(inside, 2)}
            if len(inside) < 2:
                continue
            if verdicts <= {None}:
                continue
            if part == "merges":
                apart = bool(verdicts & {"not-duplicate", "version-of"})
                change.rows[part, number] = _with(row, "rejected" if apart else "accepted")
                if apart:
                    self._remaining(change, question, now, members, inside, told)
            elif part == "versions" and verdicts == {"version-of"}:
                linked.add((inside[0], inside[1]))
                relation = self._relation(session, question, now, inside[0], inside[1])
                change.rows[part, number] = _with(row, "accepted", **relation)
            else:
                wanted = "same" if part == "review" else "version-of"
                change.rows[part, number] = _with(row, "accepted" if verdicts == {wanted} else "rejected")
        for (x, y), kind in now.kinds.items():
            if kind == "version-of" and (x, y) not in linked and told.get((x, y)) == kind:
                relation = self._relation(session, question, now, x, y)
                change.added["versions"].append({"state": "accepted", "probability": 1.0, "evidence": [], **relation})
        for group in _groups(now.groups):
            self._merge(change, [question.members[x] for x in group])
        if now.verdict in {"same", "mixed"}:
            self._fields(change, session, question)
        return change

    def _remaining(
        self,
        change: _Change,
        question: Question,
        now: Standing,
        members: frozenset[int],
        inside: Sequence[int],
        told: Mapping[tuple[int, int], str],
    ) -> None:
        """What is left of a merge that an answer parts: the members of which nobody said otherwise, in groups."""
        groups = {x: x for x in inside}
        for x, y in combinations(inside, 2):
            if told.get((x, y), "same") == "same" and not _against(groups, x, y, told):
                old = groups[y]
                groups = {z: groups[x] if home == old else home for z, home in groups.items()}
        unseen = sorted(members - set(question.members))  # go with the first
        for home in dict.fromkeys(groups.values()):
            group = [question.members[x] for x in inside if groups[x] == home]
            self._merge(change, group + (unseen if home == groups[inside[0]] else []))

    def _merge(self, change: _Change, group: Sequence[int]) -> None:
        """Records that are one paper, as a row of their own where accepted rows do not join them already."""
        joined = {group[0]}
        rows = [
            self._members[key]
            for key, row in change.rows.items()
            if key[0] in {"merges", "review"} and row["state"] == "accepted"
        ]
        while near := [members for members in rows if joined & members and not members <= joined]:
            joined = joined.union(*near)
        if not joined.issuperset(group):
            row = {"state": "accepted", "verdict": "same", "members": self._names(group), "probability": 1.0}
            change.added["merges"].append({**row, "evidence": []})

    def _fields(self, change: _Change, session: Session, question: Question) -> None:
        draft = session.draft(question)
        members = self._names([question.members[place] for place in draft.together])
        for name, choice in draft.fields.items():
            if choice.of:
                take: Row = {"source": choice.of[0], "index": choice.of[1]}
            else:
                take = {"union": True} if choice.union else {"text": choice.text, "markup": choice.markup}
            there = {key for i in question.members for key in self._of[i] if key[0] == "fields"}
            mine = [
                (key, row) for key in sorted(there) if (row := self._read.content["fields"][key[1]])["field"] == name
            ]
            for key, row in mine:
                change.rows[key] = _with(row, "accepted", take=take)
            if not mine:
                change.added["fields"].append({"members": members, "state": "accepted", "field": name, "take": take})

    def _relation(self, session: Session, question: Question, now: Standing, x: int, y: int) -> dict[str, Any]:
        """The members, the earlier form first, and how it relates to the other."""
        prints = [session.prints[i] for i in question.members]
        if len(prints) == 2 and prints[0] == prints[1]:  # a line cannot tell which is which
            draft = session.draft(question)
            pair = question.members if draft.forward else question.members[::-1]
            return {"members": self._names(pair), "relation": draft.relation}
        for said in reversed(now.said):
            decision = said.decision
            if decision and decision.kind == "version-of" and {decision.a, decision.b} == {prints[x], prints[y]}:
                first, second = (x, y) if decision.a == prints[x] else (y, x)
                named = {"relation": decision.relation or "variant-of"}
                return {"members": self._names([question.members[first], question.members[second]]), **named}
        return {}

    def _paper(self, session: Session, paper: Paper) -> _Change:
        change, now = _Change(), session.opinion(paper)
        for part, number in sorted({key for i in paper.members for key in self._of[i] if key[0] == "areas"}):
            row = self._read.content[part][number]
            if not now.answered:
                continue
            listed = {item["area"]: item for item in row.get("areas", ())}
            wanted = dict.fromkeys((*sorted(now.accepted), *listed))
            areas = [
                {"probability": 1.0, **listed.get(area, {"area": area}), "applied": area in now.accepted}
                for area in wanted
                if area not in now.rejected
            ]
            change.rows[part, number] = _with(row, "accepted" if now.accepted else "rejected", areas=areas)
        return change

    def _names(self, members: Sequence[int]) -> list[Row]:
        found = (self._records[i] for i in members)
        return [{"source": record.source, "index": record.index, "id": record.id} for record in found]

    def _save(self) -> None:
        """Write the plan, if it is another one than before.

        Raises:
            RefsyncError: it cannot be written.
        """
        content = {**self._read.content}
        for part in _PARTS:
            rows = [*content.get(part, ())]
            for change in self._changes.values():
                for (of, number), row in change.rows.items():
                    if of == part:
                        rows[number] = row
                rows += [{**row, **OURS} for row in change.added.get(part, ())]
            if rows or part in content:
                content[part] = rows
        if content != self.plan.content:
            plan = replace(self._read, content=content)
            plan.save()
            self.plan, self._stamp = plan, self._stamped()


def _but_states(plan: PlanFile) -> dict[str, Any]:
    """What stays the same while people answer what the values are to be."""
    fills = [{**row, "state": "", "proposed": None} for row in plan.content.get("fills", ())]
    return {name: part for name, part in {**plan.content, "fills": fills}.items() if part != []}


def _with(row: Row, state: str, **more: Any) -> Row:
    """The row in another state, with other values; what it had is kept in it."""
    before = {name: row.get(name) for name in ("state", *more)}
    return {**row, "state": state, **more, "proposed": before}


def _against(groups: Mapping[int, int], x: int, y: int, told: Mapping[tuple[int, int], str]) -> bool:
    """Whether an answer holds any two apart that joining the groups of `x` and `y` would bring together."""
    left, right = ([z for z, home in groups.items() if home == groups[one]] for one in (x, y))
    return any(told.get((min(a, b), max(a, b)), "same") != "same" for a in left for b in right)


def _groups(groups: Sequence[int]) -> list[list[int]]:
    return [[x for x, group in enumerate(groups) if group == number] for number in dict.fromkeys(groups)]
