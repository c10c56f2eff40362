"""Which parts of a text are in which format, by lines with which records of a format certainly begin."""

import json
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import chain

from refsync.formats.bibtex.scan import scan
from refsync.formats.pages.author_line import people_in

Spans = list[tuple[int, int]]

PAGE = ""  # the family of text in no part of a known format
STARTS = {
    "bibtex": r"[ \t]{0,8}@[ \t]?[A-Za-z]{3,30}[ \t]{0,3}[{(][ \t]{0,3}[^\s,={}()]{0,200}[ \t]{0,3},"
    r"\s{0,200}[\w-]{1,40}\s{0,9}=",
    "ris": r"TY {1,2}- ?[A-Z]{3,6}[ \t]*$",
    "nbib": r"PMID ?- \d{1,9}[ \t]*$",
    "enw": r"%0 [A-Z][A-Za-z ]{2,40}$",
    "wos": r"FN (?:Clarivate|Thomson|ISI)\b|PT [JBSPC][ \t]*$",
    "refworks": r"RT [A-Z][A-Za-z/ ()]{3,40}$",
    "redif": r"Template-Type:[ \t]*ReDIF",
    "marctext": r"=LDR  ",
    "ads": r"%R \d{4}\S{15}[ \t]*$",
    "cochrane": r"Record #\d{1,7} of \d{1,7}[ \t]*$",
    "json": r"\[?[ \t]{0,8}\{(?:[ \t]{0,8}\"|[ \t]*$)|\[[ \t]*$",
    "xml": r"<\?xml\s|<(?:xml|PubmedArticleSet|modsCollection|mods|collection|b:Sources|rdf:RDF)[\s>]",
    "yaml": r"references:[ \t]*$|cff-version: ",
    "csv": r"\"?[A-Za-z][A-Za-z \"_]{0,30}(?:[,;\t]\"?[A-Za-z][A-Za-z \"_()]{0,30}){2,60}[ \t]*$",
}
_START = re.compile("(?m)^(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in STARTS.items()) + ")", re.A)
# With the line end before it, which is found much faster than `^`.
_START_OF_BYTES = re.compile(
    rb"\n(?![ \t]+[^@\s])(?![A-Z][A-Z0-9]  - [^\r\n]{7})(?:"
    + _START.pattern.removeprefix("(?m)^").replace("$", r"(?=\r?\n|\r?\Z)").encode()
    + rb")"
)
_TAG_LINE = r"[A-Z][A-Z0-9]{1,3} {0,2}-|\s"
# How a line after an empty line begins that still belongs to the records above it.
_GOES_ON = {
    "ris": re.compile(r"[A-Z][A-Z0-9] {1,2}-"),
    "nbib": re.compile(_TAG_LINE),
    "enw": re.compile(r"%[0-9A-Z+*@!?&(#$^~<>\[=]\s"),
    "wos": re.compile(r"(?:[A-Z][A-Z0-9]|  )(?:\s|$)"),
    "refworks": re.compile(r"[A-Z][A-Z0-9] \S"),
    "redif": re.compile(r"[A-Z][A-Za-z-]{1,30}:|\s"),
    "marctext": re.compile(r"=(?:LDR|\d{3})  "),
    "ads": re.compile(r"%[A-Z]\s"),
    "cochrane": re.compile(r"[A-Z]{2}:\s|Record #"),
    "yaml": re.compile(r"\s|- |[a-z][\w-]*:(?:\s|$)"),
    "csv": re.compile(r"(?!)"),
}
# An empty line above one that is neither a tag nor indented, where records end without a mark.
GAPS = {
    "nbib": re.compile(r"\n[ \t]*\r?\n(?=\S)(?![A-Z]{2,4} {0,2}-)"),
    "enw": re.compile(r"\n[ \t]*\r?\n(?=[^\s%])"),
    "csv": re.compile(r"\n[ \t]*\r?\n(?=\S)"),
}
WITH_TEXT = ("bibtex", "xml", *GAPS)
_LAST_LINES = {"ris": re.compile(r"ER {1,2}-"), "wos": re.compile(r"EF[ \t]*$")}
_WORDS = re.compile(r"[a-z]+")
_ROOT = re.compile(r"<([A-Za-z][\w:.-]*)[\s>]")
_HEAD = 1 << 16
_MOST_TRIES = 100
_MOST_OF_A_START = 4096


def families_in(data: bytes) -> set[str]:
    """The families of formats of which a record seems to begin in a file."""
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    start = b"\n" + data[:_MOST_OF_A_START]  # also what begins in the first line
    found = chain(_START_OF_BYTES.finditer(start), _START_OF_BYTES.finditer(data))
    return {one.lastgroup or "" for one in found if one.lastgroup != "csv" or _is_header(one[0].decode("latin-1"))}


def _is_header(line: str) -> bool:
    words = set(_WORDS.findall(line.lower()))
    return "title" in words and not words.isdisjoint(("author", "authors", "year", "doi"))


def _starts(text: str, at: int = 0) -> Iterator[re.Match[str]]:
    return (one for one in _START.finditer(text, at) if one.lastgroup != "csv" or _is_header(one[0]))


def has_people(text: str) -> bool:
    """Whether some line certainly names the people of a paper."""
    return any(people.sure and len(people.names) > 1 for people in map(people_in, text.splitlines()))


def with_page_below(text: str, own: str) -> dict[str, list[tuple[int, int]]]:
    """The records, and below them the text of a page that would be read as the end of the last one's last value."""
    last = max((match.start() for match in _starts(text) if match.lastgroup == own), default=0)
    for gap in GAPS[own].finditer(text, last):
        below = gap.end()
        if (own != "csv" or text.count('"', 0, below) % 2 == 0) and has_people(text[below:]):
            return {own: [(0, below)], PAGE: [(below, len(text))]}
    return {own: [(0, len(text))]}


def only(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text in which all but these spans is replaced by empty lines."""
    kept: list[str] = []
    end = 0
    for start, next_end in spans:
        kept += ["\n" * text.count("\n", end, start), text[start:next_end]]
        end = next_end
    return "".join(kept)


def parts_by_format(text: str, own: str) -> dict[str, list[tuple[int, int]]]:
    """The spans of the text by family, the family that begins first being the first."""
    spans: list[tuple[int, int, str]] = []
    after = 0
    entries = _entries(text)
    begins = list(entries)
    tries = dict.fromkeys(STARTS, _MOST_TRIES)
    root_start = next((one.start() for one in _starts(text) if one.lastgroup == "xml"), 0) if own == "xml" else 0
    root_end = _root_end(text, root_start) if own == "xml" else 0
    for found in _starts(text):
        family, start = found.lastgroup or "", found.start()
        if start < after or root_start <= start < root_end or (family == own and own != "bibtex"):
            continue
        if family == "bibtex":
            if (end := entries.get(found.start() + found[0].index("@"), 0)) == 0:
                continue
        elif own == "bibtex" and (at := bisect(begins, start)) and start < entries[begins[at - 1]]:
            continue
        elif tries[family] and (end := _end(text, start, family)) == 0:
            tries[family] -= 1  # each may search to the end of the text
            continue
        elif not tries[family]:
            continue
        if own not in (PAGE, "bibtex", "xml") and not _follows_a_gap(text, start, spans):
            continue
        if own == "csv" and text.count('"', 0, start) % 2:  # inside a cell
            continue
        spans.append((start, end, family))
        after = end
    if own == "bibtex":  # also its macros, comments and preambles, and entries that no pattern finds
        spans = _without_overlaps([*spans, *((start, end, own) for start, end in entries.items())])
    parts: dict[str, list[tuple[int, int]]] = {}
    rest = PAGE if own in ("bibtex", "xml") else own
    if own in _GOES_ON and own not in ("csv", "yaml"):  # the text above the first record is not of this format
        first = next((one.start() for one in _starts(text) if one.lastgroup == own), 0)
        if first and not (spans and spans[0][0] < first):
            spans.insert(0, (0, first, PAGE))
    end = 0
    if root_end:
        spans = sorted([*spans, (root_start, root_end, "xml")])
    for start, stop, family in [*spans, (len(text), len(text), rest)]:
        if text[end:start].strip():
            parts.setdefault(rest, []).append((end, start))
        if stop > start:
            parts.setdefault(family, []).append((start, stop))
        end = stop
    return parts


def _without_overlaps(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The spans in order, without those that begin inside an earlier one."""
    kept: list[tuple[int, int, str]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _follows_a_gap(text: str, start: int, spans: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a part may begin here inside records: after an empty line, the end of a record or of another part."""
    above = text[:start].splitlines()[-1:] if start < _HEAD else text[start - _HEAD : start].splitlines()[-1:]
    ended = bool(spans) and not text[spans[-1][1] : start].strip()
    return ended or not above or not above[0].strip() or any(last.match(above[0]) for last in _LAST_LINES.values())


def _entries(text: str) -> dict[int, int]:
    """Where BibTeX's entries, macros and preambles begin and end."""
    if "@" not in text:
        return {}
    kinds = ("entry", "malformed", "string", "preamble", "comment")
    return {block.start: block.end for block in scan(text) if block.kind in kinds}


def _end(text: str, start: int, family: str) -> int:
    """The end of the part that begins here; 0 if it is none."""
    if family == "json":
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            return len(text) if text.startswith(('{"', '[{"'), start) else 0  # cut off, which its reader reports
        return end if '"' in text[start:end] else 0
    if family == "xml":
        return _root_end(text, start) or (len(text) if text.startswith("<?xml", start) else 0)
    end, gap = start, False
    for line in _lines(text, start):
        if not line.strip():
            gap = True
        elif (gap and not _GOES_ON[family].match(line)) or (end > start and _begins_another(line, family)):
            return end
        else:
            gap = False
        end += len(line)
        if family in _LAST_LINES and _LAST_LINES[family].match(line):
            return end
    return end


def _begins_another(line: str, family: str) -> bool:
    found = _START.match(line)
    return found is not None and found.lastgroup not in (family, "csv", "json")


def _lines(text: str, start: int) -> Iterator[str]:
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _root_end(text: str, start: int) -> int:
    root = _ROOT.search(text, start)
    if root is None:
        return 0
    closing = f"</{root[1]}>"
    at = text.rfind(closing, root.end())
    return at + len(closing) if at >= 0 else 0
