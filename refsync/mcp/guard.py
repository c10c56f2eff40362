"""A second line of defence: the process itself refuses files outside the folders, the network, and other programs.

The tools check every name that an assistant gives. Data can name files too: settings of a project, documents, links
that appear meanwhile. Python reports each file before it opens it (`sys.addaudithook`), so that one check meets all.
"""

import errno
import os
import site
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from refsync.config_files import FILE_NAMES
from refsync.mcp.folders import Folders
from refsync.user_folders import cache_folder, config_folder, data_folder

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = {"os.rename": 2, "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1, "os.link": 2, "os.symlink": 2}
"""Other events that change files, with how many of their arguments are paths."""
_NETWORK = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)
_PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"})
_SYSTEM_FILES = frozenset(
    {os.devnull, "/dev/urandom", "/proc/meminfo", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"}
)


class Guard:
    """Decides about each event; `install` makes it hold until the process ends."""

    def __init__(self, folders: Folders, *, network: bool = False, named: Iterable[Path] = ()) -> None:
        """A guard.

        Args:
            folders: those that may be used.
            network: whether requests may be sent.
            named: further files that may be read, which the user's own configuration names.
        """
        self._own = [_real(folder) for folder in (config_folder(), data_folder(), cache_folder()) if folder]
        self._network = network
        self._written = (*folders.roots, *self._own)
        self._temporary = _real(tempfile.gettempdir())
        above = {parent for root in folders.roots for parent in root.parents}
        program = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(__file__).parents[1])]
        program += [*filter(None, sys.path), *site.getsitepackages()]
        self._read = (
            *self._written,
            *(path for path in map(_real, program) if path not in above),
            *map(_real, named),
        )
        # settings of the project, which may begin above the folders
        self._settings = frozenset(str(folder / name) for folder in above for name in FILE_NAMES)

    def install(self) -> None:
        """Let this process refuse what the guard refuses, from now on."""
        sys.addaudithook(self.check)

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse an event.

        Raises:
            PermissionError: it is refused.
        """
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int):
                self._check_file(path, flags or 0)
        elif event in _CHANGING:
            for path in map(_real, arguments[: _CHANGING[event]]):
                creates_own = event == "os.mkdir" and any(folder.is_relative_to(path) for folder in self._own)
                if not (creates_own or _below(path, self._written)):
                    raise _refused(path)
        elif event in _PROGRAMS or (event in _NETWORK and not self._network):
            raise PermissionError(errno.EACCES, f"{event} is not allowed in this server")

    def _check_file(self, path: Any, flags: int) -> None:
        real = _real(path)
        if _below(real, self._written):
            return
        if flags & _WRITING:  # a temporary file of a long input
            if not (flags & (os.O_EXCL | getattr(os, "O_TMPFILE", 0)) and _below(real, (self._temporary,))):
                raise _refused(path)
        elif not (str(real) in _SYSTEM_FILES or str(real) in self._settings or _below(real, self._read)):
            raise _refused(path)


def _real(path: Any) -> Path:
    return Path(os.path.realpath(os.fsdecode(path)))


def _below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _refused(path: Any) -> PermissionError:
    return PermissionError(errno.EACCES, "not in the folders that this server may use", os.fsdecode(path))
