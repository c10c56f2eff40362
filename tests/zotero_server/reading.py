"""Lists: filters, order, pages and the links to other pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from . import render
from .state import Failure, Thing

DEFAULT_LIMIT, MAX_LIMIT = 25, 100
DEFAULTS = {"format": "json", "locale": "en-US", "sort": "dateModified", "include": "data"}
LINKED = set("format limit start sort direction q qmode itemType tag since itemKey collectionKey v".split())
CSL = "application/vnd.citationstyles.csl+json"
FREE = ("keys", "versions")  # formats without a default limit
FORMATS = ("json", *FREE, "csljson", "bib")
EXPORTS = set(
    "bibtex biblatex bookmarks coins csv mods refer rdf_bibliontology rdf_dc rdf_zotero ris tei wikipedia".split()
)
SORTS = set(
    "dateAdded dateModified title creator itemType date publisher publicationTitle journalAbbreviation language "
    "accessDate libraryCatalog callNumber rights addedBy numItems".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a list; a `free` one has no default limit."""

    pairs: tuple[tuple[str, str], ...]
    free: bool = False

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def number(self, name: str, default: int) -> int:
        value = self.get(name)
        if not value:
            return default
        if not value.isdigit():
            raise Failure(400, f"Invalid value for '{name}' parameter")
        return int(value)

    def check(self) -> None:
        """Refuse values that are invalid for all lists."""
        for name in ("since", "start", "limit"):
            self.number(name, 0)
        if self.get("sort") and self.get("sort") not in SORTS:
            raise Failure(400, f"Invalid 'sort' value '{self.get('sort')}'")
        if self.format not in FORMATS and self.format not in EXPORTS:
            raise Failure(400, f"Invalid 'format' value '{self.format}'")

    @property
    def format(self) -> str:
        return self.get("format", "json")

    @property
    def limit(self) -> int | None:
        free = self.free or self.format in FREE
        limit = self.number("limit", 0)
        return limit or None if free else min(limit or DEFAULT_LIMIT, MAX_LIMIT)

    @property
    def since(self) -> int:
        return self.number("since", -1)

    @property
    def trashed(self) -> bool:
        return self.get("includeTrashed") == "1"

    def keys(self, name: str) -> list[str] | None:
        value = self.get(name)
        return [k for k in value.split(",") if k] if value else None


def select(items: Iterable[Thing], query: Query) -> list[Thing]:
    """The items that a query selects, in its order."""
    keys = query.keys("itemKey")
    wanted = None if keys is None else set(keys)
    words = query.get("q").casefold().split()
    kinds, tags = query.get("itemType"), [v for k, v in query.pairs if k == "tag"]
    found = [
        item
        for item in items
        if (wanted is None or item.key in wanted)
        and item.version > query.since
        and _searched(item, words)
        and (not kinds or _one_of(kinds, {item.data["itemType"]}))
        and all(_one_of(tag, {t["tag"] for t in item.data["tags"]}) for tag in tags)
    ]
    return ordered(found, query)


def _searched(item: Thing, words: list[str]) -> bool:
    """Quick search: each word is in the title or in a name, or is the year. Identifiers and Extra are not searched."""
    if not words:
        return True
    names = [" ".join(v for k, v in c.items() if k != "creatorType") for c in item.data.get("creators", ())]
    title = next((item.data[f] for f in ("title", "caseName", "nameOfAct", "subject") if f in item.data), "")
    note = item.data["note"] if item.data["itemType"] == "note" else ""
    seen, year = "\n".join([title, note, *names]).casefold(), render.parsed_date(item)[:4]
    return all(word in seen or word == year for word in words)


def _one_of(expression: str, present: set[str]) -> bool:
    """Zotero's boolean syntax: ``a || b``; ``-`` before it negates all of it."""
    negated = expression.startswith("-")
    found = any(word.strip() in present for word in expression.removeprefix("-").split("||"))
    return found != negated


def ordered(things: list[Thing], query: Query) -> list[Thing]:
    by = query.get("sort", "dateModified")
    descending = query.get("direction", "desc" if by.startswith("date") and by != "date" else "asc") == "desc"

    def place(thing: Thing) -> tuple[str, int, int]:
        value = thing.data.get(by, "")
        if by == "creator":
            creators = thing.data.get("creators") or [{}]
            value = creators[0].get("lastName") or creators[0].get("name", "")
        return str(value).casefold(), thing.version, thing.serial

    return sorted(things, key=place, reverse=descending)


def links(url: str, site: str, query: Query, start: int, limit: int | None, total: int) -> str:
    """The Link header: first, prev, next and last if they are other pages, and the web page."""
    kept = [(k, v) for k, v in query.pairs if k in LINKED - {"start", "limit"} and DEFAULTS.get(k) != v]
    kept += [("limit", str(limit))] if query.get("limit") else []

    def to(rel: str, at: int) -> str:
        pairs = sorted([*kept, ("start", str(at))] if at else kept, key=lambda pair: pair[0])
        return f'<{url}?{urlencode(pairs)}>; rel="{rel}"'

    out = []
    if limit:
        if start:
            out += [to("first", 0), to("prev", max(start - limit, 0))]
        if start + limit < total:
            out.append(to("next", start + limit))
            offset = start % limit
            out.append(to("last", (total - offset - 1) // limit * limit + offset))
        elif start >= total > 0:
            out.append(to("last", max(total - limit, 0)))
    return ", ".join([*out, f'<{site}>; rel="alternate"'])
