"""Pages without marks: a title is the short line before an abstract or before its people.

An abstract is prose. A line of people is one if it certainly is, or if on this page people stand there.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from refsync.formats.common.field_values import join_names
from refsync.formats.pages.citation_line import venue_field
from refsync.formats.pages.line_kinds import Token, is_aside, is_sentence, is_venue
from refsync.formats.pages.marked_layouts import Reading
from refsync.formats.pages.paper import Paper, abstract_part

_MAX_NAME_WORDS = 5
_SUMMARY_WORDS = 8
_FEW_WORDS = 3
_MAX_TITLE_WORDS = 30
_ROLE = re.compile(
    r"(?:[\w&]{2,15} ){0,3}(?:chairs?|committees?|organi[sz]ers?|editors?|speakers?|reviewers?|panelists?|members|team"
    r"|board|attendees|participants|authors?|people|staff|sponsors|awards|students|faculty|contributors|maintainers)",
    re.IGNORECASE,
)
"""Headings of lists of people that are not a paper's."""
_DATE_OF_PUBLICATION = re.compile(r"(?:\d{1,2} )?(?:[A-Z][a-z]{2,8} )?(?:\d{1,2}, )?(?:19|20)\d\d")


def read_plain(tokens: Sequence[Token]) -> Reading:
    """The papers of a page and the lines that are in none."""
    return _Reader(tokens, people_below=_people_below_titles(tokens)).read()


def _people_below_titles(tokens: Sequence[Token]) -> bool:
    """Whether on this page people stand between title and abstract."""
    shown = [token for token in tokens if token.kind in ("text", "prose", "count", "label")]
    prose = sure = possible = 0
    for index, token in enumerate(shown):
        above = shown[max(0, index - 2) : index]
        abstract = token.kind == "prose" or (token.label is not None and token.label.field == "abstract")
        if abstract and above and above[-1].kind == "text":
            prose += 1
            if len(above) == 2 and above[0].kind == "text" and " " in above[0].text and not above[0].people.names:
                names = above[1].people.names
                possible += len(names) > 1 or (len(names) == 1 and len(above[1].text.split()) <= _MAX_NAME_WORDS)
        below = shown[index + 1] if index + 1 < len(shown) else None
        titled = bool(above) and above[-1].kind == "text" and not above[-1].people.sure
        sure += token.people.sure and (titled or (below is not None and below.kind == "prose"))
    return (sure > 0 and (sure + possible) * 2 >= prose) or (possible > 0 and possible * 5 >= prose * 3)


class _Reader:
    def __init__(self, tokens: Sequence[Token], *, people_below: bool) -> None:
        self._tokens = tokens
        self._people_below = people_below
        self._papers: list[Paper] = []
        self._left: list[int] = []
        self._pending: list[int] = []  # short lines of which one may be the next title
        self._venues: list[int] = []  # the lines below titles that name where the next paper was published
        self._paper: Paper | None = None
        self._surely_people = any(token.people.sure for token in tokens)
        self._below_people = {
            below.kind for token, below in pairwise(tokens) if token.people.sure or len(token.people.names) > 1
        } | {"prose"}
        self._first = self._last = -1

    def read(self) -> Reading:
        for index, token in enumerate(self._tokens):
            if token.kind in ("navigation", "site", "entry", "nothing"):
                if self._paper:
                    self._paper.take(token)
            else:
                self._use(index, token)
        self._left += [*self._pending, *self._venues]
        bare = [paper for paper in self._papers if paper.is_bare]
        if bare:
            lines = {paper.line for paper in bare}
            self._papers = [paper for paper in self._papers if not paper.is_bare]
            self._left += [
                i for i, token in enumerate(self._tokens) if token.line.line in lines and token.kind == "text"
            ]
        return Reading(self._papers, self._left, self._first, self._last)

    def _use(self, index: int, token: Token) -> None:
        if token.kind == "count" or (self._are_people(token) and self._begins_with_people(index)):
            if self._pending:
                self._begin(self._title_above_count() if token.kind == "count" else -1)
            self._take(index, token)
        elif token.kind == "prose" or self._opens_abstract(index) or self._is_summary(index):
            self._use_abstract(index, token)
        elif self._pending and self._names_people(index):
            self._begin(-1)
            self._take(index, token)
        elif not self._pending and self._paper and self._paper.take(token):
            self._last = index
        elif token.kind == "aside" or (token.kind == "text" and self._pending and is_venue(token.text)):
            self._use_aside(index, token)
        elif token.kind == "text" and self._is_venue_above_date(index):
            self._take_venue(index, token)
        elif token.could_be_title or token.people.names:
            self._add(index, token)
        else:
            self._left.append(index)

    def _are_people(self, token: Token) -> bool:
        """Whether a line is certainly one of people: two names are, where people stand below titles."""
        return token.people.sure or (self._people_below and len(token.people.names) > 1 and bool(self._pending))

    def _begins_with_people(self, index: int) -> bool:
        """Whether a line of people belongs to the line above it, or below it is another that does."""
        if self._pending:
            return _ROLE.fullmatch(self._tokens[self._pending[-1]].text) is None
        return self._paper is not None and not self._paper.lines > 1

    def _use_aside(self, index: int, token: Token) -> None:
        """An identifier, or publication data, belongs to the title above it or to the title and people above it."""
        if len(self._pending) > 1 and self._tokens[self._pending[-1]].people.names:
            people = self._pending.pop()
            self._begin(-1)
            self._take(people, self._tokens[people])
            self._take(index, token)
        elif self._pending and token.fields:
            self._begin(-1)
            self._take(index, token)
        elif token.kind == "text" and self._pending and self._pending[-1] == index - 1:
            self._venues.append(index)  # the venue between title and people
        elif token.kind == "text":
            self._left.append(index)

    def _is_venue_above_date(self, index: int) -> bool:
        """Whether the line below people is the venue: below it is the year or the date of publication."""
        below = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        dated = below is not None and below.kind == "navigation" and _DATE_OF_PUBLICATION.fullmatch(below.text)
        return bool(dated) and not self._pending and self._paper is not None and self._paper.wants_abstract

    def _take_venue(self, index: int, token: Token) -> None:
        if self._paper:
            self._paper.fields.setdefault(venue_field(token.text), token.text)
            self._paper.fields.setdefault("year", self._tokens[index + 1].text[-4:])
            self._last = index

    def _is_summary(self, index: int) -> bool:
        """Whether a line below a title is a sentence: most of its words begin with small letters."""
        token = self._tokens[index]
        if token.kind != "text" or not self._pending or self._pending[-1] != index - 1 or not token.text.endswith("."):
            return False
        words = token.text.split()
        small = sum(word[0].islower() for word in words)
        return (
            len(words) >= _SUMMARY_WORDS
            and small * 3 > len(words) * 2
            and not self._tokens[index - 1].text.endswith(".")
        )

    def _below(self, index: int) -> Token | None:
        return self._tokens[index + 1] if index + 1 < len(self._tokens) else None

    def _opens_abstract(self, index: int) -> bool:
        """Whether a label says that an abstract follows, and one does."""
        label, below = self._tokens[index].label, self._below(index)
        if label is None or label.field != "abstract":
            return False
        if below and abstract_part(below.text) and index + 2 < len(self._tokens):
            below = self._tokens[index + 2]
        return bool(label.value) or (below is not None and below.kind in ("prose", "text") and is_sentence(below.text))

    def _names_people(self, index: int) -> bool:
        """Whether a label says that people follow, and they do."""
        label, below = self._tokens[index].label, self._below(index)
        if label is None or label.field != "author":
            return False
        return bool(label.value) or (below is not None and bool(below.people.names))

    def _add(self, index: int, token: Token) -> None:
        """Keep a short line; a single name below the only line that may be a title is that of its author."""
        if token.people.editors:  # the heading of a volume
            self._left += [*self._pending, index]
            self._pending.clear()
            return
        if self._people_below and token.people.names and self._pending and self._is_author_below(index):
            self._begin(-1)
            self._take(index, token)
            return
        self._pending.append(index)

    def _is_author_below(self, index: int) -> bool:
        """Whether a single name is that of the author of the line above it, rather than a title or a part of a menu."""
        below = self._below(index)
        if below and (below.people.sure or below.kind == "count" or len(below.people.names) > 1):
            return False
        title = self._pending[-1]
        between = self._tokens[title + 1 : index]
        if any(token.kind != "navigation" for token in between[:_FEW_WORDS]) or len(between) > _FEW_WORDS:
            return False
        if len(self._tokens[title].text.split()) > _MAX_TITLE_WORDS:
            return False
        follows = "text" if below is None else below.kind
        if not self._surely_people:
            return bool(self._papers)
        if follows not in self._below_people:
            return False
        if self._papers:
            return True
        marked = title > 0 and self._tokens[title - 1].kind == "navigation" and follows != "text"
        return marked or (len(self._tokens[title].text.split()) > 2 and follows != "text")

    def _use_abstract(self, index: int, token: Token) -> None:
        if self._paper and self._pending and self._belongs_to_last():
            self._last = index
            self._left += [other for other in self._pending if not is_aside(self._tokens[other].text)]
            self._pending.clear()
            self._paper.take(token)
            return
        if self._pending and len(self._tokens[self._pending[-1]].people.names) > 1 and not self._people_below:
            self._left += [*self._pending, index]  # people without a title
            self._pending.clear()
        elif self._pending:
            people = -1
            if self._people_below and len(self._pending) > 1 and self._tokens[self._pending[-1]].people.names:
                people = self._pending.pop()
            self._begin(-1)
            if people >= 0 and self._paper:
                names = self._tokens[people].people.texts
                self._paper.fields["author"] = join_names(names)
                self._paper.lines += 1
            self._take(index, token)
        elif self._paper is None or not self._paper.take(token):
            self._left.append(index)
        else:
            self._last = index

    def _belongs_to_last(self) -> bool:
        """Whether the paper with people still lacks its abstract, and only asides stand between."""
        if not (self._paper and self._paper.wants_abstract):
            return False
        return len(self._pending) == 1 or all(is_aside(self._tokens[index].text) for index in self._pending)

    def _title_above_count(self) -> int:
        """Which of the pending lines is the title: the last, or that above the name of an organisation."""
        if len(self._pending) > 1:
            title, last = (len(self._tokens[index].text.split()) for index in self._pending[-2:])
            if last <= 3 < title and self._pending[-2] + 1 == self._pending[-1]:
                return -2
        return -1

    def _plausible(self, place: int) -> int:
        """The place of the title: above a word or two in small letters, which are those of the page."""
        while place - 1 >= -len(self._pending):
            text = self._tokens[self._pending[place]].text
            adjacent = self._pending[place] - self._pending[place - 1] == 1
            if not (text[0].islower() and len(text.split()) < _FEW_WORDS and adjacent):
                break
            place -= 1
        return place

    def _begin(self, place: int) -> None:
        """Begin the paper whose title is this one of the pending lines."""
        place = self._plausible(place)
        index = self._pending[place]
        self._left += self._pending[:place]
        self._paper = Paper(self._tokens[index].text, self._tokens[index].line.line)
        self._papers.append(self._paper)
        if self._first < 0:
            self._first = index
        self._last = max(self._last, index)
        below = self._pending[place:][1:]
        self._pending.clear()
        for other in below:
            self._paper.take(self._tokens[other])
        for other in self._venues:
            if other > index:
                self._paper.fields.setdefault("note", self._tokens[other].text)
            else:
                self._left.append(other)
        self._venues.clear()

    def _take(self, index: int, token: Token) -> None:
        if self._paper and self._paper.take(token):
            self._last = index
        elif token.kind != "count":
            self._left.append(index)
