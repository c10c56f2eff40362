"""Crossref, OpenAlex and arXiv: the requests of each, their batch sizes, and which key a returned record answers.

The rates are those that the services publish (docs/decisions/0011-enrichment.md); the modules of the formats parse the
responses.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from refsync.enrich.connection import Clock, Connection, ServicePolicy
from refsync.enrich.settings import EnrichSettings, Service
from refsync.errors import SourceError
from refsync.formats.json.json_format import nested_value
from refsync.formats.registry import Format
from refsync.formats.services import crossref, feed, openalex
from refsync.formats.xml.elements import iter_elements
from refsync.http_rules import is_loopback
from refsync.records import Record
from refsync.text.identifiers import arxiv, doi

KeyKind = Literal["doi", "arxiv", "title"]
"""What a record is looked up by."""

RecordsByKey = dict[str, list[Record]]
"""The records found under each key: at most one under an identifier, several under a title."""

_CANDIDATES = 5  # results of a title search; a record that the service has is among the first
_FILTER_SEPARATOR = re.compile(r"[,|]")


@dataclass(frozen=True, slots=True)
class LookupKeys:
    """What a record can be looked up by; empty strings where it has none. `words` are the words of its title."""

    doi: str = ""
    arxiv: str = ""
    title: str = ""
    words: str = ""
    family: str = ""
    year: str = ""


class ServiceClient:
    """Look-ups at one service over one connection; `batches` gives the number of keys of each kind per request."""

    name: Service
    batches: Mapping[KeyKind, int]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def key(self, by: KeyKind, keys: LookupKeys) -> str:
        """The key that this service is asked with; empty if it cannot be asked."""
        raise NotImplementedError

    def lookup(self, by: KeyKind, keys: Sequence[str]) -> RecordsByKey:
        """The records under these keys, which fit into one request; keys without a record may be left out.

        Raises:
            ServiceError: the service gives no readable answer.
        """
        raise NotImplementedError

    def batched(self, by: KeyKind, keys: Sequence[str]) -> Iterator[Sequence[str]]:
        """The keys of each request. A DOI with a character that separates filter values gets its own request."""
        alone = [key for key in keys if by == "doi" and _FILTER_SEPARATOR.search(key)]
        yield from ([key] for key in alone)
        together = [key for key in keys if key not in alone]
        size = self.batches[by]
        yield from (together[start : start + size] for start in range(0, len(together), size))


class Crossref(ServiceClient):
    """https://www.crossref.org/documentation/retrieve-metadata/rest-api/."""

    name = "crossref"
    batches: Mapping[KeyKind, int] = {"doi": 40, "title": 1}
    _FIELDS = (
        "DOI,type,title,subtitle,author,editor,translator,container-title,short-container-title,published,issued,"
        "published-print,published-online,posted,created,volume,issue,article-number,page,publisher,"
        "publisher-location,event,resource,URL,ISSN,ISBN,abstract"
    )

    def key(self, by: KeyKind, keys: LookupKeys) -> str:
        if by == "doi":
            return keys.doi
        # Crossref's advice for matching references: all known values in one query, without filters
        return " ".join(filter(None, (keys.title, keys.family, keys.year))) if by == "title" else ""

    def lookup(self, by: KeyKind, keys: Sequence[str]) -> RecordsByKey:
        if by == "title":
            params = {"query.bibliographic": keys[0], "rows": str(_CANDIDATES), "select": self._FIELDS}
            return {keys[0]: self.connection.get("works", params, _works) or []}
        if len(keys) == 1:
            return _single(keys[0], self.connection.get(f"works/{_in_path(keys[0])}", {}, _works, kind="one"))
        filters = ",".join(f"doi:{key}" for key in keys)
        params = {"filter": filters, "rows": str(len(keys)), "select": self._FIELDS}
        return _by_doi(keys, self.connection.get("works", params, _works) or [])


class OpenAlex(ServiceClient):
    """https://developers.openalex.org."""

    name = "openalex"
    batches: Mapping[KeyKind, int] = {"doi": 50, "title": 1}
    _FIELDS = (
        "id,doi,display_name,publication_date,publication_year,type,ids,authorships,primary_location,locations,biblio,"
        "language,abstract_inverted_index,is_retracted"
    )

    def key(self, by: KeyKind, keys: LookupKeys) -> str:
        # commas and pipes separate the values of a filter, and quotes and colons have a meaning too
        return {"doi": keys.doi, "title": keys.words, "arxiv": ""}[by]

    def lookup(self, by: KeyKind, keys: Sequence[str]) -> RecordsByKey:
        params = {"per-page": str(_CANDIDATES), "select": self._FIELDS}
        if by == "title":
            params["filter"] = f"title.search:{keys[0]}"
            return {keys[0]: self.connection.get("works", params, _open_works) or []}
        if len(keys) == 1:
            path = f"works/doi:{_in_path(keys[0])}"
            return _single(keys[0], self.connection.get(path, {}, _open_works, kind="one"))
        params |= {"filter": f"doi:{'|'.join(keys)}", "per-page": str(2 * len(keys))}  # some works are listed twice
        return _by_doi(keys, self.connection.get("works", params, _open_works) or [])


class Arxiv(ServiceClient):
    """https://info.arxiv.org/help/api/user-manual.html."""

    name = "arxiv"
    batches: Mapping[KeyKind, int] = {"arxiv": 100, "title": 1}

    def key(self, by: KeyKind, keys: LookupKeys) -> str:
        return {"arxiv": keys.arxiv, "title": keys.words, "doi": ""}[by]

    def lookup(self, by: KeyKind, keys: Sequence[str]) -> RecordsByKey:
        if by == "title":
            params = {"search_query": f'ti:"{keys[0]}"', "max_results": str(_CANDIDATES)}
            return {keys[0]: self.connection.get("query", params, _entries) or []}
        params = {"id_list": ",".join(keys), "max_results": str(len(keys))}  # the default is 10
        found: RecordsByKey = {}
        for record in self.connection.get("query", params, _entries) or []:
            if (key := arxiv(record.get("eprint"), bare=True)) in keys:
                found.setdefault(key, [record])
        return found


@contextmanager
def open_services(
    settings: EnrichSettings, key: str = "", clock: Clock | None = None
) -> Iterator[dict[Service, ServiceClient]]:
    """The services that the settings name, in their order; no request is sent yet.

    Args:
        settings: addresses and contact.
        key: the user's OpenAlex key. It is sent only to OpenAlex, or to a server on this computer.
        clock: the clock to use.
    """
    polite = bool(settings.contact)
    with ExitStack() as stack:
        opened: dict[Service, ServiceClient] = {}
        for name in settings.services:
            base = getattr(settings, name)
            headers = {"Authorization": f"Bearer {key}"} if key and name == "openalex" and _may_have_key(base) else {}
            client, policy = _SERVICES[name](polite)
            opened[name] = client(Connection(base, policy, settings.contact, headers, clock))
            stack.callback(opened[name].connection.close)
        yield opened


_SERVICES: Mapping[Service, Callable[[bool], tuple[type[ServiceClient], ServicePolicy]]] = {
    "crossref": lambda polite: (
        Crossref,
        ServicePolicy(
            "Crossref",
            {"one": 0.1, "list": 1 / 3} if polite else {"one": 0.2, "list": 1.0},
            "wait some minutes" + ("" if polite else "; its limits are higher with a contact address (--contact)"),
        ),
    ),
    "openalex": lambda _: (
        OpenAlex,
        ServicePolicy(
            "OpenAlex",
            {"one": 0.1, "list": 0.1},
            "the free limit of the day may be used up: set OPENALEX_API_KEY (a free key raises it tenfold), or "
            "continue tomorrow",
        ),
    ),
    "arxiv": lambda _: (
        Arxiv,
        ServicePolicy("arXiv", {"one": 3.0, "list": 3.0}, "wait an hour before the next attempt"),
    ),
}


def _in_path(identifier: str) -> str:
    """An identifier as part of a URL's path. Its slashes stay, as the services write them, unless they climb."""
    climbs = not {"", ".", ".."}.isdisjoint(identifier.split("/"))
    return quote(identifier, safe="" if climbs else "/")


def _may_have_key(base: str) -> bool:
    """Whether the key may be sent to an address: a project's configuration may name a foreign one."""
    host = urlsplit(base).hostname or ""
    return host == "openalex.org" or host.endswith(".openalex.org") or is_loopback(base)


def _by_doi(keys: Sequence[str], records: Sequence[Record]) -> RecordsByKey:
    found: RecordsByKey = {}
    for record in records:
        if (key := doi(record.get("doi"))) in keys:
            found.setdefault(key, [record])
    return found


def _single(key: str, records: Sequence[Record] | None) -> RecordsByKey:
    """The single record, even if its DOI differs: the service treats both as the same; this is reported."""
    return {key: list(records[:1])} if records else {}


def _works(data: bytes) -> list[Record]:
    return _json_records(data, crossref.FORMAT, "message", "items")


def _open_works(data: bytes) -> list[Record]:
    return _json_records(data, openalex.FORMAT, "results")


def _json_records(data: bytes, form: Format, *path: str) -> list[Record]:
    """The records of a response; none if the list at this path is empty.

    Raises:
        SourceError: the response has another form, or is incomplete.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:  # the format's reader would return the complete part
        page = data.lstrip().startswith(b"<")
        raise SourceError(form.name, "a web page, not JSON" if page else f"incomplete JSON ({error})") from None
    if nested_value(value, *path) == []:
        return []
    snapshot = form.read(data, form.name)
    if fatal := next((problem for problem in snapshot.problems if problem.fatal), None):
        raise SourceError(form.name, fatal.message)
    return list(snapshot.records)


def _entries(data: bytes) -> list[Record]:
    """The entries of arXiv's response, without the untitled ones that it returns for unknown numbers.

    Raises:
        SourceError: the response is not a feed, is incomplete, or reports an error.
    """
    if not feed.sniff(data):
        raise SourceError("arxiv", "not a feed", hint="it may be an error page")
    if not any(True for _ in iter_elements(data, "arxiv", ("entry",), [])):
        return []
    snapshot = feed.read(data, "arxiv")
    if fatal := next((problem for problem in snapshot.problems if problem.fatal), None):
        raise SourceError("arxiv", fatal.message)
    return [record for record in snapshot.records if record.get("title")]
