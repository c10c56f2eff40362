"""The configuration files: which ones apply, and their values on top of each other, with where each comes from.

The project's configuration is the nearest one to the files that a command reads, looking upward from their folder, else
from the working directory. Below it is the user's own configuration, which alone may set what a stranger's project must
not: which servers are asked, with whose address, and where answers are cached. A project names only files of its own.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError
from refsync.papis.configuration import find_library, is_papis
from refsync.sources import STDIN, is_remote
from refsync.user_folders import NAME, config_folder
from refsync.write_targets import MARKERS

FILE_NAMES = ("refsync.toml", ".refsync.toml", "pyproject.toml")
USER_ONLY = ("enrich.contact", "enrich.crossref", "enrich.openalex", "enrich.arxiv", "enrich.cache", "zotero.endpoint")
"""Settings that are read from the user's own configuration, never from a project's."""

# Settings with paths, relative to the folder of the configuration file: table (or none) and key
_PATHS = (
    ("", "cites"),
    ("dedup", "calibration"),
    ("check", "library"),
    ("check", "baseline"),
    ("enrich", "cache"),
    ("format", "journal_table"),
    ("format", "journal-table"),
)
_OTHER_FILES = (("", "decisions"), ("areas", "model"))  # relative to the working directory
_MOST_BYTES = 1 << 20  # of a configuration file
_NO_FOLDERS = ("/dev/", "/proc/")  # of pipes, `<(command)`


@dataclass(slots=True)
class Layers:
    """The values of all files.

    Attributes:
        table: the values, as nested tables.
        origins: the file that each value comes from, by its dotted name.
        files: the files that were read, those that others are applied on top of first.
        ignored: the values that a project may not set: file and dotted name.
    """

    table: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)


def read_layers(
    path: str = "", start: Path | None = None, near: Sequence[str] = (), *, of_project: bool = True
) -> Layers:
    """The values in force, from the user's configuration and the project's.

    Args:
        path: a configuration file that the user named, instead of the project's; empty to look for one.
        start: the folder to look in where none is near the inputs; the working directory if None.
        near: the inputs of the command.
        of_project: whether the project's configuration is looked for.

    Raises:
        ConfigError: a file is missing or malformed, or extends itself.
    """
    layers = Layers()
    own = user_file()
    has_own = own is not None and os.path.isfile(own)
    if own and has_own:
        _apply(own, layers, trusted=True, seen=())
    project = Path(path) if path else project_file(near, start) if of_project else None
    if project and not (own and has_own and project.resolve() == own.resolve()):
        _apply(project, layers, trusted=bool(path), seen=())
    return layers


def user_file() -> Path | None:
    """The user's own configuration, which need not exist: `refsync.toml` in the user's folder; None without a home."""
    folder = config_folder()
    return folder / "refsync.toml" if folder else None


def user_file_name() -> str:
    """The path of the user's own configuration for a message."""
    return str(user_file() or "refsync/refsync.toml below XDG_CONFIG_HOME, which is not set")


def project_file(near: Sequence[str] = (), start: Path | None = None) -> Path | None:
    """The configuration nearest to the inputs, else to the folder `start`; None if there is none.

    Where inputs have different ones, that of the folder that contains them all decides.
    """
    folders = [folder for name in near if (folder := _folder(name))]
    found = {_nearest(folder) for folder in folders}
    if len(found) > 1:
        try:
            found = {_nearest(Path(os.path.commonpath(folders)))}
        except ValueError:  # on different drives
            found = {None}
    return next(iter(found), None) or _nearest((start or Path.cwd()).resolve())


def _folder(name: str) -> Path | None:
    """The folder of an input; None if it is no file."""
    if name == STDIN or is_remote(name) or name.startswith(_NO_FOLDERS):
        return None
    path = (find_library(name).folder if is_papis(name) else Path(name)).absolute()
    return Path(os.path.normpath(path if path.is_dir() else path.parent))


def _nearest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            path = folder / name
            if os.path.isfile(path) and (name != "pyproject.toml" or _own_table(path, _parse(path)) is not None):
                return path
    return None


def _parse(path: Path) -> dict[str, Any]:
    try:
        if not path.exists():
            raise ConfigError(f"{path}: no such configuration file")
        if not path.is_file():  # a pipe or a device would be read for ever
            raise ConfigError(f"{path}: not a file")
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise ConfigError(f"{path}: too large for a configuration file", hint="it may have 1 MB")
        return tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None


def _own_table(path: Path, table: dict[str, Any]) -> dict[str, Any] | None:
    if path.name != "pyproject.toml":
        return table
    tool = table.get("tool")
    own = tool.get("refsync") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else None


def _apply(path: Path, layers: Layers, *, trusted: bool, seen: tuple[Path, ...]) -> None:
    """Apply the settings of a file, on top of those of the file that it extends."""
    if path.resolve() in seen:
        raise ConfigError(f"{path}: extends itself", hint=" -> ".join(map(str, (*seen, path))))
    table = _own_table(path, _parse(path))
    if table is None:
        raise ConfigError(f"{path}: no table [tool.refsync]")
    base = table.pop("extend", None)
    if base is not None:
        if not isinstance(base, str):
            raise ConfigError(f"{path}: `extend` must be a file's path")
        if not trusted:
            _refuse_foreign_base(path, base)
        _apply(path.parent / base, layers, trusted=trusted, seen=(*seen, path.resolve()))
    _resolve_paths(table, path.parent)
    if not trusted:
        _refuse_foreign_files(path, table)
        for name in USER_ONLY:
            section, _, key = name.partition(".")
            within = table.get(section)
            if isinstance(within, dict) and key in within:
                del within[key]
                layers.ignored.append((relative_path(path), name))
    named = relative_path(path)
    layers.files.append(named)
    layers.table = _overlay(layers.table, table)
    layers.origins.update((name, named) for name in dotted_names(table))


def _resolve_paths(table: dict[str, Any], folder: Path) -> None:
    for section, name in _PATHS:
        within = table.get(section) if section else table
        if not isinstance(within, dict):
            continue
        named = within.get(name)
        if isinstance(named, list):
            within[name] = [relative_path(folder / item) if isinstance(item, str) else item for item in named]
        elif isinstance(named, str) and named:
            within[name] = relative_path(folder / named)


def _refuse_foreign_base(path: Path, base: str) -> None:
    """Refuse that a project's file extends one that is not the project's: its content would be read, and shown."""
    root = _project_of(path)
    named = path.parent / base
    if root is None:  # a base beside the project's folder is usual; any other folder is none of its business
        beside = path.parent.resolve().parent
        home = Path(os.path.expanduser("~"))
        root = path.parent if beside in (home, *home.parents) else beside
        if named.suffix != ".toml":
            root = path.parent
    if not named.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{path}: `extend` names {named}, outside the project", hint=_TRUST)


def _refuse_foreign_files(path: Path, table: Mapping[str, Any]) -> None:
    """Refuse that a project's file names files that are not the project's: they would be read, or written."""
    root = (_project_of(path) or path.parent).resolve()
    for section, name in (*_PATHS, *_OTHER_FILES):
        within = table.get(section, {}) if section else table
        named = within.get(name) if isinstance(within, dict) else None
        for item in named if isinstance(named, list) else [named]:
            if isinstance(item, str) and item and not Path(_fixed_part(item)).resolve().is_relative_to(root):
                setting = f"{section}.{name}" if section else name
                raise ConfigError(f"{path}: `{setting}` names {item}, outside the project", hint=_TRUST)


_TRUST = f"if you trust it, name the file: --config FILE; your own files belong into {NAME}.toml in your own folder"


def _fixed_part(pattern: str) -> str:
    """The path before the first wildcard of a pattern; `..` after one is refused, as it may lead anywhere."""
    parts = re.split(r"[\\/]" if os.name == "nt" else "/", pattern)
    fixed = next((i for i, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    return os.sep if ".." in parts[fixed:] else "/".join(parts[:fixed]) or ("" if not pattern.startswith("/") else "/")


def _project_of(path: Path) -> Path | None:
    """The repository that a configuration file belongs to; None if it is in none."""
    home = Path(os.path.expanduser("~"))
    folders = [folder for folder in path.absolute().parents if folder not in (home, *home.parents)]
    return next((folder for folder in reversed(folders) if any((folder / name).exists() for name in MARKERS)), None)


def relative_path(path: Path) -> str:
    """A path relative to the working directory, if possible."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)


def dotted_names(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The names of all values in nested tables, `check.scope`."""
    for key, value in table.items():
        name = f"{prefix}{key.replace('-', '_')}"
        if isinstance(value, dict):
            yield from dotted_names(value, f"{name}.")
        else:
            yield name


def _overlay(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        known = next((name for name in merged if name.replace("-", "_") == key.replace("-", "_")), key)
        nested = merged.pop(known, None)
        merged[key] = _overlay(nested, value) if isinstance(nested, dict) and isinstance(value, dict) else value
    return merged
