"""Write docs/commands.md and docs/settings.md from the code.

`--check` writes nothing, and fails if one is out of date.
"""

import argparse
import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refsync.cli.commands import COMMANDS, refsync
from refsync.cli.common.folded_help import show_all_options
from refsync.config import Config

DOCS = Path(__file__).parents[1] / "docs"
_COMMANDS = """# Commands

What `refsync COMMAND --help-all` prints. Exit codes: 0 done, 1 findings (`check`) or files to format
(`format --check`), 2 wrong usage or an input that could not be read, 3 failed remote writes or look-ups, 130
interrupted, 143 ended by `kill`.
"""
_SETTINGS = """# Settings

A setting comes from the command line, else the project's `refsync.toml` nearest to the inputs (or `[tool.refsync]` in
`pyproject.toml`), else the file that it extends, else your own configuration, else the profile, else the default below.
`refsync config` shows what is in force and from where.
"""


def commands() -> str:
    """The page of commands."""
    top = click.Context(refsync, info_name="refsync", max_content_width=1000)
    lines = [_COMMANDS]
    for title, section in COMMANDS.items():
        lines += [f"## {title}", ""]
        for name in section:
            command = refsync.get_command(top, name)
            assert command
            ctx = click.Context(command, info_name=name, parent=top, max_content_width=1000)
            show_all_options(ctx)
            usage = " ".join(["refsync", name, *command.collect_usage_pieces(ctx)])
            lines += [f"### refsync {name}", "", "```text", usage, "```", "", *_help(command.help or ""), ""]
            options = [item for item in command.params if isinstance(item, click.Option)]
            records = [record for item in options if (record := item.get_help_record(ctx))]
            if records:
                lines += ["| option | |", "|---|---|"]
                lines += [f"| `{_cell(option)}` | {_cell(_prose(text))} |" for option, text in records] + [""]
    return "\n".join(lines)


def settings() -> str:
    """The page of settings."""
    lines = [_SETTINGS, *_table("", Config)]
    for field in dataclasses.fields(Config):
        kind = get_type_hints(Config)[field.name]
        if dataclasses.is_dataclass(kind):
            assert isinstance(kind, type)
            lines += ["", f"## [{field.name}]", "", *_documented(kind), "", *_table(field.name, kind)]
    return "\n".join(lines) + "\n"


def _table(section: str, kind: type) -> list[str]:
    """The settings of one table, with type and default."""
    rows = ["| setting | values | default |", "|---|---|---|"]
    for field in dataclasses.fields(kind):
        hint = get_type_hints(kind)[field.name]
        if dataclasses.is_dataclass(hint):
            continue
        default = field.default if field.default is not dataclasses.MISSING else _made(field.default_factory)
        name = f"{section}.{field.name}" if section else field.name
        rows.append(f"| `{name}` | {_cell(_type(hint))} | {_cell(_default(default))} |")
    return rows


def _made(factory: Any) -> Any:
    return factory() if isinstance(factory, Callable) else None  # type: ignore[arg-type]


def _default(value: Any) -> str:
    if value in ("", (), {}, None) and value is not False and value != 0:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value}`"


def _type(hint: Any) -> str:
    text = str(hint) if not isinstance(hint, type) else hint.__name__
    if found := re.fullmatch(r"typing\.Literal\[(.*)\]", text):
        return ", ".join(f"`{item.strip(chr(39))}`" for item in found[1].split(", ") if item != "''")
    for pattern, word in (
        ("Mapping|dict", "table"),
        ("tuple|list", "list"),
        ("bool", "true or false"),
        ("int|float", "number"),
    ):
        if re.search(pattern, text):
            return word
    return "text"


def _documented(kind: type) -> Iterator[str]:
    """The docstring of a settings class: its paragraphs, and its attributes as a list."""
    inside = False
    for line in (inspect.getdoc(kind) or "").split("\n"):
        if line == "Raises:":
            break
        if line == "Attributes:":
            inside = True
            continue
        if inside and (found := re.match(r"    (\w+(?:, \w+)*): (.*)", line)):
            yield f"- `{found[1]}`: {found[2]}"
        elif inside and line.strip():
            yield f"  {line.strip()}"
        else:
            yield line


def _help(text: str) -> Iterator[str]:
    """A help text as Markdown; paragraphs after a line with `\\b` are listings."""
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = part.split("\n")
        if lines[0].strip() == "\b":
            yield from ("```text", *lines[1:], "```", "")
        else:
            yield from (_prose(" ".join(line.strip() for line in lines)), "")


def _prose(text: str) -> str:
    """Text in which nothing but code in backquotes is markup."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part[:1] == "`" else re.sub(r"([*_<>\[\]])", r"\\\1", part) for part in parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


PAGES = {"commands.md": commands, "settings.md": settings}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = 0
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        stale |= not path.exists() or path.read_text(encoding="utf-8") != text
        if not options.check:
            path.write_text(text, encoding="utf-8")
    return int(stale and options.check)


if __name__ == "__main__":
    sys.exit(main())
