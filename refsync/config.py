"""The configuration: frozen, read once by the command line; each stage gets its own part of it.

A value comes from the command line, else the configuration file, else the file that it extends, else the profile, else
the default in the settings class.
"""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from refsync.check.settings import CheckSettings
from refsync.dedup.settings import DedupSettings
from refsync.enrich.settings import EnrichSettings
from refsync.errors import ConfigError
from refsync.formatting.settings import FormatSettings
from refsync.planning.settings import PlanSettings
from refsync.zotero.settings import ZoteroSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Profile = Literal["careful", "balanced", "greedy"]
PROFILES: tuple[Profile, ...] = ("careful", "balanced", "greedy")
FILE_NAMES = ("refsync.toml", ".refsync.toml", "pyproject.toml")
_PLAN_TABLES = ("profile", "dedup", "merge", "areas", "export")
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

S = TypeVar("S", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Config(PlanSettings):
    """All settings of one run.

    `decisions` names the file of remembered answers; empty means `refsync-decisions.jsonl` beside the library. `cites`
    names the documents that cite: files, folders and patterns, relative to the folder of the configuration file.
    """

    profile: Profile = "balanced"
    decisions: str = ""
    cites: tuple[str, ...] = ()
    dedup: DedupSettings = field(default_factory=DedupSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    zotero: ZoteroSettings = field(default_factory=ZoteroSettings)
    enrich: EnrichSettings = field(default_factory=EnrichSettings)
    format: FormatSettings = field(default_factory=FormatSettings)


DEFAULTS = Config()


def load_config(path: str = "", profile: str = "", start: Path | None = None) -> Config:
    """The configuration in force for a run started in the folder `start` (default: the working directory).

    Args:
        path: a configuration file; empty means the nearest one, looking upward from `start`.
        profile: overrides the profile that the file names.
        start: the folder to start from.

    Raises:
        ConfigError: a file is missing or malformed, or names a key, value or profile that does not exist.
    """
    found = Path(path) if path else _nearest(start or Path.cwd())
    table = _read(found, seen=()) if found else {}
    chosen = profile or table.get("profile", Config().profile)
    if chosen not in PROFILES:
        raise ConfigError(f"unknown profile {chosen!r}", hint=f"one of: {', '.join(PROFILES)}")
    config = _build(Config(), profile_table(chosen), f"profile {chosen}")
    return replace(_build(config, table, str(found)), profile=chosen)


def as_table(config: Config, prefix: str = "") -> dict[str, Any]:
    """The settings that carrying out a plan needs, as a table that `from_table` reads.

    `prefix` is the text before each area, where the model sets one that is not configured.
    """
    table = asdict(replace(config, areas=replace(config.areas, prefix=prefix or config.areas.prefix)))
    kept: dict[str, Any] = json.loads(json.dumps({name: table[name] for name in _PLAN_TABLES}))
    return kept


def from_table(table: Mapping[str, Any], where: str) -> Config:
    """The settings in a table; those that it does not name have their defaults.

    Raises:
        ConfigError: it names a key or value that does not exist; the message starts with `where`.
    """
    return _build(Config(), table, where)


def profile_table(name: str) -> dict[str, Any]:
    """What a built-in profile sets."""
    text = files("refsync").joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _nearest(start: Path) -> Path | None:
    for folder in (start.resolve(), *start.resolve().parents):
        for name in FILE_NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _own_table(path, _parse(path)) is not None):
                return path
    return None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such configuration file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None


def _own_table(path: Path, table: dict[str, Any]) -> dict[str, Any] | None:
    if path.name != "pyproject.toml":
        return table
    own = table.get("tool", {}).get("refsync")
    return own if isinstance(own, dict) else None


def _read(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """The settings of a file, applied on top of those of the file that it extends."""
    if path.resolve() in seen:
        raise ConfigError(f"{path}: extends itself", hint=" -> ".join(map(str, (*seen, path))))
    table = _own_table(path, _parse(path))
    if table is None:
        raise ConfigError(f"{path}: no table [tool.refsync]")
    for section, name in _PATHS:
        within = table.get(section) if section else table
        if not isinstance(within, dict):
            continue
        named = within.get(name)
        if isinstance(named, list):
            within[name] = [_relative(path.parent / item) if isinstance(item, str) else item for item in named]
        elif isinstance(named, str) and named:
            within[name] = _relative(path.parent / named)
    base = table.pop("extend", None)
    if base is None:
        return table
    if not isinstance(base, str):
        raise ConfigError(f"{path}: `extend` must be a file's path")
    return _overlay(_read(path.parent / base, (*seen, path.resolve())), table)


def _relative(path: Path) -> str:
    """A path relative to the working directory, if possible."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)


def _overlay(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        nested = merged.get(key)
        merged[key] = _overlay(nested, value) if isinstance(nested, dict) and isinstance(value, dict) else value
    return merged


def _build(settings: S, table: Mapping[str, Any], where: str, prefix: str = "") -> S:
    """The settings with the values of a TOML table; nested tables are for nested settings."""
    hints = get_type_hints(type(settings))
    names = [item.name for item in fields(settings)]
    changes: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, cutoff=0.5)
            known = f"did you mean `{prefix}{near[0]}`?" if near else f"known keys: {', '.join(names)}"
            raise ConfigError(f"{where}: unknown key `{prefix}{key}`", hint=known)
        nested = getattr(settings, name)
        if is_dataclass(nested) and not isinstance(nested, type):
            if not isinstance(value, dict):
                raise ConfigError(f"{where}: `{prefix}{key}` must be a table")
            changes[name] = _build(nested, value, where, f"{prefix}{key}.")
        else:
            changes[name] = _checked(value, hints[name], f"{where}: `{prefix}{key}`")
    return replace(settings, **changes)


def _checked(value: Any, hint: Any, where: str) -> Any:
    """The value, if it is of the type that the settings class declares."""
    if get_origin(hint) in (Union, UnionType):
        return _one_of(value, [kind for kind in get_args(hint) if kind is not type(None)], where)
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ConfigError(f"{where} is {value!r}", hint=f"one of: {', '.join(map(repr, get_args(hint)))}")
        return value
    if get_origin(hint) is Mapping:
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a table")
        item_hint = get_args(hint)[1]
        fold = (
            str if get_origin(item_hint) is tuple else str.lower
        )  # the case of area names matters, of field names it does not
        return {fold(name): _checked(item, item_hint, f"{where[:-1]}.{name}`") for name, item in value.items()}
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{where} must be a list")
        return tuple(_checked(item, get_args(hint)[0], where) for item in value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{where} must be of type {hint.__name__}, not {type(value).__name__}")
    return value


def _one_of(value: Any, kinds: list[Any], where: str) -> Any:
    """The value, if it is of one of these types."""
    if len(kinds) == 1:
        return _checked(value, kinds[0], where)
    for kind in kinds:
        try:
            return _checked(value, kind, where)
        except ConfigError:
            continue
    words = [repr(word) for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    raise ConfigError(f"{where} is {value!r}", hint=f"a number, or {', '.join(words)}")
