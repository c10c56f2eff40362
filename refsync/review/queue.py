"""What a review has to ask: its questions by filter and search, what is answered, and what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings, MergeSettings
from refsync.records import Record
from refsync.review.answers import Standing
from refsync.review.areas import Opinion, Paper
from refsync.review.decisions_file import Ledger
from refsync.review.questions import Question, questions
from refsync.review.side_by_side import shown
from refsync.review.status_index import Tally

Filter = Literal["uncertain", "merges", "versions", "answered"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
_KINDS = {"uncertain": "uncertain", "merges": "merge", "versions": "version"}
_SOUGHT = {"title", "author", "editor", "year", "date", "journal", "journaltitle", "booktitle", "doi", "eprint"}


@dataclass(frozen=True, slots=True)
class Library:
    """What is reviewed.

    Attributes:
        records: all records that were deduplicated.
        found: the verdicts.
        dedup: the settings that they were found with.
        merge: how records are merged.
        papers: those of whose areas the model is unsure.
        areas: the areas that the model knows.
    """

    records: Sequence[Record]
    found: Deduplication
    dedup: DedupSettings = field(default_factory=DedupSettings)
    merge: MergeSettings = field(default_factory=MergeSettings)
    papers: Sequence[Paper] = ()
    areas: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a filter's questions are answered."""

    answered: int
    total: int

    @property
    def open(self) -> int:
        return self.total - self.answered


class Agenda:
    """The questions of one review and how they stand. `skipped` ones are asked at the end."""

    def __init__(self, library: Library, path: Path) -> None:
        """Starts from what the file of decisions says already."""
        self.library, self.path = library, path
        self.ledger = Ledger(path)
        self.prints = [fingerprint(record) for record in library.records]
        self.questions = questions(library.found, library.dedup, self._told())
        self.papers = list(library.papers)
        self.skipped: set[str] = set()
        self._by_id = {item.id: item for item in self.questions}
        self._paper = {item.id: item for item in self.papers}
        self._tally = Tally(self.questions, self.papers, self.prints, self.ledger)
        self._earlier = {item.id for item in self.questions if item.earlier}  # here so that an answer can be changed
        self._of_kind = {kind: [item for item in self.questions if item.kind == kind] for kind in _KINDS.values()}
        self._ids = {kind: {item.id for item in items} for kind, items in self._of_kind.items()}
        self._words: dict[str, str] = {}

    def _told(self) -> list[tuple[int, int]]:
        """Pairs of records about which somebody answered before."""
        where: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.prints):
            where[one].append(i)
        pairs = {(min(i, j), max(i, j)) for a, b in self.ledger.pairs() for i in where[a] for j in where[b] if i != j}
        return sorted(pairs)

    def refresh(self) -> None:
        """Take in what somebody else wrote to the file meanwhile."""
        self._tally.refresh()

    def question(self, name: str) -> Question:
        """The question of this id.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[name]

    def paper(self, name: str) -> Paper:
        """The paper of this id.

        Raises:
            KeyError: there is none.
        """
        return self._paper[name]

    def select(self, which: Filter, search: str = "") -> list[Question]:
        """The questions of a filter that have all these words, in the order in which they are asked."""
        if which == "answered":
            last = {name: self._tally.standings[name].said[-1].line for name in self._tally.said}
            chosen = [self._by_id[name] for name in sorted(last, key=lambda name: -last[name])]
        else:
            chosen = self._of_kind[_KINDS[which]]
            if hidden := self._earlier & self._tally.answered:
                chosen = [item for item in chosen if item.id not in hidden]
            if which == "uncertain" and self._tally.torn:  # asked first, also where it was merged or linked
                torn = [item for item in self.questions if item.id in self._tally.torn]
                chosen = [*torn, *(item for item in chosen if item.id not in self._tally.torn)]
        wanted = search.casefold().split()
        return [item for item in chosen if all(word in self._haystack(item) for word in wanted)]

    def progress(self, which: Filter) -> Progress:
        """How many of a filter's questions are answered."""
        if which == "answered":
            return Progress(len(self._tally.answered), len(self._tally.said))
        names = self._ids[_KINDS[which]] - (self._earlier & self._tally.answered)
        if which == "uncertain":
            names = names | self._tally.torn
        return Progress(len(names & self._tally.answered), len(names))

    def area_progress(self) -> Progress:
        """How many papers people said something of."""
        return Progress(len(self._tally.judged), len(self.papers))

    def next_open(self, after: str, which: Filter, search: str = "") -> Question | None:
        """The next question without an answer, from the beginning again at the end; skipped ones come last."""
        chosen = self.select(which, search)
        names = [item.id for item in chosen]
        start = names.index(after) + 1 if after in names else 0
        waiting = [item for item in (*chosen[start:], *chosen[:start]) if item.id not in self._tally.answered]
        waiting = [item for item in waiting if item.id != after] or waiting
        return next((item for item in waiting if item.id not in self.skipped), waiting[0] if waiting else None)

    def next_paper(self, after: str) -> Paper | None:
        """The next paper without an answer, as `next_open` does; where all have one, the next."""
        names = [paper.id for paper in self.papers]
        start = names.index(after) + 1 if after in names else 0
        ordered = [*self.papers[start:], *self.papers[:start]]
        waiting = [paper for paper in ordered if paper.id not in self._tally.judged and paper.id != after]
        fresh = [paper for paper in waiting if paper.id not in self.skipped]
        return next(iter((*fresh, *waiting, *ordered)), None)

    @property
    def said(self) -> int:
        """Grows whenever the file says something new, by whomever."""
        return self.ledger.changes

    def _haystack(self, question: Question) -> str:
        if question.id not in self._words:
            records = [self.library.records[i] for i in question.members]
            texts = [
                " ".join(
                    [record.id, record.source]
                    + [shown(name, value, record.markup) for name, value in record.fields.items() if name in _SOUGHT]
                )
                for record in records
            ]
            self._words[question.id] = "\n".join(texts).casefold()
        return self._words[question.id]

    def standing(self, question: Question) -> Standing:
        """What the file says of it."""
        return self._tally.standings[question.id]

    def opinion(self, paper: Paper) -> Opinion:
        """What people said of a paper's areas."""
        return self._tally.opinions[paper.id]
