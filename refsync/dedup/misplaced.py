"""Values in the wrong field: what a source typed, swapped or divided wrongly is put where it belongs.

Only the comparison sees it; the record stays as it is.
"""

import re
from collections.abc import Mapping

_IN_BOOKS = frozenset({"incollection", "inproceedings", "conference", "inbook"})
_PROCEEDINGS = re.compile(r"\s*[{\"]*\s*proceedings of\b", re.IGNORECASE)
_WHOLE = frozenset({"book", "proceedings", "collection", "mvbook", "mvproceedings", "mvcollection"})
_UNFINISHED = re.compile(r",?\s+(?:vol|no|band|bd|tome|tom)\.?\s*$", re.IGNORECASE)
_LEADING_NUMBER = re.compile(r"\s*(\d{1,3}(?:\(\d[\d-]*\))?)(?=\D|$)")
_PAGES_AT_END = re.compile(
    r"[\s,.;]+(?:(?:\d{1,4}\s?)?\(\d{1,3}\)\s?:\s?|pp?\.?\s?|\d{1,4}\s?:\s?)(\d{1,5}\s?[-–]{1,2}\s?\d{1,5})[\s.)]*$"
)
_VENUE = re.compile(
    r"\b(?:proceedings|proc\.|proc\b(?! and)|conference|symposium|workshop|journal|transactions|lecture notes|"
    r"record\b(?=$|\W)|\w+ rec\.?$|bulletin|newsletter|quarterly|annals of|letters in)",
    re.IGNORECASE,
)
# `Fast rules, VLD '99`: where a paper was given, as citations write it
_MEETING_AT_END = re.compile(r"\s*[,.(]\s*([A-Za-z]{3,10})\s?['’](\d\d)[.)]*$")
_NAME_AT_START = re.compile(r"([^\W\d_]{3,20})\.\s+(?=\w)")
_VENUE_STEMS = (
    "proc", "conference", "symposium", "workshop", "journal", "transactions", "lecture", "rec", "bulletin",
    "newsletter", "quarterly", "annals", "letters in",
)  # fmt: skip
_VENUES = ("journal", "journaltitle", "booktitle", "eventtitle")
_ENDS = frozenset("0123456789.)")
_ENOUGH = 20  # letters of a title that are left where pages are taken off


def relocated(type_: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with misplaced values in their places; `fields` are plain text."""
    found = dict(fields)
    if "author" not in found or found["author"][:1].isdigit() or _names_a_venue(found["author"]):
        _people_and_venue(found)
    title, book = found.get("title", ""), found.get("booktitle", "")
    if type_ in _IN_BOOKS and book and _PROCEEDINGS.match(title) and not _PROCEEDINGS.match(book):
        title, found["booktitle"] = book, title
    # a source that divided `..., vol. 2 (Harbour Press)` after `vol.` left the number to the publisher
    if "publisher" in found and (number := _LEADING_NUMBER.match(found["publisher"])) and _UNFINISHED.search(title):
        title = f"{title} {number[1]}"
    if (
        title[-1:] in _ENDS
        and (pages := _PAGES_AT_END.search(title, max(0, len(title) - 40)))
        and pages.start() >= _ENOUGH
    ):
        title = title[: pages.start()]
        found.setdefault("pages", pages[1])
    if type_ not in _WHOLE and ("'" in title[-8:] or "’" in title[-8:]):
        title = _without_meeting(title, found)
    if ". " in title[:22] and len(title) > _ENOUGH and (name := _NAME_AT_START.match(title)):
        people = re.findall(r"\w+", found.get("author", "")[:2000].lower())
        title = title[name.end() :] if name[1].lower() in people else title  # `Roe. Fast rules`
    if title:
        found["title"] = title
    return found


def _names_a_venue(text: str) -> bool:
    """Whether the beginning of a text has a word of venues' names."""
    start = text[:301]
    if start.isascii():  # the pattern is tried at every word; most lists of authors have none of its stems
        lower = start.lower()
        for stem in _VENUE_STEMS:
            if stem in lower:
                break
        else:
            return False
    return bool(_VENUE.search(text, 0, 300))


def _without_meeting(title: str, fields: dict[str, str]) -> str:
    """A title without the meeting and the year that a source wrote after it."""
    match = _MEETING_AT_END.search(title, max(0, len(title) - 20))
    if not match or match.start() < _ENOUGH:
        return title
    year = fields.get("year", "")
    if year[:4].isdigit() and abs(int(year[2:4]) - int(match[2])) > 1:
        return title  # another year's: the title names what it is about
    if not any(fields.get(name) for name in _VENUES):
        fields["booktitle"] = match[1]
    return title[: match.start()]


def _people_and_venue(fields: dict[str, str]) -> None:
    """A venue in the author field, or people in that of the venue, where the right field is empty."""
    author = fields.get("author", "")
    if author and not any(char.isalpha() for char in author):
        if not fields.get("year"):
            fields["year"] = author
        del fields["author"]
        author = ""
    venues = [name for name in _VENUES if any(char.isalpha() for char in fields.get(name, ""))]
    if author and not venues and _VENUE.search(author[:300]) and " and " not in author:
        fields["journal"] = fields.pop("author")
    elif not author and "editor" not in fields and len(venues) == 1:
        names = fields[venues[0]].split(" and ")
        if len(names) > 2 and not _VENUE.search(fields[venues[0]]) and all(2 <= len(n.split()) <= 5 for n in names):
            fields["author"] = fields.pop(venues[0])
