"""From what a person says of a question to lines of the file of decisions, and back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

from refsync.dedup.merge import Choice
from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.review.decisions_file import Said
from refsync.review.questions import Question, likely_relation

Verdict = Literal["same", "not-duplicate", "version-of"]
State = Literal["open", "partly", "answered", "conflict"]
Places = tuple[int, int]
"""Two of a question's members, by their places in it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has set, whether answered yet or not.

    Attributes:
        groups: for each member, which paper it is of: those with one number are one paper.
        fields: what the merged record is to have.
        relation: how versions relate.
        forward: whether the first member is the earlier form.
    """

    groups: tuple[int, ...]
    fields: Mapping[str, Choice] = field(default_factory=dict)
    relation: str = "variant-of"
    forward: bool = True

    @property
    def together(self) -> list[int]:
        """The places of the members that the merged record stands for: the largest group, of equals the first."""
        homes: dict[int, list[int]] = defaultdict(list)
        for place, group in enumerate(self.groups):
            homes[group].append(place)
        return max(homes.values(), key=len)

    @property
    def parted(self) -> bool:
        return len(set(self.groups)) > 1


@dataclass(frozen=True, slots=True)
class Statement:
    """One line to be written: an answer about two members; of versions, `a` is the earlier form."""

    kind: Verdict
    a: int
    b: int
    relation: str = ""
    with_fields: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the file says of a question.

    Attributes:
        state: `partly` where some of what is asked is answered, `conflict` where answers contradict each other.
        verdict: what was answered; `mixed` where not the same of all members.
        said: the lines, in the order of the file.
        conflict: what contradicts what, in words.
        groups: which members are one paper by the answers (and by nobody's, where they were taken for one already).
        kinds: by pair of members, what is said.
    """

    state: State = "open"
    verdict: Verdict | Literal["", "mixed"] = ""
    said: tuple[Said, ...] = ()
    conflict: str = ""
    groups: tuple[int, ...] = ()
    kinds: Mapping[Places, Verdict] = field(default_factory=dict)


def first_draft(question: Question, records: Sequence[Record]) -> Draft:
    """What is set before a person touches anything: all one paper, versions related as is likely."""
    groups = (0,) * len(question.members)
    first, second = question.members[0], question.members[1]
    link = next((link for link in question.links if link.relation), None)
    if link:
        return Draft(groups, relation=link.relation, forward=question.members.index(link.members[0]) == 0)
    relation, forward = likely_relation(records[first], records[second])
    return Draft(groups, relation=relation, forward=forward)


def standing(question: Question, fingerprints: Sequence[str], said: Sequence[Said]) -> Standing:
    """What lines say of a question.

    Args:
        question: what is asked.
        fingerprints: those of its members.
        said: the lines about any two of them.
    """
    if not said:
        return Standing()
    where: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(fingerprints):
        where[one].append(place)
    by_pair: dict[Places, list[Said]] = defaultdict(list)
    for line in said:
        assert line.decision
        pairs = {_ordered(i, j) for i in where[line.decision.a] for j in where[line.decision.b] if i != j}
        for pair in pairs:
            by_pair[pair].append(line)
    kinds: dict[Places, Verdict] = {pair: _kind(lines[-1]) for pair, lines in by_pair.items()}
    conflict = _contradiction(by_pair, len(fingerprints)) or _two_values(said)
    groups = _groups(len(fingerprints), [pair for pair, kind in kinds.items() if kind == "same"])
    at = {member: number for number, member in enumerate(question.members)}
    links = [(at[a], at[b]) for a, b in (link.members for link in question.links) if {a, b} <= at.keys()]
    now = Standing("open", "", tuple(said), conflict, groups, kinds)
    done = [between(question, now, x, y) is not None for x, y in links]
    state: State = "conflict" if conflict else "answered" if all(done) else "partly" if any(done) else "open"
    used = {kinds[pair] for pair in kinds}
    verdict: Verdict | Literal["mixed"] = used.pop() if len(used) == 1 else "mixed"
    return replace(now, state=state, verdict=verdict)


def between(question: Question, now: Standing, x: int, y: int) -> Verdict | None:
    """What the answers come to for two members (places), through others that are one paper with them; None: nothing."""
    if not now.groups:
        return None
    if now.groups[x] == now.groups[y]:
        return "same"
    pairs = (_ordered(i, j) for i in _home(x, question, now.groups) for j in _home(y, question, now.groups) if i != j)
    return next((now.kinds[pair] for pair in pairs if now.kinds.get(pair, "same") != "same"), None)


def _kind(said: Said) -> Verdict:
    assert said.decision
    return said.decision.kind


def _home(place: int, question: Question, groups: Sequence[int]) -> set[int]:
    """The members that are one paper with this one, by answers or without."""
    member = question.members[place]
    unit = next((unit for unit in question.units if member in unit), (member,)) if question.kind != "merge" else ()
    own = {question.members.index(i) for i in unit}
    return {i for i in range(len(groups)) if groups[i] == groups[place]} | own


def _groups(count: int, same: Sequence[Places]) -> tuple[int, ...]:
    groups = list(range(count))
    for a, b in same:
        low, high = sorted((groups[a], groups[b]))
        groups = [low if group == high else group for group in groups]
    return tuple(groups)


def _contradiction(by_pair: Mapping[Places, Sequence[Said]], count: int) -> str:
    for lines in by_pair.values():
        other = next((line for line in lines if _kind(line) != _kind(lines[0])), None)
        if other:
            return f"{_told(lines[0])}, but {_told(other)}"
    groups = _groups(count, [pair for pair, lines in by_pair.items() if _kind(lines[0]) == "same"])
    for (a, b), lines in by_pair.items():
        if _kind(lines[0]) != "same" and groups[a] == groups[b]:
            return f"{_told(lines[0])}, but other answers join the two through a third record"
    return ""


_VERBS = {
    "same": "says that they are one paper",
    "not-duplicate": "says that they are no duplicates",
    "version-of": "says that they are versions",
}


def _told(said: Said) -> str:
    return f"{said.who} (line {said.line}) {_VERBS[_kind(said)]}"


def _two_values(said: Sequence[Said]) -> str:
    """Whether two lines choose differently for one field."""
    chosen: dict[str, tuple[object, Said]] = {}
    for line in said:
        assert line.decision
        for name, choice in line.decision.fields:
            earlier, by = chosen.setdefault(name, (choice, line))
            if earlier != choice:
                return f"{by.who} (line {by.line}) and {line.who} (line {line.line}) want different values for {name}"
    return ""


def statements(
    question: Question, verdict: Verdict, draft: Draft, records: Sequence[Record]
) -> tuple[tuple[int, ...], list[Statement]]:
    """Which members are one paper by an answer (those with one number), and what is to be said of which two.

    Raises:
        RefsyncError: the answer needs to know first which members are one paper.
    """
    place = {member: number for number, member in enumerate(question.members)}
    links = [(place[a], place[b]) for a, b in (link.members for link in question.links) if {a, b} <= place.keys()]
    count = len(question.members)
    groups = draft.groups
    if verdict == "not-duplicate" or (verdict == "version-of" and not draft.parted):
        groups = tuple(range(count))  # each for itself, but for those that nobody asked about
        if question.kind != "merge":
            units = {i: number for number, unit in enumerate(question.units) for i in unit}
            groups = tuple(units[member] for member in question.members)
        elif verdict == "version-of" and count > 2:
            raise RefsyncError("say first which of them are one form", hint="give the records numbers, 1 or 2")
    told: list[Statement] = []
    if verdict == "same" or draft.parted:
        told += _joined(groups, links) if verdict != "not-duplicate" else []
    kind: Verdict = "not-duplicate" if verdict == "same" else verdict
    whole = verdict == "same" or question.kind == "merge"
    for a, b in _across(groups, links, whole=whole):
        if kind == "version-of":
            earlier, later, relation = _directed(a, b, question, draft, records)
            told.append(Statement(kind, earlier, later, relation))
        else:
            told.append(Statement(kind, a, b))
    together = draft.together
    for number, item in enumerate(told):
        if item.kind == "same" and item.a in together:
            told[number] = replace(item, with_fields=True)
            break
    return groups, told


def _joined(groups: Sequence[int], links: Sequence[Places]) -> list[Statement]:
    """Pairs that join each group, one fewer than it has members: those of links before others."""
    found = list(range(len(groups)))
    told = []
    for a, b in (*links, *combinations(range(len(groups)), 2)):
        if groups[a] == groups[b] and found[a] != found[b]:
            found = [found[a] if one == found[b] else one for one in found]
            told.append(Statement("same", *_ordered(a, b)))
    return told


def _across(groups: Sequence[int], links: Sequence[Places], *, whole: bool) -> list[Places]:
    """Pairs that hold groups apart: the links between them; with `whole` also one for each two groups without."""
    crossing = [_ordered(a, b) for a, b in links if groups[a] != groups[b]]
    if whole:
        held = {_ordered(groups[a], groups[b]) for a, b in crossing}
        for a, b in combinations(range(len(groups)), 2):
            pair = _ordered(groups[a], groups[b])
            if groups[a] != groups[b] and pair not in held:
                held.add(pair)
                crossing.append((a, b))
    return list(dict.fromkeys(crossing))


def _directed(a: int, b: int, question: Question, draft: Draft, records: Sequence[Record]) -> tuple[int, int, str]:
    if len(question.members) == 2:
        return (a, b, draft.relation) if draft.forward else (b, a, draft.relation)
    _, forward = likely_relation(records[question.members[a]], records[question.members[b]])
    return (a, b, draft.relation) if forward else (b, a, draft.relation)


def _ordered(a: int, b: int) -> Places:
    return (min(a, b), max(a, b))
