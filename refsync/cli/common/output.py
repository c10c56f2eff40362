"""The only way for text to the terminal: control characters of a record, a file name or a server do nothing there.

Control characters, bidirectional overrides and line breaks inside a message are shown as escapes, and a line cannot
begin with what GitHub reads as a command of the workflow. A test makes sure that no command prints in another way.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from refsync.text.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

_drawn: "list[Console]" = []
"""The consoles that draw progress bars now, the last one in front."""

_NOT_ASCII = re.compile(r"[^ -~\n]")
_COMMAND = re.compile(r"^((?:\x1b\[[\d;]*m)*)\s*(?=::|##\[)")


class Shown(str):
    """Text whose characters are safe to print; it may have the program's own styles."""

    __slots__ = ()


def shown(text: str, **style: Any) -> Shown:
    """The text as it can be printed, tabs included, in a style of `click.style`."""
    safe = text if isinstance(text, Shown) else "\t".join(map(printable, text.split("\t")))
    return Shown(click.style(safe, **style) if style else safe)


def joined(*parts: str) -> Shown:
    """One text of several, of which those that are not `Shown` are made so."""
    return Shown("".join(map(shown, parts)))


def echo(text: str = "", *, err: bool = False, **style: Any) -> None:
    """Print one line, in a style of `click.style`; above progress bars, where some are drawn."""
    line = shown(Shown(_COMMAND.sub(r"\1\\", shown(text))), **style)
    if err and _drawn:
        from rich.text import Text

        _drawn[-1].print(Text.from_ansi(line), soft_wrap=True)
    else:
        click.echo(line, err=err)


@contextmanager
def above(console: "Console") -> Iterator[None]:
    """Has lines to standard error printed above what the console draws there, not into its last line."""
    _drawn.append(console)
    try:
        yield
    finally:
        _drawn.pop()


def echo_below(text: str, *, err: bool = False, **style: Any) -> None:
    """Print an empty line, then a line."""
    echo(err=err)
    echo(text, err=err, **style)


def echo_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines."""
    for line in lines:
        echo(line, err=err)


def echo_annotation(line: str) -> None:
    """Print a command of GitHub's workflows, whose parts are quoted already."""
    click.echo(printable(line))


def echo_json(text: str) -> None:
    """Print JSON, in which other characters than printable ones are escapes.

    On a stream that is not UTF-8 all but ASCII is: JSON is UTF-8, and a character that the encoding lacks would become
    something else.
    """
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") not in {"utf8", "utf8sig"}
    keep = (lambda _: False) if plain else str.isprintable
    click.echo(_NOT_ASCII.sub(lambda found: found[0] if keep(found[0]) else _json_escape(found[0]), text))


def write_data(data: bytes) -> None:
    """Write a file to standard output: its bytes, but on a terminal as text that is safe to print."""
    if sys.stdout.isatty():
        echo_lines(data.decode("utf-8", "replace").splitlines())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def can_print(text: str) -> bool:
    """Whether the encoding of standard output has all characters of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def safe_console(**options: Any) -> "Console":
    """A console of `rich` that prints the text of its tables and panels as `shown` does."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class SafeConsole(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
            for segment in super().render(renderable, options):
                if segment.control or segment.text.isprintable():
                    yield segment
                else:
                    yield Segment("\n".join(map(shown, segment.text.split("\n"))), segment.style)

    return SafeConsole(**options)


def _json_escape(character: str) -> str:
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
