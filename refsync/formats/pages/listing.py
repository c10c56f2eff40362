"""Pages of papers saved or copied as text: listings, results of searches, proceedings, the page of one paper.

Each line is classified by itself (`line_kinds`). If a certain line marks each paper (`marked_layouts`), the papers are
read by it, else by their abstracts and people (`plain_layout`). What is not understood is reported, and a page of which
most is not understood is refused: no paper is made of navigation.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.foreign_text import foreign_format
from refsync.formats.pages.author_line import people_in
from refsync.formats.pages.line_kinds import Token, is_aside, tokens_of, without_discussion
from refsync.formats.pages.markdown_page import is_markdown
from refsync.formats.pages.marked_layouts import Reading, read_marked
from refsync.formats.pages.one_line import title_and_people, with_people_below_titles
from refsync.formats.pages.page_lines import page_lines
from refsync.formats.pages.paper import Paper
from refsync.formats.pages.plain_layout import read_plain
from refsync.formats.registry import Format
from refsync.records import Problem, Snapshot

_BUTTON_BEFORE_TITLE = re.compile(r"Subscribe(?=[^\sa-z])")
_MARKUP = re.compile(rb"\s*(?:[{<]|\[\s*[\[{\"\]]|@\w+\s*[{(]|TY  ?-)")
_SECTION = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+|[ivx]{1,5}\.\s+)?(?:introduction|background|related work|methods?|materials"
    r" and methods|results"
    r"|discussion|conclusions?|references|bibliography|acknowledge?ments?|appendix|installation|usage|getting started"
    r"|license|contributing"
    r"|overview|preamble|summary|contents|table of contents|preface|foreword|chapter \w+|requirements|configuration"
    r"|documentation|faq"
    r"|changelog|authors|contact|future work|limitations|experiments|evaluation|preliminaries|funding|data"
    r" availability.{0,12}"
    r"|description|history|see also|external links|further reading|notes|etymology|biography|career|legacy|features"
    r"|einleitung|methoden|ergebnisse|diskussion|literatur|introducción|résultats|conclusión)[:.]?",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:error:? )?[45]\d\d\b.{0,60}"
    r"|.{0,60}\b(?:not found|unavailable|forbidden|access denied|not a robot|just a moment|unusual traffic|are human"
    r"|attention required|under maintenance|before you continue|sign in to|page expired)\b.{0,60}",
    re.IGNORECASE,
)
_HINT = "if it is another format, name it with --from"
_OF_PAPERS = frozenset({"title", "author", "abstract"})
_SHOWN = 3
_FEW = 2
_SNIFFED = 1 << 14
_SHORT = 60  # lines of a page of one paper


def read(data: bytes, source: str) -> Snapshot:
    """The papers of a saved page; none with a note if the page says that nothing was found.

    Raises:
        SourceError: the file cannot be decoded, has no paper, is in another format, or is understood too little.
    """
    decoded = decode_export(data, source)
    if foreign := foreign_format(decoded.text):
        raise SourceError(source, foreign.message, hint=foreign.hint)
    tokens = without_discussion(_without_button(tokens_of(with_people_below_titles(page_lines(decoded.text)))))
    marked = read_marked(tokens)
    reading = marked or read_plain(tokens)
    problems = list(decoded.problems)
    if not reading.papers:
        nothing = next((token for token in tokens if token.kind == "nothing"), None)
        if nothing is None:
            raise SourceError(source, "no paper (a title with an abstract or with people) in it", hint=_HINT)
        message = f"the page says that nothing was found ({nothing.text[:80]!r}); it has no paper"
        return Snapshot(source, "listing", (), (*problems, Problem(source, message, nothing.line.line, kind="note")))
    problems += _drop_untitled(reading, source)
    if not reading.papers:
        raise SourceError(source, "a page without the titles of its papers", hint="save the page again, or its HTML")
    _refuse_what_is_no_page(tokens, reading, source, marked=marked is not None)
    records = tuple(paper.to_record(source, index) for index, paper in enumerate(reading.papers, 1))
    return Snapshot(source, "listing", records, (*problems, *_problems(tokens, reading, source)))


def _drop_untitled(reading: Reading, source: str) -> list[Problem]:
    """Remove papers whose title is missing on the page, so that people or an affiliation are in its place."""
    with_people = sum("author" in paper.fields for paper in reading.papers)
    usual = 0 < len(reading.papers) <= with_people * 2
    problems, kept = [], []
    for paper in reading.papers:
        title = str(paper.fields["title"])
        people = people_in(title)
        alone = usual and "author" not in paper.fields
        if people.sure or (people.names and alone) or (alone and is_aside(title)) or title.startswith("…"):
            message = f"a paper without its title, of which no record is made: {title[:80]!r}"
            problems.append(Problem(source, message, paper.line, fatal=True))
        else:
            kept.append(paper)
    reading.papers = kept
    return problems


def _without_button(tokens: list[Token]) -> list[Token]:
    """In the dense layout the last button of the page precedes the first title without a space."""
    for index, token in enumerate(tokens):
        if token.kind == "prose":
            break
        if token.kind == "text" and (found := _BUTTON_BEFORE_TITLE.match(token.text)):
            line = replace(token.line, text=token.text[found.end() :])
            tokens[index : index + 1] = tokens_of([line])
            break
    return tokens


def _refuse_what_is_no_page(tokens: Sequence[Token], reading: Reading, source: str, *, marked: bool) -> None:
    """Refuse a text whose lines are mostly in no paper, or whose papers are the sections of one text.

    Raises:
        SourceError: it is such a text.
    """
    papers = reading.papers
    used = sum(paper.lines for paper in papers)
    inside = sum(reading.first < index < reading.last for index in reading.left)
    around = len(reading.left) - inside
    with_people = sum("author" in paper.fields for paper in papers)
    allowed_around = 400 if marked else 60 + 4 * used if with_people * 2 >= len(papers) else 12 + 2 * used
    if inside > used or around > allowed_around:
        first = tokens[reading.left[0]]
        count = len(reading.left)
        message = f"most lines of this text are in no known format ({count} of {count + used} are left over)"
        raise SourceError(source, message, line=first.line.line, hint=_HINT)
    if marked:
        return
    if len(papers) <= _FEW and any(_ERROR.fullmatch(str(paper.fields["title"])) for paper in papers):
        message = f"an error page ({papers[0].fields['title']!r}) rather than a page of papers"
        raise SourceError(source, message, hint="open the page in a browser and save it again")
    people = any("author" in paper.fields for paper in papers)
    names = sum(bool(people_in(str(paper.fields["title"])).names) for paper in papers)
    if len(papers) > _FEW and names * 3 > len(papers):
        raise SourceError(source, "a page without the titles of its papers", hint="save the page again, or its HTML")
    headings = 0 if names or people else sum(" " not in str(paper.fields["title"]) for paper in papers)
    sections = headings + sum(_SECTION.fullmatch(str(paper.fields["title"])) is not None for paper in papers)
    long = sum(len(paper.paragraphs) > 1 for paper in papers)
    if sections * 4 > len(papers) or (long * 2 > len(papers) and len(papers) > 1):
        example = papers[0].fields["title"]
        message = f"a text with sections ({str(example)[:60]!r}) rather than a page of papers"
        raise SourceError(source, message, hint=_HINT)


def _problems(tokens: Sequence[Token], reading: Reading, source: str) -> list[Problem]:
    """What is in no paper: a note for the lines above and below the papers, a problem for each between them."""
    problems: list[Problem] = []
    around: list[Token] = []
    last_paper: Paper = reading.papers[-1]
    titles = {str(paper.fields["title"]) for paper in reading.papers}
    for index in sorted(set(reading.left)):
        token = tokens[index]
        if token.text in titles:  # shown twice, as the headings of volumes are
            continue
        inside = reading.first < index < reading.last
        if token.kind == "prose" and (inside or index < reading.first):
            message = f"an abstract without a title: {token.text[:60]!r}…"
            problems.append(Problem(source, message, token.line.line, kind="damage" if inside else "note"))
        elif token.kind == "heading" or (token.label and token.label.field in _OF_PAPERS and token.label.value):
            message = f"of a paper whose title was not recognised, so it is not read: {token.text[:120]!r}"
            problems.append(Problem(source, message, token.line.line, fatal=True))
        elif not inside and _names_people(token, reading) and _is_below_title(tokens, index):
            message = f"people of a paper that was not recognised, so it is not read: {token.text[:120]!r}"
            problems.append(Problem(source, message, token.line.line, fatal=True))
        elif title_and_people(token.text):
            message = f"a title and people without a mark between them, so it is not read: {token.text[:120]!r}"
            problems.append(Problem(source, message, token.line.line, fatal=True))
        elif inside:
            message = f"neither a paper nor a part of one, so it is not read: {token.text[:120]!r}"
            problems.append(Problem(source, message, token.line.line))
        elif _is_cut_off(tokens, reading, index, last_paper):
            message = f"the page ends before the abstract of {token.text!r}; save it again"
            problems.append(Problem(source, message, token.line.line, fatal=True))
        else:
            around.append(token)
    if around:
        shown = ", ".join(repr(token.text[:40]) for token in around[:_SHOWN]) + (", …" if len(around) > _SHOWN else "")
        count = "a line" if len(around) == 1 else f"{len(around)} lines"
        message = f"left out, above or below the papers: {count} ({shown})"
        problems.append(Problem(source, message, around[0].line.line, kind="note"))
    return problems


def _names_people(token: Token, reading: Reading) -> bool:
    """Whether a line names people certainly, or as it does in papers of this page that have nothing but people."""
    if token.people.editors:
        return False
    alike = any("author" in paper.fields and not paper.paragraphs for paper in reading.papers)
    return token.people.sure or (len(token.people.names) > 1 and alike)


def _is_below_title(tokens: Sequence[Token], index: int) -> bool:
    above = tokens[index - 1] if index else None
    return above is not None and above.could_be_title and len(above.text.split()) > _FEW and not is_aside(above.text)


def _is_cut_off(tokens: Sequence[Token], reading: Reading, index: int, last: Paper) -> bool:
    """Whether the page ends with a title, where each title but this has an abstract and no people."""
    token = tokens[index]
    plain = bool(last.paragraphs) and not any("author" in paper.fields for paper in reading.papers)
    title = len(token.text.split()) >= 4 and not token.text[0].islower()
    return plain and title and index == len(tokens) - 1 and index == reading.last + 1 and token.kind == "text"


def sniff(head: bytes) -> float:
    """High if a known page begins so, medium if papers have marks or people, low for any text of no other format."""
    if b"\0" in head or _MARKUP.match(head):
        return 0.0
    text = head[:_SNIFFED].decode("utf-8", "ignore")
    if foreign_format(text):
        return 0.0
    if b"trending papers" in head[:400]:
        return 0.5
    tokens = tokens_of(page_lines(text))
    if is_markdown(text):  # a reading list has links to papers, but no lines of people
        papers = (read_marked(tokens) or read_plain(tokens)).papers
        with_people = sum("author" in paper.fields for paper in papers)
        with_people = max(with_people, sum(token.kind == "count" for token in tokens))  # `5 authors` instead of names
        return 0.6 if with_people > 1 and with_people * 2 > len(papers) else 0.0
    if marked := read_marked(tokens):
        if head.lstrip().startswith(b"["):  # `[1] arXiv:...` is certainly no JSON
            return 0.95
        return 0.75 if len(marked.papers) > 1 or len(tokens) < _SHORT else 0.3
    people = sum(token.people.sure and len(token.people.names) > 1 for token in tokens)
    return 0.3 if people * 4 > len(tokens) else 0.05


FORMAT = Format(name="listing", suffixes=(".txt", ".text"), sniff=sniff, read=read)
