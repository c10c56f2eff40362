"""The pages of the third tab: values that a plan proposes for records."""

from refsync.review.proposed_values import VALUE_FILTERS, ProposedValues, RecordProposals, ValueFilter
from refsync.review.queue import Progress
from refsync.review.side_by_side import field_label, plain_text
from refsync.review.web.question_view import filter_query
from refsync.review.web.rendering import VALUE_FILTER_LABELS, ListItem, Page, Renderer, record_heading


class ValueView:
    """Renders records and the values that are proposed for them."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._session = renderer, renderer.session

    def record(self, proposals: RecordProposals, which: ValueFilter, search: str, message: str = "") -> Page:
        """A record, and the values that are proposed for it."""
        values = self._values
        record = proposals.record
        chosen, names = values.select(which, search), [item.id for item in values.records]
        numbers, at = {item.id: n for n, item in enumerate(chosen, 1)}, names.index(proposals.id)
        # the neighbours exist also if the filter does not contain this record any more
        before = next((name for name in names[:at][::-1] if name in numbers), "")
        after = next((name for name in names[at + 1 :] if name in numbers), "")
        html = self._renderer.render(
            "values.html.j2",
            tab="values",
            which="uncertain",
            value_filter=which,
            search=search,
            value_filters=self._filters(),
            proposals=proposals,
            record=record_heading(record, 0),
            fields=[
                (field_label(name), plain_text(name, value, record.markup))
                for name, value in record.fields.items()
                if name != "title"
            ],
            type=record.type,
            values=[(value, values.state(value)) for value in proposals.values],
            pending=sum(values.state(value) == "pending" for value in proposals.values),
            number=numbers.get(proposals.id, 0),
            total=len(chosen),
            previous_url=_url(before, which, search) if before else "",
            next_url=_url(after, which, search) if after else "",
        )
        return Page(html, _url(proposals.id, which, search), proposals.title[:80] or "no title", message)

    def no_values(self, which: ValueFilter, search: str, message: str = "") -> Page:
        """A filter with no pending value."""
        html = self._renderer.render(
            "no_values.html.j2",
            tab="values",
            which="uncertain",
            search=search,
            value_filter=which,
            label=VALUE_FILTER_LABELS[which],
            value_filters=self._filters(),
        )
        return Page(html, "/values?" + filter_query(which, search), "Values", message)

    def listing(self, which: ValueFilter, search: str, current: str) -> str:
        """The records around the current one, as a list."""
        values = self._values

        def as_item(proposals: RecordProposals) -> ListItem:
            return ListItem(
                title=proposals.title[:160] or "(no title)",
                url=_url(proposals.id, which, search),
                state="open" if values.is_open(proposals) else "answered",
                probability=proposals.probability,
            )

        return self._renderer.listing(values.select(which, search), current, VALUE_FILTER_LABELS[which], as_item)

    @property
    def _values(self) -> ProposedValues:
        if not self._session.values:
            raise KeyError("values")
        return self._session.values

    def _filters(self) -> list[tuple[ValueFilter, str, Progress]]:
        """Each filter with its content: pending ones count values, the others records."""
        values = self._values
        counts = {one: Progress(0, len(values.select(one))) for one in VALUE_FILTERS} | {"pending": values.progress()}
        return [(one, VALUE_FILTER_LABELS[one], counts[one]) for one in VALUE_FILTERS]


def _url(name: str, which: ValueFilter, search: str) -> str:
    return f"/values/{name}?{filter_query(which, search)}"
