"""Unified diffs of text files."""

from refsync.cli.common.output import can_print, echo, write_data
from refsync.text.unified_diff import unified_diff


def print_diff(name: str, before: str, after: str) -> None:
    """Print the unified diff of two versions of a file, coloured on a terminal."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in unified_diff(name, before, after):
        if can_print(line):
            echo(line, fg=colours.get(line[:1]))
        else:  # as escapes it would be a patch that writes something else
            write_data(f"{line}\n".encode("utf-8", "surrogateescape"))
