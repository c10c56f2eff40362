"""What the lines of the decisions file mean for a question: answered or not, how, and contradictions among them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from refsync.review.decisions_file import DecisionLine
from refsync.review.questions import Question

Verdict = Literal["same", "not-duplicate", "version-of"]
State = Literal["open", "partly", "answered", "conflict"]
MemberPair = tuple[int, int]
"""Two of a question's members, by their positions in it, the smaller first."""


@dataclass(frozen=True, slots=True)
class QuestionStatus:
    """The state of a question in the file.

    Attributes:
        state: `partly` if some of its links are answered, `conflict` if answers contradict each other.
        verdict: the answer; `mixed` if it is not the same for all members.
        lines: the answers, in the order of the file.
        conflict: a sentence about which answers contradict each other.
        groups: for each member, the number of its paper, by the `same` answers alone; empty without any line.
        verdicts: what is answered directly about pairs of members.
    """

    state: State = "open"
    verdict: Verdict | Literal["", "mixed"] = ""
    lines: tuple[DecisionLine, ...] = ()
    conflict: str = ""
    groups: tuple[int, ...] = ()
    verdicts: Mapping[MemberPair, Verdict] = field(default_factory=dict)


def question_status(question: Question, fingerprints: Sequence[str], lines: Sequence[DecisionLine]) -> QuestionStatus:
    """The status of a question.

    Args:
        question: the question.
        fingerprints: those of its members.
        lines: the answers about any two of its members, in the order of the file.
    """
    if not lines:
        return QuestionStatus()
    positions: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(fingerprints):
        positions[one].append(position)
    by_pair: dict[MemberPair, list[DecisionLine]] = defaultdict(list)
    for line in lines:
        assert line.decision
        a, b = line.decision.a, line.decision.b
        for pair in {ordered_pair(i, j) for i in positions[a] for j in positions[b] if i != j}:
            by_pair[pair].append(line)
    verdicts: dict[MemberPair, Verdict] = {pair: _verdict(about[-1]) for pair, about in by_pair.items()}
    conflict = _contradiction(by_pair, len(fingerprints)) or _field_contradiction(lines)
    groups = _same_groups(len(fingerprints), [pair for pair, verdict in verdicts.items() if verdict == "same"])
    status = QuestionStatus(lines=tuple(lines), conflict=conflict, groups=groups, verdicts=verdicts)
    answered = [verdict_between(question, status, x, y) is not None for x, y in question.linked_positions]
    state: State = "conflict" if conflict else "answered" if all(answered) else "partly" if any(answered) else "open"
    distinct = {*verdicts.values()}
    verdict: Verdict | Literal["mixed"] = distinct.pop() if len(distinct) == 1 else "mixed"
    return replace(status, state=state, verdict=verdict)


def verdict_between(question: Question, status: QuestionStatus, x: int, y: int) -> Verdict | None:
    """The verdict on two members (positions), also through others that are the same paper; None if there is none."""
    if not status.groups:
        return None
    if status.groups[x] == status.groups[y]:
        return "same"
    pairs = (
        ordered_pair(i, j)
        for i in _same_paper(x, question, status.groups)
        for j in _same_paper(y, question, status.groups)
        if i != j
    )
    return next((status.verdicts[pair] for pair in pairs if status.verdicts.get(pair, "same") != "same"), None)


def ordered_pair(a: int, b: int) -> MemberPair:
    """The two with the smaller first."""
    return (min(a, b), max(a, b))


def _verdict(line: DecisionLine) -> Verdict:
    assert line.decision
    return line.decision.kind


def _same_paper(position: int, question: Question, groups: Sequence[int]) -> set[int]:
    """The members that are one paper with this one, by answers or because refsync merged them."""
    member = question.members[position]
    unit = next((unit for unit in question.units if member in unit), (member,)) if question.kind != "merge" else ()
    merged = {question.members.index(i) for i in unit}
    return {i for i in range(len(groups)) if groups[i] == groups[position]} | merged


def _same_groups(count: int, same: Sequence[MemberPair]) -> tuple[int, ...]:
    """The number of its group for each member, if these pairs are the same paper."""
    groups = list(range(count))
    for a, b in same:
        low, high = sorted((groups[a], groups[b]))
        groups = [low if group == high else group for group in groups]
    return tuple(groups)


def _contradiction(by_pair: Mapping[MemberPair, Sequence[DecisionLine]], count: int) -> str:
    for lines in by_pair.values():
        other = next((line for line in lines if _verdict(line) != _verdict(lines[0])), None)
        if other:
            return f"{_sentence(lines[0])}, but {_sentence(other)}"
    groups = _same_groups(count, [pair for pair, lines in by_pair.items() if _verdict(lines[0]) == "same"])
    for (a, b), lines in by_pair.items():
        if _verdict(lines[0]) != "same" and groups[a] == groups[b]:
            return f"{_sentence(lines[0])}, but other answers join the two through a third record"
    return ""


_SAYS = {
    "same": "says that they are one paper",
    "not-duplicate": "says that they are not duplicates",
    "version-of": "says that they are versions",
}


def _sentence(line: DecisionLine) -> str:
    return f"{line.who} (line {line.number}) {_SAYS[_verdict(line)]}"


def _field_contradiction(lines: Sequence[DecisionLine]) -> str:
    """Which two lines choose different values for one field, as a sentence."""
    chosen: dict[str, tuple[object, DecisionLine]] = {}
    for line in lines:
        assert line.decision
        for name, choice in line.decision.fields:
            earlier, by = chosen.setdefault(name, (choice, line))
            if earlier != choice:
                return (
                    f"{by.who} (line {by.number}) and {line.who} (line {line.number}) "
                    f"choose different values for {name}"
                )
    return ""
