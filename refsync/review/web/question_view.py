"""The pages of the first tab: questions about duplicates and versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from refsync.dedup.relations import RELATION_PHRASES
from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.review.answers import VERDICT_LABELS
from refsync.review.questions import Question
from refsync.review.queue import Filter
from refsync.review.side_by_side import plain_text, value_for_editing
from refsync.review.web.rendering import FILTER_LABELS, ListItem, Page, Renderer, record_heading

RELATIONS = RELATION_PHRASES
_HEADINGS = {
    "uncertain": "Are these one paper?",
    "merge": "Merged. Is this correct?",
    "version": "Versions of one work?",
}
_FULL_BAR = 6.0  # log-odds that fill a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """The evidence of one field as a bar: `width` from 0 to 1, to the right if it supports one paper."""

    field: str
    similarity: float
    weight: float

    @property
    def width(self) -> float:
        """The part of the bar that is filled."""
        return min(abs(self.weight) / _FULL_BAR, 1.0)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is asked about: its positions, the probability, the vetoes in words, and a bar for each field."""

    positions: tuple[int, ...]
    probability: float
    vetoes: tuple[str, ...]
    bars: tuple[Bar, ...]


class QuestionView:
    """Renders questions."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._session = renderer, renderer.session

    def question(self, question: Question, which: Filter, search: str, message: str = "") -> Page:
        """A question: its records side by side."""
        session = self._session
        records = [session.library.records[i] for i in question.members]
        rows, merged = session.rows(question)
        draft, status = session.draft(question), session.status(question)
        chosen = session.select(which, search)
        names = [item.id for item in chosen]
        at = names.index(question.id) if question.id in names else -1
        reasons = [_reason(question, link) for link in session.links(question)]
        strongest = max(reason.probability for reason in reasons) if question.answered_only else question.probability
        html = self._renderer.render(
            "question.html.j2",
            tab="pairs",
            which=which,
            search=search,
            question=question,
            heading=_heading(question),
            columns=[record_heading(record, position) for position, record in enumerate(records)],
            rows=[row for row in rows if not row.folded],
            folded=[row for row in rows if row.folded],
            edits={row.name: value_for_editing(merged, records, row.name) for row in rows},
            markup=merged.record.markup,
            key=merged.record.id,
            draft=draft,
            merged_positions=draft.merged_positions,
            status=status,
            verdict_label=VERDICT_LABELS.get(status.verdict, ""),
            answered_by=status.lines[-1].who if status.lines else "",
            reasons=reasons,
            vetoes=_vetoes(reasons),
            probability=strongest,
            merged_units=[unit for unit in question.units if len(unit) > 1] if question.kind != "merge" else [],
            hidden=sum(question.hidden),
            thresholds=(session.library.dedup.review, session.library.dedup.same),
            relations=RELATIONS,
            linked=_linked(question),
            number=at + 1,
            total=len(chosen),
            previous_url=question_url(chosen[at - 1], which, search) if at > 0 else "",
            next_url=question_url(chosen[at + 1], which, search) if 0 <= at < len(chosen) - 1 else "",
        )
        title = plain_text("title", records[0].get("title"), records[0].markup)[:80] or "no title"
        return Page(html, question_url(question, which, search), title, message)

    def no_questions(self, which: Filter, search: str, message: str = "") -> Page:
        """A filter with nothing left to ask."""
        label = FILTER_LABELS[which]
        html = self._renderer.render("no_questions.html.j2", tab="pairs", which=which, search=search, label=label)
        return Page(html, "/?" + filter_query(which, search), "Nothing to ask", message)

    def listing(self, which: Filter, search: str, current: str) -> str:
        """The questions around the current one, as a list."""

        def as_item(question: Question) -> ListItem:
            return ListItem(
                title=self._title(question.members),
                url=question_url(question, which, search),
                state=self._session.status(question).state,
                probability=question.probability,
                size=len(question.members),
            )

        return self._renderer.listing(self._session.select(which, search), current, FILTER_LABELS[which], as_item)

    def _title(self, members: Sequence[int]) -> str:
        records = (self._session.library.records[i] for i in members)
        titles = (plain_text("title", record.get("title"), record.markup) for record in records)
        return next(filter(None, titles), "(no title)")[:160]


def filter_query(which: str, search: str) -> str:
    """The query part of an address, with filter and search."""
    return urlencode({"show": which} | ({"find": search} if search else {}))


def question_url(question: Question, which: Filter, search: str) -> str:
    """The address of a question within a filter."""
    return f"/q/{question.id}?{filter_query(which, search)}"


def _heading(question: Question) -> str:
    if question.kind == "uncertain" and question.is_group:
        return "Which of these are one paper?"
    return _HEADINGS[question.kind]


def _reason(question: Question, link: Link) -> Reason:
    pair = link.evidence[0]
    positions = tuple(sorted(question.members.index(i) for i in link.members if i in question.members))
    bars = (Bar(item.field, item.similarity, item.weight) for item in pair.fields)
    return Reason(
        positions=positions,
        probability=pair.probability,
        vetoes=tuple(meaning(veto) for veto in pair.vetoes),
        bars=tuple(sorted(bars, key=lambda bar: -abs(bar.weight))),
    )


def _linked(question: Question) -> str:
    """How the members are linked without an answer, if they are."""
    sentences = [
        f"{question.members.index(link.members[0]) + 1} is {RELATIONS[link.relation]} "
        f"{question.members.index(link.members[1]) + 1}"
        for link in question.links
        if link.relation in RELATIONS and {*link.members} <= {*question.members}
    ]
    return "; ".join(sentences)


def _vetoes(reasons: Sequence[Reason]) -> dict[str, list[str]]:
    """Each veto in words, with the pairs that it separates."""
    pairs: dict[str, list[str]] = {}
    for reason in reasons:
        for veto in reason.vetoes:
            pairs.setdefault(veto, []).append("–".join(str(position + 1) for position in reason.positions))
    return pairs
