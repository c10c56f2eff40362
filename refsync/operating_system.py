"""What differs between operating systems: names of files, words of a command, files that another program has open."""

import os
import re
import shlex
import subprocess
import time
from collections.abc import Sequence

WINDOWS = os.name == "nt"

# Whatever follows the first dot: `aux.bib` is the device AUX.
_DEVICE = re.compile(
    r"(?:aux|con|nul|prn|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:[.:].*)?", re.IGNORECASE | re.DOTALL
)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')
_TRIES = 10
_WAIT = 0.05  # seconds; together half a second, as long as a virus scanner or an indexer holds a new file


def reserved_reason(name: str) -> str:
    """Why Windows cannot store a file under a name; empty if it can, and on all other systems."""
    if not WINDOWS:
        return ""
    if _DEVICE.fullmatch(name):
        return f"Windows reserves the name {name.partition('.')[0].upper()} for a device"
    if found := _NOT_IN_NAMES.search(name):
        return f"Windows allows no {found[0]!r} in names"
    if name.endswith((".", " ")) and name.strip("."):
        return "Windows drops the dot or blank at the end of the name"
    return ""


def replace(staged: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Rename a file over another one; on Windows after a wait, if another program has that one open.

    Raises:
        PermissionError: it stays open.
        OSError: it cannot be renamed.
    """
    for _ in range(_TRIES - 1 if WINDOWS else 0):
        try:
            os.replace(staged, target)
        except PermissionError:
            time.sleep(_WAIT)
        else:
            return
    try:
        os.replace(staged, target)
    except PermissionError as error:
        if WINDOWS:
            raise PermissionError(error.errno, "another program has the file open") from None
        raise


def quoted(word: str) -> str:
    """A word of a command as a shell of this system reads it."""
    return subprocess.list2cmdline([word]) if WINDOWS else shlex.quote(word)


def command_line(words: Sequence[str]) -> str:
    """A command that a person can type."""
    return " ".join(map(quoted, words))
