"""The proof that a journal was made by this user on this computer: a MAC with a secret that no project has.

Whoever made a project can commit a `.refsync/` with any content. The secret is in the user's data folder, 32 random
bytes that only the user may read; it is created by the first run that writes.
"""

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from refsync.user_folders import data_folder
from refsync.write_targets import NO_FOLLOW

_FILE = "journal-secret"
_BYTES = 32


def secret_file() -> Path | None:
    """Where the secret is; None if the user has no data folder."""
    folder = data_folder()
    return folder / _FILE if folder else None


def proof(*parts: str) -> str:
    """The MAC over texts, as hexadecimal digits; empty if there is no secret and none can be stored."""
    key = _secret(create=True)
    return _mac(key, parts) if key else ""


def is_proven(mac: object, *parts: str) -> bool:
    """Whether a MAC over the texts was made with this user's secret."""
    key = _secret(create=False)
    return bool(key) and isinstance(mac, str) and mac.isascii() and hmac.compare_digest(mac, _mac(key, parts))


def _mac(key: bytes, parts: tuple[str, ...]) -> str:
    pieces = [part.encode("utf-8", "surrogatepass") for part in parts]
    message = b"".join(len(piece).to_bytes(8, "big") + piece for piece in pieces)  # no two lists give one message
    return hmac.digest(key, message, "sha256").hex()


def _secret(*, create: bool) -> bytes:
    """The secret; empty if there is none."""
    path = secret_file()
    if path is None:
        return b""
    for _ in range(2):
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            if not create:
                return b""
            with contextlib.suppress(OSError):
                _create(path)
            continue
        except (OSError, ValueError):
            return b""
        return key if len(key) == _BYTES else b""
    return b""


def _create(path: Path) -> None:
    """Create the file in one step, so that of two runs at once one wins and both use its secret."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = path.with_name(f".{_FILE}.{secrets.token_hex(8)}.tmp")
    handle = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(staged, path)  # unlike a rename, this fails if another process was faster
        except (AttributeError, NotImplementedError, OSError):
            if not path.exists():  # a file system without hard links
                os.rename(staged, path)
    finally:
        with contextlib.suppress(OSError):
            staged.unlink()
