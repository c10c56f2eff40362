"""Whether a library is for BibTeX or BibLaTeX: by what its documents load, else by its entries. Pure."""

from collections.abc import Mapping, Sequence

from refsync.cites import Cites, processors
from refsync.formats.common.dialect import Dialect, dialect_of
from refsync.records import Record


def dialects_of_files(files: Mapping[str, Sequence[Record]], cites: Cites) -> dict[str, Dialect | None]:
    """The dialect of each file: what the documents that name it load, else that of its entries; None if unknown.

    Args:
        files: the records by source.
        cites: the documents.
    """
    known = processors(cites, [*files])
    return {source: known[source] or dialect_of(records) for source, records in files.items()}


def dialect_of_library(records: Sequence[Record], cites: Cites, chosen: Dialect | str = "") -> Dialect | None:
    """The dialect of a library with all these records; None if unknown.

    Args:
        records: those of all inputs.
        cites: the documents. BibTeX decides where they differ.
        chosen: the dialect that the user chose; empty for none.
    """
    if chosen:
        return "biblatex" if chosen == "biblatex" else "bibtex"
    known = {*processors(cites, [*dict.fromkeys(record.source for record in records)]).values()} - {""}
    if known:
        return "biblatex" if known == {"biblatex"} else "bibtex"
    return dialect_of(records)
