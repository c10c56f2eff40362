"""Which records are one paper after the answers given so far: what the counter of a review shows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from refsync.dedup.constrained_clustering import Forest
from refsync.dedup.results import Cluster
from refsync.review.question_status import QuestionStatus
from refsync.review.questions import Question


class PaperCounter:
    """Counts papers. An answer changes only the part of the records that questions and clusters connect with its own.

    Attributes:
        total: how many papers the records are.
    """

    def __init__(
        self,
        record_count: int,
        clusters: Sequence[Cluster],
        questions: Sequence[Question],
        status_of: Callable[[Question], QuestionStatus],
    ) -> None:
        self._status_of = status_of
        self._parts = Forest()
        for members in (*(cluster.members for cluster in clusters), *(question.members for question in questions)):
            first = self._parts.find(members[0])
            for member in members[1:]:
                if (other := self._parts.find(member)) != first:
                    first = self._parts.join(first, other)
        self._clusters: dict[int, list[Cluster]] = defaultdict(list)
        for cluster in clusters:
            self._clusters[self._parts.find(cluster.members[0])].append(cluster)
        self._questions: dict[int, list[Question]] = defaultdict(list)
        for question in questions:
            self._questions[self._part(question)].append(question)
        self._papers: dict[int, dict[int, int]] = {}
        self.total = record_count
        for part in {*self._clusters, *self._questions}:
            self._count(part)

    def update(self, questions: Iterable[Question]) -> None:
        """Count again what changed answers to these questions concern."""
        for part in {self._part(question) for question in questions}:
            self._count(part)

    def are_one(self, a: int, b: int) -> bool:
        """Whether two records are one paper."""
        part = self._parts.find(a)
        if part != self._parts.find(b):
            return False
        papers = self._papers.get(part, {})
        return a in papers and papers[a] == papers.get(b)

    def fewer_if(self, members: Sequence[int], groups: Sequence[int]) -> int:
        """By how many the papers would be fewer if records with the same number in `groups` were one paper."""
        forest = Forest()
        papers = [self._paper(member) for member in members]
        first: dict[int, int] = {}
        for paper, group in zip(papers, groups, strict=True):
            a, b = forest.find(first.setdefault(group, paper)), forest.find(paper)
            if a != b:
                forest.join(a, b)
        return len({*papers}) - len(forest.members)

    def _paper(self, record: int) -> int:
        """A number for the paper of a record: the first record of it."""
        papers = self._papers.get(self._parts.find(record), {})
        return min(i for i, number in papers.items() if number == papers[record]) if record in papers else record

    def _part(self, question: Question) -> int:
        return self._parts.find(question.members[0])

    def _count(self, part: int) -> None:
        asked = ((question, self._status_of(question)) for question in self._questions.get(part, ()))
        answered = [(question, status) for question, status in asked if status.state == "answered"]
        self.total += _fewer(self._papers.get(part, {}))
        self._papers[part] = merged_papers(self._clusters.get(part, ()), answered)
        self.total -= _fewer(self._papers[part])


def merged_papers(clusters: Sequence[Cluster], answered: Iterable[tuple[Question, QuestionStatus]]) -> dict[int, int]:
    """For each record that is merged with others, the number of its paper.

    Clusters that answers divide are divided as they say; other answers join what they call one paper.

    Args:
        clusters: what was merged without asking.
        answered: answered questions with their answers.
    """
    divided: dict[int, tuple[int, ...]] = {}
    joining: list[tuple[int, int]] = []
    for question, status in answered:
        first: dict[int, int] = {}
        if question.kind == "merge" and status.verdict != "same":
            divided[question.members[0]] = question.members
        for member, group in zip(question.members, status.groups, strict=True):
            joining.append((first.setdefault(group, member), member))
    for cluster in clusters:
        shown = next((divided[member] for member in cluster.members if member in divided), ()) if divided else ()
        rest = [member for member in cluster.members if member not in shown]
        joining += [(rest[0], member) for member in rest[1:]]
    forest = Forest()
    for a, b in joining:
        x, y = forest.find(a), forest.find(b)
        if x != y:
            forest.join(x, y)
    return {i: number for number, own in forest.members.items() if len(own) > 1 for i in own}


def _fewer(papers: dict[int, int]) -> int:
    """By how many the papers are fewer than their records."""
    return len(papers) - len({*papers.values()})
