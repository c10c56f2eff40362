"""A plan under review: its states follow the answers, in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, RefsyncError
from refsync.planning.file import PlanFile, State, load
from refsync.planning.file.plan_file import Row
from refsync.records import Record
from refsync.review.plan_changes import (
    REVIEW_PARTS,
    PlanChanges,
    PlanRows,
    as_proposed,
    paper_changes,
    question_changes,
    with_changes,
    with_state,
    without_review,
)
from refsync.review.session import Session


class PlanStates:
    """Keeps the states of a plan in line with the answers; `update` is a session's `changed`.

    Removing an answer leaves the rows as they were proposed or changed by hand.
    """

    def __init__(self, plan: PlanFile, records: Sequence[Record]) -> None:
        self.plan, self._proposed = plan, without_review(plan)
        self._rows = PlanRows(self._proposed, records)
        self._changes: dict[str, PlanChanges] = {}
        self._stamp = self._current_stamp()

    @property
    def path(self) -> Path:
        """The plan."""
        return self.plan.path

    @property
    def fills(self) -> Sequence[Row]:
        """The proposed values. Only the plan stores the answers about them."""
        rows: Sequence[Row] = self._proposed.content.get("fills", ())
        return rows

    def set_fill_states(self, states: Mapping[int, State]) -> None:
        """Set the states of proposed values, by number; a state as proposed leaves no trace.

        Raises:
            RefsyncError: the plan cannot be written.
        """
        before, rows = self._proposed, [*self.fills]
        for number, state in states.items():
            row = as_proposed(rows[number])
            rows[number] = row if row["state"] == state else with_state(row, state)
        self._proposed = replace(before, content={**before.content, "fills": rows})
        try:
            self._save()
        except RefsyncError:
            self._proposed = before
            raise

    def refresh(self) -> bool:
        """Take in the states of proposed values that others have set in the file; returns whether any changed.

        Raises:
            RefsyncError: the file cannot be read, or anything else in it has changed.
        """
        stamp = self._current_stamp()
        if stamp == self._stamp:
            return False
        loaded = without_review(load(self.path))
        if _except_fill_states(loaded) != _except_fill_states(self._proposed):
            raise ConfigError(f"{self.path}: changed by another program", hint="end this review and start it again")
        self._stamp, before = stamp, self._proposed.content["fills"]
        self._proposed = loaded
        return bool(loaded.content["fills"] != before)

    def apply_earlier_answers(self, session: Session) -> int:
        """Set the states by the answers that the decisions file has already; returns how many states changed."""
        for question in session.questions:
            if session.status(question).lines:
                self._changes[question.id] = question_changes(self._rows, session, question)
        for paper in session.papers:
            if session.area_answers(paper).answered:
                self._changes[paper.id] = paper_changes(self._rows, session, paper)
        before = self.plan.content
        self._save()
        changed = 0
        for part in REVIEW_PARTS:
            states = ([row["state"] for row in content.get(part, ())] for content in (before, self.plan.content))
            changed += sum(one != other for one, other in zip_longest(*states))
        return changed

    def update(self, session: Session, name: str) -> None:
        """Set the states by the changed answer to the question or paper with this id.

        Raises:
            RefsyncError: the plan cannot be written.
        """
        try:
            self._changes[name] = question_changes(self._rows, session, session.question(name))
        except KeyError:
            self._changes[name] = paper_changes(self._rows, session, session.paper(name))
        self._save()

    def _save(self) -> None:
        """Write the plan if it differs from the saved one.

        Raises:
            RefsyncError: it cannot be written.
        """
        content = with_changes(self._proposed.content, self._changes.values())
        if content != self.plan.content:
            plan = replace(self._proposed, content=content)
            plan.save()
            self.plan, self._stamp = plan, self._current_stamp()

    def _current_stamp(self) -> tuple[int, int]:
        """Modification time and size of the file, to notice changes by others."""
        try:
            status = self.path.stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_size)


def _except_fill_states(plan: PlanFile) -> dict[str, Any]:
    """The content of a plan without the states of proposed values, and without empty parts."""
    fills = [{**row, "state": "", "proposed": None} for row in plan.content.get("fills", ())]
    return {name: part for name, part in {**plan.content, "fills": fills}.items() if part != []}
