"""The user's own folders, which no project can bring: configuration, data and caches.

They follow the XDG base directories, and on Windows the folders for applications. An environment without a home has
none: `None` then, and never a folder below the working directory, which a project might bring.
"""

import os
from pathlib import Path

NAME = "refsync"


def config_folder() -> Path | None:
    """The folder of the user's own configuration."""
    return _folder("XDG_CONFIG_HOME", (".config",), "APPDATA")


def data_folder() -> Path | None:
    """The folder of what must not be lost: the secret of the journals, the state of syncs."""
    return _folder("XDG_DATA_HOME", (".local", "share"), "LOCALAPPDATA")


def cache_folder() -> Path | None:
    """The folder of what can be downloaded again."""
    return _folder("XDG_CACHE_HOME", (".cache",), "LOCALAPPDATA", "Cache")


def _folder(variable: str, below_home: tuple[str, ...], on_windows: str, *within: str) -> Path | None:
    if os.name == "nt" and (folder := os.environ.get(on_windows, "")) and os.path.isabs(folder):
        return Path(folder, NAME, *within)
    if (folder := os.environ.get(variable, "")) and os.path.isabs(folder):
        return Path(folder, NAME)
    home = os.path.expanduser("~")
    if not os.path.isabs(home):  # there is none: `~` stays as it is
        return None
    return Path(home, *below_home, NAME)
