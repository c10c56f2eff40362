"""The formats that are installed, found through the entry-point group `refsync.formats`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from refsync.errors import ConfigError, SourceError
from refsync.records import Record, Snapshot

NAME_COUNTS = 0.3
"""What a file's ending adds to what its content says: enough to decide where the content leaves it open."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is recognised, read and written.

    `sniff` sees the first bytes of a file and says how sure it is, 0 (no) to 1 (certainly); a fitting file name adds
    `NAME_COUNTS` to that. `read` raises `SourceError` only when nothing at all can be read: a damaged
    record is a `Problem` in the snapshot.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], float]
    read: Callable[[bytes, str], Snapshot]
    write: Callable[[Sequence[Record]], bytes] | None = None


@cache
def formats() -> dict[str, Format]:
    """All installed formats by name, in alphabetical order.

    Raises:
        ConfigError: a package registers a format that cannot be loaded.
    """
    found: dict[str, Format] = {}
    for point in entry_points(group="refsync.formats"):
        try:
            found[point.name] = point.load()
        except Exception as error:
            owner = point.dist.name if point.dist else "a package"
            message = f"{owner} registers the format {point.name!r} ({point.value}), which cannot be loaded: {error}"
            raise ConfigError(message, hint=f"update or uninstall {owner}") from error
    return dict(sorted(found.items()))


def named(name: str) -> Format:
    """The format of this name.

    Raises:
        ConfigError: there is none.
    """
    try:
        return formats()[name]
    except KeyError:
        raise ConfigError(f"unknown format {name!r}", hint=f"one of: {', '.join(formats())}") from None


def detect(data: bytes, source: str) -> Format:
    """The format of a file: by its content, which its name supports.

    Raises:
        SourceError: no format knows it.
    """
    head = data[:65536]
    name = source.lower()
    scored = [(form.sniff(head) + NAME_COUNTS * name.endswith(form.suffixes), form.name) for form in formats().values()]
    score, best = max(scored)
    if score == 0:
        known = ", ".join(formats())
        raise SourceError(source, "not a format that refsync knows", hint=f"name it with --from: {known}")
    return formats()[best]
