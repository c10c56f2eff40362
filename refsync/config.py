"""The configuration: frozen, read once by the command line; each stage gets its own part of it.

A value comes from the command line, else the project's configuration file, else the file that it extends, else the
user's own configuration, else the profile, else the default in the settings class.
"""

import difflib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from refsync.check.settings import CheckSettings
from refsync.config_files import dotted_names, read_layers
from refsync.dedup.settings import DedupSettings
from refsync.enrich.settings import EnrichSettings
from refsync.errors import ConfigError
from refsync.formatting.settings import FormatSettings
from refsync.planning.settings import PlanSettings
from refsync.zotero.settings import ZoteroSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Profile = Literal["careful", "balanced", "greedy", "screening"]
PROFILES: tuple[Profile, ...] = ("careful", "balanced", "greedy", "screening")
_PLAN_TABLES = ("profile", "dedup", "merge", "areas", "export")
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


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The settings in force, and where they come from.

    Attributes:
        config: the settings.
        files: the configuration files that were read, in the order in which they were applied.
        origins: for each setting that is no default, the file or the profile that it comes from, by its dotted name.
        ignored: settings that a project may not make: the file and the setting's dotted name.
    """

    config: Config
    files: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[tuple[str, str], ...] = ()


def load_config(path: str = "", profile: str = "", start: Path | None = None, near: Sequence[str] = ()) -> Config:
    """The configuration in force for a run over some files.

    Args:
        path: a configuration file; empty means the one nearest to the inputs, looking upward from their folder.
        profile: overrides the profile that the files name: `careful`, `balanced`, `greedy` or `screening`.
        start: the folder to start from where no configuration is near the inputs (default: the working directory).
        near: the inputs, as the user named them.

    Returns:
        All settings, each table a frozen dataclass; `dataclasses.replace` makes a changed copy.

    Raises:
        ConfigError: a file is missing or malformed, or names a key, value or profile that does not exist.

    >>> load_config(profile="careful").profile
    'careful'
    """
    return load_with_origins(path, profile, start, near).config


def load_with_origins(
    path: str = "", profile: str = "", start: Path | None = None, near: Sequence[str] = ()
) -> LoadedConfig:
    """The configuration in force for a run over some files, and where each setting comes from.

    Args:
        path: a configuration file; empty means the one nearest to the inputs, looking upward from their folder.
        profile: overrides the profile that the files name.
        start: the folder to start from where no configuration is near the inputs (default: the working directory).
        near: the inputs, as the user named them.

    Raises:
        ConfigError: a file is missing or malformed, or names a key, value or profile that does not exist.
    """
    layers = read_layers(path, start, near)
    chosen = profile or layers.table.get("profile", Config().profile)
    if chosen not in PROFILES:
        raise ConfigError(f"unknown profile {chosen!r}", hint=f"one of: {', '.join(PROFILES)}")
    of_profile = profile_table(chosen)
    origins = dict.fromkeys(dotted_names(of_profile), f"profile {chosen}")
    config = _build(Config(), of_profile, lambda _: f"profile {chosen}")
    config = replace(_build(config, layers.table, lambda name: layers.origins.get(name, "")), profile=chosen)
    origins |= layers.origins | ({"profile": "--profile"} if profile else {})
    return LoadedConfig(config, tuple(layers.files), origins, tuple(layers.ignored))


def user_endpoint(path: str = "") -> str:
    """The Zotero server in the user's own configuration, or in the file that the user named; empty for Zotero's.

    Raises:
        ConfigError: one of these files is malformed.
    """
    layers = read_layers(path, of_project=False)
    table = {"zotero": layers.table.get("zotero", {})}
    return _build(Config(), table, lambda name: layers.origins.get(name, "")).zotero.endpoint


def user_files() -> tuple[str, ...]:
    """The files that the user's own configuration names: answers, a calibration, a model of areas.

    Raises:
        ConfigError: it is malformed.
    """
    layers = read_layers(of_project=False)
    table = {name: value for name, value in layers.table.items() if name in ("decisions", "dedup", "areas")}
    config = _build(Config(), table, lambda name: layers.origins.get(name, ""))
    return tuple(filter(None, (config.decisions, config.dedup.calibration, config.areas.model)))


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
    return _build(Config(), table, lambda _: where)


def profile_table(name: str) -> dict[str, Any]:
    """What a built-in profile sets."""
    text = Path(__file__).with_name("profiles").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _build(settings: S, table: Mapping[str, Any], where: Callable[[str], str], prefix: str = "") -> S:
    """The settings with the values of a TOML table; nested tables are for nested settings.

    Args:
        settings: the settings that the values are applied on top of.
        table: the values.
        where: the file that a value comes from, by its dotted name.
        prefix: the name of the table, with a dot.
    """
    hints = get_type_hints(type(settings))
    names = [item.name for item in fields(settings)]
    changes: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, cutoff=0.5)
            known = f"did you mean `{prefix}{near[0]}`?" if near else f"known keys: {', '.join(names)}"
            inside = next(dotted_names({key: value}, prefix), f"{prefix}{name}")
            raise ConfigError(f"{where(inside)}: unknown key `{prefix}{key}`", hint=known)
        nested = getattr(settings, name)
        if is_dataclass(nested) and not isinstance(nested, type):
            if not isinstance(value, dict):
                raise ConfigError(f"{where(f'{prefix}{name}')}: `{prefix}{key}` must be a table")
            changes[name] = _build(nested, value, where, f"{prefix}{name}.")
        else:
            inside = next(dotted_names({key: value}, prefix), f"{prefix}{name}")
            changes[name] = _checked(value, hints[name], f"{where(inside)}: `{prefix}{key}`")
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
