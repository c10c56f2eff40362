"""Rules about how entries are written: slips, fields given twice, undefined macros, dangling references."""

import re
from collections.abc import Collection, Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.edit import Edit
from refsync.formats.bibtex.scan import Field, parts
from refsync.records import REFERRING_FIELDS
from refsync.text.months import MONTHS
from refsync.text.whitespace import collapse_whitespace

STYLE_MACROS = frozenset(
    "acmcs acta cacm ibmjrd ibmsj ieeese ieeetc ieeetcad ipl jacm jcss scp sicomp tocs tods tog toms toois toplas "
    "tcs".split()
)
"""The macros for journals that the standard styles (plain.bst, ...) define."""

_WORD = re.compile(r"[^\s,{}\"]+")


def slips(entry: Entry) -> Iterator[EntryFinding]:
    """RS302: slips that the scanner recovered from."""
    for position, code, message in entry.block.faults:
        edits: tuple[Edit, ...] = ()
        if code == "comma-missing":
            edits = (Edit(position, position, ","),)
        elif code == "comma-superfluous":
            edits = (Edit(position, position + 1, ""),)
        text = f"is not well-formed: {message}" if entry.block.key else message
        yield EntryFinding("RS302", position, text, code, edits=edits)


def repeated_fields(entry: Entry) -> Iterator[EntryFinding]:
    """RS303: a second field of the same name."""
    if entry.is_plain:
        return
    fields = entry.block.fields
    if len(fields) == len({field.name.lower() for field in fields}):
        return
    first: dict[str, tuple[bool, str]] = {}
    for i, field in enumerate(fields):
        name = field.name.lower()
        value = _content(entry.text, field)
        if name not in first:
            first[name] = value
            continue
        redundant = value == first[name] or not value[1]
        previous_end = fields[i - 1].value_end
        edits: tuple[Edit, ...] = ()
        if redundant and "%" not in entry.text[previous_end : field.name_start]:
            edits = (Edit(previous_end, field.value_end, ""),)
        how = "the same value" if value == first[name] else "nothing in it" if redundant else "another value"
        yield EntryFinding("RS303", field.name_start, f"has a second `{name}`, with {how}", name, edits=edits)


def _content(text: str, field: Field) -> tuple[bool, str]:
    """Whether a value is text (`{jan}` is, `jan` is a macro), and the value without its delimiters."""
    written = text[field.value_start : field.value_end]
    if not field.joined and written[:1] in ("{", '"'):
        return True, collapse_whitespace(written[1:-1])
    return written.isdecimal() or not written, collapse_whitespace(written)


def undefined_macros(entry: Entry, source: str, defined: Collection[str], reported: set[str]) -> Iterator[EntryFinding]:
    """RS304: bare words that are no defined macros, each reported once in a file.

    Args:
        entry: the entry.
        source: its file.
        defined: the macros that the file has defined so far.
        reported: the macros that were reported so far; those found are added.
    """
    if entry.is_plain:
        return
    text = entry.text
    for field in entry.block.fields:
        start, end = field.value_start, field.value_end
        if start == end or (not field.joined and (text[start] in '{"' or text[start:end].isdecimal())):
            continue
        for part in parts(text, field):
            name = text[part.start : part.end].lower()
            if part.kind != "macro" or name in reported or name in defined or name in MONTHS or name in STYLE_MACROS:
                continue
            homes = entry.library.macros.get(name, ())
            if set(homes) <= {source}:  # else it depends on the order of the files, which is unknown here
                reported.add(name)
                where = "further down only" if homes else "nowhere"
                yield EntryFinding("RS304", part.start, f"uses the macro `{name}`, which is defined {where}", name)


def dangling(entry: Entry) -> Iterator[EntryFinding]:
    """RS203: references to keys that no entry has."""
    for name in REFERRING_FIELDS:
        if name not in entry.record.fields:
            continue
        field = entry.field(name)
        for word in _WORD.finditer(entry.text, field.value_start, field.value_end):
            if word[0].casefold() not in entry.library.keys and entry.record.fields[name]:
                yield EntryFinding(
                    "RS203",
                    word.start(),
                    f"names {word[0]!r} in `{name}`, a key that no entry has",
                    f"{name}={word[0]}",
                )


def references_in_other_case(entry: Entry) -> Iterator[EntryFinding]:
    """RS207: references to a key that is written in another case."""
    for name in REFERRING_FIELDS:
        if name not in entry.record.fields:
            continue
        field = entry.field(name)
        if field.joined or entry.text[field.value_start : field.value_start + 1] not in ("{", '"'):
            continue
        for word in _WORD.finditer(entry.text, field.value_start, field.value_end):
            written = entry.library.spellings.get(word[0].casefold(), ())
            if written and word[0] not in written:
                key = min(written)
                edits = (Edit(word.start(), word.end(), key),) if len(written) == 1 else ()
                message = f"names {word[0]!r} in `{name}`, but the key is written {key!r}"
                yield EntryFinding("RS207", word.start(), message, f"{name}={word[0]}", edits=edits)
