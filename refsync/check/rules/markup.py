"""Rules about markup of other kinds than LaTeX, and titles in capitals."""

import html
import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.check.plain_text import plain_text
from refsync.check.rules.typeset import TYPESET_FIELDS
from refsync.formats.bibtex.edit import Edit

_HTML_ENTITY = re.compile(r"\\?&(?:amp;)?(\\?#\d{1,7}|\\?#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TAG = re.compile(
    r"</?(?:i|b|em|strong|su[bp]|sc|scp|small|span|p|br|font|tt|u|jats:\w{1,20}|mml:\w{1,20}|inline-formula|tex-math)"
    r"(?:\s[^<>{}]{0,200})?/?>",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\$[^$]*\$")
_VERBATIM = ("url", "doi")
_LETTERS = re.compile(r"[^\W\d_]")
_COMMANDS = re.compile(r"\\[A-Za-z]+")


def html_markup(entry: Entry) -> Iterator[EntryFinding]:
    """RS605: HTML entities and tags in fields that are typeset, and entities in addresses."""
    fields = entry.record.fields
    if not any("&" in value or "<" in value for value in fields.values()):
        return
    for field in entry.block.fields:
        name = field.name.lower()
        value = fields.get(name, "")
        if not value or ("&" not in value and "<" not in value):
            continue
        if name not in TYPESET_FIELDS and name not in _VERBATIM:
            continue
        found = next(_entities(value), None)
        tag = _TAG.search(_FORMULA.sub("", value)) if name in TYPESET_FIELDS else None
        if found:
            meant = _meaning(found)
            remedy = _remedy(meant, verbatim=name in _VERBATIM)
            edits: tuple[Edit, ...] = ()
            if not any(command in value for command in ("\\url", "\\href", "\\path", "$")):
                edits = _entity_edits(entry.text, field.value_start, field.value_end, verbatim=name in _VERBATIM)
            message = f"has the HTML entity `{found[0]}` in `{name}`; write {remedy}"
            yield EntryFinding("RS605", entry.value_position(name), message, f"{name}:entity", edits=edits)
        elif tag:
            message = f"has the HTML tag `{tag[0]}` in `{name}`; LaTeX prints it as text"
            yield EntryFinding("RS605", entry.value_position(name), message, f"{name}:tag")


def _entities(value: str) -> Iterator[re.Match[str]]:
    return (found for found in _HTML_ENTITY.finditer(value) if _meaning(found))


def _meaning(found: re.Match[str]) -> str:
    """The character that an entity stands for; empty where HTML does not know it."""
    text = html.unescape(f"&{found[1].replace(chr(92), '')};")
    return text if (len(text) == 1 and text != "\ufffd" and text.isprintable()) or text == "\xa0" else ""


_LATEX = {
    "&": "\\&",
    "<": "$<$",
    ">": "$>$",
    "\xa0": "~",
    '"': "''",
    "'": "'",
    "%": "\\%",
    "#": "\\#",
    "$": "\\$",
    "_": "\\_",
}


def _replacement(character: str, *, verbatim: bool) -> str:
    return character if verbatim else _LATEX.get(character, character)


def _remedy(character: str, *, verbatim: bool) -> str:
    return f"`{_replacement(character, verbatim=verbatim)}`"


def _entity_edits(text: str, start: int, end: int, *, verbatim: bool) -> tuple[Edit, ...]:
    """Replaces entities, where the character is certain to be printed alike."""
    edits = []
    for found in _HTML_ENTITY.finditer(text, start, end):
        character = _meaning(found)
        if not character or not (character == "&" or character.isalpha()) or (verbatim and character != "&"):
            return ()
        edits.append(Edit(found.start(), found.end(), _replacement(character, verbatim=verbatim)))
    return tuple(edits)


def titles_in_capitals(entry: Entry) -> Iterator[EntryFinding]:
    """RS606: a title of three words or more of which all letters are capitals."""
    for name in ("title", "booktitle"):
        value = entry.record.fields.get(name, "")
        if len(value) < 12 or any(letter.islower() for letter in _COMMANDS.sub("", value)):
            continue
        plain = plain_text(value)
        letters = _LETTERS.findall(plain)
        words = [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word.isupper()]
        if len(words) >= 3 and len(letters) >= 12 and all(letter.isupper() for letter in letters):
            message = f"has a `{name}` in capitals, from which styles cannot make small letters"
            yield EntryFinding("RS606", entry.value_position(name), message, name)
