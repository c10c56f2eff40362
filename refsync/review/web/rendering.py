"""Rendering of HTML: the templates, and what all pages share. Text from records is escaped."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.proposed_values import RecordProposals, ValueFilter
from refsync.review.questions import Question
from refsync.review.queue import FILTERS, Filter
from refsync.review.session import Session

FILTER_LABELS: dict[Filter, str] = {
    "uncertain": "Uncertain",
    "merges": "Merges",
    "versions": "Versions",
    "answered": "Answered",
}
VALUE_FILTER_LABELS: dict[ValueFilter, str] = {
    "pending": "Pending",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "all": "All",
}
_MAX_LISTED = 100  # items that a list shows at a time
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


T = TypeVar("T", Question, Paper, RecordProposals)


@dataclass(frozen=True, slots=True)
class Page:
    """What to show: the HTML inside the frame, its address and title, and a message about what was just done."""

    html: str
    url: str
    title: str
    message: str = ""

    def as_json(self) -> dict[str, str]:
        """For a page that is open already."""
        return {"html": self.html, "url": self.url, "title": self.title, "message": self.message}


@dataclass(frozen=True, slots=True)
class ListItem:
    """One line of the queue as a list; `state` is `open`, `partly`, `answered` or `conflict`."""

    title: str
    url: str
    state: str
    probability: float
    size: int = 1


class Renderer:
    """Renders templates for one session."""

    def __init__(self, session: Session, token: str) -> None:
        self.session, self.token = session, token

    def document(self, page: Page) -> str:
        """A page with its frame."""
        template = _environment().get_template("document.html.j2")
        return _clean(template.render(page=page, token=self.token, file=self.session.saved_in))

    def render(self, template: str, **values: Any) -> str:
        """What is inside the frame."""
        session = self.session
        return _clean(
            _environment().get_template(template).render(
                filters=[(one, FILTER_LABELS[one], session.progress(one)) for one in FILTERS],
                area_progress=session.area_progress(),
                value_progress=session.values.progress() if session.values else None,
                undo_description=session.undo_description,
                redo_description=session.redo_description,
                revision=session.revision,
                paper_count=session.paper_count,
                file=session.saved_in,
                **values,
            )
        )  # fmt: skip

    def listing(self, chosen: Sequence[T], current: str, label: str, as_item: Callable[[T], ListItem]) -> str:
        """The part of `chosen` around the current one (its id), as a list."""
        position = next((n for n, item in enumerate(chosen) if item.id == current), 0)
        start = max(0, min(position - _MAX_LISTED // 2, len(chosen) - _MAX_LISTED))
        window = chosen[start : start + _MAX_LISTED]
        return _clean(
            _environment().get_template("list.html.j2").render(
                items=[(n, item.id, as_item(item)) for n, item in enumerate(window, start + 1)],
                current=current,
                skipped=self.session.skipped,
                total=len(chosen),
                label=label,
            )
        )  # fmt: skip


def record_heading(record: Record, position: int) -> dict[str, Any]:
    """How a record is named: its number, its file or library, and its citation key or line."""
    name = PurePath(record.source).name if not record.source.startswith("zotero:") else record.source
    key = f"line {record.line}" if record.id.startswith("#") and record.line else record.id
    return {"number": position + 1, "source": name, "full": record.source, "id": key}


def _clean(html: str) -> str:
    """HTML without control characters and lone surrogates, which it must not contain."""
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
    environment.filters |= {"number": "{:,}".format, "percent": _percent, "percent_of": "{:.0%}".format}
    return environment


def _percent(probability: float) -> str:
    """Never 100 % or 0 %: a model is not certain."""
    if probability < 0.005:
        return "<1%"
    return f"{probability:.0%}" if probability < 0.995 else ">99%"
