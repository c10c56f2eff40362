"""The values of single fields in the one form in which records are compared."""

import re
from collections.abc import Mapping
from functools import lru_cache

from refsync.dedup.title_words import FORM_WORDS, SMALL_WORDS
from refsync.dedup.titles import notice
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv
from refsync.text.latex import latex_to_text
from refsync.text.names import parse_authors

BOUND = frozenset({"book", "volume"})
"""Forms whose volume may be a set."""

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_YEAR_NUMBERS = {str(year): year for year in range(1400, 2100)}  # one object for each
_DIGITS = re.compile(r"\d+")
_EDITION = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:ed\b|edn|edition)|\b(?:ed|edition)\s+(\d{1,2})\b", re.IGNORECASE
)
_EDITION_WORDS = {
    word: str(i)
    for i, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_MISSING = re.compile(
    r"\s*\{*\s*(?:n\.?/?a\.?|none|null|nan|nil|-+|–|—|\?+|unknown|not available|n\.?d\.?|s\.?n\.?)\s*\}*\s*",
    re.IGNORECASE,
)
_MISSING_STARTS = frozenset("nNuUsSſ")
_NO_LATEX = frozenset({"doi", "url", "file"})
_LONG = 60  # letters; no word for a missing value is so long
_VERSION = re.compile(r"\b(?:version|release|rel\.|v\.?)\s*(\d+(?:\.\d+){0,3})\b", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])(\d+\.\d+(?:\.\d+)*)(?![\d.])")
_DAMAGED = re.compile("\ufffd|[^\\W\\d_]\\?[^\\W\\d_,:;]|[^\\W\\d_]\\?[,:;]")  # `M?ller`: a letter that was not written
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{3,60})[\])]")
_TRANSLATION = re.compile(
    r"^(?:\w+ )?(?:translation(?! in\b)|translated|ubersetzung|traduction|traduccion|traduzione|traducao|vertaling|"
    r"перевод|译)\b"
)
_NOTICE_ELSEWHERE = re.compile(  # databases add to a paper's title where its erratum is
    r"[\[(]\s*(?:published )?(?:errat(?:um|a)|corrigend(?:um|a)|corrections?|retraction|comments?|republished|reprint)"
    r"(?: (?:appears?|appeared|published|printed))? in\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_TRIMMED = "([<&.…"
_EVENT = frozenset("extended short invited abstract panel tutorial keynote talk session slides video paper".split())
_MONTHS = {name: str(i) for i, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
     "sep sept september", "oct october", "nov november", "dec december"), 1) for name in names.split()}  # fmt: skip
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ROMAN = {
    hundred + ten + one: str(100 * h + 10 * t + i)
    for h, hundred in enumerate(("", "c"))
    for t, ten in enumerate(("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"))
    for i, one in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if hundred + ten + one not in {"", "l", "c"}  # a journal's section more often than a number
}
_ABSTRACT_LIMIT = 700  # letters compared; the rest of longer abstracts says nothing new
_HEADING = re.compile(
    r"^(?:abstract|background|objectives?|purpose|aims?|introduction|summary|context|importance|"
    r"source citation)\s+(?:and\s+\w+\s+)?"
)


def report_number(value: str) -> str:
    """All numbers in that of a report, `2003-5` for `IC/2003/05`: the first is often the year."""
    return "-".join(str(int(number)) for number in re.findall(r"[0-9]{1,9}", value[:100]))


def first_number(value: str) -> str:
    """`60 (1 Supplement 1)` is volume 60; `Suppl 1` of an issue keeps its word."""
    if value.isdecimal():
        return value.lstrip("0") or "0"
    match = _DIGITS.search(value)
    return match[0].lstrip("0") or "0" if match else fold(value[:60])


def volume_number(value: str, form: str) -> str:
    """The first number, also a Roman one; of a book all, because `1--4` is a set of which `1` is a part."""
    if value.isdecimal():
        return first_number(value)
    if form in BOUND and len(numbers := _DIGITS.findall(value[:60])) > 1:
        return "-".join(number.lstrip("0") for number in numbers)
    return _ROMAN.get(value[:12].strip(" .{}").lower()) or first_number(value)


def has_digits(text: str) -> bool:
    """Whether there is a digit."""
    return bool(_DIGITS.search(text))


def is_damaged(title: str) -> bool:
    """Whether letters of a title were lost, `M?ller` for `Müller`."""
    return ("?" in title or "\ufffd" in title) and bool(_DAMAGED.search(title))


def extent_of(value: str) -> str:
    """The number of pages of a whole book: 414 of `xviii + 414 pp., 12 figures`."""
    match = _DIGITS.search(value[:60])
    return match[0] if match and len(match[0]) < 5 else ""


def edition_of(value: str, title: str) -> str:
    """The number of an edition; `title` is empty where it has no digit, and so below."""
    if value:
        words = fold(value[:60]).split()
        for word in words:
            if word in _EDITION_WORDS:
                return _EDITION_WORDS[word]
        return first_number(value)
    match = _EDITION.search(title) if title else None
    return (match[1] or match[2]) if match else ""


def unicode_values(fields: Mapping[str, str], *, latex: bool) -> dict[str, str]:
    """The fields as Unicode text: LaTeX is read where the record is LaTeX, and where a text holds some of it."""
    found = {}
    for name, value in fields.items():
        # a letter or digit that begins no word for a missing value: nearly all fields
        if not value or ((value[0] in _MISSING_STARTS or not value[0].isalnum()) and _is_missing(name, value)):
            continue
        found[name] = latex_to_text(value) if (latex or "\\" in value) and name not in _NO_LATEX else value
    return found


def _is_missing(name: str, value: str) -> bool:
    return value.isspace() or (name != "title" and len(value) <= _LONG and bool(_MISSING.fullmatch(value)))


def of_arxiv(named: str | None) -> bool:
    """Whether an `eprint` is of arXiv, as far as its record says."""
    return not named or fold(named) in {"", "arxiv"}


def year_of(dated: str) -> int:
    """The first year of a text that is none of another number; 0 where there is none."""
    if year := _YEAR_NUMBERS.get(dated):
        return year
    match = _YEAR.search(dated)
    return int(match[1]) if match else 0


@lru_cache(maxsize=65536)
def arxiv_in_venue(venue: str) -> str:
    """The arXiv number that a venue is."""
    return arxiv(venue)


def notice_of(title: str, folded: str) -> str:
    """The notice that a title announces; `folded` is the title as compared, without what databases add."""
    if title[-1].isalnum() and title[0].isalnum() and title[0] not in "rRwW":
        for sign in _TRIMMED:
            if sign in title:
                break
        else:  # nothing was trimmed: no bracket, full stop or tag, no `Retracted` or `Withdrawn`
            return notice(folded)
    return notice(fold(_NOTICE_ELSEWHERE.sub("", title[:4000])))


def whole_title(title: str, subtitle: str) -> str:
    """A title with its subtitle, unless it has that already."""
    if subtitle and fold(subtitle) not in fold(title):
        return f"{title.rstrip(' .:')}: {subtitle}"
    return title


def marker_of(title: str, note: str) -> str:
    """What brackets in a title, or a note, say of the form: `extended version` of `On moss (extended version)`."""
    found = ["translation"] if note and _TRANSLATION.search(fold(note[:200])) else []
    for match in _BRACKETED.finditer(title[:600]) if "(" in title or "[" in title else ():
        words = fold(match[1]).split()
        words = [word for word in words if word not in SMALL_WORDS]
        named = words and FORM_WORDS.issuperset(words)
        # `(ed.)` is an editor; how a paper was presented only one source may say
        if named and words != ["ed"] and not _EVENT.issuperset(words):
            found.append(" ".join(words))
    return " ".join(found)


def version_of(field: str, title: str, note: str, form: str) -> str:
    """The version of software or of a document, from its own field, the title or a note."""
    if field:
        match = _DOTTED.search(field) or _DIGITS.search(field)
        return match[0] if match else fold(field[:30])
    match = (_VERSION.search(title) if title else None) or (_VERSION.search(note[:200]) if note else None)
    if match:
        return match[1]
    if title and form in {"software", "dataset"} and (match := _DOTTED.search(title)):
        return match[1]
    return ""


def month_and_day(date: str, month: str, day: str) -> tuple[str, str]:
    """The numbers of month and day, of a whole date or of fields of their own; empty where unknown."""
    if match := _ISO_DATE.match(date):
        return str(int(match[2])), str(int(match[3])) if match[3] else ""
    word = fold(month[:30]).split() if month else []
    if not word:
        return "", ""
    number = _MONTHS.get(word[0], str(int(word[0])) if word[0].isdigit() else "")
    days = _DIGITS.search(day)
    return number, str(int(days[0])) if days else ""


def families_of(names: str) -> tuple[str, ...]:
    """The family names of people, sorted."""
    return tuple(sorted(parse_authors(names).families))


def address_of(value: str) -> str:
    """A URL without what makes no difference; empty where there is none."""
    if "/" not in value and "www" not in value:
        return ""
    match = re.search(r"(?:https?://|www\.)[^\s{}<>\\]+", value)
    if not match:
        return ""
    address = re.sub(r"^https?://(?:www\.)?|^www\.", "", match[0].lower())
    return re.sub(r"[#].*$|/+$|/index\.html?$", "", address)


def folded_words(value: str) -> str:
    """The folded words of an abstract without the heading that some databases add; too short a text is none."""
    if len(value) < 40:
        return ""
    text = fold(value[: _ABSTRACT_LIMIT + 300])
    text = _HEADING.sub("", text)
    return text[:_ABSTRACT_LIMIT] if len(text) >= 30 else ""
