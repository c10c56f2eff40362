"""Invented papers, and the record of a paper at each service."""

from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

Json = dict[str, Any]


@dataclass
class Paper:
    """One paper; names as `Family, Given`. `at` are the services that have it."""

    title: str
    people: list[str] = field(default_factory=list)
    year: int = 2020
    doi: str = ""
    arxiv: str = ""
    journal: str = ""
    book: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    abstract: str = ""
    publisher: str = "Kelp Press"
    at: tuple[str, ...] = ("crossref", "openalex", "arxiv")

    def crossref(self) -> Json:
        work: Json = {
            "indexed": {"date-parts": [[2026, 1, 1]]},
            "DOI": self.doi,
            "type": "journal-article" if self.journal else "proceedings-article" if self.book else "posted-content",
            "title": [self.title],
            "author": [
                {"family": family, "given": given, "sequence": "additional", "affiliation": []}
                if given
                else {"name": family, "sequence": "additional", "affiliation": []}
                for family, _, given in (name.partition(", ") for name in self.people)
            ],
            "container-title": [self.journal or self.book] if self.journal or self.book else [],
            "issued": {"date-parts": [[self.year]]},
            "published": {"date-parts": [[self.year]]},
            "publisher": self.publisher,
            "URL": f"https://doi.org/{self.doi}",
            "score": 42.0,
        }
        optional = {"volume": self.volume, "issue": self.number, "page": self.pages}
        if self.abstract:
            optional["abstract"] = f"<jats:p>{escape(self.abstract)}</jats:p>"
        return work | {name: value for name, value in optional.items() if value}

    def openalex(self) -> Json:
        first, _, last = self.pages.partition("-")
        place = self.journal or self.book
        kind = "journal" if self.journal else "conference"
        words: dict[str, list[int]] = {}
        for position, word in enumerate(self.abstract.split()):
            words.setdefault(word, []).append(position)
        return {
            "id": f"https://openalex.org/W{abs(hash(self.title)) % 10**10}",
            "doi": f"https://doi.org/{self.doi}" if self.doi else None,
            "display_name": self.title,
            "publication_year": self.year,
            "publication_date": f"{self.year}-01-01",
            "type": "article",
            "ids": {},
            "authorships": [
                {"author": {"display_name": " ".join(reversed(name.split(", ")))}, "raw_author_name": name}
                for name in self.people
            ],
            "primary_location": {
                "landing_page_url": None,
                "source": {"display_name": place, "type": kind} if place else None,
            },
            "locations": [{"landing_page_url": f"https://arxiv.org/abs/{self.arxiv}"}] if self.arxiv else [],
            "biblio": {
                "volume": self.volume or None,
                "issue": self.number or None,
                "first_page": first or None,
                "last_page": last or None,
            },
            "language": "en",
            "abstract_inverted_index": words or None,
            "is_retracted": False,
        }

    def entry(self) -> str:
        """An entry of arXiv's feed."""
        people = "".join(
            f"<author><name>{escape(' '.join(reversed(name.split(', '))))}</name></author>" for name in self.people
        )
        published = f"<arxiv:doi>{self.doi}</arxiv:doi>" if self.doi else ""
        if self.journal:
            published += f"<arxiv:journal_ref>{escape(self.journal)} {self.volume} ({self.year})</arxiv:journal_ref>"
        return (
            f"<entry><id>http://arxiv.org/abs/{self.arxiv}v2</id><published>{self.year - 1}-03-09T08:00:00Z</published>"
            f"<updated>{self.year}-03-09T08:00:00Z</updated><title>{escape(self.title)}</title>{people}"
            f"<summary>{escape(self.abstract)}</summary>{published}"
            '<arxiv:primary_category term="cs.SD"/><category term="cs.SD"/></entry>'
        )


def feed(papers: list[Paper]) -> str:
    """A response of arXiv's API."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<title>arXiv Query</title><opensearch:totalResults>{len(papers)}</opensearch:totalResults>"
        + "".join(paper.entry() for paper in papers)
        + "</feed>"
    )
