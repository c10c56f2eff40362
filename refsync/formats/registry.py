"""The formats that are installed, found through the entry-point group `refsync.formats`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from refsync.errors import ConfigError, SourceError
from refsync.formats.common.decode import start_in_utf8
from refsync.formats.common.nearest_format import describe_unknown
from refsync.formats.common.pieces import Pieces
from refsync.records import Record, Snapshot

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

SUFFIX_WEIGHT = 0.3
"""What a matching suffix adds to the score of the content: enough to decide if the content is ambiguous."""
_CERTAIN = 0.9

HEAD_SIZE = 1 << 16
"""How many bytes at the start of a file are used to recognise its format."""


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one format are recognised, read and written.

    `sniff` gets the first bytes of a file (in UTF-8, without byte order mark) and returns how certain it is, from 0 to
    1; a matching file name adds `SUFFIX_WEIGHT`. `read` raises `SourceError` only if nothing can be read: a damaged
    record is a `Problem` in the snapshot. `read_stream`, if given, reads a file piece by piece, so that only the
    records take memory that grows with the file; `pieces` reads parts of a file apart from each other.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], float]
    read: Callable[[bytes, str], Snapshot]
    write: Callable[[Sequence[Record]], bytes] | None = None
    read_stream: Callable[[BinaryIO, str], Snapshot] | None = None
    pieces: Pieces | None = None


@cache
def _entry_points() -> "dict[str, EntryPoint]":
    from importlib.metadata import entry_points

    return {point.name: point for point in sorted(entry_points(group="refsync.formats"), key=lambda point: point.name)}


@cache
def _load(name: str) -> Format:
    point = _entry_points()[name]
    try:
        form: Format = point.load()
    except Exception as error:
        owner = point.dist.name if point.dist else "a package"
        message = f"{owner} registers the format {name!r} ({point.value}), which cannot be loaded: {error}"
        raise ConfigError(message, hint=f"update or uninstall {owner}") from error
    return form


def formats() -> dict[str, Format]:
    """All installed formats by name, in alphabetical order.

    Raises:
        ConfigError: a package registers a format that cannot be loaded.
    """
    return {name: _load(name) for name in _entry_points()}


def format_named(name: str) -> Format:
    """The format of this name; no other format is loaded.

    Raises:
        ConfigError: there is no such format, or it cannot be loaded.
    """
    if name == "bibtex":  # a fast start of the hook: installed packages are not searched for formats
        form: Format = import_module("refsync.formats.bibtex.format").FORMAT
        return form
    if name not in _entry_points():
        raise ConfigError(f"unknown format {name!r}", hint=f"one of: {', '.join(_entry_points())}")
    return _load(name)


def detect(data: bytes, source: str) -> Format:
    """The format of a file, recognised by its content and, in addition, its name.

    Raises:
        SourceError: the file is empty, or no format recognises it.
    """
    head = start_in_utf8(data[:HEAD_SIZE])
    name = source.lower()
    bibtex = format_named("bibtex")
    if not head.strip():
        if name.endswith(bibtex.suffixes):
            return bibtex  # a new bibliography; an export is never empty
        raise SourceError(source, "the file is empty", hint="check that it was saved or downloaded completely")
    if name.endswith(bibtex.suffixes) and bibtex.sniff(head) >= _CERTAIN:
        return bibtex  # fast start of the hook: no other format is loaded
    sniffed = [(form.sniff(head), form) for form in formats().values()]
    matching = [form for _, form in sniffed if name.endswith(form.suffixes)]
    score, best = max(sniffed, key=lambda one: (one[0] + SUFFIX_WEIGHT * (one[1] in matching), one[1].name))
    if not score and len(matching) != 1:  # a suffix such as .json is ambiguous
        from refsync.formats.common.foreign_text import foreign_format  # a fast start of the hook

        looks, nearest = describe_unknown(head)
        if not nearest and (foreign := foreign_format(head.decode("utf-8", "replace"))):
            raise SourceError(source, foreign.message, hint=foreign.hint)
        reason = f"not a format that refsync knows{f': {looks}' * bool(looks)}"
        candidates = ", ".join(form.name for form in matching) or ", ".join(_entry_points())
        hint = f"name it with --from: {candidates}"
        raise SourceError(source, reason, hint=f"the nearest is {nearest}; {hint}" if nearest else hint)
    return best
