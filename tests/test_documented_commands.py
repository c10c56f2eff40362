"""Each command line that a page or a help text shows exists, with its options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from refsync.cli.commands import COMMANDS, refsync
from tests.paths import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/decisions").glob("*.md"))]
_BLOCK = re.compile(r"```(?:console|sh|bash)\n(.*?)```", re.DOTALL)
_INLINE = re.compile(r"`(refsync [a-z][^`\n]*)`")
_PLACEHOLDER = re.compile(r"^[A-Z][A-Z_.]*$|^\.\.\.$|[<>|\[\]]")


def of_page(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        yield from (line[2:] for line in block.splitlines() if line.startswith("$ refsync "))
    yield from _INLINE.findall(text)


def of_help(name: str) -> Iterator[str]:
    command = refsync.get_command(click.Context(refsync), name)
    assert command
    yield from (line.strip() for line in (command.help or "").splitlines() if line.strip().startswith("refsync "))


def check(line: str) -> None:
    """Parse a command line; what is beside it in a pipeline, and comments, are not part of it.

    Raises:
        click.UsageError: no such command or option.
    """
    words: list[str] = []
    for word in shlex.split(re.split(r" +# ", line)[0].split(" && ")[0])[1:]:
        if word in ("|", ">", ">>", "<"):
            break
        words.append(word)
    if not words or _PLACEHOLDER.search(words[0]) or words[0] in ("--help", "help"):
        return
    top = click.Context(refsync, info_name="refsync")
    command = refsync.get_command(top, words[0])
    if command is None:
        raise click.UsageError(f"no command {words[0]}")
    ctx = click.Context(command, info_name=words[0], parent=top)
    ctx.ignore_unknown_options = False
    command.make_parser(ctx).parse_args([word.split("[")[0] if word[:2] == "--" else word for word in words[1:]])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_exist(page: Path) -> None:
    wrong = {}
    for line in of_page(page):
        try:
            check(line)
        except click.UsageError as error:
            if "requires an argument" not in str(error) and "requires" not in str(error):
                wrong[line] = str(error)
    assert wrong == {}


@pytest.mark.parametrize("name", [name for section in COMMANDS.values() for name in section])
def test_the_examples_of_a_help_text_exist(name: str) -> None:
    lines = [*of_help(name)]
    for line in lines:
        check(line)
    assert lines or name in ("demo", "log", "textconv"), "a help text teaches by examples"


def test_a_command_that_does_not_exist_is_found() -> None:
    for line in ("refsync frobnicate x", "refsync run x --no-such-option"):
        with pytest.raises(click.UsageError):
            check(line)
