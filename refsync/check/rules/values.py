"""Rules about values: identifiers, years and dates, pages."""

import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.check.plain_text import plain_text
from refsync.check.rules.dates import DATE, other_dates
from refsync.formats.bibtex.edit import Edit
from refsync.text.identifiers import arxiv, doi, isbns, issns

_ESCAPES = re.compile(r"\\([_%&#$])|[{}]")
_DOI_ADDRESS = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi\.org/|doi:?)\s*(?=10\.)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1\d{3}|20\d{2}|\d{3})(?!\d)")
_YEAR_WORDS = re.compile(
    r"press|forth|appear|submi|accept|prepar|print|undated|unknown|unpub|n\.? ?d\b|s\.? ?d\b|b\.? ?c|ongoing|"
    r"manuscript|draft|work",
    re.IGNORECASE,
)
_ARXIV_NUMBER = re.compile(r"(\d\d(?:0[1-9]|1[0-2]))\.(\d{4,5})|[a-z-]+/\d{7}")
"""Year and month, and a number of four digits up to 2014, of five since (arXiv's help, Identifiers)."""

_RANGE = re.compile(r"(?<![\w.:])([A-Za-z]?)(\d+)\s*(?:-+|–|—)\s*([A-Za-z]?)(\d+)(?![\w.:])")
_OPEN_RANGE = re.compile(r"(?:-{2,}|–|—)\s*(?:,|;|$)|^\s*(?:-|–|—)")


def dois(entry: Entry) -> Iterator[EntryFinding]:
    """RS501: values of `doi` that are no DOI, or have something before it."""
    value = entry.record.get("doi")
    if not value:
        return
    plain = _ESCAPES.sub(r"\1", value).strip()
    found = doi(value)
    if not found:
        yield _finding(entry, "RS501", "doi", f"has an invalid DOI {value!r}")
    elif (address := _DOI_ADDRESS.match(plain)) and not plain[address.end() :].lower().startswith("doi"):
        start = entry.value_position("doi")
        written = _DOI_ADDRESS.match(entry.text, start)
        edits = (Edit(start, written.end(), ""),) if written else ()
        yield _finding(entry, "RS501", "doi", f"has {address[0]!r} before its DOI", edits)
    elif not plain.lower().startswith("10."):
        yield _finding(entry, "RS501", "doi", f"has {value!r} instead of the DOI {found}")


def book_numbers(entry: Entry) -> Iterator[EntryFinding]:
    """RS502: ISBN (ISO 2108) and ISSN (ISO 3297)."""
    for name, right, lengths in (("isbn", isbns, (10, 13)), ("issn", issns, (8,))):
        value = entry.record.get(name)
        if not value or right(value):
            continue
        digits = len(re.sub(r"[^\dXx]", "", value))
        why = "its check digit is wrong" if digits in lengths else f"it has {digits} digits"
        yield _finding(entry, "RS502", name, f"has an invalid {name.upper()} {value!r}: {why}")


def arxiv_numbers(entry: Entry) -> Iterator[EntryFinding]:
    """RS503: values of `eprint` that are no arXiv number."""
    value = entry.record.get("eprint")
    kind = entry.record.get("archiveprefix", "eprinttype")
    if not value or kind.strip().lower() != "arxiv":
        return
    number = _ARXIV_NUMBER.fullmatch(arxiv(value, bare=True))
    if not number or (number[1] and len(number[2]) != (5 if number[1] >= "1501" else 4)):
        yield _finding(entry, "RS503", "eprint", f"has an invalid arXiv number {value!r}")


def years(entry: Entry) -> Iterator[EntryFinding]:
    """RS504: a year has four digits (three in antiquity) or a word such as `forthcoming`; a date follows ISO 8601-2."""
    if year := entry.record.get("year"):
        plain = plain_text(year)
        if not _YEAR.search(plain) and not _YEAR_WORDS.search(plain):
            yield _finding(entry, "RS504", "year", f"has an invalid year {year!r}")
    if (date := entry.record.get("date")) and not DATE.fullmatch(date.strip()):
        yield _finding(entry, "RS504", "date", f"has an invalid date {date!r}; the form is 2024-05-17 or 2024/2025")
    yield from other_dates(entry)


def pages(entry: Entry) -> Iterator[EntryFinding]:
    """RS505: ranges that lack an end or run backwards; `1234--45` is abbreviated and valid."""
    value = entry.record.get("pages")
    if not value:
        return
    plain = value.strip()
    if _OPEN_RANGE.search(plain):
        yield _finding(entry, "RS505", "pages", f"has a range that lacks an end: {value!r}")
    for found in _RANGE.finditer(plain):
        letter, first, other_letter, last = found.groups()
        if letter.lower() == other_letter.lower() and len(first) <= len(last) and int(first) > int(last):
            yield _finding(entry, "RS505", "pages", f"has a range that ends before it begins: {found[0]!r}")


_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
).split()
_NUMBERED = re.compile(r"(\d{1,3})\s*(?:st|nd|rd|th|\.|\\textsuperscript\{(?:st|nd|rd|th)\})?", re.IGNORECASE)
_LONGEST_EDITION = 100  # characters; longer ones are remarks
_WORD_EDITION = re.compile(r"(.*?)[\s~]*\b(?:edition|edn?)\b\.?", re.IGNORECASE)


def editions(entry: Entry) -> Iterator[EntryFinding]:
    """RS511: an edition that styles print wrongly: BibTeX adds ` edition` to a word, BibLaTeX to a number."""
    value = entry.record.get("edition").strip()
    if not value or len(value) > _LONGEST_EDITION:
        return
    written = entry.field("edition")
    plain, stated = value, False
    if found := _WORD_EDITION.fullmatch(value):
        plain, stated = found[1].strip(), True
    number = _NUMBERED.fullmatch(plain)
    ordinal = int(number[1]) if number else _ORDINALS.index(plain.lower()) + 1 if plain.lower() in _ORDINALS else 0
    if entry.biblatex:
        right = str(ordinal) if ordinal else ""
        wrong = bool(ordinal) and value != right
    else:
        right = _ORDINALS[ordinal - 1].capitalize() if 0 < ordinal <= len(_ORDINALS) else ""
        wrong = stated or plain.isdecimal()
    if wrong:
        text = entry.text[written.value_start : written.value_end]
        edits: tuple[Edit, ...] = ()
        if right and not written.joined:
            new = f"{text[0]}{right}{text[-1]}" if text[:1] in ("{", '"') else f"{{{right}}}"
            edits = (
                (Edit(written.value_start, written.value_end, new),) if text[:1] in ("{", '"', *"0123456789") else ()
            )
        remedy = f"; write {right!r}" if right else "; styles add the word `edition`"
        yield _finding(entry, "RS511", "edition", f"has the edition {value!r}{remedy}", edits)


def _finding(entry: Entry, code: str, name: str, message: str, edits: tuple[Edit, ...] = ()) -> EntryFinding:
    return EntryFinding(code, entry.value_position(name), message, name, edits=edits)
