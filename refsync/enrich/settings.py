"""Settings of `refsync enrich`: the table `[enrich]`. Imports nothing heavy."""

import re
from dataclasses import dataclass
from typing import Literal

from refsync.errors import ConfigError

Service = Literal["crossref", "openalex", "arxiv"]
SERVICES: tuple[Service, ...] = ("crossref", "openalex", "arxiv")
Wanted = Literal[
    "title", "author", "editor", "year", "doi", "venue", "volume", "number", "pages", "publisher", "issn",
    "isbn", "eprint", "abstract", "url",
]  # fmt: skip
"""The fields that `refsync enrich` can fill; `venue` is the journal of an article or the book of a chapter."""

_ADDRESS = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")


@dataclass(frozen=True, slots=True)
class EnrichSettings:
    """Settings of look-ups at Crossref, OpenAlex and arXiv.

    Attributes:
        contact: an e-mail address that is sent with each request, so that a service can write before it blocks you.
        services: the services to ask; titles are searched for in this order.
        fields: the fields to fill where they are missing.
        accept: values found by title are accepted from this probability on, and pending below it.
        max_age: for how many days a cached answer is used.
        cache: the folder of the cache; empty for `refsync/enrich` in the user's cache folder.
        crossref: the address of Crossref's API.
        openalex: the address of OpenAlex's API.
        arxiv: the address of arXiv's API.
    """

    contact: str = ""
    services: tuple[Service, ...] = SERVICES
    fields: tuple[Wanted, ...] = ("title", "author", "year", "doi", "venue", "volume", "number", "pages")
    accept: float = 0.95
    max_age: float = 30.0
    cache: str = ""
    crossref: str = "https://api.crossref.org"
    openalex: str = "https://api.openalex.org"
    arxiv: str = "https://export.arxiv.org/api"

    def __post_init__(self) -> None:
        if self.contact and not _ADDRESS.fullmatch(self.contact):
            raise ConfigError(f"enrich: contact is {self.contact!r}", hint="an e-mail address: me@example.org")
        if not 0.0 < self.accept <= 1.0:
            raise ConfigError(f"enrich: accept is {self.accept}", hint="a probability: above 0, at most 1")
        if self.max_age < 0:
            raise ConfigError(f"enrich: max-age is {self.max_age}", hint="in days, 0 or more")
        for name in SERVICES:
            if not getattr(self, name).startswith(("http://", "https://")):
                raise ConfigError(f"enrich: {name} is {getattr(self, name)!r}", hint="an address: https://...")
