"""What is proposed for a library, as data; and how a match becomes proposals. Pure."""

from dataclasses import dataclass
from typing import Literal

from refsync.dedup.profile import profile
from refsync.dedup.versions import PREPRINT
from refsync.enrich.match import Match
from refsync.enrich.missing_fields import found_values, in_dialect, is_untyped
from refsync.enrich.services import By
from refsync.enrich.settings import Service, Wanted
from refsync.formats.bibtex.dialect import Dialect
from refsync.records import Record
from refsync.text.identifiers import doi

State = Literal["accepted", "pending"]


@dataclass(frozen=True, slots=True)
class Fill:
    """A value, in plain text, for a field that a record lacks.

    `record` counts from 0 within the records given. `identifier` and `url` are those of the found record.
    """

    record: int
    field: str
    value: str
    service: Service
    by: By
    identifier: str
    url: str
    probability: float
    why: str
    state: State


@dataclass(frozen=True, slots=True)
class Related:
    """Another version of a record's work: `ours_first` says whether ours is the one that the relation describes."""

    record: int
    relation: str
    ours_first: bool
    service: Service
    by: By
    identifier: str
    url: str
    title: str
    venue: str
    year: str
    probability: float
    why: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that a record has and a service has otherwise; told, never proposed."""

    record: int
    field: str
    ours: str
    theirs: str
    service: Service
    identifier: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What a service could not be asked: why, and how many look-ups that were."""

    service: Service
    message: str
    lookups: int


@dataclass(frozen=True, slots=True)
class Enrichment:
    """All that was found for a library.

    `notes` are what a person should look at, each with the record that it is about. `sought` counts the records that
    were looked up, `found` those that a service knew, `sent` the requests, `cached` the answers that the cache had and
    `left_out` the look-ups that being offline left out.
    """

    fills: tuple[Fill, ...] = ()
    related: tuple[Related, ...] = ()
    differing: tuple[Differing, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    sought: int = 0
    found: int = 0
    sent: int = 0
    cached: int = 0
    left_out: int = 0


def fills(
    place: int,
    record: Record,
    found: Match,
    wanted: list[Wanted],
    service: Service,
    accept: float,
    dialect: Dialect | None,
) -> list[Fill]:
    """The proposals for what a record lacks and its match has.

    Args:
        place: of the record.
        record: ours.
        found: the match, which is the same paper.
        wanted: what ours lacks.
        service: that gave it.
        accept: what was found by title is accepted from this probability on.
        dialect: of the library, for the names of fields.
    """
    sure = not found.unsure and (found.by != "title" or found.probability >= accept)
    identifier, url = name_of(found)
    why = f"{found.why}; {found.unsure}" if found.unsure else found.why
    values = {field: value for name in wanted for field, value in found_values(found.found, name, record).items()}
    if is_untyped(record) and found.found.type != record.type:
        values["type"] = found.found.type
    return [
        Fill(
            record=place,
            field=in_dialect(field, dialect),
            value=value,
            service=service,
            by=found.by,
            identifier=identifier,
            url=url,
            probability=found.probability,
            why=why,
            state="accepted" if sure else "pending",
        )
        for field, value in values.items()
    ]


def related(place: int, found: Match, service: Service) -> Related:
    """The version that a match is."""
    record = found.found
    identifier, url = name_of(found)
    return Related(
        record=place,
        relation=found.relation,
        ours_first=found.ours_first,
        service=service,
        by=found.by,
        identifier=identifier,
        url=url,
        title=record.get("title"),
        venue=record.get("journal", "booktitle"),
        year=record.get("year"),
        probability=found.probability,
        why=found.why,
    )


def published_form(place: int, preprint: Record) -> Related:
    """What arXiv's record tells of the published form: a DOI, a place in its authors' words, or both."""
    identifier = doi(preprint.get("doi"))
    url = f"https://doi.org/{identifier}" if identifier else preprint.get("url")
    return Related(
        record=place,
        relation=PREPRINT,
        ours_first=True,
        service="arxiv",
        by="arxiv",
        identifier=identifier,
        url=url,
        title=preprint.get("title"),
        venue=preprint.get("journal"),
        year="",
        probability=1.0,
        why="arXiv's record names it",
    )


def differing(place: int, record: Record, found: Match, service: Service) -> list[Differing]:
    """The fields that both have, and that say something else however they are spelt."""
    mine, theirs = profile(record), found.profile
    pairs = (
        ("title", mine.title_key, theirs.title_key),
        ("author", " ".join(mine.authors.families), " ".join(theirs.authors.families)),
        ("year", str(mine.year or ""), str(theirs.year or "")),
        ("journal", mine.venue, theirs.venue),
        ("volume", mine.volume, theirs.volume),
        ("number", mine.number, theirs.number),
        ("pages", mine.pages.first, theirs.pages.first),
        ("doi", mine.doi, theirs.doi),
    )
    names = {"journal": ("journal", "journaltitle", "booktitle"), "year": ("year", "date"), "pages": ("pages", "eid")}
    identifier, _ = name_of(found)
    return [
        Differing(
            record=place,
            field=name,
            ours=record.get(*names.get(name, (name,))),
            theirs=found.found.get(*names.get(name, (name,))),
            service=service,
            identifier=identifier,
        )
        for name, ours, other in pairs
        if ours and other and ours != other
    ]


def name_of(found: Match) -> tuple[str, str]:
    """The identifier of a found record, and the address at which a person finds it."""
    known = found.profile
    if known.doi:
        return known.doi, f"https://doi.org/{known.doi}"
    if known.arxiv:
        return f"arXiv:{known.arxiv}", f"https://arxiv.org/abs/{known.arxiv}"
    return found.found.get("openalex"), found.found.get("url")
