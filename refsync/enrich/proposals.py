"""The proposals for a library, and how a match becomes proposals. Pure."""

from dataclasses import dataclass
from typing import Literal

from refsync.dedup.profile import profile
from refsync.dedup.relations import PREPRINT
from refsync.enrich.match import Match
from refsync.enrich.missing_fields import field_in_dialect, found_values, is_untyped
from refsync.enrich.services import KeyKind
from refsync.enrich.settings import Service, Wanted
from refsync.formats.common.dialect import Dialect
from refsync.records import Record
from refsync.text.identifiers import doi

State = Literal["accepted", "pending"]


@dataclass(frozen=True, slots=True)
class Fill:
    """A value, in plain text, for a field that a record lacks.

    `record` is the index of our record. `identifier` and `url` are those of the found record.
    """

    record: int
    field: str
    value: str
    service: Service
    by: KeyKind
    identifier: str
    url: str
    probability: float
    why: str
    state: State


@dataclass(frozen=True, slots=True)
class RelatedVersion:
    """Another version of a record's work; `ours_first`: whether our record is the first one of the relation."""

    record: int
    relation: str
    ours_first: bool
    service: Service
    by: KeyKind
    identifier: str
    url: str
    title: str
    venue: str
    year: str
    probability: float
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with different values in our record and at a service; reported, never proposed."""

    record: int
    field: str
    ours: str
    theirs: str
    service: Service
    identifier: str


@dataclass(frozen=True, slots=True)
class ServiceFailure:
    """The look-ups at a service that failed for one reason."""

    service: Service
    message: str
    lookups: int


@dataclass(frozen=True, slots=True)
class Enrichment:
    """The results for a library.

    Attributes:
        fills: proposed values.
        related: other versions of our works.
        differing: fields with other values at a service.
        notes: what a person should check, each with the index of its record.
        failures: look-ups that failed.
        looked_up: how many records were looked up.
        known: how many of them a service knew.
        requests: how many requests were sent.
        cached: how many look-ups the cache answered.
        not_cached: how many look-ups were left out because of `--offline`.
    """

    fills: tuple[Fill, ...] = ()
    related: tuple[RelatedVersion, ...] = ()
    differing: tuple[Difference, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    failures: tuple[ServiceFailure, ...] = ()
    looked_up: int = 0
    known: int = 0
    requests: int = 0
    cached: int = 0
    not_cached: int = 0


def propose_fills(
    index: int,
    record: Record,
    match: Match,
    wanted: list[Wanted],
    service: Service,
    accept: float,
    dialect: Dialect | None,
) -> list[Fill]:
    """The proposals for fields that a record lacks and its match has.

    Args:
        index: of our record.
        record: our record.
        match: a record of the same paper.
        wanted: the fields that our record lacks.
        service: the source of the match.
        accept: the probability from which on a match found by title is accepted.
        dialect: of the library, for the names of fields.
    """
    sure = not match.review_reason and (match.by != "title" or match.probability >= accept)
    identifier, url = identifier_and_url(match)
    why = f"{match.why}; {match.review_reason}" if match.review_reason else match.why
    values = {field: value for name in wanted for field, value in found_values(match.record, name, record).items()}
    if is_untyped(record) and match.record.type != record.type:
        values["type"] = match.record.type
    return [
        Fill(
            record=index,
            field=field_in_dialect(field, dialect),
            value=value,
            service=service,
            by=match.by,
            identifier=identifier,
            url=url,
            probability=match.probability,
            why=why,
            state="accepted" if sure else "pending",
        )
        for field, value in values.items()
    ]


def related_version(index: int, match: Match, service: Service) -> RelatedVersion:
    """The proposal for a match that is another version of the work."""
    record = match.record
    identifier, url = identifier_and_url(match)
    return RelatedVersion(
        record=index,
        relation=match.relation,
        ours_first=match.ours_first,
        service=service,
        by=match.by,
        identifier=identifier,
        url=url,
        title=record.get("title"),
        venue=record.get("journal", "booktitle"),
        year=record.get("year"),
        probability=match.probability,
        why=match.why,
    )


def published_version(index: int, preprint: Record) -> RelatedVersion:
    """The published version that arXiv's record names: by a DOI, by a reference in the authors' words, or by both."""
    identifier = doi(preprint.get("doi"))
    url = f"https://doi.org/{identifier}" if identifier else preprint.get("url")
    return RelatedVersion(
        record=index,
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


def differences(index: int, record: Record, match: Match, service: Service) -> list[Difference]:
    """The fields whose values differ between our record and the match, apart from spelling."""
    ours, theirs = profile(record), match.profile
    pairs = (
        ("title", ours.title_key, theirs.title_key),
        ("author", " ".join(ours.authors.families), " ".join(theirs.authors.families)),
        ("year", str(ours.year or ""), str(theirs.year or "")),
        ("journal", ours.venue, theirs.venue),
        ("volume", ours.volume, theirs.volume),
        ("number", ours.number, theirs.number),
        ("pages", ours.pages.first, theirs.pages.first),
        ("doi", ours.doi, theirs.doi),
    )
    names = {"journal": ("journal", "journaltitle", "booktitle"), "year": ("year", "date"), "pages": ("pages", "eid")}
    identifier, _ = identifier_and_url(match)
    return [
        Difference(
            record=index,
            field=name,
            ours=record.get(*names.get(name, (name,))),
            theirs=match.record.get(*names.get(name, (name,))),
            service=service,
            identifier=identifier,
        )
        for name, our_value, their_value in pairs
        if our_value and their_value and our_value != their_value
    ]


def identifier_and_url(match: Match) -> tuple[str, str]:
    """The identifier of a match, and its web address."""
    profile = match.profile
    if profile.doi:
        return profile.doi, f"https://doi.org/{profile.doi}"
    if profile.arxiv:
        return f"arXiv:{profile.arxiv}", f"https://arxiv.org/abs/{profile.arxiv}"
    return match.record.get("openalex"), match.record.get("url")
