"""Changing the user's own .bib files."""

from refsync.cli.common.options import Citing
from refsync.errors import ConfigError
from refsync.formats.common.dialect import dialect_of
from refsync.sources import Reading


def check_in_place(reading: Reading) -> None:
    """Refuse inputs that cannot be changed in place.

    Raises:
        ConfigError: an input is not a .bib file, or comes from an archive or standard input.
    """
    for snapshot in reading.snapshots:
        if snapshot.format != "bibtex" or snapshot.source in reading.kept:
            raise ConfigError(
                f"{snapshot.source}: only .bib files can be changed in place", hint="use -o for other formats"
            )


def digests_of_files(reading: Reading) -> dict[str, str]:
    """The SHA-256 of each file that was read, by its name."""
    return {snapshot.source: reading.digests[snapshot.source] for snapshot in reading.snapshots}


def files_with_aliases(reading: Reading, citing: Citing) -> list[str]:
    """The files whose entries keep the citation keys of the entries merged into them, in the field `ids`.

    Unless the user chose with --ids or --no-ids, these are the files written for BibLaTeX, and none where documents
    are rewritten: BibTeX has no aliases, and a rewritten document no longer needs the old key.
    """
    if citing.ids is False or (citing.ids is None and citing.rewrite):
        return []
    return [
        snapshot.source for snapshot in reading.snapshots if citing.ids or dialect_of(snapshot.records) == "biblatex"
    ]
