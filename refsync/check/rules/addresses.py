"""Rules about addresses and files: the form of `url`, files that do not exist."""

import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.edit import Edit

_WRAPPED = re.compile(r"\s*\\(?:url|path|nolinkurl|href)\s*\{")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(
    r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|de|uk|fr|eu)(?=[/:?#]|$))\S*", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\([_%&#~$])")
_FILE_PART = re.compile(r"(?:\\.|[^;\\])+", re.DOTALL)
_COLON = re.compile(r"(?<!\\):")
_WINDOWS = re.compile(r"[A-Za-z]\\?:[\\/]")


def addresses(entry: Entry) -> Iterator[EntryFinding]:
    """RS510: values of `url` that are no address: a LaTeX command around it, white space in it, no scheme."""
    value = entry.record.fields.get("url", "").strip()
    if not value:
        return
    field = entry.field("url")
    if wrapped := _WRAPPED.match(value):
        inner = value[wrapped.end() : -1]
        edits: tuple[Edit, ...] = ()
        written = entry.text[field.value_start : field.value_end]
        if not field.joined and "href" not in wrapped[0] and value.endswith("}") and not re.search(r"[{}\\\s]", inner):
            edits = (Edit(field.value_start, field.value_end, f"{written[0]}{inner}{written[-1]}"),)
        yield _finding(entry, f"has a LaTeX command in `url`: {_shortened(value)}; write the address alone", edits)
    elif re.search(r"\s", value) and _SCHEME.match(value):
        yield _finding(entry, f"has white space in `url`: {_shortened(value)}")
    elif not _SCHEME.match(value):
        if _HOST.fullmatch(_ESCAPE.sub(r"\1", value)):
            yield _finding(entry, f"has an address without `https://` in `url`: {_shortened(value)}")
        elif not value.startswith(("/", "\\")):
            yield _finding(entry, f"has no address in `url`: {_shortened(value)}")


def _finding(entry: Entry, message: str, edits: tuple[Edit, ...] = ()) -> EntryFinding:
    return EntryFinding("RS510", entry.value_position("url"), message, "url", edits=edits)


def missing_files(entry: Entry) -> Iterator[EntryFinding]:
    """RS607: files that `file` or `pdf` names and that do not exist, as JabRef, Zotero and Mendeley write them."""
    exists = entry.library.file_exists
    if exists is None:
        return
    for name in ("file", "pdf"):
        value = entry.record.fields.get(name, "")
        for path in _paths(value):
            if not exists(entry.record.source, path):
                message = f"names a file in `{name}` that does not exist: {_shortened(path)}"
                yield EntryFinding("RS607", entry.value_position(name), message, f"{name}={path}")


def _paths(value: str) -> Iterator[str]:
    """The paths in a value: `DESCRIPTION:PATH:TYPE;...`, or a path alone."""
    for part in _FILE_PART.findall(value):
        text = part.strip()
        if not text or re.match(r"https?:", text, re.IGNORECASE):
            continue
        pieces = _COLON.split(text) if not _WINDOWS.match(text) else [text]
        if len(pieces) >= 3:
            text = ":".join(pieces[1:-1])
        elif len(pieces) == 2 and pieces[0] == "":
            text = pieces[1]
        path = re.sub(r"\\([\\:;_%&#$ ])", r"\1", text).strip()
        if path and not re.match(r"(?:https?|zotero):", path, re.IGNORECASE):
            yield path


def _shortened(value: str) -> str:
    return repr(value if len(value) <= 80 else f"{value[:80]}...")
