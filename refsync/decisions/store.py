"""Write the file of decisions, which other processes and people write too."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from refsync.errors import RefsyncError, StaleError
from refsync.files import digest, replace_files
from refsync.write_targets import NO_FOLLOW, own_folder, write_target

WAIT = 10.0
"""Seconds to wait for another process that is writing the file."""

_TRIES = 20  # another program that ignores the lock may keep writing


def append(path: Path, lines: Sequence[str]) -> None:
    """Append lines (see `format_decision`) to the file; they are on the disk when this returns.

    The existing content stays, byte for byte, and so do lines that another process adds meanwhile. If the last line
    has no line end, it gets one first.

    Raises:
        RefsyncError: the file cannot be written; its content is unchanged.
    """
    if not lines:
        return
    with _locked(path), _write_errors(path):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | NO_FOLLOW
        handle = os.open(write_target(path), flags, 0o666)
        try:
            size = os.fstat(handle).st_size
            data = "".join(f"{line}\n" for line in lines).encode()
            if size and _last_byte(handle, size) != b"\n":
                data = b"\n" + data
            _write_whole(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path, lines: Sequence[str]) -> int:
    """Remove lines, of equal ones the last, and return how many there were. All others stay, byte for byte.

    Raises:
        RefsyncError: the file cannot be written; its content is unchanged.
    """
    with _locked(path), _write_errors(path):
        for _ in range(_TRIES):
            before = path.read_bytes() if path.is_file() else b""
            to_remove = Counter(line.encode() for line in lines)
            kept = []
            for line in reversed(before.split(b"\n")):
                if to_remove[line.rstrip(b"\r")] > 0:
                    to_remove[line.rstrip(b"\r")] -= 1
                else:
                    kept.append(line)
            after = b"\n".join(reversed(kept))
            if after == before:
                return 0
            try:
                replace_files({path: after}, {path: digest(before)})
            except StaleError:  # another program added a line
                continue
            return len(lines) - to_remove.total()
    raise RefsyncError(f"{path}: another program keeps writing it", hint="no line was removed")


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)


def _write_whole(handle: int, data: bytes) -> None:
    """Write all of it, or remove what was written: half a line would be read as a damaged one."""
    written = 0
    try:
        while written < len(data):
            written += os.write(handle, data[written:])
    except BaseException:
        size = os.fstat(handle).st_size
        end = os.pread(handle, written, size - written) if hasattr(os, "pread") else b""
        if written and end == data[:written]:
            os.ftruncate(handle, size - written)
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Prevent other processes of refsync from writing the file meanwhile."""
    from portalocker import AlreadyLocked, Lock

    target = write_target(path)
    with _write_errors(path):
        lock_file = own_folder(target.parent) / f"{target.name}.lock"
        lock = Lock(write_target(lock_file), "a", timeout=WAIT)
        try:
            lock.acquire()
        except AlreadyLocked:
            raise RefsyncError(
                f"{path} is being written by another refsync process",
                hint=f"it did not finish within {WAIT:.0f} seconds",
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into `RefsyncError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefsyncError(f"{path}: cannot be written: {reason}", hint="the answer is not saved") from None
