"""Writing files so that a crash, an interrupt or a full disk leaves the old file or the new one, never half of one."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from refsync.errors import RefsyncError


def digest(data: bytes) -> str:
    """The SHA-256 by which a file's content is known again."""
    return hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes) -> None:
    """Give `path` this content in one step: temporary file beside it, fsync, rename. Links and permissions stay.

    Raises:
        RefsyncError: the file cannot be written; it is then as it was.
    """
    target = path.resolve()
    try:
        mode = target.stat().st_mode & 0o7777 if target.exists() else _default_mode()
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(None, "the file is read-only")
        _write_and_rename(target, data, mode)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefsyncError(f"{path}: cannot be written: {reason}", hint="nothing was changed there") from None


def _write_and_rename(target: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:  # an interrupt too must not leave the temporary file behind
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can (Windows cannot open a folder)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _default_mode() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
