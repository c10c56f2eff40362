"""The queue of a review: its questions and papers by filter and search, the progress, and what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings, MergeSettings
from refsync.records import Record
from refsync.review.areas import AreaAnswers, Paper
from refsync.review.decisions_file import DecisionsFile
from refsync.review.paper_count import PaperCounter
from refsync.review.question_status import QuestionStatus
from refsync.review.questions import Question, find_questions
from refsync.review.side_by_side import plain_text
from refsync.review.status_index import StatusIndex

Filter = Literal["uncertain", "merges", "versions", "answered"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
_KINDS = {"uncertain": "uncertain", "merges": "merge", "versions": "version"}
_SEARCHED = {"title", "author", "editor", "year", "date", "journal", "journaltitle", "booktitle", "doi", "eprint"}


@dataclass(frozen=True, slots=True)
class Library:
    """What is reviewed.

    Attributes:
        records: all records that were deduplicated.
        deduplication: the verdicts.
        dedup: the settings of that deduplication.
        merge: how records are merged.
        papers: those whose areas the model is unsure about.
        areas: the areas that the model knows.
    """

    records: Sequence[Record]
    deduplication: Deduplication
    dedup: DedupSettings = field(default_factory=DedupSettings)
    merge: MergeSettings = field(default_factory=MergeSettings)
    papers: Sequence[Paper] = ()
    areas: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many are answered, of how many."""

    answered: int
    total: int

    @property
    def open(self) -> int:
        """How many have no answer."""
        return self.total - self.answered


class ReviewQueue:
    """The questions and papers of one review and their status.

    Attributes:
        library: what is reviewed.
        path: the decisions file.
        fingerprints: one for each record of the library.
        questions: all of them, in the order in which they are asked.
        papers: those whose areas the model is unsure about.
        skipped: ids of questions, papers and records with proposed values that are asked about last.
    """

    def __init__(self, library: Library, path: Path) -> None:
        """Starts with the answers that the decisions file has."""
        self.library, self.path = library, path
        self.decisions_file = DecisionsFile(path)
        self.fingerprints = [fingerprint(record) for record in library.records]
        self.papers = list(library.papers)
        self.skipped: set[str] = set()
        self._papers_by_id = {item.id: item for item in self.papers}
        self._set_questions(find_questions(library.deduplication, library.dedup, self._answered_pairs()))
        self._search_texts: dict[str, str] = {}

    def _set_questions(self, questions: list[Question]) -> None:
        self.questions = questions
        self._questions_by_id = {item.id: item for item in questions}
        self._index = StatusIndex(questions, self.papers, self.fingerprints, self.decisions_file)
        self._answered_only = {item.id for item in questions if item.answered_only}
        self._by_kind = {kind: [item for item in questions if item.kind == kind] for kind in _KINDS.values()}
        self._ids_by_kind = {kind: {item.id for item in items} for kind, items in self._by_kind.items()}
        self._index.take_changed()
        clusters = self.library.deduplication.clusters
        self._papers = PaperCounter(len(self.library.records), clusters, questions, self.status)

    def add_questions(self, deduplication: Deduplication) -> int:
        """Add the uncertain questions of another deduplication of these records; returns how many are new and open."""
        found = find_questions(deduplication, self.library.dedup)
        new = [item for item in found if item.kind == "uncertain" and item.id not in self._questions_by_id]
        if not new:
            return 0
        self._set_questions([*self.questions, *new])
        return sum(self.status(item).state != "answered" for item in new)

    def _answered_pairs(self) -> list[tuple[int, int]]:
        """Pairs of records that somebody answered about before."""
        indices: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.fingerprints):
            indices[one].append(i)
        answered = self.decisions_file.pairs()
        return sorted({(min(i, j), max(i, j)) for a, b in answered for i in indices[a] for j in indices[b] if i != j})

    def refresh(self) -> None:
        """Take in what others have written to the file."""
        self._index.refresh()

    def question(self, name: str) -> Question:
        """The question with this id.

        Raises:
            KeyError: there is none.
        """
        return self._questions_by_id[name]

    def paper(self, name: str) -> Paper:
        """The paper with this id.

        Raises:
            KeyError: there is none.
        """
        return self._papers_by_id[name]

    def status(self, question: Question) -> QuestionStatus:
        """What the decisions file has about a question."""
        return self._index.statuses[question.id]

    def area_answers(self, paper: Paper) -> AreaAnswers:
        """What people answered about a paper's areas."""
        return self._index.area_answers[paper.id]

    def select(self, which: Filter, search: str = "") -> list[Question]:
        """The questions of a filter that contain all words of `search`, in the order in which they are asked."""
        index = self._index
        if which == "answered":
            last_line = {name: index.statuses[name].lines[-1].number for name in index.with_lines}
            chosen = [self.question(name) for name in sorted(last_line, key=lambda name: -last_line[name])]
        else:
            chosen = self._by_kind[_KINDS[which]]
            if hidden := self._answered_only & index.answered:
                chosen = [item for item in chosen if item.id not in hidden]
            if which == "uncertain" and index.contradicted:  # first, of whatever kind
                contradicted = [item for item in self.questions if item.id in index.contradicted]
                chosen = [*contradicted, *(item for item in chosen if item.id not in index.contradicted)]
        words = search.casefold().split()
        return [item for item in chosen if all(word in self._search_text(item) for word in words)]

    def progress(self, which: Filter) -> Progress:
        """How many questions of a filter are answered."""
        index = self._index
        if which == "answered":
            return Progress(len(index.answered), len(index.with_lines))
        names = self._ids_by_kind[_KINDS[which]] - (self._answered_only & index.answered)
        if which == "uncertain":
            names = names | index.contradicted
        return Progress(len(names & index.answered), len(names))

    @property
    def papers_counted(self) -> PaperCounter:
        """Which records are one paper with the answers given so far, and how many papers there are."""
        self._papers.update(self.question(name) for name in self._index.take_changed())
        return self._papers

    @property
    def paper_count(self) -> int:
        """How many papers the records are, with the answers given so far."""
        return self.papers_counted.total

    def area_progress(self) -> Progress:
        """How many papers have an answer about their areas."""
        return Progress(len(self._index.answered_papers), len(self.papers))

    def next_open(self, after: str, which: Filter, search: str = "") -> Question | None:
        """The next question without an answer after the one with this id, wrapping around; skipped ones come last."""
        chosen = self.select(which, search)
        names = [item.id for item in chosen]
        start = names.index(after) + 1 if after in names else 0
        waiting = [item for item in (*chosen[start:], *chosen[:start]) if item.id not in self._index.answered]
        waiting = [item for item in waiting if item.id != after] or waiting
        return next((item for item in waiting if item.id not in self.skipped), waiting[0] if waiting else None)

    def next_paper(self, after: str) -> Paper | None:
        """The next paper without an answer, as in `next_open`; if all have one, simply the next."""
        names = [paper.id for paper in self.papers]
        start = names.index(after) + 1 if after in names else 0
        ordered = [*self.papers[start:], *self.papers[:start]]
        waiting = [paper for paper in ordered if paper.id not in self._index.answered_papers and paper.id != after]
        unskipped = [paper for paper in waiting if paper.id not in self.skipped]
        return next(iter((*unskipped, *waiting, *ordered)), None)

    @property
    def revision(self) -> int:
        """Grows whenever the decisions file has something new, from any process."""
        return self.decisions_file.revision

    def _search_text(self, question: Question) -> str:
        if question.id not in self._search_texts:
            records = [self.library.records[i] for i in question.members]
            texts = [
                " ".join(
                    [record.id, record.source]
                    + [
                        plain_text(name, value, record.markup)
                        for name, value in record.fields.items()
                        if name in _SEARCHED
                    ]
                )
                for record in records
            ]
            self._search_texts[question.id] = "\n".join(texts).casefold()
        return self._search_texts[question.id]
