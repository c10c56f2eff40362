"""The file of a sync: reading it, and its bytes with another text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from refsync.errors import SourceError
from refsync.files import digest
from refsync.formats.bibtex.edit import refuse_conflict
from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.unencodable import escape_unencodable
from refsync.formats.common.decode import decode_file, detect_encoding, encode_like
from refsync.records import Problem, Record
from refsync.zotero.sync.pairing import syncable


@dataclass(frozen=True, slots=True)
class SyncedFile:
    """The file as it was read.

    Attributes:
        path: of the file.
        data: its bytes; None if it does not exist yet.
        text: its text.
        records: the entries that are synced.
        left_out: the others, each with the reason.
        problems: what is wrong with it.
        edited: when it was last changed, as Zotero writes it (`2026-01-31T12:00:00Z`).
    """

    path: Path
    data: bytes | None = None
    text: str = ""
    records: tuple[Record, ...] = ()
    left_out: tuple[tuple[Record, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    edited: str = ""

    @property
    def name(self) -> str:
        """The name under which its merge base is stored."""
        return self.path.name

    @property
    def digest(self) -> str | None:
        """The digest of its content; None if there is no file."""
        return digest(self.data) if self.data is not None else None

    def with_text(self, text: str) -> bytes:
        """The bytes of the file with another text, in its encoding."""
        if self.data is None:
            return text.encode()
        return encode_like(escape_unencodable(text, detect_encoding(self.data)), self.data, str(self.path))


def read_synced_file(path: Path) -> SyncedFile:
    """The file at a path, which need not exist.

    Raises:
        SourceError: it cannot be read.
        EditRefusedError: it has an unresolved conflict of a merge.
    """
    if not path.exists():
        return SyncedFile(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}") from None
    text = decode_file(data, str(path)).exact
    refuse_conflict(text, str(path))
    records, problems = records_of(data, str(path))
    kept, left_out = syncable(records)
    return SyncedFile(
        path=path,
        data=data,
        text=text,
        records=tuple(kept),
        left_out=tuple(left_out),
        problems=problems,
        edited=datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def records_of(data: bytes, name: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The entries of a file, and what is wrong with it; an empty file has none.

    Raises:
        SourceError: it cannot be read.
    """
    if not data.strip():
        return (), ()
    snapshot = read(data, name)
    return snapshot.records, snapshot.problems
