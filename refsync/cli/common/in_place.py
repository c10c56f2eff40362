"""Changing the user's own .bib files."""

from refsync.cites import NO_CITES, Cites, processors
from refsync.cli.common.options import Citing
from refsync.cli.common.request import Request
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


def files_with_aliases(reading: Reading, citing: Citing, cites: Cites = NO_CITES) -> list[str]:
    """The files whose entries keep the citation keys of the entries merged into them, in the field `ids`.

    Unless the user chose with --ids or --no-ids, these are the files written for BibLaTeX, and none where documents
    are rewritten: BibTeX has no aliases, and a rewritten document no longer needs the old key. What the documents that
    name a file load decides; where they say nothing, its entries do.
    """
    chosen = _chosen(citing)
    said = processors(cites, [snapshot.source for snapshot in reading.snapshots])
    return [
        snapshot.source
        for snapshot in reading.snapshots
        if (chosen if chosen is not None else (said[snapshot.source] or dialect_of(snapshot.records)) == "biblatex")
    ]


def library_has_aliases(reading: Reading, request: Request, cites: Cites = NO_CITES) -> bool:
    """Whether the entries of the written library keep replaced keys in `ids`: as for files, or by --dialect."""
    chosen = _chosen(request.citing)
    if chosen is not None:
        return chosen
    said = {*processors(cites, [snapshot.source for snapshot in reading.snapshots]).values()} - {""}
    by_documents = "" if not said else "biblatex" if said == {"biblatex"} else "bibtex"
    return (request.common.config.export.dialect or by_documents or dialect_of(reading.records)) == "biblatex"


def _chosen(citing: Citing) -> bool | None:
    """What the user chose about `ids`; None where the kind of file decides."""
    return False if citing.ids is None and citing.rewrite else citing.ids
