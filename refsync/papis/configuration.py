"""Which folder a library of papis is in, as papis's own configuration says.

The file is read, not run: papis also executes a `config.py` beside it, which may change what this does not see.
"""

import difflib
import os
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from refsync.errors import ConfigError

if TYPE_CHECKING:  # other inputs need none of it
    import configparser

PREFIX = "papis:"
_SETTINGS = "settings"
_LOCAL = ".papis.config"
INFO_NAME = "info.yaml"
"""What papis calls the file of a document, unless it is told otherwise."""
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Library:
    """A library: as the user named it (`papis:papers`), its folder, and the name of its documents' files."""

    name: str
    folder: Path
    info_name: str = INFO_NAME


def is_papis(name: str) -> bool:
    """Whether an input is a library of papis."""
    return name.startswith(PREFIX)


def find_library(name: str) -> Library:
    """The library with a name: one of papis's configuration, else a folder; without a name the default one.

    Raises:
        ConfigError: there is no such library, or its folder does not exist.
    """
    config = _read(config_file())
    libraries = {section: path for section in config.sections() if (path := _folder(config, section))}
    wanted = name.removeprefix(PREFIX) or os.environ.get("PAPIS_LIB", "") or _get(config, _SETTINGS, "default-library")
    if not wanted:
        raise ConfigError(f"{name}: papis has no default library", hint=_known(libraries))
    folder = Path(libraries.get(wanted) or wanted).expanduser()
    if not folder.is_dir():
        raise _missing(name, wanted, folder, libraries)
    section = wanted if wanted in libraries else _section_of(folder, libraries)
    local = _read(folder / _LOCAL)
    info_name = next(
        (found for of in (local, config) for at in (section, _SETTINGS) if (found := _get(of, at, "info-name"))),
        INFO_NAME,
    )
    if PurePath(info_name).name != info_name or info_name in (".", ".."):
        raise ConfigError(f"{name}: `info-name` is {info_name!r}, which is no name of a file")
    return Library(name, folder, info_name)


def config_file() -> Path:
    """Papis's configuration file, where platformdirs has it."""
    if folder := os.environ.get("PAPIS_CONFIG_DIR", ""):
        return Path(folder, "config")
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "papis" / "papis" / "config"
    xdg = os.environ.get("XDG_CONFIG_HOME", "").strip()
    base = xdg or ("~/Library/Application Support" if sys.platform == "darwin" else "~/.config")
    return Path(base).expanduser() / "papis" / "config"


def _read(path: Path) -> "configparser.ConfigParser":
    import configparser

    config = configparser.ConfigParser(strict=False)
    _read_into(config, path)
    if config.has_section("include"):
        for key in config.options("include"):
            _read_into(config, Path(_get(config, "include", key)).expanduser())
    return config


def _read_into(config: "configparser.ConfigParser", path: Path) -> None:
    import configparser

    try:
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            config.read_string(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{path}: papis's configuration cannot be read: {reason}", hint="correct the file") from None


def _get(config: "configparser.ConfigParser", section: str, name: str) -> str:
    import configparser

    try:
        return config.get(section, name, fallback="").strip()
    except configparser.InterpolationError:
        return config.get(section, name, raw=True).strip()


def _folder(config: "configparser.ConfigParser", section: str) -> str:
    """The folder of a library; the first one of the outdated setting `dirs`."""
    if folder := _get(config, section, "dir"):
        return folder
    import ast

    try:
        folders = ast.literal_eval(_get(config, section, "dirs") or "[]")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    return str(folders[0]) if isinstance(folders, list) and folders else ""


def _section_of(folder: Path, libraries: dict[str, str]) -> str:
    """The name of the configured library in a folder; empty if there is none."""
    here = os.path.abspath(folder)
    return next((name for name, path in libraries.items() if os.path.abspath(os.path.expanduser(path)) == here), "")


def _missing(name: str, wanted: str, folder: Path, libraries: dict[str, str]) -> ConfigError:
    if wanted in libraries:
        return ConfigError(f"{name}: its folder {folder} does not exist", hint=f"correct `dir` in {config_file()}")
    if near := difflib.get_close_matches(wanted, libraries, 1):
        return ConfigError(f"{name}: no library of papis and no folder", hint=f"did you mean {PREFIX}{near[0]}?")
    return ConfigError(f"{name}: no library of papis and no folder", hint=_known(libraries))


def _known(libraries: dict[str, str]) -> str:
    if not libraries:
        return f"{config_file()} names no library; name a folder: {PREFIX}~/papers"
    return f"{config_file()} names {', '.join(sorted(libraries))}"
