"""Which records are one paper after the answers given so far: what the counter of a review shows."""

from collections.abc import Iterable, Sequence

from refsync.dedup.constrained_clustering import Forest
from refsync.dedup.results import Cluster
from refsync.review.question_status import QuestionStatus
from refsync.review.questions import Question


def merged_papers(clusters: Sequence[Cluster], answered: Iterable[tuple[Question, QuestionStatus]]) -> dict[int, int]:
    """For each record that is merged with others, the number of its paper.

    Clusters that answers divide are divided as they say; other answers join what they call one paper.

    Args:
        clusters: what was merged without asking.
        answered: answered questions with their answers.
    """
    divided: dict[tuple[int, ...], tuple[int, ...]] = {}
    joining: list[tuple[int, int]] = []
    for question, status in answered:
        first: dict[int, int] = {}
        if question.kind == "merge" and status.verdict != "same":
            divided[question.members] = status.groups
        for member, group in zip(question.members, status.groups, strict=True):
            joining.append((first.setdefault(group, member), member))
    for cluster in clusters:
        shown = next((one for one in divided if one[0] in cluster.members), ()) if divided else ()
        rest = [member for member in cluster.members if member not in shown]
        joining += [(rest[0], member) for member in rest[1:]]
    forest = Forest()
    for a, b in joining:
        x, y = forest.find(a), forest.find(b)
        if x != y:
            forest.join(x, y)
    return {i: number for number, own in forest.members.items() if len(own) > 1 for i in own}
