"""Memory: how much there is, and garbage collection while millions of objects are created."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_collection() -> Iterator[None]:
    """Pauses the search for reference cycles: there are none, and it would traverse millions of objects in vain."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def available_memory() -> int:
    """The bytes of memory that this process may still take, also in a container; 0 where that is unknown."""
    found = [_free(), _free_in_group()]
    return min((size for size in found if size), default=0)


def _free() -> int:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:  # what is free now is unknown elsewhere
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0


def _free_in_group() -> int:
    """What the limit of a container (control group, version 2) leaves."""
    group = Path("/sys/fs/cgroup")
    limit, used = ("".join(_lines(group / name)).strip() for name in ("memory.max", "memory.current"))
    return max(int(limit) - int(used), 1) if limit.isdecimal() and used.isdecimal() else 0


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []
