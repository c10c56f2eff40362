"""What belongs to a library's folder but must not come from it: a folder of the user's for each library's folder.

The copy of a Zotero library and the state of its last sync decide what is written to the library. A project could bring
forged ones, so they are in the user's data folder, named after the folder that they belong to.
"""

import hashlib
import re
from pathlib import Path

from refsync.errors import RefsyncError
from refsync.user_folders import data_folder


def private_folder(base: Path, *names: str) -> Path:
    """The user's own folder for a library's folder, created if it does not exist.

    Raises:
        RefsyncError: the user has no data folder, or it cannot be written.
    """
    data = data_folder()
    if data is None:
        raise RefsyncError("there is no folder for your data", hint="set XDG_DATA_HOME, or HOME, to a folder of yours")
    resolved = base.resolve()
    readable = re.sub(r"[^\w-]+", "-", resolved.name)[:40]
    digest = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()
    folder = data.joinpath("libraries", f"{readable}-{digest[:16]}", *names)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        hint = "set XDG_DATA_HOME to a folder that can be written"
        raise RefsyncError(f"{folder}: cannot be created: {error.strerror}", hint=hint) from None
    return folder
