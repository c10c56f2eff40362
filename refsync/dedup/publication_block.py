"""The publication block: the fields that say in which form, where and when a record was published.

A merged record takes them together from the record that is to be cited, so that no entry describes a publication that
does not exist: a talk with the volume of a journal, a chapter with the pages of another publisher's book. Records of
the same publication complete each other.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from refsync.dedup.publication_form import Form, is_forthcoming, publication_form
from refsync.dedup.publishers import publisher_similarity
from refsync.dedup.record_values import arxiv_number, is_preprint_record, plain
from refsync.dedup.settings import MergeSettings
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import doi, isbns
from refsync.text.pages import parse_pages
from refsync.text.venues import fold_venue, venue_similarity

BLOCK = frozenset(
    "journal journaltitle journalsubtitle shortjournal booktitle booksubtitle booktitleaddon maintitle mainsubtitle "
    "maintitleaddon issuetitle issuesubtitle issuetitleaddon series shortseries publisher howpublished institution "
    "school organization address location venue eventtitle eventtitleaddon eventdate editor editora editorb editorc "
    "editortype year date month day volume volumes number issue part chapter pages pagetotal bookpagination eid "
    "articleno edition isbn issn isrn doi pubstate type entrysubtype crossref xdata version origdate".split()
)
"""The fields that move together with the entry type."""

OF_THE_VENUE = frozenset({"doi", "issn"})
"""Fields of the block that a record of the same venue completes too: one of the two has a wrong year or volume."""

PARENTS = ("crossref", "xdata")
"""What an entry inherits from; only the record that is cited keeps its own."""

ALTERNATIVES = (
    frozenset({"year", "date"}),
    frozenset({"journal", "journaltitle", "booktitle"}),
    frozenset({"address", "location"}),
    frozenset({"school", "institution", "organization"}),
    frozenset({"archiveprefix", "eprinttype"}),
    frozenset({"primaryclass", "eprintclass"}),
    frozenset({"pages", "eid", "articleno"}),
)
"""Fields with the same meaning: an entry that has one of them does not lack the others."""

GENERAL_TYPES = ("", "misc", "unpublished", "online", "electronic", "www", "other", "preprint", "manual", "thesis")
_NO_JOURNAL = frozenset({"book", "inbook", "incollection", "inproceedings", "conference", "proceedings"})
_EXCLUSIVE = (({"volume", "number"}, _NO_JOURNAL), ({"author", "editor"}, frozenset({"book", "inbook"})))
"""Pairs of which BibTeX's styles print one for these types, and warn about the other."""

_OWN_PLACE: Mapping[str, frozenset[str]] = {
    "howpublished": frozenset({"misc", "booklet", "manual", "unpublished", "online"}),
    "school": frozenset({"phdthesis", "mastersthesis", "thesis"}),
    "institution": frozenset({"techreport", "report", "thesis", "phdthesis", "mastersthesis", "misc", "online"}),
}
"""Fields that only entries of these types take over from another record."""

_PLACE = ("journal", "journaltitle", "booktitle", "year", "date", "volume", "number", "pages", "doi", "publisher")
_PUBLISHED = ("article", "paper", "chapter", "book", "volume")
_LESS = ("thesis", "report", "patent", "dataset", "software", "news", "preprint")
_THESES = {"phdthesis", "mastersthesis"}
_NEWSLETTER = re.compile(r"\b(?:newsletter|notices|sig\w+ (?:record|forum|bulletin|news|review)|architecture news)\b")
_ADDRESS = re.compile(r"://|\\url|www\.")
_SAME_VENUE = 0.8
_SAME_PUBLISHER = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where and when one or more records of the same publication appeared; empty where they do not say.

    Attributes:
        type: the entry type, empty for a general one.
        form: the form of publication.
        venues: the folded names of what contains it, by field: journal, proceedings, book, event, school.
        publisher: the folded name.
        values: volume, number, first page and so on, in comparable form.
        isbns: valid ISBNs.
    """

    type: str
    form: Form
    venues: Mapping[str, str]
    publisher: str
    values: Mapping[str, str]
    isbns: frozenset[str]

    @classmethod
    def of(cls, record: Record) -> "Publication":
        text = {name: plain(record, name) for name in record.fields if record.fields[name].strip()}
        kind = record.type.lower()
        venues = {
            _SAME_FIELD.get(name, name): fold_venue(text[name])
            for name in (_VENUES if kind in _IN_JOURNALS else (*_VENUES[2:], *_VENUES[:2]))
            if name in text and not _ADDRESS.search(text[name])
        }
        year = re.search(r"\d{4}", text.get("date") or text.get("year") or "")
        own_doi = doi(record.get("doi"))
        values = {
            "year": year[0] if year else "",
            "page": parse_pages(text.get("pages") or text.get("eid") or "").first,
            "number": _bare(text.get("number") or text.get("issue") or ""),
            "doi": own_doi,
            **{name: _bare(text.get(name, "")) for name in ("volume", "edition", "chapter", "part", "version")},
        }
        return cls(
            type=kind if is_specific(record) else "",
            form=publication_form(kind, text, next(iter(venues.values()), ""), own_doi),
            venues=venues,
            publisher=fold(text.get("publisher", "")),
            values={name: value for name, value in values.items() if value},
            isbns=frozenset(isbns(text.get("isbn", ""))),
        )

    def agrees_with(self, other: "Publication") -> bool:
        """Whether nothing that both say differs, so that the two complete each other."""
        return (
            (not self.type or not other.type or self.type == other.type or {self.type, other.type} <= _MEETINGS)
            and all(other.values.get(name, value) == value for name, value in self.values.items())
            and self._same_venue(other)
            and (
                not self.publisher
                or not other.publisher
                or publisher_similarity(self.publisher, other.publisher) >= _SAME_PUBLISHER
            )
            and (not self.isbns or not other.isbns or bool(self.isbns & other.isbns))
        )

    @property
    def venue(self) -> str:
        """The name of what contains it, by the field that counts most for the type; empty if none is given."""
        return next(iter(self.venues.values()), "")

    def _same_venue(self, other: "Publication") -> bool:
        pairs = [(name, other.venues[at]) for at, name in self.venues.items() if at in other.venues]
        if not pairs and self.venue and other.venue:
            pairs = [(self.venue, other.venue)]
        return all(venue_similarity(one, two) >= _SAME_VENUE for one, two in pairs)

    def is_of_one_venue(self, other: "Publication") -> bool:
        """Whether both are of one type and venue, whatever they say of year, volume and pages."""
        return bool(self.venue and other.venue) and self.type == other.type and self._same_venue(other)

    def completed_by(self, other: "Publication") -> "Publication":
        """What both say."""
        return Publication(
            type=self.type or other.type,
            form=self.form,
            venues={**self.venues, **{name: of for name, of in other.venues.items() if name not in self.venues}},
            publisher=self.publisher or other.publisher,
            values={**other.values, **self.values},
            isbns=self.isbns | other.isbns,
        )


_MEETINGS = {"inproceedings", "conference"}
_SAME_FIELD = {"journaltitle": "journal"}
_IN_JOURNALS = {"article", "periodical", "suppperiodical", "misc", "unpublished", "online", ""}
_VENUES = ("journal", "journaltitle", "booktitle", "eventtitle", "school", "institution", "organization",
           "howpublished")  # fmt: skip


def _bare(value: str) -> str:
    """A number for comparison: `07`, `7th`, `No. 7` and `VII` are 7; in words as they are."""
    if digits := re.findall(r"\d+", value):
        return " ".join(number.lstrip("0") or "0" for number in digits)
    folded = fold(value)
    return str(_roman(folded)) if _ROMAN.fullmatch(folded) else folded


_ROMAN = re.compile(r"(?=[mdclxvi])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def _roman(value: str) -> int:
    digits = [_DIGITS[char] for char in value]
    return sum(-one if one < next_ else one for one, next_ in zip(digits, [*digits[1:], 0], strict=True))


def is_specific(record: Record) -> bool:
    """Whether the entry type says what the record is."""
    return record.type.lower() not in GENERAL_TYPES


def citation_rank(record: Record, publication: Publication, settings: MergeSettings) -> tuple[float, ...]:
    """How far behind a record is as the one to be cited, lowest first: the published form, final, specific, complete.

    Without the published form (`keep` is `complete`) the most complete record leads.
    """
    filled = [name for name, value in record.fields.items() if value.strip()]
    completeness = (
        bool(publication.type),
        record.type.lower() in _THESES or bool(publication.form == "thesis" and record.get("type")),
        sum(name in filled for name in _PLACE),
        len(filled),
        sum(len(record.fields[name]) for name in filled),
    )
    behind = tuple(-float(value) for value in completeness)
    if settings.keep != "published":
        return behind
    pages = parse_pages(plain(record, "pages"))
    return (
        is_preprint_record(record),
        0 if publication.form in _PUBLISHED else 1 + (*_LESS, publication.form).index(publication.form),
        is_forthcoming(record.fields),
        bool(_NEWSLETTER.search(publication.venue)),
        *behind[:2],
        not publication.venue,
        not pages.last or pages.first == pages.last,
        *behind[2:],
    )


def same_publication(ordered: Sequence[Publication]) -> list[bool]:
    """Which records are of the publication of the first one: those that agree with it and with each other."""
    publication = ordered[0]
    same = [True]
    for other in ordered[1:]:
        agrees = publication.agrees_with(other)
        if agrees:
            publication = publication.completed_by(other)
        same.append(agrees)
    return same


def may_take(name: str, kind: str, present: Mapping[str, str], cited: Mapping[str, str]) -> bool:
    """Whether an entry may take a field of the block from another record of the same publication.

    Args:
        name: the field.
        kind: the type of the entry.
        present: what the entry has already.
        cited: what the record that is cited has, with what it inherits.
    """
    filled = present.keys() | cited.keys()
    if name in PARENTS or name in cited or any(name in group and group & filled for group in ALTERNATIVES):
        return False
    return kind in _OWN_PLACE.get(name, {kind}) and not excluded(name, kind, filled)


def excluded(name: str, kind: str, filled: Set[str]) -> bool:
    """Whether BibTeX's styles would warn about a field because of others that an entry of this type has or lacks."""
    if name == "number" and kind in _NO_JOURNAL and "series" not in filled:
        return True
    return any(name in pair and kind in kinds and (pair - {name}) & filled for pair, kinds in _EXCLUSIVE)


def eprint_of(ordered: Sequence[Record]) -> tuple[str, Record] | None:
    """The arXiv number of a preprint among records whose first is the published form, and the record that has it."""
    if is_preprint_record(ordered[0]):
        return None
    return next(((number, one) for one in ordered if is_preprint_record(one) and (number := arxiv_number(one))), None)
