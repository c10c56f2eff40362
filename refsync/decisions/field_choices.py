"""People's choices for single fields, applied to clusters of records."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from refsync.decisions.lines import FieldChoice
from refsync.decisions.remembered_answers import FieldAnswer, RememberedAnswers
from refsync.dedup.merge import Choice, in_markup, markup_of, value_of
from refsync.dedup.results import Cluster
from refsync.records import Problem, Record

ChoicesByCluster = dict[int, dict[str, Choice]]
"""The choices for the fields of each cluster, which is identified by its smallest member."""


def choices_for_clusters(
    clusters: Sequence[Cluster], records: Sequence[Record] | Mapping[int, Record], remembered: RememberedAnswers
) -> tuple[ChoicesByCluster, list[Problem]]:
    """The choices that apply to these clusters, and problems for those that contradict each other and are ignored.

    A choice applies to the cluster that contains both records of its line. It is skipped if it names a record that no
    longer exists or no longer has the field.
    """
    if not remembered.field_answers:
        return {}, []
    cluster_of = {member: cluster for cluster in clusters for member in cluster.members}
    applicable: dict[tuple[int, str], list[tuple[Choice, object, FieldAnswer]]] = defaultdict(list)
    problems: list[Problem] = []
    for answer in remembered.field_answers:
        cluster = cluster_of.get(answer.pair[0])
        if cluster is None or cluster_of.get(answer.pair[1]) is not cluster:
            continue
        members = [records[i] for i in cluster.members]
        candidates = [records[i] for i in answer.candidates if cluster_of.get(i) is cluster]
        choices = _choices(answer, candidates)
        effects = {_effect(choice, members, answer.name) for choice in choices}
        if len(effects) > 1:
            message = f"takes {answer.name!r} from records with the same fingerprint that differ in it; ignored"
            problems.append(answer.problem(message))
        elif choices:
            applicable[min(cluster.members), answer.name].append((choices[0], effects.pop(), answer))
    chosen: ChoicesByCluster = {}
    for (smallest, name), candidates_for_field in sorted(applicable.items(), key=lambda item: item[0]):
        first = min(candidates_for_field, key=lambda item: item[2].place[1])
        other = next((item for item in candidates_for_field if item[1] != first[1]), None)
        if other is None:  # the order of the lines does not decide which record the value is from
            choice = min((item[0] for item in candidates_for_field), key=_order)
            chosen.setdefault(smallest, {})[name] = choice
            continue
        message = f"chooses another {name!r} than {first[2].where} for the same paper; both are ignored"
        problems.append(other[2].problem(message))
    return chosen, list(dict.fromkeys(problems))


def choice_of_member(members: Sequence[Record], position: int, name: str, fingerprints: Sequence[str]) -> FieldChoice:
    """The choice of a member's value for a field; the choice to leave the field out if the member lacks it.

    It names the record by fingerprint, unless another member has the same fingerprint and another value.

    Args:
        members: the records of the cluster.
        position: that of the member in `members`.
        name: the field; `entrytype` for the type of the entry.
        fingerprints: those of the members.
    """
    member = members[position]
    value = value_of(member, name)
    same_fingerprint = [one for one, own in zip(members, fingerprints, strict=True) if own == fingerprints[position]]
    if value.strip() and all(value_of(one, name) in ("", value) for one in same_fingerprint):
        return FieldChoice(source=fingerprints[position])
    return FieldChoice(text=value.strip() and value, markup=member.markup)


def _choices(answer: FieldAnswer, candidates: Sequence[Record]) -> list[Choice]:
    """The possible meanings of an answer: one, or one for each candidate with the fingerprint that it names."""
    choice = answer.choice
    if not choice.source:
        return [Choice(text=choice.text, markup=choice.markup, union=choice.union)]
    return [Choice((record.source, record.index)) for record in candidates if value_of(record, answer.name).strip()]


def _effect(choice: Choice, members: Sequence[Record], name: str) -> object:
    """The value that a choice leads to, comparable with that of another choice."""
    if choice.union:
        return True
    if choice.text is not None:
        return in_markup(name, choice.text, choice.markup, markup_of(members))
    member = next(record for record in members if (record.source, record.index) == choice.of)
    return in_markup(name, value_of(member, name), member.markup, markup_of(members))


def _order(choice: Choice) -> tuple[object, ...]:
    return (choice.of is None, choice.of or ("", 0), choice.text or "")
