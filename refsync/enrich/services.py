"""Crossref, OpenAlex and arXiv: how each is asked, how many at a time, and whose records its answers are.

The rates are those that the services publish (docs/decisions/0011-enrichment.md); the formats' own modules read the
answers.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from refsync.enrich.connection import Clock, Connection, Manners
from refsync.enrich.settings import EnrichSettings, Service
from refsync.errors import SourceError
from refsync.formats.common.json_files import part
from refsync.formats.registry import Format
from refsync.formats.services import crossref, feed, openalex
from refsync.formats.xml.items import elements
from refsync.records import Record
from refsync.text.identifiers import arxiv, doi

By = Literal["doi", "arxiv", "title"]
"""What a record is looked up by."""

Answer = dict[str, list[Record]]
"""What was found under each key: at most one record under an identifier, several under a title."""

_CANDIDATES = 5  # of a search by title: the one sought is among the first, or the service does not have it
_SEVERAL = re.compile(r"[,|]")  # what parts the values of a filter


@dataclass(frozen=True, slots=True)
class Sought:
    """What a record can be looked up by; empty where it has it not. `words` are the folded ones of its title."""

    doi: str = ""
    arxiv: str = ""
    title: str = ""
    words: str = ""
    family: str = ""
    year: str = ""


class Source:
    """One service. Asks over one connection; `batches` says how many keys of a kind fit into one request."""

    name: Service
    batches: Mapping[By, int]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def key(self, by: By, sought: Sought) -> str:
        """The key under which this service is asked for a record; empty where it cannot be."""
        raise NotImplementedError

    def ask(self, by: By, keys: Sequence[str]) -> Answer:
        """The records under these keys, no more than fit into one request; a key without records is not there.

        Raises:
            ServiceError: the service does not answer.
        """
        raise NotImplementedError

    def parted(self, by: By, keys: Sequence[str]) -> Iterator[Sequence[str]]:
        """The keys of one request after another. A DOI with a sign that parts DOIs in a list is asked for alone."""
        alone = [key for key in keys if by == "doi" and _SEVERAL.search(key)]
        yield from ([key] for key in alone)
        together = [key for key in keys if key not in alone]
        size = self.batches[by]
        yield from (together[start : start + size] for start in range(0, len(together), size))


class Crossref(Source):
    """https://www.crossref.org/documentation/retrieve-metadata/rest-api/."""

    name = "crossref"
    batches: Mapping[By, int] = {"doi": 40, "title": 1}
    _FIELDS = (
        "DOI,type,title,subtitle,author,editor,translator,container-title,short-container-title,published,issued,"
        "published-print,published-online,posted,created,volume,issue,article-number,page,publisher,"
        "publisher-location,event,resource,URL,ISSN,ISBN,abstract"
    )

    def key(self, by: By, sought: Sought) -> str:
        if by == "doi":
            return sought.doi
        # its advice for matching references: all that is known in one query, without filters
        return " ".join(filter(None, (sought.title, sought.family, sought.year))) if by == "title" else ""

    def ask(self, by: By, keys: Sequence[str]) -> Answer:
        if by == "title":
            params = {"query.bibliographic": keys[0], "rows": str(_CANDIDATES), "select": self._FIELDS}
            return {keys[0]: self.connection.ask("works", params, _works) or []}
        if len(keys) == 1:
            return _single(keys[0], self.connection.ask(f"works/{quote(keys[0])}", {}, _works, kind="one"))
        filters = ",".join(f"doi:{key}" for key in keys)
        params = {"filter": filters, "rows": str(len(keys)), "select": self._FIELDS}
        return _by_doi(keys, self.connection.ask("works", params, _works) or [])


class OpenAlex(Source):
    """https://developers.openalex.org."""

    name = "openalex"
    batches: Mapping[By, int] = {"doi": 50, "title": 1}
    _FIELDS = (
        "id,doi,display_name,publication_date,publication_year,type,ids,authorships,primary_location,locations,biblio,"
        "language,abstract_inverted_index,is_retracted"
    )

    def key(self, by: By, sought: Sought) -> str:
        # in a filter commas and pipes part values, and quotes and colons are signs too
        return {"doi": sought.doi, "title": sought.words, "arxiv": ""}[by]

    def ask(self, by: By, keys: Sequence[str]) -> Answer:
        params = {"per-page": str(_CANDIDATES), "select": self._FIELDS}
        if by == "title":
            params["filter"] = f"title.search:{keys[0]}"
            return {keys[0]: self.connection.ask("works", params, _open_works) or []}
        if len(keys) == 1:
            path = f"works/doi:{quote(keys[0])}"
            return _single(keys[0], self.connection.ask(path, {}, _open_works, kind="one"))
        params |= {"filter": f"doi:{'|'.join(keys)}", "per-page": str(2 * len(keys))}  # some works stand twice
        return _by_doi(keys, self.connection.ask("works", params, _open_works) or [])


class Arxiv(Source):
    """https://info.arxiv.org/help/api/user-manual.html."""

    name = "arxiv"
    batches: Mapping[By, int] = {"arxiv": 100, "title": 1}

    def key(self, by: By, sought: Sought) -> str:
        return {"arxiv": sought.arxiv, "title": sought.words, "doi": ""}[by]

    def ask(self, by: By, keys: Sequence[str]) -> Answer:
        if by == "title":
            params = {"search_query": f'ti:"{keys[0]}"', "max_results": str(_CANDIDATES)}
            return {keys[0]: self.connection.ask("query", params, _entries) or []}
        params = {"id_list": ",".join(keys), "max_results": str(len(keys))}  # it would give ten
        found: Answer = {}
        for record in self.connection.ask("query", params, _entries) or []:
            if (key := arxiv(record.get("eprint"), bare=True)) in keys:
                found.setdefault(key, [record])
        return found


@contextmanager
def open_services(
    settings: EnrichSettings, key: str = "", clock: Clock | None = None
) -> Iterator[dict[Service, Source]]:
    """The services that the settings name, in their order; nothing is sent yet.

    Args:
        settings: addresses and contact.
        key: the user's of OpenAlex. It goes there alone, or to where the user runs something himself.
        clock: the time.
    """
    polite = bool(settings.contact)
    with ExitStack() as open_ones:
        opened: dict[Service, Source] = {}
        for name in settings.services:
            base = getattr(settings, name)
            headers = {"Authorization": f"Bearer {key}"} if key and name == "openalex" and _may_have_key(base) else {}
            make, manners = _SERVICES[name](polite)
            opened[name] = make(Connection(base, manners, settings.contact, headers, clock))
            open_ones.callback(opened[name].connection.close)
        yield opened


_SERVICES: Mapping[Service, Callable[[bool], tuple[type[Source], Manners]]] = {
    "crossref": lambda polite: (
        Crossref,
        Manners(
            "Crossref",
            {"one": 0.1, "list": 1 / 3} if polite else {"one": 0.2, "list": 1.0},
            "wait some minutes"
            + ("" if polite else "; a contact address (--contact, or `[enrich] contact`) makes it more patient"),
        ),
    ),
    "openalex": lambda _: (
        OpenAlex,
        Manners(
            "OpenAlex",
            {"one": 0.1, "list": 0.1},
            "its free allowance for the day may be used up: set OPENALEX_API_KEY (a free key raises it tenfold), or go "
            "on tomorrow",
        ),
    ),
    "arxiv": lambda _: (Arxiv, Manners("arXiv", {"one": 3.0, "list": 3.0}, "wait an hour before you ask it again")),
}


def _may_have_key(base: str) -> bool:
    """A file that comes along with a project may name another address, and must not learn the key."""
    host = urlsplit(base).hostname or ""
    return host == "openalex.org" or host.endswith(".openalex.org") or host in {"127.0.0.1", "localhost", "::1"}


def _by_doi(keys: Sequence[str], records: Sequence[Record]) -> Answer:
    found: Answer = {}
    for record in records:
        if (key := doi(record.get("doi"))) in keys:
            found.setdefault(key, [record])
    return found


def _single(key: str, records: Sequence[Record] | None) -> Answer:
    """The one record; that of another DOI is one that the service took for the same, and is for a person to see."""
    return {key: list(records[:1])} if records else {}


def _works(data: bytes) -> list[Record]:
    return _json_records(data, crossref.FORMAT, "message", "items")


def _open_works(data: bytes) -> list[Record]:
    return _json_records(data, openalex.FORMAT, "results")


def _json_records(data: bytes, form: Format, *path: str) -> list[Record]:
    """The records of an answer; none where the list at this path is empty.

    Raises:
        SourceError: it is no such answer, or not whole.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:  # the format's reader would give what is whole in it
        page = data.lstrip().startswith(b"<")
        raise SourceError(form.name, "a web page, not JSON" if page else f"not whole JSON ({error})") from None
    if part(value, *path) == []:
        return []
    snapshot = form.read(data, form.name)
    if fatal := next((problem for problem in snapshot.problems if problem.fatal), None):
        raise SourceError(form.name, fatal.message)
    return list(snapshot.records)


def _entries(data: bytes) -> list[Record]:
    """The entries of arXiv's answer; it gives one without a title for what it does not have.

    Raises:
        SourceError: it is no feed, not whole, or an error of arXiv's.
    """
    if not feed.sniff(data):
        raise SourceError("arxiv", "not a feed", hint="was it an error page?")
    if not any(True for _ in elements(data, "arxiv", ("entry",), [])):
        return []
    snapshot = feed.read(data, "arxiv")
    if fatal := next((problem for problem in snapshot.problems if problem.fatal), None):
        raise SourceError("arxiv", fatal.message)
    return [record for record in snapshot.records if record.get("title")]
