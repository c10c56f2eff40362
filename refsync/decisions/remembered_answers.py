"""Which answers concern the records of a run."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.decisions.lines import Decision, FieldChoice
from refsync.records import Problem

if TYPE_CHECKING:  # who only reads the answers needs no numbers
    from refsync.dedup.calibration import Calibration

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """What is to stand in a field of the cluster that holds both records of `pair`.

    `candidates` are the records that have the fingerprint which the choice names. `place` is the file and line; or the
    file and a number, where people call the place by its name (`row`).
    """

    pair: Pair
    name: str
    choice: FieldChoice
    candidates: tuple[int, ...]
    place: tuple[str, int]
    row: str = ""

    @property
    def where(self) -> str:
        """The place in its file, for people."""
        return self.row or f"line {self.place[1]}"

    def problem(self, message: str) -> Problem:
        """A note about this choice."""
        source, line = self.place
        told = f"{self.row}: {message}" if self.row else message
        return Problem(source, told, 0 if self.row else line, kind="note")


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answers that concern the records of a run, as pairs of their indices, the smaller first.

    `relations` has, for versions of which it is said, the earlier form, the later one, and how the one relates to the
    other. `calibration` is what was learnt from answers about other pairs, these or other people's.
    """

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()
    versions: tuple[Pair, ...] = ()
    relations: tuple[tuple[int, int, str], ...] = ()
    fields: tuple[FieldAnswer, ...] = ()
    calibration: "Calibration | None" = None


NOTHING_REMEMBERED = Remembered()


def recall(decisions: Iterable[Decision], fingerprints: Sequence[str], source: str) -> tuple[Remembered, list[Problem]]:
    """What the decisions say of these records; contradictions are problems and count for neither side.

    Where some join, one after the other, two records that another keeps apart, those that join are not obeyed: of two
    wrongs a missed merge is the lesser.
    """
    where: dict[str, list[int]] = defaultdict(list)
    for index, fingerprint in enumerate(fingerprints):
        where[fingerprint].append(index)
    answers: dict[Pair, list[Decision]] = defaultdict(list)
    for decision in decisions:
        pairs = {(min(i, j), max(i, j)) for i in where.get(decision.a, ()) for j in where.get(decision.b, ()) if i != j}
        for pair in pairs:
            answers[pair].append(decision)
    problems: list[Problem] = []
    told: set[tuple[int, int]] = set()  # pairs of lines: records of one fingerprint repeat them

    def contradicts(line: int, earlier: Sequence[int], message: str) -> None:
        if (line, earlier[0]) not in told:
            told.add((line, earlier[0]))
            problems.append(Problem(source, message, line, kind="note"))

    obeyed: dict[str, list[Pair]] = {"same": [], "not-duplicate": [], "version-of": []}
    relations: list[tuple[int, int, str]] = []
    for pair, said in sorted(answers.items()):
        first = said[0]
        if other := next((one for one in said if one.kind != first.kind), None):
            message = f"says {other.kind!r} where line {first.line} says {first.kind!r}; neither is obeyed"
            contradicts(other.line, [first.line], message)
            continue
        obeyed[first.kind].append(pair)
        named = [(_directed(one, pair, fingerprints), one.line) for one in said if one.relation]
        if other_way := next((item for item in named if item[0] != named[0][0]), None):
            message = f"names another relation than line {named[0][1]}; they are linked without one"
            contradicts(other_way[1], [named[0][1]], message)
        elif named:
            relations.append(named[0][0])
    apart = {pair: answers[pair][0] for kind in ("not-duplicate", "version-of") for pair in obeyed[kind]}
    for pair, between in _joined_all_the_same(obeyed["same"], apart).items():
        lines = sorted({answers[one][0].line for one in between})
        decision = apart[pair]
        ways = f"line {lines[0]}" if len(lines) == 1 else "lines " + ", ".join(map(str, lines))
        told_of = f"says {decision.kind!r} of records that {ways} would join through others; only this is obeyed"
        contradicts(decision.line, lines, told_of)
        obeyed["same"] = [one for one in obeyed["same"] if one not in between]
    fields = [
        FieldAnswer(pair, name, choice, tuple(where.get(choice.source, ())), (source, decision.line))
        for pair in obeyed["same"]
        for decision in answers[pair]
        for name, choice in decision.fields
    ]
    same, different, versions = map(tuple, obeyed.values())
    return Remembered(same, different, versions, tuple(relations), fields=tuple(fields)), problems


def _directed(decision: Decision, pair: Pair, fingerprints: Sequence[str]) -> tuple[int, int, str]:
    """The earlier form, the later one, the relation; of a relation without direction the smaller index first."""
    one, other = pair
    if decision.relation != "variant-of" and fingerprints[one] != decision.a:
        one, other = other, one
    return one, other, decision.relation


def _joined_all_the_same(same: Sequence[Pair], apart: Iterable[Pair]) -> dict[Pair, set[Pair]]:
    """The pairs that are to be apart and that pairs of the same join, with those that lie on a way between the two.

    Of several ways the shortest are cut, until none is left. The result does not depend on the order of the pairs.
    """
    beside: dict[int, set[int]] = defaultdict(set)
    for a, b in same:
        beside[a].add(b)
        beside[b].add(a)
    found: dict[Pair, set[Pair]] = defaultdict(set)
    while True:
        cut: set[Pair] = set()
        for a, b in apart:
            steps, back = _steps(beside, a), _steps(beside, b)
            if b in steps:
                on_the_way = {
                    (min(x, y), max(x, y))
                    for x in steps.keys() & back.keys()
                    for y in beside[x]
                    if y in back and steps[x] + 1 + back[y] == steps[b]
                }
                found[a, b] |= on_the_way
                cut |= on_the_way
        if not cut:
            return dict(sorted(found.items()))
        for a, b in cut:
            beside[a].discard(b)
            beside[b].discard(a)


def _steps(beside: Mapping[int, set[int]], start: int) -> dict[int, int]:
    """How many steps each record is away."""
    steps = {start: 0}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in beside.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                queue.append(there)
    return steps
