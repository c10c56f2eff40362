"""Changing the user's own .bib files."""

from refsync.cites import NO_CITES, Cites
from refsync.errors import ConfigError
from refsync.in_place.citing import Citing
from refsync.planning.library_dialect import dialects_of_files
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


def files_with_aliases(reading: Reading, citing: Citing, cites: Cites = NO_CITES) -> list[str]:
    """The files whose entries keep the citation keys of the entries merged into them, in the field `ids`.

    Unless the user chose with --ids or --no-ids, these are the files written for BibLaTeX, and none where documents
    are rewritten: BibTeX has no aliases, and a rewritten document no longer needs the old key. What the documents that
    name a file load decides; where they do not, its entries decide.
    """
    chosen = aliases_chosen(citing)
    if chosen is not None:
        return [snapshot.source for snapshot in reading.snapshots if chosen]
    dialects = dialects_of_files({snapshot.source: snapshot.records for snapshot in reading.snapshots}, cites)
    return [source for source, dialect in dialects.items() if dialect == "biblatex"]


def aliases_chosen(citing: Citing) -> bool | None:
    """What the user chose about `ids`; None where the kind of library decides."""
    return False if citing.ids is None and citing.rewrite else citing.ids
