"""The pages of the first tab: questions about duplicates and versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from refsync.dedup.relations import RELATION_PHRASES
from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.review.answer_labels import AnswerLabels, answer_labels
from refsync.review.answers import VERDICT_LABELS
from refsync.review.doubt import values_differ
from refsync.review.questions import Question
from refsync.review.queue import Filter
from refsync.review.side_by_side import CORE, FieldRow, field_label, plain_text, value_for_editing, value_of_any
from refsync.review.web.rendering import FILTER_LABELS, ListItem, Page, Renderer, record_heading

RELATIONS = RELATION_PHRASES
_HEADINGS = {
    "uncertain": "Are these one paper?",
    "merge": "Merged. Is this correct?",
    "version": "Versions of one work?",
}
_FULL_BAR = 6.0  # weight that fills a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """The evidence of one field as a bar: `width` from 0 to 1, to the right if it supports one paper."""

    field: str
    similarity: float
    weight: float

    @property
    def label(self) -> str:
        """The name of the field for people."""
        return field_label(self.field)

    @property
    def width(self) -> float:
        """The part of the bar that is filled."""
        return min(abs(self.weight) / _FULL_BAR, 1.0)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is asked about: its positions, the probability, the rules it breaks, and a bar for each field."""

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
        labels = answer_labels(question, draft)
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
            doubt=session.doubt(question),
            row_words={row.name: _row_word(row) for row in rows},
            labels=labels,
            papers_if_same=session.papers_if_same(question),
            suggested_groups=session.suggested_groups(question),
            suggested=_suggested(question, labels, reasons),
            alike=len(session.alike(question)),
            merged_units=[unit for unit in question.units if len(unit) > 1] if question.kind != "merge" else [],
            hidden=sum(question.hidden),
            relations=RELATIONS,
            number=at + 1,
            total=len(chosen),
            previous_url=question_url(chosen[at - 1], which, search) if at > 0 else "",
            next_url=question_url(chosen[at + 1], which, search) if 0 <= at < len(chosen) - 1 else "",
        )
        title = plain_text("title", records[0].get("title"), records[0].markup)[:80] or "no title"
        return Page(html, question_url(question, which, search), title, message)

    def alike(self, question: Question, which: Filter, search: str) -> Page:
        """The questions that one answer would be about: all their records, before anything is saved."""
        session = self._session
        questions = session.alike(question)
        members = sorted({i for item in questions for i in item.members})
        listed = [
            (record_heading(record, 0), [plain_text(name, value_of_any(record, name), record.markup) for name in CORE])
            for record in (session.library.records[i] for i in members)
        ]
        html = self._renderer.render(
            "alike.html.j2",
            tab="pairs",
            which=which,
            search=search,
            question=question,
            ids=[item.id for item in questions],
            listed=listed,
            names=[field_label(name) for name in CORE],
            shown=[position for position, name in enumerate(CORE) if name != "abstract"],
            doubt=session.doubt(question),
            back=question_url(question, which, search),
        )
        return Page(html, question_url(question, which, search), "Questions alike")

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


def _row_word(row: FieldRow) -> str:
    """How the values of a row compare, in a word; empty if there is nothing to compare."""
    if sum(bool(cell.text) for cell in row.cells) < 2:
        return ""
    if row.agreement == "equal":
        return "same"
    if row.evidence:
        return "differs" if values_differ(row.evidence) else "alike"
    return {"alike": "alike", "differ": "differs"}.get(row.agreement, "")


def _suggested(question: Question, labels: AnswerLabels, reasons: Sequence[Reason]) -> str:
    """The answer that the evidence suggests: its button stands out."""
    if question.kind == "version":
        return "version-of"
    vetoed = len(question.units) == 2 and any(reason.vetoes for reason in reasons)
    return "not-duplicate" if not labels.same or (vetoed and question.kind == "uncertain") else "same"


def _vetoes(reasons: Sequence[Reason]) -> dict[str, list[str]]:
    """Each veto in words, with the pairs that it separates."""
    pairs: dict[str, list[str]] = {}
    for reason in reasons:
        for veto in reason.vetoes:
            pairs.setdefault(veto, []).append("–".join(str(position + 1) for position in reason.positions))
    return pairs
