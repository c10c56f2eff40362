"""Writing files so that a crash, an interrupt or a full disk leaves the old file or the new one, never half of one."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from refsync import operating_system
from refsync.errors import RefsyncError, StaleError
from refsync.write_targets import write_target

_ANY_MAY_WRITE = 0o222


def digest(data: bytes) -> str:
    """The SHA-256 of a file's content, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def replace_file(path: Path, data: bytes) -> None:
    """Replace the content of `path` in one step: temporary file beside it, fsync, rename. Permissions stay.

    Links stay too, and are followed where they lead to a file of the same project.

    Raises:
        RefsyncError: the file cannot be written, or a link leads out of the project; it is unchanged.
    """
    replace_files({path: data})


def replace_files(writes: Mapping[Path, bytes], known: Mapping[Path, str | None] | None = None) -> None:
    """Replace the content of files, each in one step, after all temporary files are on the disk.

    A full disk, or a file that must not be written or was changed by someone else, therefore leaves all unchanged.

    Args:
        writes: the files with their new content.
        known: digests of the content that files must still have when they are replaced; None for a file that must not
            exist.

    Raises:
        StaleError: a file has other content; none is replaced.
        RefsyncError: a file cannot be written.
    """
    staged: dict[Path, str] = {}  # targets with their temporary files
    replaced = 0
    try:
        for path, data in writes.items():
            with _reporting_os_errors(path, "nothing was changed there" if len(writes) == 1 else "nothing was changed"):
                target = write_target(path)
                _refuse_read_only(target)
                _stage(target, data, staged)
        for path, expected in (known or {}).items():
            if (digest(path.read_bytes()) if path.exists() else None) != expected:
                raise StaleError(
                    f"{path} was changed while refsync was running", hint="nothing was written; run it again"
                )
        for path, target in zip(writes, [*staged], strict=True):
            progress = f"{replaced} of {len(writes)} files were written before it; `refsync undo` undoes this"
            with _reporting_os_errors(path, progress if replaced else "nothing was changed"):
                operating_system.replace(staged[target], target)
            replaced += 1
        for folder in {target.parent for target in staged}:
            _sync_folder(folder)
    finally:  # an interrupt too must not leave temporary files behind
        for name in [*staged.values()][replaced:]:
            with contextlib.suppress(OSError):
                os.unlink(name)


@contextmanager
def _reporting_os_errors(path: Path, hint: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefsyncError(f"{path}: cannot be written: {reason}", hint=hint) from None


def _stage(target: Path, data: bytes, staged: dict[Path, str]) -> None:
    """Write the content to a temporary file beside the target, with the target's owner and permissions."""
    status = target.stat() if target.exists() else None
    handle, staged[target] = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if status:
        with contextlib.suppress(OSError, AttributeError):  # only the superuser can, and only it needs to
            os.chown(staged[target], status.st_uid, status.st_gid)
    os.chmod(staged[target], status.st_mode & 0o7777 if status else _default_mode())


def _refuse_read_only(target: Path) -> None:
    """Refuse a read-only file or folder: a rename would succeed, and the superuser may do anything."""
    if target.exists() and not (target.stat().st_mode & _ANY_MAY_WRITE and os.access(target, os.W_OK)):
        raise PermissionError(None, "the file is read-only")
    if operating_system.WINDOWS:  # there the attribute of a folder, such as Documents, does not apply to its files
        return
    if target.parent.exists() and not target.parent.stat().st_mode & _ANY_MAY_WRITE:
        raise PermissionError(None, "its folder is read-only")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can (Windows cannot open a folder)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _default_mode() -> int:
    return 0o666 & ~umask()


def umask() -> int:
    """The permissions that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
