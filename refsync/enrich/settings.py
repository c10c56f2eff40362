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
"""What `refsync enrich` can fill; `venue` is the journal of an article, the book of a chapter or conference paper."""

_ADDRESS = re.compile(r"[!-~]+@[!-~]+\.[!-~]+")


@dataclass(frozen=True, slots=True)
class EnrichSettings:
    """How `refsync enrich` asks Crossref, OpenAlex and arXiv.

    Attributes:
        contact: an e-mail address that is sent along, so that a service can write to you before it blocks you.
        services: which ones are asked; a title is sought in this order.
        fields: what is filled where it is missing.
        accept: what was found by title is accepted from this probability on; below it waits for a person.
        max_age: for how many days an answer is taken from the cache.
        cache: the folder of the cache; empty for `.refsync/cache` beside the first input.
        crossref: the address of Crossref's API.
        openalex: that of OpenAlex's.
        arxiv: that of arXiv's.
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
