"""The status of every question and paper of a review, updated when the decisions file changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from refsync.review.areas import AreaAnswers, Paper, area_answers
from refsync.review.decisions_file import DecisionsFile
from refsync.review.question_status import QuestionStatus, question_status
from refsync.review.questions import Question


class StatusIndex:
    """Statuses by id, and the ids by status. Only what a changed line is about is computed again.

    Attributes:
        statuses: the status of each question.
        area_answers: the answers about each paper's areas.
        with_lines: questions that the file has any line about.
        answered: questions that are answered.
        contradicted: questions with answers that contradict each other.
        answered_papers: papers with an answer about their areas.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        papers: Sequence[Paper],
        fingerprints: Sequence[str],
        decisions_file: DecisionsFile,
    ) -> None:
        self._questions = {item.id: item for item in questions}
        self._papers = {paper.id: paper for paper in papers}
        self._fingerprints, self._file = fingerprints, decisions_file
        self._ids_about: dict[str, list[str]] = defaultdict(list)
        members_of = [(item.id, item.members) for item in questions] + [(paper.id, paper.members) for paper in papers]
        for name, members in members_of:
            for fingerprint in {fingerprints[i] for i in members}:
                self._ids_about[fingerprint].append(name)
        self.statuses: dict[str, QuestionStatus] = dict.fromkeys(self._questions, QuestionStatus())
        self.area_answers: dict[str, AreaAnswers] = dict.fromkeys(self._papers, AreaAnswers())
        self.with_lines: set[str] = set()
        self.answered: set[str] = set()
        self.contradicted: set[str] = set()
        self.answered_papers: set[str] = set()
        self._changed: set[str] = set()
        decisions_file.take_changed()
        self._update(decisions_file.fingerprints())

    def refresh(self) -> None:
        """Take in what anybody has written to the file since.

        Raises:
            RefsyncError: the file cannot be read.
        """
        self._file.refresh()
        self._update(self._file.take_changed())

    def take_changed(self) -> set[str]:
        """The ids of questions whose status has changed since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def _update(self, fingerprints: Iterable[str]) -> None:
        for name in {name for one in fingerprints for name in self._ids_about.get(one, ())}:
            if name in self._questions:
                self._update_question(self._questions[name])
            else:
                paper = self._papers[name]
                answers = area_answers(self._file.area_lines([self._fingerprints[i] for i in paper.members]))
                self.area_answers[name] = answers
                _set_membership(self.answered_papers, name, belongs=answers.answered)

    def _update_question(self, question: Question) -> None:
        fingerprints = [self._fingerprints[i] for i in question.members]
        status = question_status(question, fingerprints, self._file.pair_lines(fingerprints))
        self.statuses[question.id] = status
        self._changed.add(question.id)
        _set_membership(self.with_lines, question.id, belongs=bool(status.lines))
        _set_membership(self.answered, question.id, belongs=status.state == "answered")
        _set_membership(self.contradicted, question.id, belongs=status.state == "conflict")


def _set_membership(names: set[str], name: str, *, belongs: bool) -> None:
    (names.add if belongs else names.discard)(name)
