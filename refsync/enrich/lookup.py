"""The look-ups of a library: by identifier first, by title where there is none; each service is asked in batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from refsync.dedup.profile import Profile, profile
from refsync.dedup.settings import DedupSettings
from refsync.enrich.cached_lookups import Asker
from refsync.enrich.match import Match, best_each
from refsync.enrich.missing_fields import lacking, sought
from refsync.enrich.proposals import Differing, Enrichment, Fill, Related, differing, fills, published_form, related
from refsync.enrich.services import By, Sought
from refsync.enrich.settings import EnrichSettings, Service, Wanted
from refsync.formats.common.dialect import Dialect, dialect_of
from refsync.records import Record
from refsync.text.identifiers import doi

_OF_ARXIV: frozenset[Wanted] = frozenset({"title", "author", "year", "doi", "eprint", "abstract", "url"})
"""What arXiv has of a paper. Where it was published it tells in words that are no journal's name."""

_SHORTEST_TITLE = 12  # letters: what is shorter is shared by too many papers


@dataclass(slots=True)
class _Case:
    """A record that lacks something, and how far its look-ups are; `filled` has what was found so far, too."""

    place: int
    record: Record
    filled: Record
    profile: Profile
    sought: Sought
    lacks: list[Wanted]
    dialect: Dialect | None
    learnt: str = ""  # the DOI of the published form, as arXiv tells it,
    published: Record | None = None  # and all that it tells
    known_by: set[By] = field(default_factory=set)
    unanswered: bool = False
    asked: set[tuple[Service, By]] = field(default_factory=set)


def enrich(
    records: Sequence[Record],
    asker: Asker,
    settings: EnrichSettings,
    dedup: DedupSettings,
    *,
    also_differing: bool = False,
) -> Enrichment:
    """Look up every record that lacks something, and propose what was found.

    A DOI is looked up at Crossref, else at OpenAlex; an arXiv number at arXiv, which may tell the DOI of the published
    form; a title, where no identifier was known anywhere, at each service until one has the paper.

    Args:
        records: the library.
        asker: the services to ask.
        settings: what is wanted, and how sure is sure enough.
        dedup: the same for telling whether two records are one paper.
        also_differing: list the fields that a service has otherwise, too; then complete records are looked up as well.
    """
    return _Looking(records, asker, settings, dedup, also_differing).run()


class _Looking:
    def __init__(
        self,
        records: Sequence[Record],
        asker: Asker,
        settings: EnrichSettings,
        dedup: DedupSettings,
        also_differing: bool,
    ) -> None:
        self.asker, self.settings, self.dedup, self.also_differing = asker, settings, dedup, also_differing
        self.records = records
        self.fills: list[Fill] = []
        self.related: list[Related] = []
        self.differing: list[Differing] = []
        self.notes: dict[tuple[int, str], None] = {}
        self.having: dict[str, list[Record]] = {}  # the records that have a DOI, or are to get it
        by_source: dict[str, list[Record]] = {}
        for record in records:
            by_source.setdefault(record.source, []).append(record)
        dialects = {source: dialect_of(ones) for source, ones in by_source.items()}
        self.cases: list[_Case] = []
        for place, record in enumerate(records):
            known = profile(record)
            if known.doi:
                self.having.setdefault(known.doi, []).append(record)
            lacks = lacking(record, known, settings.fields)
            if lacks or also_differing:
                self.cases.append(
                    _Case(place, record, record, known, sought(record, known), lacks, dialects[record.source])
                )

    def run(self) -> Enrichment:
        asked = self.settings.services
        identified = [service for service in ("crossref", "openalex") if service in asked]
        self._round("arxiv", ["arxiv"], (case for case in self.cases if not case.sought.doi))
        self._round("doi", identified, self.cases)
        self._round("arxiv", ["arxiv"], self.cases)
        self._tell_published()
        untold = [case for case in self.cases if not (case.known_by or case.unanswered)]
        self._round("title", asked, (case for case in untold if len(case.profile.title_key) >= _SHORTEST_TITLE))
        self._tell_shared()
        return Enrichment(
            fills=tuple(sorted(self.fills, key=lambda fill: fill.record)),
            related=tuple(sorted(self.related, key=lambda item: item.record)),
            differing=tuple(sorted(self.differing, key=lambda item: item.record)),
            notes=tuple(sorted(self.notes)),
            failures=self.asker.failures,
            sought=len(self.cases),
            found=sum(bool(case.known_by) for case in self.cases),
            sent=self.asker.sent,
            cached=self.asker.cached,
            left_out=self.asker.left_out,
        )

    def _tell_published(self) -> None:
        """The published forms that arXiv alone knows of."""
        told = {item.record for item in self.related}
        for case in self.cases:
            if case.published and case.profile.preprint and case.place not in told and "doi" not in case.known_by:
                self.related.append(published_form(case.place, case.published))

    def _tell_shared(self) -> None:
        """Records that are to get a DOI that others have, or are to get, too."""
        for fill in self.fills:
            if fill.field == "doi":
                for other in self.having[doi(fill.value)]:
                    if other is not self.records[fill.record]:
                        told = f"{fill.value} is that of {other.source}:{other.id} too: are the two one paper?"
                        self._note(fill.record, f"{told} `refsync dedupe` tells")

    def _round(self, by: By, services: Iterable[Service], cases: Iterable[_Case]) -> None:
        """Ask one service after the other for what the ones before did not know."""
        cases = list(cases)
        for service in services:
            if service not in self.asker.services:
                continue
            wanting: dict[str, list[_Case]] = {}
            for case in cases:
                if key := self._key(case, service, by):
                    wanting.setdefault(key, []).append(case)
            answers = self.asker.find(service, by, [*wanting])
            given: list[tuple[_Case, list[Record]]] = []
            for key, sharing in wanting.items():
                for case in sharing:
                    case.asked.add((service, by))
                    if key not in answers:
                        case.unanswered |= by != "title"
                    elif found := self._fitting(case, service, by, key, answers[key]):
                        given.append((case, found))
            matches = best_each([(case.filled, found) for case, found in given], by, self.dedup)
            for (case, found), match in zip(given, matches, strict=True):
                self._take(case, service, by, found, match)

    def _key(self, case: _Case, service: Service, by: By) -> str:
        """What to ask a service for; empty where there is nothing to ask."""
        if by in case.known_by or (service, by) in case.asked:
            return ""
        if by == "doi" and case.learnt:
            return case.learnt  # whatever is lacking: is it this paper's?
        if not (self.also_differing or _given(service, case)):
            return ""
        return self.asker.services[service].key(by, case.sought)

    def _fitting(self, case: _Case, service: Service, by: By, key: str, found: list[Record]) -> list[Record]:
        """The records that were given, but those of another DOI than was asked for, which are told."""
        others = [record for record in found if by == "doi" and doi(record.get("doi")) != key]
        for other in others:
            told = f"{service} answers for {key} with another paper's DOI, {other.get('doi')}; passed over"
            self._note(case.place, told)
        return [record for record in found if record not in others]

    def _take(self, case: _Case, service: Service, by: By, found: list[Record], match: Match | None) -> None:
        if by == "arxiv" and match and not case.sought.doi:
            case.learnt = doi(found[0].get("doi"))
            case.published = found[0] if found[0].get("doi", "journal") else None
        if match is None:
            if by != "title":
                case.known_by.add(by)
                self._doubt(case, service, by, found[0])
            return
        if match.verdict == "version":
            if by == "doi":
                case.known_by.add(by)
            identified = related(case.place, match, service)
            if all(item.identifier != identified.identifier for item in self.related if item.record == case.place):
                self.related.append(identified)
            return
        case.known_by.add(by)
        made = fills(case.place, case.record, match, _given(service, case), service, self.settings.accept, case.dialect)
        self.fills += made
        for fill in made:
            if fill.field == "doi":
                self.having.setdefault(doi(fill.value), []).append(case.record)
        if self.also_differing and not match.unsure:
            self.differing += differing(case.place, case.record, match, service)
        case.filled = replace(case.filled, fields={**case.filled.fields, **{fill.field: fill.value for fill in made}})
        case.lacks = lacking(case.filled, case.profile, case.lacks)

    def _doubt(self, case: _Case, service: Service, by: By, found: Record) -> None:
        """Tell that an identifier is another paper's; where arXiv gave it, it is for a person to accept."""
        key = (case.learnt or case.sought.doi) if by == "doi" else case.sought.arxiv
        title = " ".join(found.get("title").split())[:90]
        told = f"{key} is another paper at {service}: {title!r}"
        self._note(case.place, f"{told}; is the identifier right?")
        self.having[key] = [record for record in self.having.get(key, ()) if record is not case.record]
        self.fills = [
            replace(fill, state="pending", why=f"{fill.why}; but {told}")
            if (fill.record, fill.field) == (case.place, "doi")
            else fill
            for fill in self.fills
        ]

    def _note(self, place: int, message: str) -> None:
        self.notes[place, message] = None


def _given(service: Service, case: _Case) -> list[Wanted]:
    """What a record lacks and a service may give. The year at arXiv is that of the preprint."""
    if service != "arxiv":
        return case.lacks
    published = not case.profile.preprint and (case.profile.venue or case.profile.doi)
    return [name for name in case.lacks if name in _OF_ARXIV and not (name == "year" and published)]
