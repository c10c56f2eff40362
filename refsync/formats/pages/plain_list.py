"""Plain lists: one DOI, arXiv identifier, PubMed number, ISBN, URL or title per line."""

import re
from collections.abc import Iterator
from typing import Any

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.field_values import join_names
from refsync.formats.common.foreign_text import foreign_format
from refsync.formats.common.record_values import arxiv_date_fields, arxiv_fields, make_record
from refsync.formats.pages.author_line import people_in
from refsync.formats.pages.labels import label_in
from refsync.formats.pages.line_kinds import is_prose
from refsync.formats.pages.navigation import is_about_the_site, is_navigation, says_nothing_found
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot
from refsync.text.identifiers import arxiv, doi, isbns, pmcid, pmid

_BULLET = re.compile(r"^(?:[-*+•‣·–—]\s+|\(?\d{1,4}[.)]\s+|\[\d{1,4}\]\s*)+")
_COMMENT = re.compile(r"^(?:#|//|%|;)\s*")
_ADDRESS = re.compile(r"<?https?://\S+", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:doi|arxiv|pmid|pmcid|isbn)\s*[:=]?\s*$|^\s*[-–—:,;|.()\[\]]+\s*|[\s\-–—:,;|(\[]+$", re.IGNORECASE
)
_REFERENCE = re.compile(r"\((?:19|20)\d\d[a-z]?\)|\b(?:19|20)\d\d[a-z]?[.;,]|\bet al\b|\bpp?\.\s*\d")
_WITH_PEOPLE = re.compile(r"(?P<title>[^()]*\S)\s*\((?P<people>[^()]{5,})\)")
_TITLE_WORDS = 25
_NEXT_SENTENCE = re.compile(r"[.?!] [A-Z]")
_SEPARATED = re.compile(r"[,;\s]+")
_MAX_TITLE = 300
_MARKUP = re.compile(rb"\s*(?:[{\[<]|@\w+\s*[{(]|TY  ?-)")


def read(data: bytes, source: str) -> Snapshot:
    """The papers of a list. Lines that begin with `#` are comments; bullets and numbers are left out.

    Raises:
        SourceError: the file cannot be decoded, or has no paper.
    """
    decoded = decode_export(data, source)
    if foreign := foreign_format(decoded.text):
        raise SourceError(source, foreign.message, hint=foreign.hint)
    records: list[Record] = []
    problems = list(decoded.problems)
    for number, line in enumerate(decoded.text.splitlines(), 1):
        if _COMMENT.match(line) or not line.strip():
            continue
        for text in _split_identifiers(line):
            values = fields_in_text(text)
            if values and not (values.keys() <= {"title"} and _is_no_title(text)):
                records.append(make_record(source, len(records) + 1, "misc", values, line=number))
            else:
                problems.append(Problem(source, f"neither an identifier nor a title: {text[:80]!r}", number))
    if not records:
        raise SourceError(
            source, "no identifier and no title in it", hint="write one DOI, arXiv identifier or title per line"
        )
    if len(problems) > len(records) + len(decoded.problems):
        message = (
            f"most lines are neither an identifier nor a title ({len(problems)} of {len(problems) + len(records)})"
        )
        raise SourceError(source, message, line=problems[-1].line, hint="if it is another format, name it with --from")
    return Snapshot(source, "list", tuple(records), tuple(problems))


def _is_no_title(text: str) -> bool:
    """Whether a line is a part of a page or its people rather than a title."""
    return (
        is_navigation(text)
        or says_nothing_found(text)
        or people_in(text).sure
        or label_in(text) is not None
        or is_about_the_site(text)
        or is_prose(text)
        or (len(text.split()) > _TITLE_WORDS and _NEXT_SENTENCE.search(text) is not None)
    )


def _split_identifiers(line: str) -> Iterator[str]:
    """The texts of a line: the whole line, or each of its identifiers."""
    text = _BULLET.sub("", line.strip().strip('"'))
    parts = [part for part in _SEPARATED.split(text) if part]
    if len(parts) > 1 and all(_identifiers(part) for part in parts):
        yield from parts
    else:
        yield text


def _identifiers(text: str) -> dict[str, Any]:
    found = doi(text)
    fields: dict[str, Any] = {"doi": found}
    fields |= arxiv_fields(arxiv(text, bare=True) or (found if "arxiv" in found else ""))
    if not found:
        fields |= {"pmid": pmid(text), "pmcid": pmcid(text), "isbn": isbns(text) if not arxiv(text, bare=True) else ()}
    return {name: value for name, value in fields.items() if value}


def fields_in_text(text: str) -> dict[str, Any]:
    """The fields in a line of text: identifiers, URL, and the title if the rest is one.

    >>> fields_in_text("Kelp in Noise, arXiv:2401.00001")["title"], fields_in_text("10.5555/kelp")
    ('Kelp in Noise', {'doi': '10.5555/kelp'})
    """
    fields = _identifiers(text)
    address = _ADDRESS.search(text)
    if address:
        fields["url"] = address[0].strip("<>").rstrip(".,;)")
    if "eprint" in fields:
        fields |= arxiv_date_fields(fields["eprint"])
    rest = _without_identifiers(text, fields)
    if (found := _WITH_PEOPLE.fullmatch(rest)) and len((people := people_in(found["people"])).texts) > 1:
        rest = found["title"]
        fields["author"] = join_names(people.texts)
    words = rest.split()
    if (_REFERENCE.search(rest) and len(words) > 3) or _ends_with_people(rest):
        fields["note"] = text  # a full reference, in which the title cannot be recognised with certainty
    elif len(words) >= (2 if fields else 3) and len(rest) <= _MAX_TITLE and any(char.isalpha() for char in rest):
        fields["title"] = rest
    return fields


def _ends_with_people(text: str) -> bool:
    """Whether people follow the title without a mark between: `Kelp in Noise Ann Roe, Ed Poe`."""
    first, *rest = re.split(r",\s(?:and\s)?", text)
    words = first.split()
    return len(words) > 3 and bool(rest) and all(people_in(part).names for part in (" ".join(words[-2:]), *rest))


def _without_identifiers(text: str, fields: dict[str, Any]) -> str:
    """The text without identifiers and URLs."""
    rest = _ADDRESS.sub(" ", text)
    for name in ("doi", "eprint", "pmid", "pmcid"):
        if value := fields.get(name):
            rest = re.sub(rf"{re.escape(value)}(?:v\d+)?", " ", rest, flags=re.IGNORECASE)
    before = ""
    while before != rest:
        before, rest = rest, _LABEL.sub("", rest.strip())
    return " ".join(rest.split())


def sniff(head: bytes) -> float:
    """Medium for identifiers and URLs in the lines, low for short lines that may be titles."""
    if b"\0" in head or b"](http" in head or _MARKUP.match(head):
        return 0.0
    text = head.decode("utf-8", "replace")
    if foreign_format(text):
        return 0.0
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _COMMENT.match(line)][:200]
    if not lines or any(len(line) > 2 * _MAX_TITLE for line in lines):
        return 0.0
    known = [line for line in lines if _identifiers(line)]
    if len(known) == len(lines):
        return 0.7
    if len(known) * 2 >= len(lines):
        return 0.4
    titles = [line for line in lines if 3 <= len(line.split()) <= 40 and len(line) <= _MAX_TITLE]
    if sum(map(_ends_with_people, lines)) > 1:  # a page that has title and people in one line
        return 0.0
    if any(line[0].islower() for line in lines) or not len(titles) == len(lines) > 1:  # wrapped prose, or other lines
        return 0.0
    return 0.0 if sum(map(_is_no_title, lines)) * 5 > len(lines) else 0.1


FORMAT = Format(name="list", suffixes=(".lst", ".list", ".txt"), sniff=sniff, read=read)
