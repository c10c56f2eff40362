"""What people chose for single fields, laid on the clusters that were found."""

from collections import defaultdict
from collections.abc import Sequence

from refsync.decisions.applicable_answers import FieldAnswer, Remembered
from refsync.decisions.lines import FieldChoice
from refsync.dedup.merge import Choice, in_markup, markup_of, value_of
from refsync.dedup.results import Cluster
from refsync.records import Problem, Record

Chosen = dict[int, dict[str, Choice]]
"""By the smallest member of a cluster, the choices for its fields."""


def choices_in(
    clusters: Sequence[Cluster], records: Sequence[Record], remembered: Remembered
) -> tuple[Chosen, list[Problem]]:
    """What people want in the fields of these clusters; where two want different things, neither is obeyed.

    A choice holds for the cluster in which both records of its line are. One that names a record which is gone, or
    which no longer has the field, says nothing.
    """
    if not remembered.fields:
        return {}, []
    home = {member: cluster for cluster in clusters for member in cluster.members}
    said: dict[tuple[int, str], list[tuple[Choice, object, FieldAnswer]]] = defaultdict(list)
    problems: list[Problem] = []
    for answer in remembered.fields:
        cluster = home.get(answer.pair[0])
        if cluster is None or home.get(answer.pair[1]) is not cluster:
            continue
        members = [records[i] for i in cluster.members]
        held = [records[i] for i in answer.candidates if home.get(i) is cluster]
        choices = _choices(answer, held)
        effects = {_effect(choice, members, answer.name) for choice in choices}
        if len(effects) > 1:
            message = f"takes {answer.name!r} from records that are alike and differ in it; not obeyed"
            problems.append(answer.problem(message))
        elif choices:
            place = (min(cluster.members), answer.name)
            said[place].append((choices[0], effects.pop(), answer))
    chosen: Chosen = {}
    for (cluster_of, name), wanted in sorted(said.items(), key=lambda item: item[0]):
        first = min(wanted, key=lambda item: item[2].place[1])
        other = next((item for item in wanted if item[1] != first[1]), None)
        if other is None:  # whichever line comes first, the value is from the same record
            choice = min((item[0] for item in wanted), key=_order)
            chosen.setdefault(cluster_of, {})[name] = choice
            continue
        message = f"chooses another {name!r} than {first[2].where} for the same paper; neither is obeyed"
        problems.append(other[2].problem(message))
    return chosen, list(dict.fromkeys(problems))


def field_choice(members: Sequence[Record], place: int, name: str, fingerprints: Sequence[str]) -> FieldChoice:
    """The choice of the value that a member has in a field; of nothing, where it has none.

    It names the record by its fingerprint, unless another member has the same one and another value.

    Args:
        members: those of the cluster.
        place: which of them.
        name: the field; `entrytype` for the type of the entry.
        fingerprints: those of the members.
    """
    member = members[place]
    value = value_of(member, name)
    alike = [one for one, own in zip(members, fingerprints, strict=True) if own == fingerprints[place]]
    if value.strip() and all(value_of(one, name) in ("", value) for one in alike):
        return FieldChoice(source=fingerprints[place])
    return FieldChoice(text=value.strip() and value, markup=member.markup)


def _choices(answer: FieldAnswer, held: Sequence[Record]) -> list[Choice]:
    """What the answer may mean: one thing, or as many as records have the fingerprint that it names."""
    choice = answer.choice
    if not choice.source:
        return [Choice(text=choice.text, markup=choice.markup, union=choice.union)]
    return [Choice((record.source, record.index)) for record in held if value_of(record, answer.name).strip()]


def _effect(choice: Choice, members: Sequence[Record], name: str) -> object:
    """What a choice leads to: equal where two come to the same."""
    if choice.union:
        return True
    if choice.text is not None:
        return in_markup(name, choice.text, choice.markup, markup_of(members))
    member = next(record for record in members if (record.source, record.index) == choice.of)
    return in_markup(name, value_of(member, name), member.markup, markup_of(members))


def _order(choice: Choice) -> tuple[object, ...]:
    return (choice.of is None, choice.of or ("", 0), choice.text or "")
