"""What the answers to a question do, in words: the labels of the page's buttons and of the terminal's keys."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from refsync.review.answers import Draft
from refsync.review.questions import Question


@dataclass(frozen=True, slots=True)
class AnswerLabels:
    """What each answer does.

    Attributes:
        same: merges what is marked as one paper; empty if nothing is.
        separate: answers that the records are no duplicates of each other.
        versions: links them as versions.
    """

    same: str
    separate: str
    versions: str


def answer_labels(question: Question, draft: Draft) -> AnswerLabels:
    """The labels for what is set now. Records are named by their numbers, counted from 1."""
    count = len(question.members)
    merged = _merge(draft.groups).partition(";")[0].lower() if draft.is_split else ""
    versions = f"Versions; {merged}" if merged else "Versions of one work"
    if question.kind == "merge":
        same = "Merged correctly" if not draft.is_split else _merge(draft.groups)
        return AnswerLabels(same, _separate(question, split_units=True), versions)
    same = _merge(draft.groups)
    if not draft.is_split:
        same = f"Merge all {count}" if count > 2 else "Merge the two"
    return AnswerLabels(same, _separate(question), versions)


def _merge(groups: Sequence[int]) -> str:
    """Which records are merged, such as `Merge 1 and 3; 2 stays separate`; empty if none are."""
    members: dict[int, list[int]] = defaultdict(list)
    for position, group in enumerate(groups):
        members[group].append(position + 1)
    merged = [own for own in members.values() if len(own) > 1]
    single = [number for own in members.values() if len(own) == 1 for number in own]
    if not merged:
        return ""
    merge = "Merge " + ", ".join(listed(own) for own in merged)
    return f"{merge}; {listed(single)} stay{'s' if len(single) == 1 else ''} separate" if single else merge


def _separate(question: Question, *, split_units: bool = False) -> str:
    positions = {member: number for number, member in enumerate(question.members, 1)}
    units = [[number] for number in positions.values()] if split_units else [
        [positions[member] for member in unit] for unit in question.units
    ]  # fmt: skip
    if len(units) != 2:
        return f"No duplicates: {len(units)} papers"
    one, other = units
    return f"{listed(one)} {'is' if len(one) == 1 else 'are'} not a duplicate of {listed(other)}"


def listed(parts: Sequence[int | str]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    *first, last = map(str, parts)
    return f"{', '.join(first)} and {last}" if first else last
