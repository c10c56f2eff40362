"""The notes of an item as BibTeX's field for annotations: put there by a pull, and known again by a push. Pure."""

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.bibtex.dialect import Dialect
from refsync.formats.bibtex.values import folded
from refsync.records import Markup, Record
from refsync.text.latex import from_text, to_text

Data = Mapping[str, Any]

FIELDS = ("annotation", "annote")
"""BibLaTeX's name and BibTeX's."""

_APART = re.compile(r"</?(?:p|div|br|li|h\d|ul|ol|tr|td|blockquote|pre)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def notes_by_item(items: Mapping[str, Data]) -> dict[str, list[str]]:
    """The texts of the notes of each item that has some, in the order in which they were added; none in the trash."""
    found: dict[str, list[str]] = {}
    for item in items.values():
        parent = item.get("parentItem")
        if parent and item["itemType"] == "note" and not item.get("deleted") and (text := note_text(item["note"])):
            found.setdefault(parent, []).append(text)
    return found


def note_text(note: str) -> str:
    """A note, which is HTML, as one line of text.

    >>> note_text("<p>Read <b>twice</b>.</p><p>R&amp;D</p>")
    'Read twice. R&D'
    """
    return folded(html.unescape(_TAG.sub("", _APART.sub(" ", note))).replace("\xa0", " "))


def with_notes(record: Record, notes: Sequence[str], dialect: Dialect) -> Record:
    """The record, in LaTeX, with the notes behind an annotation of its own; a paragraph for each."""
    name = FIELDS[dialect == "bibtex"]
    own = record.get(name)
    said = folded(to_text(own))
    more = [from_text(note) for note in notes if note not in said]
    if not more:
        return record
    return replace(record, fields={**record.fields, name: "\n\n".join([*([own] if own else []), *more])})


def without_notes(record: Record, notes: Collection[str]) -> Record:
    """The record with nothing in its annotation that the notes say."""
    left = {name: _without(value, notes, record.markup) for name, value in record.fields.items() if name in FIELDS}
    fields = {name: left.get(name, value) for name, value in record.fields.items() if left.get(name, True)}
    return replace(record, fields=fields)


def notes_in(record: Record, notes: Iterable[str]) -> tuple[str, ...]:
    """Those of the notes that the record's annotation says, in its order."""
    said = _text(record.get(*FIELDS), record.markup)
    return tuple(sorted((note for note in dict.fromkeys(notes) if note in said), key=said.index))


def _without(value: str, notes: Collection[str], markup: Markup) -> str:
    left = before = folded(value)
    for note in sorted(notes, key=len, reverse=True):
        spelled = from_text(note) if markup == "latex" else note
        if (rest := _cut(left, spelled)) == left and (bare := _cut(text := _text(left, markup), note)) != text:
            rest = from_text(bare)  # somebody spelled it otherwise
        left = rest
    return value if left == before else left


def _cut(text: str, note: str) -> str:
    """A text without a note, where that stands in it as words of its own."""
    return folded(re.sub(rf"(?<!\w){re.escape(note)}(?!\w)", " ", text, count=1))


def _text(value: str, markup: Markup) -> str:
    return folded(to_text(value) if markup == "latex" else value)
