"""The shares of areas in a library, stored beside it by `refsync areas --adapt`, and the tagger adapted to them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.classify.label_shift import FAR, FILE_NAME, LibraryShares, read_shares
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.sources import STDIN, folder_of, is_remote

if TYPE_CHECKING:
    from refsync.classify.model import Tagging
    from refsync.classify.tagger import Tagger


def shares_file(inputs: tuple[str, ...], output: str = "") -> Path | None:
    """The file of shares in the folder of an input or of the output, if there is one."""
    names = [name for name in (*inputs, output) if name and name != STDIN and not is_remote(name)]
    folders = [path if (path := Path(name)).is_dir() else folder_of(name) for name in names]
    return next((path for folder in folders if (path := folder / FILE_NAME).is_file()), None)


def library_tagger(inputs: tuple[str, ...], output: str, common: Common) -> "Tagger | None":
    """The tagger of the settings (None for none), adapted to the shares beside the library, which a note reports.

    Raises:
        ConfigError: the settings name a model file that does not exist.
        SourceError: a model or the file of shares is damaged.
    """
    from refsync.classify.tagger import load_tagger

    if not common.config.areas.tags:
        return None
    path = shares_file(inputs, output) if not common.config.areas.model else None
    shares: LibraryShares | None = read_shares(path) if path else None
    if shares and not common.quiet:
        note = f"areas are adapted to {path}, the shares of areas in {counted(shares.papers, 'paper')}"
        echo(f"refsync: note: {note}", err=True)
    return load_tagger(common.config.areas, shares)


def note_if_far(
    tagger: "Tagger | None", taggings: "Sequence[Tagging]", inputs: tuple[str, ...], common: Common
) -> None:
    """Print a note where a library's areas are far from those that the probabilities were calibrated on."""
    from refsync.classify.tagger import ShippedTagger

    if common.quiet or shares_file(inputs) or not isinstance(tagger, ShippedTagger):
        return
    if tagger.distance_of(taggings) > FAR:
        note = (
            "the mix of areas here is far from that of the papers that probabilities were calibrated on; "
            "`refsync areas LIBRARY --adapt` adapts them to the library"
        )
        echo(f"refsync: note: {note}", err=True)
