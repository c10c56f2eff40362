"""Undo and redo: the steps of a review, each with what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from refsync.errors import RefsyncError
from refsync.planning.file import State
from refsync.review.answers import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change.

    Attributes:
        description: what was done, for people.
        id: of the question, paper or record that it was done to.
        others: of further questions that it answered too.
        draft_before: what was set for the question.
        draft_after: what is set now.
        removed: lines taken out of the decisions file.
        added: lines written to it.
        states_before: the states of proposed values in the plan, by number.
        states_after: their states now.
    """

    description: str
    id: str
    others: tuple[str, ...] = ()
    draft_before: Draft | None = None
    draft_after: Draft | None = None
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    states_before: Mapping[int, State] = field(default_factory=dict)
    states_after: Mapping[int, State] = field(default_factory=dict)

    def reversed(self) -> Self:
        """The step that undoes this one."""
        return type(self)(
            description=self.description,
            id=self.id,
            others=self.others,
            draft_before=self.draft_after,
            draft_after=self.draft_before,
            removed=self.added,
            added=self.removed,
            states_before=self.states_after,
            states_after=self.states_before,
        )


class History:
    """The steps done, and those undone that can be done again."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def add(self, step: Step) -> None:
        """Note a step that was done. What was undone before cannot be redone any more."""
        self._done.append(step)
        self._undone.clear()

    def last_done(self) -> Step:
        """The step that is undone next.

        Raises:
            RefsyncError: there is none.
        """
        if not self._done:
            raise RefsyncError("nothing to undo")
        return self._done[-1]

    def last_undone(self) -> Step:
        """The step that is redone next.

        Raises:
            RefsyncError: there is none.
        """
        if not self._undone:
            raise RefsyncError("nothing to redo")
        return self._undone[-1]

    def note_undone(self) -> None:
        """The last step was undone."""
        self._undone.append(self._done.pop())

    def note_redone(self) -> None:
        """The last undone step was done again."""
        self._done.append(self._undone.pop())

    @property
    def undo_description(self) -> str:
        """What would be undone next; empty if nothing."""
        return self._done[-1].description if self._done else ""

    @property
    def redo_description(self) -> str:
        """What would be redone next; empty if nothing."""
        return self._undone[-1].description if self._undone else ""

    def answered_ids(self) -> set[str]:
        """The questions and papers whose lines were changed."""
        return {name for step in self._done if step.removed or step.added for name in (step.id, *step.others)}

    def changed_values(self) -> set[int]:
        """The numbers of the proposed values whose states were changed."""
        return {number for step in self._done for number in step.states_after}
