"""Pages on which a certain line marks each paper: an identifier, buttons, a label, or a citation under the title."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from refsync.formats.common.field_values import join_names
from refsync.formats.pages.citation_line import dblp_fields, dblp_people, dblp_reference, dblp_title, pubmed_fields
from refsync.formats.pages.labels import are_categories
from refsync.formats.pages.line_kinds import Token
from refsync.formats.pages.paper import Paper

_PREFIX = re.compile(r"^(?:\[(?:PDF|HTML|BOOK|B|CITATION|C|DOC|DOCX|RTF|PS|TXT|XLS)\]\s*)+", re.IGNORECASE)
_DBLP_NUMBER = re.compile(r"^\[[a-z]\d{1,5}\]\s*")
_DBLP = re.compile(r"\bdblp\b", re.IGNORECASE)
_DETACHED_DATE = re.compile(r"\.?\s?(?:1[89]|20)\d\d\b[^.]{0,60}\.")
_JOURNAL_BUTTON = re.compile(r"actions?|search in (?:pubmed|nlm catalog)|add to search", re.IGNORECASE)
_WITHIN = 8  # lines from a mark to the title


@dataclass(slots=True)
class Mark:
    """Where a paper begins: its first line, and the line of its title, by their indices.

    `skipped` are lines before the title that are used already, `fields` the values in them.
    """

    start: int
    title: int
    text: str
    skipped: set[int] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """The papers of a page, the indices of the lines in none, and those of the first and last line of papers."""

    papers: list[Paper]
    left: list[int]
    first: int = 0
    last: int = 0


def read_marked(tokens: Sequence[Token]) -> Reading | None:
    """The papers of a page, if one of these layouts has any: that which marks most papers."""
    found = [marks for find in _FINDERS if (marks := find(tokens))]
    return _read(tokens, max(found, key=len)) if found else None


def _read(tokens: Sequence[Token], marks: Sequence[Mark]) -> Reading:
    papers: list[Paper] = []
    left = [index for index in range(marks[0].start) if not _says_nothing(tokens[index])]
    last = marks[0].start
    ends = [mark.start for mark in marks[1:]] + [len(tokens)]
    for mark, end in zip(marks, ends, strict=True):
        paper = Paper(mark.text, tokens[mark.title].line.line)
        paper.fields.update(mark.fields)
        last = max(last, mark.title)
        clean = True  # a paragraph far below is not this paper's
        for index in range(mark.start, end):
            token = tokens[index]
            if index == mark.title or index in mark.skipped:
                if index >= mark.title:
                    paper.begin_below_title(people=tokens[mark.start].kind == "heading")
                continue
            near = token.kind != "prose" or clean or end < len(tokens) or paper.paragraphs or paper.expects_abstract
            if near and paper.take(token):
                if not _says_nothing(token):
                    last = index
            else:
                left.append(index)
                paper.forget_label()
                clean = clean and index < mark.title
        papers.append(paper)
    return Reading(papers, left, marks[0].start, last)


def _says_nothing(token: Token) -> bool:
    return token.kind in ("navigation", "site", "count", "entry", "nothing") or (
        token.kind == "aside" and not token.fields
    )


def _next_text(tokens: Sequence[Token], index: int, *, any_word: bool = True) -> int:
    """The index of the next short text within some lines, before another mark; -1 if there is none.

    Without `any_word`, a word in small letters is not the text sought but the name of a user.
    """
    for later in range(index, min(index + _WITHIN, len(tokens))):
        token = tokens[later]
        if token.could_be_title and not are_categories(token.text):
            return later if any_word or " " in token.text or not token.text[0].islower() else -1
        if token.kind not in ("navigation", "aside", "site"):
            return -1
    return -1


def _labelled(tokens: Sequence[Token]) -> list[Mark]:
    """`Title: Kelp in Noise`, with other labels or an identifier beside it."""
    marks: list[Mark] = []
    titles = [index for index, token in enumerate(tokens) if token.label and token.label.field == "title"]
    leading: set[str] = set()
    for index in titles:
        label = tokens[index].label
        title = index if label and label.value else index + 1
        if (
            title >= len(tokens)
            or tokens[title].kind not in ("text", "prose", "label")
            or (title > index and tokens[title].label)
        ):
            continue
        start = _above(tokens, index, marks[-1].title if marks else -1, leading)
        if not marks:
            leading = {found.field for token in tokens[start:index] if (found := token.label)}
        text = label.value if label and label.value else tokens[title].text
        marks.append(Mark(start, title, text, {index}))
    ends = [mark.start for mark in marks[1:]] + [len(tokens)]
    return [
        mark
        for mark, end in zip(marks, ends, strict=False)
        if any(
            _describes(tokens[index])
            for index in range(mark.start, min(end, mark.title + 12))
            if index not in mark.skipped
        )
    ]


def _above(tokens: Sequence[Token], index: int, before: int, leading: set[str]) -> int:
    """Where a paper begins whose label `Title` is at this index: identifiers and other labels may stand above it."""
    start = index
    for above in range(index - 1, max(before, index - _WITHIN), -1):
        token = tokens[above]
        if token.kind in ("heading", "entry") or (
            token.kind == "label" and token.label and (before < 0 or token.label.field in leading)
        ):
            start = above
            if token.kind in ("heading", "entry"):
                break
        elif token.kind not in ("navigation", "aside"):
            break
    return start


def _describes(token: Token) -> bool:
    return token.kind == "heading" or (
        token.label is not None and token.label.field not in ("", "title", "note", "tldr")
    )


def _with_headings(tokens: Sequence[Token]) -> list[Mark]:
    """ArXiv's identifier above a title without a label."""
    return [
        Mark(index, title, tokens[title].text)
        for index, token in enumerate(tokens)
        if token.kind == "heading" and (title := _next_text(tokens, index + 1, any_word=False)) > 0
    ]


def _with_buttons(tokens: Sequence[Token]) -> list[Mark]:
    """The buttons `pdf bib abs` above or before a title."""
    return [
        Mark(index, title, tokens[title].text)
        for index, token in enumerate(tokens)
        if token.kind == "entry" and (title := _next_text(tokens, index + 1)) > 0
    ]


def _with_citations(tokens: Sequence[Token]) -> list[Mark]:
    """People, venue and year under a title."""
    marks = []
    last = -1
    for index, token in enumerate(tokens):
        if token.kind != "cite":
            continue
        title = index - 1
        while title > last and tokens[title].kind == "navigation":
            title -= 1
        if title > last and tokens[title].kind in ("text", "prose"):
            marks.append(Mark(title, title, _PREFIX.sub("", tokens[title].text) or tokens[title].text))
            last = index
    return marks


def _pubmed(tokens: Sequence[Token]) -> list[Mark]:
    """PubMed's results: title, people, and the line with journal and date."""
    marks = []
    last = -1
    for index, token in enumerate(tokens):
        if token.kind != "pubmed":
            continue
        above = [i for i in range(index - 1, max(last, index - 5), -1) if tokens[i].kind in ("text", "prose")]
        people = above[0] if above and tokens[above[0]].people.names and len(above) > 1 else -1
        title = above[1] if people >= 0 else above[0] if above else -1
        if title > last:
            marks.append(Mark(title, title, tokens[title].text))
            last = index
    return marks


def _pubmed_page(tokens: Sequence[Token]) -> list[Mark]:
    """The page of one paper at PubMed: journal, buttons, `. 2021 Mar;12(3):101-115.`, title, people."""
    for index, token in enumerate(tokens):
        if token.kind == "pubmed":
            return []
        if not (_DETACHED_DATE.match(token.text) and token.kind in ("aside", "text", "prose")):
            continue
        for above in range(index - 1, max(-1, index - _WITHIN), -1):
            fields = pubmed_fields(f"{tokens[above].text.rstrip('. ')}. {token.text.lstrip('. ')}")
            if fields and tokens[above].kind == "text" and not _JOURNAL_BUTTON.fullmatch(tokens[above].text):
                title = _next_text(tokens, index + 1)
                skipped = {index, *range(above, index)}
                mark = Mark(above, title, tokens[title].text, skipped=skipped, fields=fields)
                return [mark] if title > 0 else []
    return []


def _dblp(tokens: Sequence[Token]) -> list[Mark]:
    """Dblp's entries: `Ann Roe, Ed Poe:` and, behind it or in the next line, `Kelp in Noise. J. Kelp 3: 1-9 (2024)`."""
    marks: list[Mark] = []
    sure = 0
    titled = any(_DBLP.search(token.text) for token in tokens)
    for index, token in enumerate(tokens):
        if token.kind not in ("text", "prose") or ":" not in token.text or (marks and marks[-1].title == index):
            continue
        people, rest = dblp_people(_DBLP_NUMBER.sub("", token.text))
        title = index
        if people.names and not rest and index + 1 < len(tokens):
            title, rest = index + 1, tokens[index + 1].text
        fields = dblp_fields(rest) if people.names else {}
        if titled and title > index and not fields and (fields := dblp_title(rest)):
            sure += 1  # of the table of contents of one volume, which has the venue above all entries
        sure += bool(fields)
        if people.names and (fields := fields or dblp_reference(rest)):
            text = fields.pop("title")
            marks.append(
                Mark(index, title, text, skipped={index}, fields={"author": join_names(people.texts), **fields})
            )
    return marks if sure * 2 >= len(marks) else []


_FINDERS: tuple[Callable[[Sequence[Token]], list[Mark]], ...] = (
    _labelled,
    _with_headings,
    _with_buttons,
    _dblp,
    _with_citations,
    _pubmed,
    _pubmed_page,
)
