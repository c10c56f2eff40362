"""Saved listing pages: the text of a web page of papers with title and abstract, as a browser saves it.

There are two layouts. In the spaced one, blank lines separate a title from its abstract and papers from each other; in
the dense one there are no blank lines, and the page's last button precedes the first title without a space. One rule
reads both: an abstract is prose, and the short line before it is its title. The rest is navigation of the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot

_MAX_TITLE = 300  # characters
_PROSE_WORDS = 20  # an abstract of fewer characters has at least this many words and ends in a full stop

_DATE = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:,?\s+\d{4})?"
_NAVIGATION = re.compile(
    rf"""(?: new | today | yesterday | (?:daily|weekly|monthly|trending|latest)(?:\ papers)? | papers
        | get\ trending\ papers\ .* | subscribe | by\s*\w+\ and\ the\ .*community
        | {_DATE} | \d{{1,2}}\ \w{{3,9}}(?:\ \d{{4}})? | \d+\ (?:hours?|days?|weeks?|months?|years?)\ ago
        | (?:submitted|published)\ (?:by|on)\ .* | [·•\s]*\d+\ authors?
        | (?:upvote|share|save|like)s?(?:\s+[\d.,]+k?)? | [\d.,]+k? | [-–—·•|*.\s]+
        | (?:previous|next|(?:load|show|view|see)\ (?:more|all|less|.{{0,12}}page))
        | (?:company|tos|privacy|about|careers|website|models|datasets|spaces|pricing|docs)
        | (?:©|\(c\)|copyright\b).*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BUTTON_BEFORE_TITLE = re.compile(r"Subscribe(?=[^\sa-z])")
_MARKUP = re.compile(rb"\s*(?:[{\[<]|@\w+\s*[{(]|TY  ?-)")


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    text: str

    @property
    def is_navigation(self) -> bool:
        return _NAVIGATION.fullmatch(self.text) is not None

    @property
    def is_prose(self) -> bool:
        if len(self.text) >= _MAX_TITLE:
            return True
        return len(self.text.split()) >= _PROSE_WORDS and self.text.endswith((".", ".)", '."', ".”"))

    @property
    def looks_like_title(self) -> bool:
        return len(self.text.split()) >= 4 and not self.text[0].islower()


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs whose lines are wrapped, and else single lines: in the dense layout the page is one paragraph."""
    paragraph: list[_Block] = []
    for number, raw in enumerate([*re.split(r"\r\n?|\n", text), ""], 1):
        if line := " ".join(raw.split()):
            paragraph.append(_Block(number, line))
        elif paragraph:
            if _is_wrapped(paragraph):
                yield _Block(paragraph[0].line, " ".join(block.text for block in paragraph))
            else:
                yield from paragraph
            paragraph = []


def _is_wrapped(paragraph: list[_Block]) -> bool:
    """Whether the lines of a paragraph are one wrapped text: all but the last are about equally long."""
    lengths = [len(block.text) for block in paragraph[:-1]]
    return (
        bool(lengths)
        and 40 <= max(lengths) < _MAX_TITLE
        and min(lengths) > 0.7 * max(lengths)
        and (len(paragraph[-1].text) <= max(lengths) + 10)
    )


def _without_button(block: _Block) -> _Block:
    return _Block(block.line, _BUTTON_BEFORE_TITLE.sub("", block.text, count=1))


def read(data: bytes, source: str) -> Snapshot:
    """The papers of a saved listing page.

    Raises:
        SourceError: the file cannot be decoded, or has no paper.
    """
    decoded = decode_export(data, source)
    records: list[Record] = []
    problems = list(decoded.problems)
    title: _Block | None = None  # a line that may be the title of the next abstract
    abstract: list[str] = []

    def close() -> None:
        if title and abstract:
            fields = {"title": title.text, "abstract": "\n\n".join(abstract)}
            index = len(records) + 1
            records.append(Record(source, index, f"#{index}", fields=fields, line=title.line))
        elif title:
            problems.append(
                Problem(source, f"no abstract follows, so this is not read as a paper: {title.text!r}", title.line)
            )

    for block in _blocks(decoded.text):
        if block.is_navigation:
            continue
        if not block.is_prose:
            close()
            title, abstract = (block if records else _without_button(block)), []
        elif title:
            abstract.append(block.text)
        else:
            problems.append(Problem(source, f"an abstract without a title: {block.text[:60]!r}…", block.line))
    close()

    if not records:
        raise SourceError(
            source, "no paper (a title with an abstract) in it", hint="if it is another format, name it with --from"
        )
    if title and not abstract and title.looks_like_title:
        last = problems.pop()
        problems.append(
            Problem(
                source, f"the page ends before the abstract of {title.text!r}; save it again", last.line, fatal=True
            )
        )
    return Snapshot(source, "listing", tuple(records), tuple(problems))


def sniff(head: bytes) -> float:
    """Low for any text without markup, high for the heading of a known page."""
    if b"\0" in head or _MARKUP.match(head):
        return 0.0
    return 0.5 if b"trending papers" in head[:400] else 0.05


FORMAT = Format(name="listing", suffixes=(".txt", ".text"), sniff=sniff, read=read)
