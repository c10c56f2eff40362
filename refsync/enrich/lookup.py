"""The look-ups of a library: by identifier first, by title where there is none, in batches for each service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from refsync.dedup.profile import Profile, profile
from refsync.dedup.settings import DedupSettings
from refsync.enrich.cached_lookups import CachedLookups
from refsync.enrich.match import Match, best_matches
from refsync.enrich.missing_fields import lookup_keys, missing_fields
from refsync.enrich.proposals import (
    Difference,
    Enrichment,
    Fill,
    RelatedVersion,
    differences,
    propose_fills,
    published_version,
    related_version,
)
from refsync.enrich.services import KeyKind, LookupKeys
from refsync.enrich.settings import EnrichSettings, Service, Wanted
from refsync.formats.common.dialect import Dialect, dialect_of
from refsync.records import Record
from refsync.text.identifiers import doi

_ARXIV_FIELDS: frozenset[Wanted] = frozenset({"title", "author", "year", "doi", "eprint", "abstract", "url"})
"""The fields that arXiv has. It names the place of publication in free text, which is no name of a journal."""

_MIN_TITLE = 12  # letters; too many papers share a shorter title


@dataclass(slots=True)
class _RecordLookup:
    """A record with missing fields, and the state of its look-ups; `filled` includes the values found so far."""

    index: int
    record: Record
    filled: Record
    profile: Profile
    keys: LookupKeys
    missing: list[Wanted]
    dialect: Dialect | None
    published_doi: str = ""  # the DOI of the published version, from arXiv
    published: Record | None = None  # all that arXiv has of that version
    known_by: set[KeyKind] = field(default_factory=set)
    failed: bool = False
    asked: set[tuple[Service, KeyKind]] = field(default_factory=set)


def enrich(
    records: Sequence[Record],
    services: CachedLookups,
    settings: EnrichSettings,
    dedup: DedupSettings,
    *,
    also_differing: bool = False,
) -> Enrichment:
    """Look up every record with missing fields, and propose values for them.

    A DOI is looked up at Crossref, else at OpenAlex; an arXiv number at arXiv, which may give the DOI of the published
    version; a title, if no service knew an identifier, at each service until one has the paper.

    Args:
        records: the library.
        services: the services to ask.
        settings: which fields are wanted, and which matches are accepted.
        dedup: settings of the comparison of records.
        also_differing: also report fields with other values at a service; complete records are then looked up too.
    """
    return _LibraryLookup(records, services, settings, dedup, also_differing).run()


class _LibraryLookup:
    def __init__(
        self,
        records: Sequence[Record],
        services: CachedLookups,
        settings: EnrichSettings,
        dedup: DedupSettings,
        also_differing: bool,
    ) -> None:
        self.services, self.settings, self.dedup, self.also_differing = services, settings, dedup, also_differing
        self.records = records
        self.fills: list[Fill] = []
        self.related: list[RelatedVersion] = []
        self.differing: list[Difference] = []
        self.notes: dict[tuple[int, str], None] = {}
        self.by_doi: dict[str, list[Record]] = {}  # the records that have a DOI, or for which it is proposed
        by_source: dict[str, list[Record]] = {}
        for record in records:
            by_source.setdefault(record.source, []).append(record)
        dialects = {source: dialect_of(of_source) for source, of_source in by_source.items()}
        self.lookups: list[_RecordLookup] = []
        for index, record in enumerate(records):
            known = profile(record)
            if known.doi:
                self.by_doi.setdefault(known.doi, []).append(record)
            missing = missing_fields(record, known, settings.fields)
            if missing or also_differing:
                self.lookups.append(
                    _RecordLookup(
                        index=index,
                        record=record,
                        filled=record,
                        profile=known,
                        keys=lookup_keys(record, known),
                        missing=missing,
                        dialect=dialects[record.source],
                    )
                )

    def run(self) -> Enrichment:
        services = self.settings.services
        with_dois = [service for service in ("crossref", "openalex") if service in services]
        self._ask("arxiv", ["arxiv"], (lookup for lookup in self.lookups if not lookup.keys.doi))
        self._ask("doi", with_dois, self.lookups)
        self._ask("arxiv", ["arxiv"], self.lookups)
        self._add_published_versions()
        unknown = [lookup for lookup in self.lookups if not (lookup.known_by or lookup.failed)]
        self._ask("title", services, (lookup for lookup in unknown if len(lookup.profile.title_key) >= _MIN_TITLE))
        self._note_shared_dois()
        return Enrichment(
            fills=tuple(sorted(self.fills, key=lambda fill: fill.record)),
            related=tuple(sorted(self.related, key=lambda item: item.record)),
            differing=tuple(sorted(self.differing, key=lambda item: item.record)),
            notes=tuple(sorted(self.notes)),
            failures=self.services.failures,
            looked_up=len(self.lookups),
            known=sum(bool(lookup.known_by) for lookup in self.lookups),
            requests=self.services.sent,
            cached=self.services.cached,
            not_cached=self.services.not_cached,
        )

    def _add_published_versions(self) -> None:
        """Add the published versions that only arXiv knows."""
        has_version = {item.record for item in self.related}
        for lookup in self.lookups:
            is_preprint = lookup.profile.preprint and "doi" not in lookup.known_by
            if lookup.published and is_preprint and lookup.index not in has_version:
                self.related.append(published_version(lookup.index, lookup.published))

    def _note_shared_dois(self) -> None:
        """Note each record for which a DOI is proposed that another record has, or for which it is proposed too."""
        for fill in self.fills:
            if fill.field == "doi":
                for other in self.by_doi[doi(fill.value)]:
                    if other is not self.records[fill.record]:
                        message = f"{fill.value} is also the DOI of {other.source}:{other.id}; they may be duplicates"
                        self._note(fill.record, f"{message}: see `refsync dedupe`")

    def _ask(self, by: KeyKind, services: Iterable[Service], lookups: Iterable[_RecordLookup]) -> None:
        """Ask one service after the other for the records that the services before did not know."""
        lookups = list(lookups)
        for service in services:
            if service not in self.services.services:
                continue
            by_key: dict[str, list[_RecordLookup]] = {}
            for lookup in lookups:
                if key := self._key(lookup, service, by):
                    by_key.setdefault(key, []).append(lookup)
            answers = self.services.find(service, by, [*by_key])
            found: list[tuple[_RecordLookup, list[Record]]] = []
            for key, sharing in by_key.items():
                for lookup in sharing:
                    lookup.asked.add((service, by))
                    if key not in answers:
                        lookup.failed |= by != "title"
                    elif candidates := self._with_requested_doi(lookup, service, by, key, answers[key]):
                        found.append((lookup, candidates))
            matches = best_matches([(lookup.filled, candidates) for lookup, candidates in found], by, self.dedup)
            for (lookup, candidates), match in zip(found, matches, strict=True):
                self._add(lookup, service, by, candidates, match)

    def _key(self, lookup: _RecordLookup, service: Service, by: KeyKind) -> str:
        """The key to ask a service with; empty if there is nothing to ask."""
        if by in lookup.known_by or (service, by) in lookup.asked:
            return ""
        if by == "doi" and lookup.published_doi:
            return lookup.published_doi  # even if nothing is missing, to check that it is the DOI of this paper
        if not (self.also_differing or _available_fields(service, lookup)):
            return ""
        return self.services.services[service].key(by, lookup.keys)

    def _with_requested_doi(
        self, lookup: _RecordLookup, service: Service, by: KeyKind, key: str, candidates: list[Record]
    ) -> list[Record]:
        """The candidates without those of another DOI than the requested one; these are noted."""
        others = [record for record in candidates if by == "doi" and doi(record.get("doi")) != key]
        for other in others:
            message = f"{service} answered a request for {key} with another DOI, {other.get('doi')}; ignored"
            self._note(lookup.index, message)
        return [record for record in candidates if record not in others]

    def _add(
        self, lookup: _RecordLookup, service: Service, by: KeyKind, candidates: list[Record], match: Match | None
    ) -> None:
        """Add the proposals of the answer of one service."""
        if by == "arxiv" and match and not lookup.keys.doi:
            lookup.published_doi = doi(candidates[0].get("doi"))
            lookup.published = candidates[0] if candidates[0].get("doi", "journal") else None
        if match is None:
            if by != "title":
                lookup.known_by.add(by)
                self._note_other_paper(lookup, service, by, candidates[0])
            return
        if match.verdict == "version":
            if by == "doi":
                lookup.known_by.add(by)
            version = related_version(lookup.index, match, service)
            if all(item.identifier != version.identifier for item in self.related if item.record == lookup.index):
                self.related.append(version)
            return
        lookup.known_by.add(by)
        wanted = _available_fields(service, lookup)
        fills = propose_fills(lookup.index, lookup.record, match, wanted, service, self.settings.accept, lookup.dialect)
        self.fills += fills
        for fill in fills:
            if fill.field == "doi":
                self.by_doi.setdefault(doi(fill.value), []).append(lookup.record)
        if self.also_differing and not match.review_reason:
            self.differing += differences(lookup.index, lookup.record, match, service)
        values = {fill.field: fill.value for fill in fills}
        lookup.filled = replace(lookup.filled, fields={**lookup.filled.fields, **values})
        lookup.missing = missing_fields(lookup.filled, lookup.profile, lookup.missing)

    def _note_other_paper(self, lookup: _RecordLookup, service: Service, by: KeyKind, found: Record) -> None:
        """Note that an identifier is that of another paper; a DOI that arXiv gave then waits for a person."""
        key = (lookup.published_doi or lookup.keys.doi) if by == "doi" else lookup.keys.arxiv
        title = " ".join(found.get("title").split())[:90]
        message = f"{key} is another paper at {service}: {title!r}"
        self._note(lookup.index, f"{message}; check the identifier")
        self.by_doi[key] = [record for record in self.by_doi.get(key, ()) if record is not lookup.record]
        self.fills = [
            replace(fill, state="pending", why=f"{fill.why}; but {message}")
            if (fill.record, fill.field) == (lookup.index, "doi")
            else fill
            for fill in self.fills
        ]

    def _note(self, index: int, message: str) -> None:
        self.notes[index, message] = None


def _available_fields(service: Service, lookup: _RecordLookup) -> list[Wanted]:
    """The missing fields that a service may have. The year at arXiv is that of the preprint."""
    if service != "arxiv":
        return lookup.missing
    is_published = not lookup.profile.preprint and (lookup.profile.venue or lookup.profile.doi)
    return [name for name in lookup.missing if name in _ARXIV_FIELDS and not (name == "year" and is_published)]
