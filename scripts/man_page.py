"""Write docs/refsync.1, the manual page with all commands, from their `--help`.

`--check` writes nothing, and fails if the page is out of date. The format is that of man-pages(7) and groff_man(7).
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refsync.cli.commands import COMMANDS, refsync
from refsync.cli.common.folded_help import show_all_options

PAGE = Path(__file__).parents[1] / "docs/refsync.1"
EXIT_CODES = (
    ("0", "Done."),
    ("1", "Findings (check), or files to format (format --check)."),
    ("2", "Wrong usage, or an input that could not be read, or lost something."),
    ("3", "Not everything could be written to a remote library, or looked up."),
    ("130", "Interrupted; no file is left half written."),
)
FILES = (
    ("refsync.toml", "The settings of a project; `refsync config` shows what is in force."),
    ("refsync-decisions.jsonl", "Remembered answers about duplicates, beside the library."),
    (".refsync/", "Journals of runs, which `refsync undo` reads."),
)


def page() -> str:
    """The manual page."""
    top = click.Context(refsync, info_name="refsync", max_content_width=1000)
    lines = [
        '.TH REFSYNC 1 "" "refsync" "User Commands"',
        ".SH NAME",
        r"refsync \- deduplicate and classify references",
    ]
    lines += [
        ".SH SYNOPSIS",
        r".B refsync",
        ".I COMMAND",
        "[ARGUMENT...]",
        ".SH DESCRIPTION",
        *paragraphs(refsync.help or ""),
    ]
    for title, section in COMMANDS.items():
        lines.append(f".SH {escaped(title.upper())}")
        for name in section:
            command = refsync.get_command(top, name)
            assert command
            lines += command_lines(command, click.Context(command, info_name=name, parent=top, max_content_width=1000))
    for heading, rows in (("EXIT STATUS", EXIT_CODES), ("FILES", FILES)):
        lines.append(f".SH {heading}")
        for term, text in rows:
            lines += [".TP", f".B {escaped(term)}", escaped(text)]
    return "\n".join(lines) + "\n"


def command_lines(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """One command: its usage, its help and all its options."""
    show_all_options(ctx)
    usage = " ".join(["refsync", str(ctx.info_name), *command.collect_usage_pieces(ctx)])
    yield from (f".SS {escaped(usage)}", *paragraphs(command.help or ""))
    for parameter in command.params:
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
            yield from (".TP", f".B {escaped(record[0])}", escaped(record[1]))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a help text; those after a line with `\\b` keep their lines."""
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        lines = part.split("\n")
        if lines[0].strip() == "\b":
            yield from (".nf", *(escaped(line) for line in lines[1:]), ".fi")
        else:
            yield escaped(" ".join(line.strip() for line in lines))


def escaped(text: str) -> str:
    r"""Text for roff: a backslash is `\e`, a hyphen that may be copied `\-`; no line starts with a control."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text[:1] in (".", "'") else text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = page()
    if parser.parse_args().check:
        return int(PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
