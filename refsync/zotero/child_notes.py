"""The notes of an item as BibTeX's field for annotations: put there by a pull, and known again by a push. Pure."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.bibtex.dialect import Dialect
from refsync.formats.bibtex.values import folded
from refsync.records import Record
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


def without_notes(record: Record, notes: Sequence[str]) -> Record:
    """The record with nothing in its annotation that the notes say."""
    fields = dict(record.fields)
    for name in FIELDS:
        value = fields.get(name, "")
        text = left = folded(to_text(value) if record.markup == "latex" else value)
        for note in sorted(notes, key=len, reverse=True):
            left = folded(left.replace(note, " ", 1))
        if left != text:
            fields[name] = from_text(left) if record.markup == "latex" else left
    return replace(record, fields={name: value for name, value in fields.items() if value or name not in FIELDS})
