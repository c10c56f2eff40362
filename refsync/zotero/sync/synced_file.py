"""The file that is synced: reading it, and its bytes with another text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from refsync.errors import SourceError
from refsync.files import digest
from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.unencodable import escape_unencodable
from refsync.formats.common.decode import decode_file, encode_like, detect_encoding
from refsync.records import Problem, Record
from refsync.zotero.sync.pairing import syncable


@dataclass(frozen=True, slots=True)
class SyncedFile:
    """The file as it was read; `data` is None where there is none yet."""

    path: Path
    data: bytes | None
    text: str
    records: tuple[Record, ...]
    left_out: tuple[tuple[Record, str], ...]
    problems: tuple[Problem, ...]
    edited: str

    @property
    def name(self) -> str:
        """What the file is remembered by, beside `.refsync`."""
        return self.path.name

    @property
    def digest(self) -> str | None:
        """By which its content is known again; None where there is no file."""
        return digest(self.data) if self.data is not None else None

    def with_text(self, text: str) -> bytes:
        """The bytes of the file with another text, in its encoding."""
        if self.data is None:
            return text.encode()
        return encode_like(escape_unencodable(text, detect_encoding(self.data)), self.data, str(self.path))


def read_synced_file(path: Path) -> SyncedFile:
    """Read the file that is to be synced.

    Raises:
        SourceError: it cannot be read.
    """
    if not path.exists():
        return SyncedFile(path, None, "", (), (), (), "")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}") from None
    records, problems = records_of(data, str(path))
    kept, left_out = syncable(records)
    edited = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = decode_file(data, str(path)).exact
    return SyncedFile(path, data, text, tuple(kept), tuple(left_out), problems, edited)


def records_of(data: bytes, name: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """The entries of a file, and what is wrong with it; an empty one has none.

    Raises:
        SourceError: it cannot be read.
    """
    if not data.strip():
        return (), ()
    snapshot = read(data, name)
    return snapshot.records, snapshot.problems
