"""A question, a paper with uncertain areas or a record with proposed values, for a terminal of 40 columns or more."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from refsync.dedup.relations import RELATION_PHRASES
from refsync.review.answer_labels import answer_labels
from refsync.review.answers import VERDICT_LABELS
from refsync.review.areas import Paper
from refsync.review.proposed_values import ProposedValues, RecordProposals
from refsync.review.question_status import QuestionStatus
from refsync.review.questions import Question
from refsync.review.session import Session
from refsync.review.side_by_side import Cell, FieldRow, field_label, plain_text, value_of_any

WIDE = 110
"""Columns from which the merged record has a column of its own."""

_MAX_LENGTH = 400  # characters of a value; abstracts are cut
_HEADINGS = {"uncertain": "one paper?", "merge": "merged; correct?", "version": "versions; correct?"}
_PREVIEWED = ("year", "volume", "pages", "title")


def open_rows(rows: Sequence[FieldRow]) -> list[FieldRow]:
    """The rows that are not folded: those that the cursor visits."""
    return [row for row in rows if not row.folded]


def draw_question(session: Session, question: Question, cursor: int, width: int, progress: str) -> RenderableType:
    """One question.

    Args:
        session: the review.
        question: the question.
        cursor: the position of the selected row among `open_rows`.
        width: columns of the terminal.
        progress: how much is answered, in words.
    """
    rows, _ = session.rows(question)
    draft, status = session.draft(question), session.status(question)
    shown = open_rows(rows)
    head = Text.assemble((_HEADINGS[question.kind], "bold"), f"  {progress}")
    parts: list[RenderableType] = [head, Text(_printable(session.doubt(question)), "yellow")]
    if status.lines:
        parts.append(_answer(status))
    parts.append(Text())
    pair = len(question.members) == 2
    names = [_name(session, question, i, draft.groups) for i in range(len(question.members))]
    parts.append(
        _side_by_side(shown, names, cursor, width)
        if pair
        else _stacked(shown, names, cursor, merged=not draft.merges_nothing)
    )
    if folded := [row for row in rows if row.folded]:
        listed = ", ".join(f"{row.label} {_cut(row.merged.text, 40)}" for row in folded)
        parts.append(Padding(Text(f"also: {listed}", style="dim"), (1, 0, 0, 0)))
    parts += [Text(), _answers(session, question)]
    if pair:
        earlier, later = ("1", "2") if draft.forward else ("2", "1")
        relation = RELATION_PHRASES[draft.relation]
        parts.append(Text(f"as versions: {earlier} is {relation} {later} (r another, x the other way)", style="dim"))
    return Group(*parts)


def draw_paper(session: Session, paper: Paper, progress: str) -> RenderableType:
    """One paper whose areas the model is unsure about."""
    from refsync.classify.taxonomy import readable

    answers = session.area_answers(paper)
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, area in enumerate(paper.areas, 1):
        mark = "yes" if area.area in answers.accepted else "no" if area.area in answers.rejected else ""
        name = readable(area.area)
        table.add_row(
            str(number), Text(area.area, "bold"), f"{area.probability:.0%}", name if name != area.area else "", mark
        )
    head = Text.assemble(("which areas?", "bold"), f"  {progress}")
    parts: list[RenderableType] = [head, Text(_printable(paper.title), "bold"), Text(_cut(paper.abstract, _MAX_LENGTH))]
    if paper.because:
        parts.append(Text(f"words that support {paper.areas[0].area}: {', '.join(paper.because)}", style="dim"))
    return Group(*parts, Text(), table)


def draw_values(values: ProposedValues, proposals: RecordProposals, progress: str) -> RenderableType:
    """One record and the values that are proposed for it."""
    record = proposals.record
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for number, value in enumerate(proposals.values, 1):
        state = values.state(value)
        found_by = f"by {value.found_by}" if value.found_by else ""
        style = {"accepted": "green", "rejected": "dim strike", "pending": "bold"}[state]
        table.add_row(str(number), Text(value.label, "dim"), Text(_cut(value.text, _MAX_LENGTH), style), state)
        probability = f" (p={value.probability:.2f})" if value.probability is not None else ""
        found = " ".join(filter(None, (value.service, value.identifier, found_by)))
        reason = f": {value.reason}" if value.reason else ""
        why = Text(_cut(f"{found}{probability}{reason}", _MAX_LENGTH), style="dim")
        table.add_row(
            "", "", Text(f"the record has: {_cut(value.current, 80)}", "yellow") if value.current else why, ""
        )
        if value.current:
            table.add_row("", "", why, "")
    name = f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"
    own = [
        (field_label(field), _cut(plain_text(field, text, record.markup), 80))
        for field, text in record.fields.items()
        if text.strip() and field != "title"
    ]
    current = "; ".join(f"{label} {text}" for label, text in own)
    parts: list[RenderableType] = [
        Text.assemble(("which values?", "bold"), f"  {progress}; ? lists the keys"),
        Text(_cut(proposals.title or "(no title)", _MAX_LENGTH), "bold"),
        Text(_cut(f"{name} has: {current or 'nothing else'}", 2 * _MAX_LENGTH), "dim"),
        Text(),
        table,
    ]
    return Group(*parts)


def _answers(session: Session, question: Question) -> Text:
    """What each key does now."""
    labels = answer_labels(question, session.draft(question))
    now, then = session.paper_count, session.papers_if_same(question)
    effect = f" ({now:,} → {then:,} papers)" if then != now else ""
    same = f"{labels.same}{effect}" if labels.same else "merges nothing: g says which are one paper"
    keys = [("y", same), ("n", labels.separate), ("v", labels.versions)]
    if alike := session.alike(question):
        keys.append(("t", f"{len(alike)} questions alike: see them, to answer them together"))
    return Text("\n").join(Text.assemble((key, "bold"), f"  {label}") for key, label in keys)


def draw_alike(session: Session, questions: Sequence[Question]) -> RenderableType:
    """The questions that one answer would be about, each with its records."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in ("record", *_PREVIEWED):
        table.add_column(column, overflow="fold")
    for member in sorted({member for question in questions for member in question.members}):
        record = session.library.records[member]
        values = (plain_text(name, value_of_any(record, name), record.markup) for name in _PREVIEWED)
        name = f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"
        table.add_row(_cut(name, 40), *(Text(_cut(value, 60)) for value in values))
    heading = Text("Is none of these a duplicate of another?", "bold")
    return Group(heading, Text(), table, Text("\nt saves it (u undoes all of it), any other key goes back"))


def _answer(status: QuestionStatus) -> Text:
    if status.state == "conflict":
        return Text(f"answers contradict each other: {status.conflict}", style="bold red")
    who = ", ".join(dict.fromkeys(line.who for line in status.lines))
    what = VERDICT_LABELS.get(status.verdict, status.verdict)
    return Text(f"{'partly ' if status.state == 'partly' else ''}answered by {who}: {what}", style="green")


def _name(session: Session, question: Question, position: int, groups: Sequence[int]) -> str:
    record = session.library.records[question.members[position]]
    own = f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"
    paper = f" (paper {groups[position] + 1})" if len(question.members) > 2 and len(set(groups)) > 1 else ""
    return _printable(f"{position + 1} {own}{paper}")


def _side_by_side(rows: Sequence[FieldRow], names: Sequence[str], cursor: int, width: int) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", expand=True)
    table.add_column("", width=1)
    table.add_column("", max_width=max(min(width // 6, 14), 6), overflow="fold", style="dim")
    wide = width >= WIDE
    for heading in (names[0], "merged", names[1]) if wide else names:
        table.add_column(Text(heading), ratio=1, overflow="fold")
    for number, row in enumerate(rows):
        left, right = (_cell(cell) for cell in row.cells)
        merged = _merged(row)
        marker = ">" if number == cursor else ""
        table.add_row(marker, row.label, *((left, merged, right) if wide else (left, right)))
        if not wide and row.chosen_by in {"text", "union"}:
            table.add_row("", "", Text.assemble(("merged: ", "dim"), merged), "")
    return table


def _stacked(rows: Sequence[FieldRow], names: Sequence[str], cursor: int, *, merged: bool) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for number, row in enumerate(rows):
        marker = ">" if number == cursor else " "
        lines = [(str(position), _cell(cell)) for position, cell in enumerate(row.cells, 1) if cell.text]
        if merged or not lines:
            lines.append(("=", _merged(row) if merged else Text("–", style="dim")))
        for line, (position, text) in enumerate(lines):
            table.add_row("" if line else f"{marker} {row.label}", position, text)
    return Group(*(Text(name, "bold") for name in names), Text(), table)


def _cell(cell: Cell) -> Text:
    """A value; differences are also in braces, for terminals without styles."""
    text = Text("* " if cell.taken else "  ", style="bold" if cell.taken else "")
    length = 0
    for span in cell.spans:
        part = " […] " if span.mark == "folded" else _printable(span.text)
        if length > _MAX_LENGTH:
            text.append(" […]")
            break
        length += len(part)
        if span.mark == "only":
            word = part.strip()
            start = part.index(word)
            text.append(part[:start]).append("{", "dim").append(word, "bold underline").append("}", "dim")
            text.append(part[start + len(word) :])
        else:
            text.append(part)
    return text


def _merged(row: FieldRow) -> Text:
    return Text(
        _cut(row.merged.text, _MAX_LENGTH) or "(left out)", style="" if row.chosen_by == "rule" else "bold green"
    )


def _cut(text: str, length: int) -> str:
    """The beginning of a text, without control characters."""
    text = _printable(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _printable(text: str) -> str:
    """A text with spaces for control characters, which a terminal would act on."""
    return "".join(character if character.isprintable() else " " for character in text)
