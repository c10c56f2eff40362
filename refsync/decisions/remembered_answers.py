"""The remembered answers that apply to the records of a run."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.decisions.lines import Decision, FieldChoice
from refsync.records import Problem

if TYPE_CHECKING:  # reading the answers does not need numpy
    from refsync.dedup.calibration import Calibration

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """A choice for a field of the cluster that contains both records of `pair`.

    Attributes:
        pair: the indices of the records.
        name: the field.
        choice: its value.
        candidates: the records with the fingerprint that the choice names.
        place: the file and line, or the file and a number if `row` names the place.
        row: the name of the place for messages, such as `fields[2]`; empty for a line.
    """

    pair: Pair
    name: str
    choice: FieldChoice
    candidates: tuple[int, ...]
    place: tuple[str, int]
    row: str = ""

    @property
    def where(self) -> str:
        """The place in its file, for messages."""
        return self.row or f"line {self.place[1]}"

    def problem(self, message: str) -> Problem:
        """A note about this choice."""
        source, line = self.place
        text = f"{self.row}: {message}" if self.row else message
        return Problem(source, text, 0 if self.row else line, kind="note")


@dataclass(frozen=True, slots=True)
class RememberedAnswers:
    """The answers that apply to the records of a run. Pairs are indices of records, the smaller first.

    Attributes:
        must_link: pairs that are the same paper.
        cannot_link: pairs that are no duplicates.
        versions: pairs that are versions of one work: not merged, but linked.
        relations: for versions with a known relation: the earlier form, the later form, the relation.
        field_answers: choices for single fields.
        calibration: the calibration of the pair model that was learned from answers; None if there is none.
    """

    must_link: tuple[Pair, ...] = ()
    cannot_link: tuple[Pair, ...] = ()
    versions: tuple[Pair, ...] = ()
    relations: tuple[tuple[int, int, str], ...] = ()
    field_answers: tuple[FieldAnswer, ...] = ()
    calibration: "Calibration | None" = None


NO_REMEMBERED_ANSWERS = RememberedAnswers()


def applicable_answers(
    decisions: Iterable[Decision], fingerprints: Sequence[str], source: str
) -> tuple[RememberedAnswers, list[Problem]]:
    """The answers that apply to these records, and problems for contradictions, which are ignored.

    If must-links join, directly or through others, two records that a cannot-link keeps separate, these must-links are
    ignored: a missed merge does less harm than a wrong one.

    Args:
        decisions: the lines of the file of decisions.
        fingerprints: those of the records.
        source: the file, for the problems.
    """
    records_with: dict[str, list[int]] = defaultdict(list)
    for index, fingerprint in enumerate(fingerprints):
        records_with[fingerprint].append(index)
    answers: dict[Pair, list[Decision]] = defaultdict(list)
    for decision in decisions:
        left, right = records_with.get(decision.a, ()), records_with.get(decision.b, ())
        pairs = {(min(i, j), max(i, j)) for i in left for j in right if i != j}
        for pair in pairs:
            answers[pair].append(decision)
    problems: list[Problem] = []
    reported: set[tuple[int, int]] = set()  # pairs of lines, which recur for records with the same fingerprint

    def report(line: int, earlier: Sequence[int], message: str) -> None:
        if (line, earlier[0]) not in reported:
            reported.add((line, earlier[0]))
            problems.append(Problem(source, message, line, kind="note"))

    applied: dict[str, list[Pair]] = {"same": [], "not-duplicate": [], "version-of": []}
    relations: list[tuple[int, int, str]] = []
    for pair, about_pair in sorted(answers.items()):
        first = about_pair[0]
        if other := next((one for one in about_pair if one.kind != first.kind), None):
            message = f"says {other.kind!r}, but line {first.line} says {first.kind!r}; both are ignored"
            report(other.line, [first.line], message)
            continue
        applied[first.kind].append(pair)
        named = [(_directed(one, pair, fingerprints), one.line) for one in about_pair if one.relation]
        if conflicting := next((item for item in named if item[0] != named[0][0]), None):
            message = f"names another relation than line {named[0][1]}; the records are linked without a relation"
            report(conflicting[1], [named[0][1]], message)
        elif named:
            relations.append(named[0][0])
    cannot_link = {pair: answers[pair][0] for kind in ("not-duplicate", "version-of") for pair in applied[kind]}
    for pair, path in _contradicting_paths(applied["same"], cannot_link).items():
        lines = sorted({answers[one][0].line for one in path})
        decision = cannot_link[pair]
        where = f"line {lines[0]}" if len(lines) == 1 else "lines " + ", ".join(map(str, lines))
        verb = "is" if len(lines) == 1 else "are"
        message = (
            f"says {decision.kind!r} about records that {where} would merge through others; {where} {verb} ignored"
        )
        report(decision.line, lines, message)
        applied["same"] = [one for one in applied["same"] if one not in path]
    field_answers = [
        FieldAnswer(
            pair=pair,
            name=name,
            choice=choice,
            candidates=tuple(records_with.get(choice.source, ())),
            place=(source, decision.line),
        )
        for pair in applied["same"]
        for decision in answers[pair]
        for name, choice in decision.fields
    ]
    must_link, not_duplicate, versions = map(tuple, applied.values())
    remembered = RememberedAnswers(
        must_link=must_link,
        cannot_link=not_duplicate,
        versions=versions,
        relations=tuple(relations),
        field_answers=tuple(field_answers),
    )
    return remembered, problems


def _directed(decision: Decision, pair: Pair, fingerprints: Sequence[str]) -> tuple[int, int, str]:
    """The earlier form, the later form, the relation; for a relation without direction, the smaller index first."""
    one, other = pair
    if decision.relation != "variant-of" and fingerprints[one] != decision.a:
        one, other = other, one
    return one, other, decision.relation


def _contradicting_paths(must_link: Sequence[Pair], cannot_link: Iterable[Pair]) -> dict[Pair, set[Pair]]:
    """The cannot-link pairs that must-links connect, each with the must-links on the paths between the two records.

    The shortest paths are cut repeatedly, until none is left. The result does not depend on the order of the pairs.
    """
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in must_link:
        neighbours[a].add(b)
        neighbours[b].add(a)
    paths: dict[Pair, set[Pair]] = defaultdict(set)
    while True:
        cut: set[Pair] = set()
        for a, b in cannot_link:
            steps, back = _distances(neighbours, a), _distances(neighbours, b)
            if b in steps:
                on_path = {
                    (min(x, y), max(x, y))
                    for x in steps.keys() & back.keys()
                    for y in neighbours[x]
                    if y in back and steps[x] + 1 + back[y] == steps[b]
                }
                paths[a, b] |= on_path
                cut |= on_path
        if not cut:
            return dict(sorted(paths.items()))
        for a, b in cut:
            neighbours[a].discard(b)
            neighbours[b].discard(a)


def _distances(neighbours: Mapping[int, set[int]], start: int) -> dict[int, int]:
    """The number of must-links from a record to each record that it reaches."""
    distances = {start: 0}
    queue = deque([start])
    while queue:
        current = queue.popleft()
        for neighbour in neighbours.get(current, ()):
            if neighbour not in distances:
                distances[neighbour] = distances[current] + 1
                queue.append(neighbour)
    return distances
