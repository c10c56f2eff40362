"""From a session to HTML: what each page shows. Everything from records is text, and escaped."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from refsync._version import __version__
from refsync.classify.taxonomy import readable
from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.proposed_values import SHOWN, Gaps, Shown, Values
from refsync.review.questions import Question
from refsync.review.session import DONE, FILTERS, Filter, Progress, Session
from refsync.review.side_by_side import label_of, shown, value_for_editing

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LISTED = 100  # questions that the list shows at a time
RELATIONS = {
    "preprint-of": "the preprint of",
    "conference-version-of": "the conference version of",
    "variant-of": "a variant of",
}
_LABELS: dict[Filter, str] = {
    "uncertain": "Uncertain",
    "merges": "Merges",
    "versions": "Versions",
    "answered": "Answered",
}
_VALUE_LABELS: dict[Shown, str] = {
    "pending": "Pending",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "all": "All",
}
_ASKED = {"uncertain": "Are these one paper?", "merge": "Merged. Is this right?", "version": "Versions of one work?"}
_MOST_WEIGHT = 6.0  # log-odds that fill a bar

_Item = TypeVar("_Item", Question, Paper, Gaps)


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be looked at, where it is, and what was just done."""

    html: str
    url: str
    title: str
    message: str = ""

    def as_json(self) -> dict[str, str]:
        """For a page that is open already."""
        return {"html": self.html, "url": self.url, "title": self.title, "message": self.message}


@dataclass(frozen=True, slots=True)
class Bar:
    """What one field says of a pair, as a bar: `width` of 0 to 1, to the right where it speaks for one paper."""

    field: str
    similarity: float
    weight: float

    @property
    def width(self) -> float:
        return min(abs(self.weight) / _MOST_WEIGHT, 1.0)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is asked about: its places, the probability, what holds it apart, and a bar for each field."""

    places: tuple[int, ...]
    probability: float
    vetoes: tuple[str, ...]
    bars: tuple[Bar, ...]


class View:
    """Renders the pages of one session."""

    def __init__(self, session: Session, title: str, token: str) -> None:
        self.session, self.title, self.token = session, title, token

    def whole(self, page: Page) -> str:
        """A page with head and frame."""
        return _clean(
            _environment().get_template("page.html.j2").render(
                page=page, title=self.title, token=self.token, version=__version__, file=self.session.saved_in
            )
        )  # fmt: skip

    def question(self, question: Question, which: Filter, search: str, message: str = "") -> Page:
        """A question: its records side by side."""
        session = self.session
        records = [session.library.records[i] for i in question.members]
        rows, merged = session.rows(question)
        draft, now = session.draft(question), session.standing(question)
        chosen = session.select(which, search)
        names = [item.id for item in chosen]
        at = names.index(question.id) if question.id in names else -1
        reasons = [_reason(question, link) for link in session.links(question)]
        units = [next((n for n, unit in enumerate(question.units) if i in unit), 0) for i in question.members]
        html = self._render(
            "question.html.j2",
            tab="pairs",
            which=which,
            search=search,
            q=question,
            asked=_asked(question),
            columns=[_column(record, place) for place, record in enumerate(records)],
            rows=[row for row in rows if not row.folded],
            folded=[row for row in rows if row.folded],
            edits={row.name: value_for_editing(merged, records, row.name) for row in rows},
            markup=merged.record.markup,
            key=merged.record.id,
            draft=draft,
            together=draft.together,
            now=now,
            done=DONE.get(now.verdict, ""),
            who=now.said[-1].who if now.said else "",
            reasons=reasons,
            vetoes=_vetoes(reasons),
            probability=max(reason.probability for reason in reasons) if question.earlier else question.probability,
            units=units,
            merged_before=[unit for unit in question.units if len(unit) > 1] if question.kind != "merge" else [],
            hidden=sum(question.hidden),
            thresholds=(session.library.dedup.review, session.library.dedup.same),
            relations=RELATIONS,
            linked=_linked(question),
            number=at + 1,
            total=len(chosen),
            before=self._url(chosen[at - 1], which, search) if at > 0 else "",
            after=self._url(chosen[at + 1], which, search) if 0 <= at < len(chosen) - 1 else "",
        )
        title = shown("title", records[0].get("title"), records[0].markup)[:80] or "no title"
        return Page(html, self._url(question, which, search), title, message)

    def nothing(self, which: Filter, search: str, message: str = "") -> Page:
        """A filter with nothing left to ask."""
        html = self._render("nothing.html.j2", tab="pairs", which=which, search=search, label=_LABELS[which])
        return Page(html, "/?" + _query(which, search), "Nothing to ask", message)

    def missing(self) -> Page:
        """An address that does not exist."""
        html = self._render("missing.html.j2", tab="", which="uncertain", search="")
        return Page(html, "/", "Not found")

    def paper(self, paper: Paper, message: str = "") -> Page:
        """A paper and its likely areas."""
        session = self.session
        names = [item.id for item in session.papers]
        at = names.index(paper.id)
        opinion = session.opinion(paper)
        listed = {area.area: area.probability for area in paper.areas}
        others = [area for area in sorted(opinion.accepted | opinion.rejected | opinion.disputed) if area not in listed]
        html = self._render(
            "paper.html.j2",
            tab="areas",
            which="uncertain",
            search="",
            paper=paper,
            title_parts=_parts(paper.title or "(no title)", paper.because),
            parts=_parts(paper.abstract, paper.because),
            people=shown("author", paper.record.get("author"), paper.record.markup),
            venue=shown("journal", paper.record.get("journal", "journaltitle", "booktitle"), paper.record.markup),
            year=paper.record.get("year", "date")[:4],
            places=[_column(session.library.records[i], n) for n, i in enumerate(paper.members)],
            areas=[(area, readable(area), listed.get(area)) for area in (*listed, *others)],
            known=[(area, readable(area)) for area in session.library.areas],
            opinion=opinion,
            who=opinion.said[-1].who if opinion.said else "",
            number=at + 1,
            total=len(names),
            before=f"/areas/{names[at - 1]}" if at else "",
            after=f"/areas/{names[at + 1]}" if at + 1 < len(names) else "",
        )
        return Page(html, f"/areas/{paper.id}", (paper.title or "no title")[:80], message)

    def no_papers(self) -> Page:
        """No paper of whose areas the model is unsure."""
        return Page(self._render("no_papers.html.j2", tab="areas", which="uncertain", search=""), "/areas", "Areas")

    def gaps(self, gaps: Gaps, which: Shown, search: str, message: str = "") -> Page:
        """A record, and the values that are proposed for what it lacks."""
        values = self._values
        record = gaps.record
        chosen, names = values.select(which, search), [item.id for item in values.gaps]
        of, at = {item.id: n for n, item in enumerate(chosen)}, names.index(gaps.id)
        before = next((name for name in names[:at][::-1] if name in of), "")  # also where the filter left this one out
        after = next((name for name in names[at + 1 :] if name in of), "")
        html = self._render(
            "values.html.j2",
            tab="values",
            which="uncertain",
            shown=which,
            search=search,
            value_filters=self._value_filters(),
            gaps=gaps,
            column=_column(record, 0),
            own=[
                (label_of(name), shown(name, value, record.markup))
                for name, value in record.fields.items()
                if name != "title"
            ],
            type=record.type,
            values=[(value, values.state(value)) for value in gaps.values],
            waiting=sum(values.state(value) == "pending" for value in gaps.values),
            number=of.get(gaps.id, -1) + 1,
            total=len(chosen),
            before=before and f"/values/{before}?{_query(which, search)}",
            after=after and f"/values/{after}?{_query(which, search)}",
        )
        return Page(html, f"/values/{gaps.id}?{_query(which, search)}", gaps.title[:80] or "no title", message)

    def no_values(self, which: Shown, search: str, message: str = "") -> Page:
        """A filter under which no value waits for an answer."""
        told = {"shown": which, "label": _VALUE_LABELS[which], "value_filters": self._value_filters()}
        html = self._render("no_values.html.j2", tab="values", which="uncertain", search=search, **told)
        return Page(html, "/values?" + _query(which, search), "Values", message)

    @property
    def _values(self) -> Values:
        if not self.session.values:
            raise KeyError("values")
        return self.session.values

    def _value_filters(self) -> list[tuple[Shown, str, Progress]]:
        """Each with what it holds: values that wait for an answer, else records."""
        values = self._values
        told = {one: Progress(0, len(values.select(one))) for one in SHOWN} | {"pending": values.progress()}
        return [(one, _VALUE_LABELS[one], told[one]) for one in SHOWN]

    def listing(self, which: Filter, search: str, here: str) -> str:
        """The questions around one, as a list."""
        session = self.session

        def told(item: Question) -> dict[str, Any]:
            state = session.standing(item).state
            return {"title": self._title(item.members), "size": len(item.members), "state": state,
                    "url": self._url(item, which, search), "probability": item.probability}  # fmt: skip

        return self._list(session.select(which, search), here, _LABELS[which], told)

    def papers(self, here: str) -> str:
        """The papers around one, as a list."""

        def told(item: Paper) -> dict[str, Any]:
            state = "answered" if self.session.opinion(item).answered else "open"
            return {"title": item.title[:160] or "(no title)", "size": 1, "state": state,
                    "url": f"/areas/{item.id}", "probability": item.areas[0].probability}  # fmt: skip

        return self._list(self.session.papers, here, "Areas", told)

    def value_listing(self, which: Shown, search: str, here: str) -> str:
        """The records around one that lack something, as a list."""
        values = self._values

        def told(item: Gaps) -> dict[str, Any]:
            state = "open" if values.is_open(item) else "answered"
            return {"title": item.title[:160] or "(no title)", "size": 1, "state": state,
                    "url": f"/values/{item.id}?{_query(which, search)}", "probability": item.probability}  # fmt: skip

        return self._list(values.select(which, search), here, _VALUE_LABELS[which], told)

    def _list(self, chosen: Sequence[_Item], here: str, label: str, told: Callable[[_Item], dict[str, Any]]) -> str:
        at = next((n for n, item in enumerate(chosen) if item.id == here), 0)
        start = max(0, min(at - LISTED // 2, len(chosen) - LISTED))
        skipped = self.session.skipped
        items = [
            {**told(item), "number": start + n + 1, "skipped": item.id in skipped, "here": item.id == here}
            for n, item in enumerate(chosen[start : start + LISTED])
        ]
        return _clean(_environment().get_template("list.html.j2").render(items=items, total=len(chosen), label=label))

    def farewell(self) -> str:
        """What is said when the review ends."""
        return f"The review has ended. Your answers are in {self.session.saved_in}. You can close this page."

    def _title(self, members: Sequence[int]) -> str:
        records = (self.session.library.records[i] for i in members)
        titles = (shown("title", record.get("title"), record.markup) for record in records)
        return next(filter(None, titles), "(no title)")[:160]

    def _url(self, question: Question, which: Filter, search: str) -> str:
        return f"/q/{question.id}?{_query(which, search)}"

    def _render(self, template: str, **told: Any) -> str:
        session = self.session
        filters = [(one, _LABELS[one], session.progress(one)) for one in FILTERS]
        return _clean(
            _environment().get_template(template).render(
                filters=filters,
                areas_progress=session.area_progress(),
                can_undo=session.can_undo,
                can_redo=session.can_redo,
                said=session.said,
                file=session.saved_in,
                values_progress=session.values.progress() if session.values else None,
                **told,
            )
        )  # fmt: skip


def _query(which: Filter | Shown, search: str) -> str:
    return urlencode({"show": which} | ({"find": search} if search else {}))


def _asked(question: Question) -> str:
    return (
        "Which of these are one paper?" if question.kind == "uncertain" and question.is_group else _ASKED[question.kind]
    )


def _column(record: Record, place: int) -> dict[str, Any]:
    """How a record is headed."""
    name = PurePath(record.source).name if not record.source.startswith("zotero:") else record.source
    where = f"line {record.line}" if record.id.startswith("#") and record.line else record.id
    return {"number": place + 1, "source": name, "full": record.source, "id": where}


def _reason(question: Question, link: Link) -> Reason:
    pair = link.evidence[0]
    places = tuple(sorted(question.members.index(i) for i in link.members if i in question.members))
    bars = sorted(
        (Bar(item.field, item.similarity, item.weight) for item in pair.fields), key=lambda bar: -abs(bar.weight)
    )
    return Reason(places, pair.probability, tuple(meaning(veto) for veto in pair.vetoes), tuple(bars))


def _linked(question: Question) -> str:
    """How the members are linked without an answer, if they are."""
    told = [
        f"{question.members.index(link.members[0]) + 1} is {RELATIONS[link.relation]} "
        f"{question.members.index(link.members[1]) + 1}"
        for link in question.links
        if link.relation in RELATIONS and {*link.members} <= {*question.members}
    ]
    return "; ".join(told)


def _vetoes(reasons: Sequence[Reason]) -> dict[str, list[str]]:
    """What holds records apart, each with the pairs that it does."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        for veto in reason.vetoes:
            found.setdefault(veto, []).append("–".join(str(place + 1) for place in reason.places))
    return found


def _parts(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text, parted at the words that speak for an area."""
    if not words:
        return [(text, False)]
    ordered = sorted(words, key=len, reverse=True)
    pattern = re.compile(
        "(" + "|".join(r"(?<!\w)" + re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")", re.IGNORECASE
    )
    return [(part, number % 2 == 1) for number, part in enumerate(pattern.split(text)) if part]


def _clean(html: str) -> str:
    """HTML cannot hold control characters and halves of characters."""
    return _CONTROL.sub("\ufffd", html)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("refsync.review.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": "{:,}".format, "percent": _percent, "signed": _signed}
    return environment


def _signed(weight: float) -> str:
    """A weight with its sign; nothing where it rounds to nothing."""
    return f"{weight:+.1f}".replace("-", "−") if abs(weight) >= 0.05 else "0"


def _percent(probability: float) -> str:
    """Never 100 % or 0 %: a model is not certain."""
    if probability < 0.005:
        return "<1%"
    return f"{probability:.0%}" if probability < 0.995 else ">99%"
