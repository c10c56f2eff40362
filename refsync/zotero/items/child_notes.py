"""The notes of an item in BibTeX's annotation field: a pull adds them, a push recognises them. Pure."""

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.common.dialect import Dialect
from refsync.records import Markup, Record
from refsync.text.latex import latex_to_text, text_to_latex
from refsync.text.whitespace import collapse_whitespace

Data = Mapping[str, Any]

ANNOTATION_FIELDS = ("annotation", "annote")
"""BibLaTeX's name of the field, and BibTeX's."""

_BLOCK_TAG = re.compile(r"</?(?:p|div|br|li|h\d|ul|ol|tr|td|blockquote|pre)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def notes_by_item(items: Mapping[str, Data]) -> dict[str, list[str]]:
    """The texts of each item's notes outside the trash, in the order in which they were added."""
    notes: dict[str, list[str]] = {}
    for item in items.values():
        parent = item.get("parentItem")
        if parent and item["itemType"] == "note" and not item.get("deleted") and (text := note_text(item["note"])):
            notes.setdefault(parent, []).append(text)
    return notes


def note_text(note: str) -> str:
    """A note in HTML as one line of text.

    >>> note_text("<p>Read <b>twice</b>.</p><p>R&amp;D</p>")
    'Read twice. R&D'
    """
    return collapse_whitespace(html.unescape(_TAG.sub("", _BLOCK_TAG.sub(" ", note))).replace("\xa0", " "))


def with_notes(record: Record, notes: Sequence[str], dialect: Dialect) -> Record:
    """The record, in LaTeX, with the notes after its own annotation, one paragraph for each."""
    name = ANNOTATION_FIELDS[dialect == "bibtex"]
    own = record.get(name)
    own_text = collapse_whitespace(latex_to_text(own))
    more = [text_to_latex(note) for note in notes if note not in own_text]
    if not more:
        return record
    return replace(record, fields={**record.fields, name: "\n\n".join([*([own] if own else []), *more])})


def without_notes(record: Record, notes: Collection[str]) -> Record:
    """The record without the texts of the notes in its annotation."""
    left = {
        name: _without(value, notes, record.markup)
        for name, value in record.fields.items()
        if name in ANNOTATION_FIELDS
    }
    fields = {name: left.get(name, value) for name, value in record.fields.items() if left.get(name, True)}
    return replace(record, fields=fields)


def notes_in(record: Record, notes: Iterable[str]) -> tuple[str, ...]:
    """The notes whose texts are in the record's annotation, in the order in which they are there."""
    text = _text(record.get(*ANNOTATION_FIELDS), record.markup)
    return tuple(sorted((note for note in dict.fromkeys(notes) if note in text), key=text.index))


def _without(value: str, notes: Collection[str], markup: Markup) -> str:
    left = before = collapse_whitespace(value)
    for note in sorted(notes, key=len, reverse=True):
        written = text_to_latex(note) if markup == "latex" else note
        if (rest := _cut(left, written)) == left and (bare := _cut(text := _text(left, markup), note)) != text:
            rest = text_to_latex(bare)  # the LaTeX was edited
        left = rest
    return value if left == before else left


def _cut(text: str, note: str) -> str:
    """A text without a note, if that is in it as whole words."""
    return collapse_whitespace(re.sub(rf"(?<!\w){re.escape(note)}(?!\w)", " ", text, count=1))


def _text(value: str, markup: Markup) -> str:
    return collapse_whitespace(latex_to_text(value) if markup == "latex" else value)
