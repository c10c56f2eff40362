"""A question, or a paper with unsure areas, drawn for a terminal of any width from 40 columns up."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.review.answers import Standing
from refsync.review.areas import Paper
from refsync.review.proposed_values import Gaps, Values
from refsync.review.questions import Question
from refsync.review.session import DONE, Session
from refsync.review.side_by_side import Cell, Row, label_of, shown

WIDE = 110
"""Columns from which the merged record has a column of its own."""

_LONGEST = 400  # letters of a value; abstracts are cut
_ASKED = {"uncertain": "one paper?", "merge": "merged; rightly?", "version": "versions; rightly?"}
_STRONGEST = 4  # fields whose weight is told


def open_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows in which there is something to see: those that the cursor visits."""
    return [row for row in rows if not row.folded]


def draw(session: Session, question: Question, cursor: int, width: int, place: str) -> RenderableType:
    """One question.

    Args:
        session: the review.
        question: what is asked.
        cursor: the place of the chosen row among `open_rows`.
        width: columns.
        place: how far the review is, in words.
    """
    every, _ = session.rows(question)
    draft, now = session.draft(question), session.standing(question)
    shown = open_rows(every)
    head = Text.assemble((_ASKED[question.kind], "bold"), f"  {place}")
    parts: list[RenderableType] = [head]
    parts += [_why(question, link, session) for link in session.links(question)[:_STRONGEST]]
    if session.standing(question).said:
        parts.append(_said(now))
    parts.append(Text())
    pair = len(question.members) == 2
    names = [_name(session, question, i, draft.groups) for i in range(len(question.members))]
    parts.append(_side_by_side(shown, names, cursor, width) if pair else _stacked(shown, names, cursor))
    if folded := [row for row in every if row.folded]:
        listed = ", ".join(f"{row.label} {_cut(row.merged.text, 40)}" for row in folded)
        parts.append(Padding(Text(f"equal: {listed}", style="dim"), (1, 0, 0, 0)))
    if pair:
        earlier, later = ("1", "2") if draft.forward else ("2", "1")
        relation = draft.relation.removesuffix("-of").replace("-", " ")
        parts.append(Text(f"as versions: {earlier} is the {relation} of {later}", style="dim"))
    return Group(*parts)


def draw_paper(session: Session, paper: Paper, place: str) -> RenderableType:
    """One paper of whose areas the model is unsure."""
    from refsync.classify.taxonomy import readable

    said = session.opinion(paper)
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, area in enumerate(paper.areas, 1):
        mark = "yes" if area.area in said.accepted else "no" if area.area in said.rejected else ""
        name = readable(area.area)
        table.add_row(
            str(number), Text(area.area, "bold"), f"{area.probability:.0%}", name if name != area.area else "", mark
        )
    head = Text.assemble(("which areas?", "bold"), f"  {place}")
    parts: list[RenderableType] = [head, Text(_inert(paper.title), "bold"), Text(_cut(paper.abstract, _LONGEST))]
    if paper.because:
        parts.append(Text(f"words that speak for {paper.areas[0].area}: {', '.join(paper.because)}", style="dim"))
    return Group(*parts, Text(), table)


def draw_gaps(values: Values, gaps: Gaps, place: str) -> RenderableType:
    """One record and the values that are proposed for what it lacks."""
    record = gaps.record
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for number, value in enumerate(gaps.values, 1):
        state = values.state(value)
        style = {"accepted": "green", "rejected": "dim strike", "pending": "bold"}[state]
        table.add_row(str(number), Text(value.label, "dim"), Text(_cut(value.text, _LONGEST), style), state)
        sure = f" (p={value.probability:.2f})" if value.probability is not None else ""
        found = " ".join(filter(None, (value.service, value.identifier, f"by {value.by}" if value.by else "")))
        why = Text(_cut(f"{found}{sure}: {value.why}" if value.why else f"{found}{sure}", _LONGEST), style="dim")
        table.add_row("", "", Text(f"the record has: {_cut(value.has, 80)}", "yellow") if value.has else why, "")
        if value.has:
            table.add_row("", "", why, "")
    named = f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"
    own = [
        (label_of(name), _cut(shown(name, text, record.markup), 80))
        for name, text in record.fields.items()
        if text.strip() and name != "title"
    ]
    has = "; ".join(f"{label} {text}" for label, text in own)
    return Group(
        Text.assemble(("which values?", "bold"), f"  {place}; ? lists the keys"),
        Text(_cut(gaps.title or "(no title)", _LONGEST), "bold"),
        Text(_cut(f"{named} has: {has or 'nothing else'}", 2 * _LONGEST), "dim"),
        Text(),
        table,
    )


def _why(question: Question, link: Link, session: Session) -> Text:
    """Why two of the members are asked about: the probability, the rules, the fields that say most."""
    text = Text()
    if len(question.members) > 2:
        at = {member: number for number, member in enumerate(question.members, 1)}
        text.append(" and ".join(str(at[i]) for i in link.members if i in at) + ": ")
    text.append(f"p={link.probability:.2f}")
    for pair in link.evidence[:1]:
        for veto in pair.vetoes:
            text.append(f"; {meaning(veto)}", style="yellow")
        strongest = sorted(pair.fields, key=lambda item: -abs(item.weight))[:_STRONGEST]
        if strongest:
            told = ", ".join(f"{item.field} {item.weight:+.1f}" for item in strongest)
            text.append(f"; {told}", style="dim")
    return text


def _said(now: Standing) -> Text:
    if now.state == "conflict":
        return Text(f"answers contradict each other: {now.conflict}", style="bold red")
    who = ", ".join(dict.fromkeys(said.who for said in now.said))
    what = DONE.get(now.verdict, now.verdict)
    return Text(f"{'partly ' if now.state == 'partly' else ''}answered by {who}: {what}", style="green")


def _name(session: Session, question: Question, place: int, groups: Sequence[int]) -> str:
    record = session.library.records[question.members[place]]
    own = f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"
    paper = f" (paper {groups[place] + 1})" if len(question.members) > 2 and len(set(groups)) > 1 else ""
    return _inert(f"{place + 1} {own}{paper}")


def _side_by_side(rows: Sequence[Row], names: Sequence[str], cursor: int, width: int) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=True)
    table.add_column("", width=1)
    table.add_column("", max_width=max(min(width // 6, 14), 6), overflow="fold", style="dim")
    wide = width >= WIDE
    for heading in (names[0], "merged", names[1]) if wide else names:
        table.add_column(Text(heading), ratio=1, overflow="fold")
    for number, row in enumerate(rows):
        one, other = (_cell(cell) for cell in row.cells)
        merged = _merged(row)
        here = ">" if number == cursor else ""
        table.add_row(here, row.label, *((one, merged, other) if wide else (one, other)))
        if not wide and row.by in {"text", "union"}:
            table.add_row("", "", Text.assemble(("merged: ", "dim"), merged), "")
    return table


def _stacked(rows: Sequence[Row], names: Sequence[str], cursor: int) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for number, row in enumerate(rows):
        here = ">" if number == cursor else " "
        lines = [(str(place), _cell(cell)) for place, cell in enumerate(row.cells, 1) if cell.text]
        lines.append(("=", _merged(row)))
        for line, (place, text) in enumerate(lines):
            table.add_row("" if line else f"{here} {row.label}", place, text)
    return Group(*(Text(name, "bold") for name in names), Text(), table)


def _cell(cell: Cell) -> Text:
    """A value; what only it has is marked with letters too, for those who see no styles."""
    text = Text("* " if cell.taken else "  ", style="bold" if cell.taken else "")
    length = 0
    for span in cell.spans:
        shown = " […] " if span.mark == "folded" else _inert(span.text)
        if length > _LONGEST:
            text.append(" […]")
            break
        length += len(shown)
        if span.mark == "only":
            word = shown.strip()
            start = shown.index(word)
            text.append(shown[:start]).append("{", "dim").append(word, "bold underline").append("}", "dim")
            text.append(shown[start + len(word) :])
        else:
            text.append(shown)
    return text


def _merged(row: Row) -> Text:
    return Text(_cut(row.merged.text, _LONGEST) or "(left out)", style="" if row.by == "rule" else "bold green")


def _cut(text: str, length: int) -> str:
    """The beginning of a text, without what a terminal would obey."""
    text = _inert(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _inert(text: str) -> str:
    """A text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
