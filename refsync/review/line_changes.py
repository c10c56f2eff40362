"""The lines that an answer adds to the decisions file, and those that it replaces."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.decisions import FieldChoice, choice_of_member, format_decision, score_to_record
from refsync.review.answers import Draft, Members, Statement
from refsync.review.decisions_file import DecisionLine


def line_changes(
    members: Members,
    draft: Draft,
    groups: Sequence[int],
    statements: Sequence[Statement],
    lines: Sequence[DecisionLine],
    by: str,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines to remove and those to add, so that the file has exactly these statements about the members.

    Args:
        members: what the question is about.
        draft: what a person has set.
        groups: which members are one paper by the answer: those with the same number.
        statements: what the answer says about pairs of members.
        lines: the current lines about them. One that already makes a statement stays, with its author.
        by: who answers.
    """
    fingerprints, records = members.fingerprints, members.records
    kept: set[int] = set()
    added = []
    for statement in statements:
        value = _value(members, draft, statement)
        a, b = fingerprints[statement.a], fingerprints[statement.b]
        if existing := next((line for line in lines if _states(line, statement.kind, a, b, value)), None):
            kept.add(existing.number)
            continue
        pair = members.question.pair(*(members.question.members[i] for i in (statement.a, statement.b)))
        if pair:
            value |= score_to_record(pair)
        keys = [records[i].id for i in (statement.a, statement.b)]
        added.append(format_decision(statement.kind, a, b, keys=keys, value=value, by=by))
    kinds = {frozenset((groups[item.a], groups[item.b])): item.kind for item in statements if item.kind != "same"}
    pairs = {frozenset((fingerprints[item.a], fingerprints[item.b])) for item in statements}
    removed = [
        line.raw for line in lines if line.number not in kept and _is_replaced(line, fingerprints, groups, kinds, pairs)
    ]
    return tuple(removed), tuple(added)


def _value(members: Members, draft: Draft, statement: Statement) -> dict[str, Any]:
    if statement.relation:
        return {"relation": statement.relation}
    if not (statement.with_fields and draft.fields):
        return {}
    positions = {(record.source, record.index): position for position, record in enumerate(members.records)}
    fields = {}
    for name, choice in sorted(draft.fields.items()):
        if choice.of:
            fields[name] = choice_of_member(members.records, positions[choice.of], name, members.fingerprints).value
        else:
            fields[name] = FieldChoice(text=choice.text, markup=choice.markup, union=choice.union).value
    return {"fields": fields}


def _states(line: DecisionLine, kind: str, a: str, b: str, value: Mapping[str, Any]) -> bool:
    """Whether a line makes this statement already."""
    decision = line.decision
    if not decision or decision.kind != kind or {decision.a, decision.b} != {a, b}:
        return False
    if kind == "version-of":
        return decision.relation == value.get("relation", "") and decision.a == a
    return {name: choice.value for name, choice in decision.fields} == dict(value.get("fields", {}))


def _is_replaced(
    line: DecisionLine,
    fingerprints: Sequence[str],
    groups: Sequence[int],
    kinds: Mapping[frozenset[int], str],
    pairs: set[frozenset[str]],
) -> bool:
    """Whether a line is about a pair that is answered again, or contradicts the answer."""
    decision = line.decision
    if not decision:
        return False
    if decision.fields or frozenset((decision.a, decision.b)) in pairs:
        return True
    groups_of_pair = [
        (groups[i], groups[j])
        for i, a in enumerate(fingerprints)
        for j, b in enumerate(fingerprints)
        if i != j and {a, b} == {decision.a, decision.b}
    ]
    if decision.kind == "same":
        return any(x != y for x, y in groups_of_pair)
    return any(x == y or kinds.get(frozenset((x, y)), decision.kind) != decision.kind for x, y in groups_of_pair)
