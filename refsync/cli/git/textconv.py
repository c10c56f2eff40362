"""`refsync textconv`: a .bib file as git shows it in diffs."""

from pathlib import Path

import click

from refsync.cli.common.output import write_data
from refsync.git.readable import readable


@click.command("textconv", short_help="A .bib file as readable text, for git's diffs.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def command(file: str) -> int:
    """Print FILE with one field in each line and accents as letters, whatever its layout.

    `refsync git-setup` has git call this for `git diff` and `git log -p`, so that they show what changed in the entries
    and not how lines were broken. The file itself is not changed.
    """
    data = Path(file).read_bytes()
    text = readable(data.decode("utf-8", "surrogateescape"))
    write_data(text.encode("utf-8", "surrogateescape"))
    return 0
