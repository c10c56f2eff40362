"""Lines that cite: those under the titles of Google Scholar and PubMed, those of dblp and of proceedings."""

import re
from typing import Any

from refsync.formats.common.field_values import bibtex_pages, join_names, medline_pages, split_date
from refsync.formats.pages.author_line import People, people_in
from refsync.text.identifiers import arxiv, doi, pmcid, pmid

_MAX = 1500  # characters
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_SITE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,10}(?:/\S*)?|[A-Z][\w.&’' -]{1,40}", re.IGNORECASE)
_VENUE = re.compile(
    r"(?P<journal>\D.*?),?\s(?P<volume>\d{1,4})(?:\s?\((?P<number>[\w/–-]{1,12})\))?(?:,\s?(?P<pages>[\w.:–-]{1,20}))?"
)
_PUBMED = re.compile(
    r"(?P<journal>[^\W\d_][^.;:!?]{1,200}(?:\([^()]{1,60}\))?)\.\s(?P<date>(?:1[89]|20)\d\d"
    r"(?:[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Fall|Autumn"
    r"|Winter)(?:[-/ ][A-Z][a-z]{2,5})?(?: \d{1,2}(?:-\d{1,2})?)?)?)"
    r"(?:;(?P<volume>[^():;.]{0,40})(?:\((?P<number>[^()]{1,40})\))?(?::(?P<pages>[^;.]{1,60}(?:\.e\d+)?))?)?"
    r"(?::(?P<article>[\w.-]{1,40}))?\."
)
_DBLP_JOURNAL = re.compile(
    r"(?P<journal>[^\d:].*?)(?:\s(?P<volume>[\w./-]{0,14}\d[\w./-]{0,14}))?(?:\((?P<number>[\w/-]{1,12})\))?"
    r"(?::\s(?P<pages>[\w:.,–-]{1,25}(?:, \d[\w:–-]*){0,5}))?"
    r"\s\((?P<year>\d{4})\)"
)
_DBLP_CONFERENCE = re.compile(
    r"(?P<booktitle>[^\W\d].{0,120}?)\s(?P<year>(?:19"
    r"|20)\d\d)(?:\s\((?P<part>[^()]{1,30})\))?(?::\s(?P<pages>[\w:.,–-]{1,25}))?"
)
_DBLP_TITLE = re.compile(r"(?P<title>.{3,500}[.?!])(?:\s(?P<rest>[\w:.]{0,12}\d(?:[–-][\w:.]{0,12})?))?")
_TITLE_ENDS = re.compile(r"(?<=[.?!])\s")
_SCHOOL = re.compile(
    r"\b(?:universit|hochschule|institute of technology|polytechn|eth zurich|school of)", re.IGNORECASE
)
_MORE_WORDS = 9  # of a venue: longer ones begin inside the title


def scholar_fields(text: str) -> dict[str, Any]:
    """The fields of a line under a title of Google Scholar, or nothing if it is no such line.

    >>> scholar_fields("J Doe, A Roe - Journal of Kelp, 2024 - Elsevier")
    {'author': 'J Doe and A Roe', 'journal': 'Journal of Kelp', 'year': '2024'}
    """
    if len(text) > _MAX or not (" - " in text or " – " in text):
        return {}
    people_text, *rest = [part.strip() for part in re.split(r"\s[-–]\s", text)]
    people = people_in(people_text, labelled=True)
    if not people.names or not rest or len(rest) > 4:
        return {}
    *middle, last = rest
    if not _YEAR.fullmatch(last) and not middle and not _YEAR.search(last):
        return {}
    if not middle or (not _SITE.fullmatch(last) and _YEAR.search(last)):
        middle = rest
    venue = " - ".join(middle)
    years = list(_YEAR.finditer(venue))
    if not years or venue[years[-1].end() :].strip():
        return {}
    venue = venue[: years[-1].start()].rstrip(" ,")
    fields: dict[str, Any] = {"author": join_names(people.texts), **_venue_fields(venue), "year": years[-1][0]}
    return {name: value for name, value in fields.items() if value}


def _venue_fields(venue: str) -> dict[str, str]:
    """The fields of `Journal of Kelp 3 (1), 1-9`; a venue that was cut (`…`) is left out."""
    if eprint := arxiv(venue):
        return {"archiveprefix": "arXiv", "eprint": eprint}
    if "…" in venue or "..." in venue or not venue:
        return {}
    if found := _VENUE.fullmatch(venue):
        parts = {name: value for name, value in found.groupdict().items() if value}
        return {**parts, "pages": bibtex_pages(parts["pages"])} if "pages" in parts else parts
    return {venue_field(venue): venue}


def venue_and_year(text: str) -> dict[str, Any]:
    """The fields of `Journal of Kelp 12 (3), 101-115, 2024`, as profiles have them below people; else nothing.

    >>> venue_and_year("Journal of Kelp 12 (3), 1-9, 2024")["pages"], venue_and_year("Kelp and Moss, 2024")
    ('1--9', {'year': '2024', 'note': 'Kelp and Moss'})
    """
    venue, comma, year = text.rpartition(", ")
    if not comma or len(text) > _MAX or not _YEAR.fullmatch(year):
        return {}
    fields = _venue_fields(venue)
    if _SCHOOL.search(venue):
        fields = {"school": venue}
    elif not fields.keys() & {"volume", "eprint", "booktitle"}:
        fields = {"note": venue}
    return {"year": year, **fields}


def venue_field(venue: str) -> str:
    """`booktitle` for a conference, else `journal`."""
    conference = re.search(
        r"\b(?:proceedings|proc\.|conference|workshop|symposium|conf\.|meeting|findings of)", venue, re.IGNORECASE
    )
    return "booktitle" if conference else "journal"


def pubmed_fields(text: str) -> dict[str, Any]:
    """The fields of `J Kelp. 2024 Jan 5;3(1):1-9. doi: 10.1000/kelp.`, or nothing if it is no such line."""
    found = _PUBMED.match(text) if len(text) <= _MAX else None
    if not found:
        return {}
    rest = text[found.end() :]
    if (
        rest.strip()
        and "PMID" not in rest
        and not re.match(
            r"\s*(?:doi|pii|epub|eCollection|print|online|PMID|PMCID|No abstract|Available|Free)\b", rest, re.I
        )
    ):
        return {}
    year, month, day, _ = split_date(found["date"].strip())
    fields = {
        "journal": found["journal"],
        "year": year,
        "month": month,
        "day": day,
        "volume": (found["volume"] or "").strip(),
        "number": found["number"],
        "pages": medline_pages(found["pages"] or found["article"] or ""),
        "doi": doi(rest),
        "pmid": pmid(rest),
        "pmcid": pmcid(rest),
    }
    return {name: value for name, value in fields.items() if value}


def proceedings_fields(text: str) -> dict[str, Any]:
    """The fields of `Ann Roe, Ed Poe; Proceedings of ..., PMLR 202:1-22`, or nothing if it is no such line."""
    people_text, semicolon, venue = text.partition("; ")
    if (
        not semicolon
        or len(text) > 20_000
        or not re.match(r"(?:proceedings|journal|transactions)\b", venue, re.IGNORECASE)
    ):
        return {}
    people = people_in(people_text, labelled=True)
    if not people.names:
        return {}
    fields: dict[str, Any] = {"author": join_names(people.texts)}
    found = re.search(
        r",\s(?P<series>[A-Z]{3,8})\s(?P<volume>\d+)(?:\((?P<number>\d+)\))?:\s?(?P<pages>[\d–-]+)", venue
    )
    fields[venue_field(venue)] = venue[: found.start()] if found else venue.rstrip(".")
    if found:
        fields |= {
            "series": found["series"],
            "volume": found["volume"],
            "number": found["number"],
            "pages": bibtex_pages(found["pages"]),
        }
    if year := _YEAR.search(venue[found.end() :] if found else venue):
        fields["year"] = year[0]
    return {name: value for name, value in fields.items() if value}


def dblp_people(text: str) -> tuple[People, str]:
    """The people of `Ann Roe, Ed Poe: Kelp in Noise. J. Kelp 3: 1-9 (2024)`, and the rest; nobody in any other line."""
    head, colon, rest = text.partition(":")
    people = people_in(head, labelled=True) if colon and len(head) < 20_000 else People()
    return (people, rest.strip()) if people.names else (People(), "")


def dblp_reference(text: str) -> dict[str, Any]:
    """The title of an entry of dblp in any other form, with the rest as a note; nothing without a year."""
    cut = _TITLE_ENDS.search(text) if len(text) <= _MAX else None
    years = _YEAR.findall(text[cut.end() :]) if cut else []
    if not cut or not years:
        return {}
    return {"title": text[: cut.start()].removesuffix("."), "note": text[cut.end() :], "year": years[-1]}


def dblp_title(text: str) -> dict[str, Any]:
    """The title and pages of an entry in the table of contents of one volume: `Kelp in Noise. 11-19`.

    >>> dblp_title("Kelp in Noise. 11-19"), dblp_title("Kelp in Noise")
    ({'title': 'Kelp in Noise', 'pages': '11--19'}, {})
    """
    found = _DBLP_TITLE.fullmatch(text) if len(text) <= _MAX else None
    if not found or _YEAR.search(found["rest"] or ""):
        return {}
    title = found["title"].removesuffix(".")
    return {"title": title, **({"pages": bibtex_pages(found["rest"])} if found["rest"] else {})}


def dblp_fields(text: str) -> dict[str, Any]:
    """The fields of dblp's `Kelp in Noise. J. Kelp 3(1): 1-9 (2024)`, or nothing if it is no such text.

    >>> dblp_fields("Kelp in Noise. MossConf 2022: 11-19")
    {'title': 'Kelp in Noise', 'booktitle': 'MossConf', 'year': '2022', 'pages': '11--19'}
    """
    if len(text) > _MAX or not _YEAR.search(text[-60:]):
        return {}
    fields: dict[str, Any] = {}
    for cut in list(_TITLE_ENDS.finditer(text))[:12]:
        title, venue = text[: cut.start()], text[cut.end() :]
        journal = _DBLP_JOURNAL.fullmatch(venue)
        found = journal or _DBLP_CONFERENCE.fullmatch(venue)
        if not found or len(str(found[1]).split()) > _MORE_WORDS:
            continue
        fields = {name: value for name, value in found.groupdict().items() if value and name != "part"}
        fields = {"title": title.removesuffix("."), **fields}
        if journal:
            break  # `J. Kelp` has full stops; a conference has none, so the last one ends the title
    if _SCHOOL.search(str(fields.get("booktitle", ""))):
        fields["school"] = fields.pop("booktitle").rstrip(" ,")
    if "pages" in fields:
        fields["pages"] = bibtex_pages(fields["pages"])
    if fields.get("journal") == "CoRR" and (eprint := arxiv(f"arXiv:{fields.get('volume', '').removeprefix('abs/')}")):
        fields |= {"archiveprefix": "arXiv", "eprint": eprint}
        del fields["journal"], fields["volume"]
    return fields
