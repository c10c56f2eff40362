"""The shares of areas in a library, stored beside it by `refsync areas --adapt`, and the tagger adapted to them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync.classify.label_shift import FILE_NAME, LibraryShares, read_shares
from refsync.cli.common.options import Common
from refsync.cli.common.text import counted
from refsync.sources import STDIN, is_remote

if TYPE_CHECKING:
    from refsync.classify.tagger import Tagger


def shares_file(inputs: tuple[str, ...], output: str = "") -> Path | None:
    """The file of shares in the folder of an input or of the output, if there is one."""
    names = [name for name in (*inputs, output) if name and name != STDIN and not is_remote(name)]
    folders = [path if (path := Path(name)).is_dir() else path.parent for name in names]
    return next((path for folder in folders if (path := folder / FILE_NAME).is_file()), None)


def library_tagger(inputs: tuple[str, ...], output: str, common: Common) -> "Tagger":
    """The tagger of the settings, adapted to the shares beside the library; a note says so.

    Raises:
        ConfigError: the settings name a model file that does not exist.
        SourceError: a model or the file of shares is damaged.
    """
    from refsync.classify.tagger import load_tagger

    path = shares_file(inputs, output) if not common.config.areas.model else None
    shares: LibraryShares | None = read_shares(path) if path else None
    if shares and not common.quiet:
        note = f"areas are adapted to {path}, the shares of areas in {counted(shares.papers, 'paper')}"
        click.echo(f"refsync: note: {note}", err=True)
    return load_tagger(common.config.areas, shares)
