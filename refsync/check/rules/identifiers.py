"""Rules about identifiers across entries: one identifier on two papers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from refsync.dedup.results import Deduplication
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, pmcid, pmid
from refsync.text.latex import latex_to_text

_PARTS = frozenset(
    "inbook incollection inproceedings conference bookinbook suppbook suppcollection inreference".split()
)
_BOOKS = frozenset("book mvbook collection proceedings".split())


@dataclass(frozen=True, slots=True)
class SharedIdentifier:
    """A record (by its index) with an identifier that another paper (`other`) has too."""

    index: int
    other: int
    identifier: str


def identifiers(record: Record) -> list[str]:
    """The identifiers of a record that name one work, each with its kind: `DOI 10.5555/1`."""
    number = doi(record.get("doi")) or doi(record.get("url"))
    preprint = (
        arxiv(record.get("eprint"), bare=True)
        or arxiv_of_doi(number)
        or arxiv(record.get("url"))
        or arxiv(record.get("journal", "note"))
    )
    book = isbns(record.get("isbn")) if record.type in _BOOKS else ()
    found = {
        "DOI": number,
        "arXiv number": preprint,
        "PubMed number": pmid(record.get("pmid"), bare=True),
        "PubMed Central number": pmcid(record.get("pmcid")),
        "ISBN": next(iter(book), ""),
    }
    return [f"{kind} {value}" for kind, value in found.items() if value]


def shared_identifiers(
    records: Sequence[Record],
    deduplication: Deduplication,
    compared: Callable[[str, str], bool],
    known: int = 0,
) -> Iterator[SharedIdentifier]:
    """RS105: entries that are different papers but give one DOI or arXiv number in `doi` or `eprint`.

    Pairs that the deduplicator merges, links or asks about are not reported: they are one paper, or may be. Parts of
    one book often give the book's DOI, and abstracts of a meeting that of their supplement: these are no slips.
    """
    related = {frozenset(link.members) for link in (*deduplication.versions, *deduplication.review)}
    cluster_of = {i: number for number, cluster in enumerate(deduplication.clusters) for i in cluster.members}
    holders: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        for identifier in _stated(record):
            holders.setdefault(identifier, []).append(index)
    for identifier, indices in holders.items():
        if not 1 < len(indices) <= 5:  # more: the DOI of a volume or supplement
            continue
        for place, index in enumerate(indices):
            other = next((i for i in indices[:place] if _other_paper(records, i, index, cluster_of, related)), None)
            if other is not None and index >= known and compared(records[other].source, records[index].source):
                yield SharedIdentifier(index, other, identifier)


def _stated(record: Record) -> list[str]:
    """The identifiers that a record gives in their own fields."""
    number, preprint = doi(record.get("doi")), ""
    if (eprint := record.get("eprint")) and record.get("archiveprefix", "eprinttype").strip().lower() in ("", "arxiv"):
        preprint = arxiv(eprint, bare=True)
    found = [f"{name} {value}" for name, value in (("DOI", number), ("arXiv number", preprint)) if value]
    if record.type in _BOOKS and not record.get("volume", "part") and (title := _folded(record.get("title"))):
        found += [f"ISBN {isbn} and title {title!r}" for isbn in isbns(record.get("isbn"))]
    return found


def _other_paper(
    records: Sequence[Record], one: int, other: int, cluster_of: dict[int, int], related: set[frozenset[int]]
) -> bool:
    if frozenset((one, other)) in related or cluster_of.get(one, -1) == cluster_of.get(other, -2):
        return False
    a, b = records[one], records[other]
    titles = [_folded(a.get("title")), _folded(b.get("title"))]
    if all(titles) and titles[0] == titles[1]:
        return True
    if not all(titles) or titles[0] in titles[1] or titles[1] in titles[0]:
        return False  # one work, or a part with its whole
    if a.type in _PARTS and b.type in _PARTS and _folded(a.get("booktitle")) == _folded(b.get("booktitle")):
        return False
    wholes = {_folded(a.get("booktitle", "maintitle")), _folded(b.get("booktitle", "maintitle"))} - {""}
    return not any(whole in title or title in whole for whole in wholes for title in titles)


def _folded(value: str) -> str:
    return fold(latex_to_text(value))
