"""What single records say, as plain text."""

from refsync.records import Record
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text
from refsync.text.venues import fold_venue, is_preprint


def plain(record: Record, name: str) -> str:
    """A record's value of a field as plain text."""
    value = record.fields.get(name, "")
    return latex_to_text(value) if record.markup == "latex" and name not in VERBATIM_FIELDS else value


def is_preprint_record(record: Record) -> bool:
    """Whether the record is the preprint form of a paper, by its venue, DOI or eprint number."""
    venue = fold_venue(plain(record, "journal") or plain(record, "journaltitle") or plain(record, "booktitle"))
    if venue:
        return is_preprint(venue)
    return is_preprint("", doi(record.get("doi"))) or bool(record.get("eprint") and not record.get("doi"))


def arxiv_number(record: Record) -> str:
    """The arXiv number that a record carries in its DOI, address, venue or notes, or an empty string."""
    places = ("url", "journal", "journaltitle", "note", "howpublished")
    found = (arxiv(record.get(name)) for name in places)
    return arxiv_of_doi(doi(record.get("doi"))) or next(filter(None, found), "")
