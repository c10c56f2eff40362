"""The lines that an answer adds to the file of decisions, and those that it replaces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refsync.decisions import FieldChoice, as_line, field_choice, score_of
from refsync.records import Record
from refsync.review.answers import Draft, Statement
from refsync.review.decisions_file import Said
from refsync.review.questions import Question


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a question, among all records and their fingerprints."""

    question: Question
    every: Sequence[Record]
    fingerprints: Sequence[str]

    @property
    def records(self) -> list[Record]:
        return [self.every[i] for i in self.question.members]

    @property
    def prints(self) -> list[str]:
        return [self.fingerprints[i] for i in self.question.members]


def lines_for(
    members: Members,
    draft: Draft,
    groups: Sequence[int],
    told: Sequence[Statement],
    said: Sequence[Said],
    by: str,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines to take out and those to add, so that the file says of the members what is told and nothing else.

    Args:
        members: whom it is about.
        draft: what is set.
        groups: which members are one paper by the answer.
        told: what is to be said of which two.
        said: what the file says of them now. A line that says the same already stays, whoever wrote it.
        by: who answers.
    """
    prints, records = members.prints, members.records
    kept: set[int] = set()
    added = []
    for statement in told:
        value = _value(members, draft, statement)
        one, other = prints[statement.a], prints[statement.b]
        if same := next((line for line in said if _says(line, statement.kind, one, other, value)), None):
            kept.add(same.line)
            continue
        pair = members.question.pair(*(members.question.members[i] for i in (statement.a, statement.b)))
        if pair:
            value |= score_of(pair)
        keys = [records[i].id for i in (statement.a, statement.b)]
        added.append(as_line(statement.kind, one, other, keys=keys, value=value, by=by))
    kinds = {frozenset((groups[item.a], groups[item.b])): item.kind for item in told if item.kind != "same"}
    pairs = {frozenset((prints[item.a], prints[item.b])) for item in told}
    removed = [
        line.raw for line in said if line.line not in kept and _stands_against(line, prints, groups, kinds, pairs)
    ]
    return tuple(removed), tuple(added)


def _value(members: Members, draft: Draft, statement: Statement) -> dict[str, Any]:
    if statement.relation:
        return {"relation": statement.relation}
    if not (statement.with_fields and draft.fields):
        return {}
    places = {(record.source, record.index): place for place, record in enumerate(members.records)}
    fields = {}
    for name, choice in sorted(draft.fields.items()):
        if choice.of:
            fields[name] = field_choice(members.records, places[choice.of], name, members.prints).value
        else:
            fields[name] = FieldChoice(text=choice.text, markup=choice.markup, union=choice.union).value
    return {"fields": fields}


def _says(said: Said, kind: str, one: str, other: str, value: Mapping[str, Any]) -> bool:
    """Whether a line says this already."""
    decision = said.decision
    if not decision or decision.kind != kind or {decision.a, decision.b} != {one, other}:
        return False
    if kind == "version-of":
        return decision.relation == value.get("relation", "") and decision.a == one
    return {name: choice.value for name, choice in decision.fields} == dict(value.get("fields", {}))


def _stands_against(
    said: Said,
    prints: Sequence[str],
    groups: Sequence[int],
    kinds: Mapping[frozenset[int], str],
    pairs: set[frozenset[str]],
) -> bool:
    """Whether a line is about a pair that is answered anew, or says otherwise than the answer does."""
    decision = said.decision
    if not decision:
        return False
    if decision.fields or frozenset((decision.a, decision.b)) in pairs:
        return True
    between = [
        (groups[i], groups[j])
        for i, one in enumerate(prints)
        for j, other in enumerate(prints)
        if i != j and {one, other} == {decision.a, decision.b}
    ]
    if decision.kind == "same":
        return any(x != y for x, y in between)
    return any(x == y or kinds.get(frozenset((x, y)), decision.kind) != decision.kind for x, y in between)
