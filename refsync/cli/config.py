"""`refsync config`: the settings in force for a file, and where each comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from refsync.cli.common.options import format_option, print_ignored
from refsync.cli.common.output import echo, echo_below
from refsync.cli.common.text import print_json
from refsync.config import PROFILES, LoadedConfig, load_with_origins
from refsync.config_files import USER_ONLY, user_file, user_file_name
from refsync.text.printable import printable

DEFAULT = "default"


@click.command("config", short_help="The settings in force, and where each comes from.")
@click.argument("file", default="", metavar="[FILE]")
@click.option("--profile", type=click.Choice(PROFILES), default=None, help="As given to the command in question.")
@click.option(
    "--config", "config_path", default="", metavar="FILE", help="A configuration file, instead of the nearest."
)
@click.option("--all", "everything", is_flag=True, help="Also the settings that have their defaults.")
@format_option()
def command(file: str, profile: str | None, config_path: str, everything: bool, output_format: str) -> int:
    """Show the settings in force for FILE (a file or folder; default: the working directory), and their sources.

    The project's configuration is the refsync.toml, .refsync.toml or pyproject.toml with [tool.refsync] nearest to
    FILE, looking upward; else that nearest to the working directory. Your own configuration is below it.

    \b
    Examples:
      refsync config
      refsync config refs/library.bib --all
      refsync config refs.bib --format json | jq '.settings["check.scope"]'
    """
    loaded = load_with_origins(config_path, profile or "", near=(file,) if file else ())
    settings = dict(_flat(asdict(loaded.config)))
    if output_format == "json":
        print_json(_document(loaded, settings))
        return 0
    print_ignored(loaded)
    _print_files(loaded)
    rows = [
        (f"{name} = {_toml(value)}", loaded.origins.get(name, DEFAULT))
        for name, value in settings.items()
        if everything or name in loaded.origins
    ]
    width = min(max((len(row) for row, _ in rows), default=0), 60)
    for row, origin in rows:
        echo(printable(f"{row:<{width}}  # {origin}"))
    if not everything:
        echo_below(f"All other settings have their defaults; --all shows them ({len(settings)} in all).")
    return 0


def _print_files(loaded: LoadedConfig) -> None:
    if loaded.files:
        for number, name in enumerate(reversed(loaded.files)):
            echo(printable(f"# {'then ' if number else ''}{name}"))
    else:
        echo("# no configuration file")
    own = user_file()
    missing = "" if own and own.is_file() else " (does not exist)"
    echo(printable(f"# your own configuration: {user_file_name()}{missing}"))
    echo(f"# read from there only: {', '.join(USER_ONLY)}")
    echo()


def _document(loaded: LoadedConfig, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "schema": "refsync.config/1",
        "files": list(reversed(loaded.files)),
        "user_file": user_file_name(),
        "settings": {
            name: {"value": value, "from": loaded.origins.get(name, DEFAULT)} for name, value in settings.items()
        },
        "ignored": [{"file": path, "setting": name} for path, name in loaded.ignored],
    }


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The settings by dotted names, those that are no tables first."""
    for name, value in table.items():
        if not isinstance(value, dict):
            yield f"{prefix}{name}", list(value) if isinstance(value, tuple) else value
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return str(value)
