"""The formats that are installed, found through the entry-point group `refsync.formats`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import BinaryIO

from refsync.errors import ConfigError, SourceError
from refsync.formats.common.decode import start_in_utf8
from refsync.records import Record, Snapshot

SUFFIX_WEIGHT = 0.3
"""What a file's ending adds to what its content says: enough to decide where the content leaves it open."""
_SURE = 0.9

HEAD_SIZE = 1 << 16
"""How many bytes of a file's start tell its format."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is recognised, read and written.

    `sniff` sees the first bytes of a file (in UTF-8, without byte order mark) and says how sure it is, 0 (no) to 1
    (certainly); a fitting file name adds `SUFFIX_WEIGHT` to that. `read` raises `SourceError` only when nothing at all
    can be read: a damaged record is a `Problem` in the snapshot. `read_stream`, where there is one, reads a file piece
    by piece, so that what it takes in memory beside the records does not grow with the file.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], float]
    read: Callable[[bytes, str], Snapshot]
    write: Callable[[Sequence[Record]], bytes] | None = None
    read_stream: Callable[[BinaryIO, str], Snapshot] | None = None


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group="refsync.formats"), key=lambda point: point.name)}


@cache
def _load(name: str) -> Format:
    point = _points()[name]
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
    return {name: _load(name) for name in _points()}


def format_named(name: str) -> Format:
    """The format of this name; no other one is loaded.

    Raises:
        ConfigError: there is none.
    """
    if name not in _points():
        raise ConfigError(f"unknown format {name!r}", hint=f"one of: {', '.join(_points())}")
    return _load(name)


def detect(data: bytes, source: str) -> Format:
    """The format of a file: by its content, which its name supports.

    Raises:
        SourceError: it is empty, or no format knows it.
    """
    head = start_in_utf8(data[:HEAD_SIZE])
    name = source.lower()
    bibtex = format_named("bibtex")
    if not head.strip():
        if name.endswith(bibtex.suffixes):
            return bibtex  # a bibliography to be; an export is never empty
        raise SourceError(source, "the file is empty", hint="was it saved, or its download finished?")
    if name.endswith(bibtex.suffixes) and bibtex.sniff(head) >= _SURE:
        return bibtex  # the hook starts fast: the others need not be loaded
    sniffed = [(form.sniff(head), form) for form in formats().values()]
    fitting = [form for _, form in sniffed if name.endswith(form.suffixes)]
    if not any(sure for sure, _ in sniffed) and len(fitting) != 1:  # an ending such as .json says too little
        among = ", ".join(form.name for form in fitting) or ", ".join(_points())
        raise SourceError(source, "not a format that refsync knows", hint=f"name it with --from: {among}")
    return max(sniffed, key=lambda one: (one[0] + SUFFIX_WEIGHT * (one[1] in fitting), one[1].name))[1]
