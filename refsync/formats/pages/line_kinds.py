"""What each line of a page is: title or name, abstract, label, identifier, citation, button."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from refsync.formats.pages.author_line import NOBODY, People, people_in
from refsync.formats.pages.citation_line import proceedings_fields, pubmed_fields, scholar_fields
from refsync.formats.pages.labels import ArxivHeading, Label, are_categories, arxiv_heading, label_in
from refsync.formats.pages.navigation import is_about_the_site, is_navigation, says_nothing_found
from refsync.formats.pages.page_lines import MAX_TITLE, Line
from refsync.text.identifiers import arxiv, doi, pmid

Kind = Literal[
    "text", "prose", "label", "heading", "cite", "pubmed", "entry", "count", "aside", "site", "nothing", "navigation"
]
"""`text`: a title, a name or anything else short; `heading`: arXiv's identifier above a paper; `cite`: people and venue
under a title; `pubmed`: journal and date under people; `entry`: the buttons above a paper; `count`: `5 authors`;
`aside`: publication data of which no field is made, or an identifier; `site`: a paragraph about the site; `nothing`: a
search without results."""

_PROSE_WORDS = 20  # an abstract of fewer characters has at least this many words and ends in a full stop
_SENTENCE_WORDS = 5
_PROSE_ENDS = (".", ".)", '."', ".”", "…", "...", "More", "Less", "Expand", "?)", "!)", ".*")
_CJK_PROSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af].{50,}[。！？]$", re.DOTALL)
_ENTRY = re.compile(
    r"\[?pdf\]?[\s|·,]*\[?bib\]?(?:[\s|·,]*\[?abs\]?)?(?=$|(?P<rest>\s*(?-i:[^\sa-z|,\])]).*))",
    re.IGNORECASE | re.DOTALL,
)
_COUNT = re.compile(r"[·•]?\s?\d{1,4} authors?", re.IGNORECASE)
_USER_BELOW = re.compile(r"[·•]?\s?(?:submitted|published|posted|shared|uploaded) by:?", re.IGNORECASE)
_MAX_USER = 40
_OFTEN = 3
_OPEN_END = re.compile(r"\s(?:the|a|an|of|and|or|by|in|on|at|to|for|from|with|is|are|that|which|as)$")
_DIGITS = re.compile(r"\d+")
_JOURNAL_NUMBERS = re.compile(r"\b(?:volume|vol\.|issue|pages?|pp\.|no\.)\s?\d", re.IGNORECASE)
_MAX_DOI_LINE = 200
_DISCUSSION = re.compile(
    r"(?:\d{1,4} / )?\d{1,4} repl(?:y|ies) shown|filter by (?:reply type|author)\.{3}|add: ?(?:public )?comment"
    r"|(?:official|meta) review of .{0,80}|(?:paper|acceptance) decision|sign up or log in to comment"
    r"|models citing this paper.{0,20}",
    re.IGNORECASE,
)
"""Lines with which the discussion of a page's one paper begins: reviews, comments."""
_BELOW_PAPERS = re.compile(
    r"submission history|access paper:?|pubmed disclaimer|conflicts? of interest statement"
    r"|similar articles|linkout - more resources|ncbi literature resources|name change policy|coauthor index",
    re.IGNORECASE,
)
"""Lines below the papers of a page: versions, other papers that are alike or cite them, notices."""
_FIELDS_OF_STUDY = re.compile(
    r"(?:(?:computer science|medicine|biology|mathematics|physics|chemistry|engineering|psychology|economics|business"
    r"|political science|environmental science|materials science|geology|geography|history|art|sociology|philosophy"
    r"|education|linguistics|law|agricultural and food sciences)(?:,\s|$)){1,6}",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\[(?:pdf|html|doc|docx|txt|book|full view)\]\s?[\w.-]{2,60}\.[a-z]{2,10}|full view|get it at .{2,40}",
    re.IGNORECASE,
)
_STATUS_WORDS = (
    "conference|workshop|oral|poster|spotlight|submitted|submission|withdrawn|rejected|reject|accepted|notable|blind|track"
    r"|datasets|benchmarks|desk|main|findings|invite|regular|long|short|talk|and|top|\d{1,2}%"
)
_NAME_AND_YEAR = r"(?-i:[A-Z][\w&'’/-]{1,20} ){1,4}(?:19|20)\d\d"
_VENUE = re.compile(
    r"(?:in|part of|accepted (?:at|to|by)|published (?:at|in)|to appear (?:at|in)|presented at)[:\s]\s?"
    rf"(?:(?:the )?(?:proceedings|proc\.|findings|transactions|advances|journal) .{{3,250}}|{_NAME_AND_YEAR}.{{0,60}})"
    r"|(?:proceedings of|proc\.|findings of|transactions on|advances in neural) .{3,200}(?:19|20)\d\d.{0,80}"
    rf"|{_NAME_AND_YEAR}(?:[ ,(]{{1,2}}(?:{_STATUS_WORDS})\)?){{1,10}}[.,]?"
    r"|arxiv preprint .{0,60}|(?:conference|journal|main conference|datasets and benchmarks) track",
    re.IGNORECASE,
)
_VENUE_ALONE = re.compile(rf"{_NAME_AND_YEAR}|(?:proceedings of|findings of|trans\.) .{{3,200}}", re.IGNORECASE)
_STATUS = re.compile(
    r"(?:[A-Z][\w&'’/-]{1,20} ){1,4}(?:19|20)\d\d\b.{0,80}(?:readers:|everyone|revisions|bibtex|submission).{0,120}"
    r"|published: .{0,200}|(?:publication )?year: ?(?:19|20)\d\d.{0,200}"
    r"|(?:\d{1,2} \w{3,9} (?:19|20)\d\d )\((?:modified|last modified).{0,160}|.{0,60}\bCC BY\b.{0,30}",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"\b(?:university|universit[àäéy]t?|universidade?|université|universitat|institute?|instituto|department|dept\."
    r"|faculty|hospital|laborator(?:y|ies)|college|school of|academy|cent(?:re|er) for|inc\.|ltd\.?|gmbh|corporation"
    r"|research center|google|microsoft|meta ai|nvidia|deepmind|openai|alibaba|tencent|huawei|bytedance)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:\[.{0,80}\]|.{0,60}(?:#\d{1,5}|\b(?:hall|room|ballroom|auditorium|level|floor|building"
    r"|booth)\b.{0,20}[\dA-Z]).{0,40}"
    r"|[^\W\d_][\w .’'-]{2,30}, [^\W\d_][\w .’'-]{2,30}(?:, [A-Z]{2,3})?)"
)
_STAND = re.compile(
    r"\[.{0,80}\]|.{0,60}#\d{1,5}"
    r"|.{0,40}\b(?:hall|room|ballroom|auditorium|level|floor|booth|building|poster)s? [\dA-Z][\w+&-]{0,4}",
    re.IGNORECASE,
)
"""Where a poster hangs."""
_IDENTIFIERS_ALONE = re.compile(
    r"(?:(?:doi|arxiv|pmid|pmcid|corpus id|isbn|issn)\s?[:=]?\s*)?(?:https?://\S+|10\.\d{4,9}/\S+"
    r"|\d{4}\.\d{4,5}(?:v\d+)?|PMC\d{3,9}|\d{5,9})"
    r"(?:[\s;,]+(?:PMCID|PMID|DOI)?:?\s?(?:PMC)?[\d./\w()-]+){0,4}(?:\s.{0,40}\barticle\.?)?(?:\s(?:Review|Clinical"
    r" Trial|.{0,40}Study)\.)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A line with what it is; `fields` are the values that an identifier, a heading or a citation gives."""

    line: Line
    kind: Kind
    label: Label | None = None
    people: People = NOBODY
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The line's text."""
        return self.line.text

    @property
    def could_be_title(self) -> bool:
        """Whether it is short text, and no part of a sentence."""
        text = self.text
        if self.kind != "text" or text.endswith((",", ";")) or not any(map(str.isalpha, text)):
            return False
        return _OPEN_END.search(text, max(0, len(text) - 8)) is None


def tokens_of(lines: Sequence[Line]) -> list[Token]:
    """What the lines are, one after the other; a line that begins with buttons is two."""
    found: list[Token] = []
    for line in lines:
        entry = _ENTRY.match(line.text)
        rest = entry["rest"].strip() if entry and entry["rest"] else ""
        if rest and not is_navigation(f"[{rest}]"):
            found.append(Token(Line(line.line, line.text[: -len(rest)].strip(), line.number, line.first), "entry"))
            found.append(_token(Line(line.line, rest)))
        else:
            found.append(Token(line, "entry") if entry else _token(line))
    repeated = _repeated(found)
    for index, token in enumerate(found):
        above = found[index - 1] if index else None
        below = found[index + 1] if index + 1 < len(found) else None
        if token.kind in ("text", "label") and _says_nothing(token, above, below, repeated):
            found[index] = Token(token.line, "navigation")
        elif token.text.lower() == "pdf" and below and below.text.lower() == "bib":
            found[index] = Token(token.line, "entry")
    return found


def _says_nothing(token: Token, above: Token | None, below: Token | None, repeated: frozenset[str]) -> bool:
    """Whether text is that of the page: it recurs, is the name of who posted a paper, or stands on a button."""
    if token.label:  # `Abstract` on a button rather than above one
        return token.text == "Abstract" and below is not None and below.kind == "navigation"
    posted = above is not None and len(token.text) < _MAX_USER and _USER_BELOW.fullmatch(above.text) is not None
    return posted or _without_numbers(token.text) in repeated


def _repeated(tokens: Sequence[Token]) -> frozenset[str]:
    """Texts that recur on a page, of journals also with other numbers; titles are not repeated so often.

    What stands alone above an abstract is its title all the same.
    """
    kinds = ["", *(token.kind for token in tokens), ""]
    counts = Counter(
        _without_numbers(token.text)
        for index, token in enumerate(tokens, 1)
        if token.kind == "text"
        and not token.people.names
        and (kinds[index - 1] == "text" or kinds[index + 1] != "prose")
    )
    return frozenset(text for text, count in counts.items() if count >= _OFTEN)


def _without_numbers(text: str) -> str:
    return _DIGITS.sub("0", text) if _JOURNAL_NUMBERS.search(text) else text


def without_discussion(tokens: list[Token]) -> list[Token]:
    """The lines above the reviews and comments about the paper of a page, and above what else follows the papers."""
    for index, token in enumerate(tokens):
        if token.kind in ("text", "label", "navigation") and _DISCUSSION.fullmatch(token.text):
            return _without_appendix(tokens[:index])
    return _without_appendix(tokens)


def _without_appendix(tokens: list[Token]) -> list[Token]:
    """The lines above those that follow the papers of a page.

    A line that occurs more than once belongs to each of several papers, and one above all papers is a link to them.
    """
    found = [
        index
        for index, token in enumerate(tokens)
        if token.kind in ("text", "label", "navigation", "site") and _BELOW_PAPERS.fullmatch(token.text)
    ]
    counts = Counter(tokens[index].text.lower() for index in found)
    for index in found:
        above = any(token.people.names or token.kind in ("prose", "cite", "pubmed") for token in tokens[:index])
        if above and counts[tokens[index].text.lower()] == 1:
            return tokens[:index]
    return tokens


def _token(line: Line) -> Token:
    text = line.text
    if heading := arxiv_heading(text):
        return Token(line, "heading", fields=_heading_fields(heading))
    if label := label_in(text):
        return Token(line, "label", label)
    if _COUNT.fullmatch(text):
        return Token(line, "count")
    if says_nothing_found(text):
        return Token(line, "nothing")
    if len(text) < MAX_TITLE and _IDENTIFIERS_ALONE.fullmatch(text) and (fields := _identifiers(text)):
        return Token(line, "aside", fields=fields)
    if is_navigation(text) or _LINK.fullmatch(text) or (len(text) < _MAX_DOI_LINE and _STAND.fullmatch(text)):
        return Token(line, "navigation")
    if fields := pubmed_fields(text):
        return Token(line, "pubmed", fields=fields)
    if fields := scholar_fields(text) or proceedings_fields(text):
        return Token(line, "cite", fields=fields)
    people = people_in(text)
    if not people.sure and is_prose(text):
        return Token(line, "site" if is_about_the_site(text) else "prose")
    if not people.sure and len(text) < _MAX_DOI_LINE and (found := doi(text)):
        return Token(line, "aside", fields={"doi": found})
    if are_categories(text) or _STATUS.fullmatch(text) or _FIELDS_OF_STUDY.fullmatch(text):
        return Token(line, "aside")
    if is_about_the_site(text) and not people.sure:
        return Token(line, "site")
    return Token(line, "text", people=people)


def is_prose(text: str) -> bool:
    """Whether a line is one or more sentences, as abstracts are."""
    if len(text) >= MAX_TITLE or _CJK_PROSE.search(text):
        return True
    return len(text.split()) >= _PROSE_WORDS and text.endswith(_PROSE_ENDS)


def is_sentence(text: str) -> bool:
    """Whether a line below the label of an abstract may be one: prose, or a shorter sentence."""
    return is_prose(text) or (len(text.split()) > _SENTENCE_WORDS and text.endswith((".", "?", "!", "。")))


def is_aside(text: str) -> bool:
    """Whether a line below a paper's people says where they work or where the paper was published or shown."""
    if len(text) >= MAX_TITLE:
        return False
    return _AFFILIATION.search(text) is not None or any(
        pattern.fullmatch(text) for pattern in (_VENUE, _VENUE_ALONE, _PLACE)
    )


def is_venue(text: str) -> bool:
    """Whether a line names a conference or proceedings: `MossConf 2024 poster`."""
    return len(text) < MAX_TITLE and _VENUE.fullmatch(text) is not None


def _heading_fields(heading: ArxivHeading) -> dict[str, Any]:
    fields = {"archiveprefix": "arXiv", "eprint": heading.eprint, "primaryclass": heading.category, "doi": heading.doi}
    return {name: value for name, value in fields.items() if value}


def _identifiers(text: str) -> dict[str, Any]:
    if eprint := arxiv(text, bare=True):
        return {"archiveprefix": "arXiv", "eprint": eprint}
    fields = {"doi": doi(text), "pmid": pmid(text)}
    return {name: value for name, value in fields.items() if value}
