"""What a person does on the page: an action as JSON in, the next page to show out."""

import contextlib
from collections.abc import Mapping
from typing import Any

from refsync.dedup.merge import Choice
from refsync.review.proposed_values import RecordProposals
from refsync.review.question_status import Verdict
from refsync.review.questions import Question
from refsync.review.session import Outcome, Session
from refsync.review.web.rendering import Page
from refsync.review.web.requested_filter import requested_filter, requested_search, requested_value_filter
from refsync.review.web.view import View

_VERDICTS: Mapping[str, Verdict] = {"same": "same", "not-duplicate": "not-duplicate", "version-of": "version-of"}

Action = Mapping[str, Any]
"""`do` names the action and `id` its object; `show` and `find` are the filter and the search of the page."""


class Actions:
    """Performs the actions of one session."""

    def __init__(self, session: Session, view: View) -> None:
        self.session, self.view = session, view

    def perform(self, action: Action) -> Page:
        """Perform an action and return the page to show next.

        Raises:
            RefsyncError: the action is not possible now, or its result cannot be saved.
            KeyError: its object does not exist, or the action lacks something.
            ValueError, TypeError, IndexError: the action is not valid.
        """
        name = action.get("id", "")
        match action["do"]:
            case "undo":
                return self._show_outcome(self.session.undo(), action)
            case "redo":
                return self._show_outcome(self.session.redo(), action)
            case "value" | "skip-value":
                return self._answer_values(self._proposals(name), action)
            case "area":
                return self._answer_areas(name, action)
            case "skip-paper":
                paper = self.session.paper(name)
                message = self.session.skip(paper).message
                return self.view.areas.paper(self.session.next_paper(paper.id) or paper, message)
            case _:
                return self._act_on_question(self.session.question(name), action)

    def _act_on_question(self, question: Question, action: Action) -> Page:
        session = self.session
        match action["do"]:
            case "answer":
                if action["verdict"] not in _VERDICTS:
                    raise ValueError("no such answer")
                return self._next_question(session.answer(question, _VERDICTS[action["verdict"]]), action)
            case "alike":
                return self.view.questions.alike(question, requested_filter(action), requested_search(action))
            case "answer-alike":
                shown = [str(name) for name in action["questions"]]
                if not shown:
                    raise ValueError("no questions")
                return self._next_question(session.answer_alike(question, shown), action)
            case "skip":
                return self._next_question(session.skip(question), action)
            case "forget":
                outcome = session.remove_answer(question)
            case "choose":
                outcome = session.choose(question, str(action["field"]), _choice(question, action))
            case "group":
                position, number = int(action["place"]), int(action["number"])
                if not (0 <= position < len(question.members) and 0 <= number < len(question.members)):
                    raise ValueError("no such record")
                outcome = session.group(question, position, number)
            case "regroup":
                outcome = session.regroup(question, [int(number) for number in action["numbers"]])
            case "relate":
                outcome = session.relate(question, str(action["relation"]), forward=bool(action["forward"]))
            case _:
                raise ValueError("no such action")
        return self._question_page(question, action, outcome.message)

    def _next_question(self, outcome: Outcome, action: Action) -> Page:
        """The next question without an answer, or the end."""
        which, search = requested_filter(action), requested_search(action)
        following = self.session.next_open(outcome.id, which, search)
        if following and following.id != outcome.id:
            return self._question_page(following, action, outcome.message)
        if which in {"answered", "merges"} or (following and self.session.status(following).state != "answered"):
            return self._question_page(self.session.question(outcome.id), action, outcome.message)
        return self.view.questions.no_questions(which, search, outcome.message)

    def _question_page(self, question: Question, action: Action, message: str) -> Page:
        return self.view.questions.question(question, requested_filter(action), requested_search(action), message)

    def _answer_areas(self, name: str, action: Action) -> Page:
        session = self.session
        paper = session.paper(name)
        verdicts = {str(area): _flag(flag) for area, flag in dict(action["areas"]).items()}
        if not set(verdicts) <= {*session.library.areas, *(area.area for area in paper.areas)}:
            raise ValueError("the model has no such area")
        outcome = session.answer_areas(paper, verdicts)
        following = session.next_paper(paper.id) if action.get("next") else paper
        return self.view.areas.paper(following or paper, outcome.message)

    def _proposals(self, name: str) -> RecordProposals:
        if not self.session.values:
            raise KeyError(name)
        return self.session.values.record(name)

    def _answer_values(self, proposals: RecordProposals, action: Action) -> Page:
        """Accept, reject or skip the values that are proposed for a record."""
        which, search = requested_value_filter(action), requested_search(action)
        if action["do"] == "skip-value":
            message = self.session.skip(proposals).message
        else:
            verdicts = {int(number): _flag(flag) for number, flag in dict(action["values"]).items()}
            message = self.session.answer_values(proposals, verdicts).message
            if not action.get("next"):
                return self.view.values.record(proposals, which, search, message)
        values = self.session.values
        assert values
        following = values.next_open(proposals.id, which, search, self.session.skipped)
        if following is None and (which != "pending" or values.is_open(proposals)):
            following = proposals
        if following is None:
            return self.view.values.no_values(which, search, message)
        return self.view.values.record(following, which, search, message)

    def _show_outcome(self, outcome: Outcome, action: Action) -> Page:
        """The page of what was undone or redone."""
        with contextlib.suppress(KeyError):
            proposals = self._proposals(outcome.id)
            which = requested_value_filter(action)
            return self.view.values.record(proposals, which, requested_search(action), outcome.message)
        try:
            return self.view.areas.paper(self.session.paper(outcome.id), outcome.message)
        except KeyError:
            return self._question_page(self.session.question(outcome.id), action, outcome.message)


def _choice(question: Question, action: Action) -> Choice | int | None:
    """The chosen value: all values, a text, the position of a member, or None for the value by the rules."""
    if action.get("both"):
        return Choice(union=True)
    if isinstance(text := action.get("text"), str):
        return Choice(text=text, markup="latex" if action.get("markup") == "latex" else "text")
    if action.get("place") is None:
        return None
    position = int(action["place"])
    if not 0 <= position < len(question.members):
        raise ValueError("no such record")
    return position


def _flag(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError("an area or value is true (accepted), false (rejected) or null")
    return value
