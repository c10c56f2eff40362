"""How every question and paper of a review stands, kept up with the file of decisions as lines come and go."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from refsync.review.answers import Standing, standing
from refsync.review.areas import Opinion, Paper, opinion
from refsync.review.decisions_file import Ledger
from refsync.review.questions import Question


class Tally:
    """Standings and opinions by id, and the ids by what they come to. Only what a new line is about is looked at again.

    Attributes:
        said: questions about which the file says anything.
        answered: those that are answered.
        torn: those about which answers contradict each other.
        judged: papers of whose areas something is said.
    """

    def __init__(
        self, questions: Sequence[Question], papers: Sequence[Paper], prints: Sequence[str], ledger: Ledger
    ) -> None:
        self._questions = {item.id: item for item in questions}
        self._papers = {paper.id: paper for paper in papers}
        self._prints, self._ledger = prints, ledger
        self._about: dict[str, list[str]] = defaultdict(list)
        named = [*((item.id, item.members) for item in questions), *((paper.id, paper.members) for paper in papers)]
        for name, members in named:
            for one in {prints[i] for i in members}:
                self._about[one].append(name)
        self.standings: dict[str, Standing] = dict.fromkeys(self._questions, Standing())
        self.opinions: dict[str, Opinion] = dict.fromkeys(self._papers, Opinion())
        self.said: set[str] = set()
        self.answered: set[str] = set()
        self.torn: set[str] = set()
        self.judged: set[str] = set()
        ledger.take_changed()
        self._look_at(ledger.fingerprints())

    def refresh(self) -> None:
        """Take in what was written to the file since, by whomever.

        Raises:
            RefsyncError: the file cannot be read.
        """
        self._ledger.refresh()
        self._look_at(self._ledger.take_changed())

    def _look_at(self, fingerprints: Iterable[str]) -> None:
        for name in {name for one in fingerprints for name in self._about.get(one, ())}:
            if name in self._questions:
                self._settle(self._questions[name])
            else:
                paper = self._papers[name]
                self.opinions[name] = opinion(self._ledger.areas([self._prints[i] for i in paper.members]))
                _keep(self.judged, name, self.opinions[name].answered)

    def _settle(self, question: Question) -> None:
        prints = [self._prints[i] for i in question.members]
        now = standing(question, prints, self._ledger.about(prints))
        self.standings[question.id] = now
        _keep(self.said, question.id, bool(now.said))
        _keep(self.answered, question.id, now.state == "answered")
        _keep(self.torn, question.id, now.state == "conflict")


def _keep(names: set[str], name: str, belongs: bool) -> None:
    (names.add if belongs else names.discard)(name)
