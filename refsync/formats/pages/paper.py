"""A paper of a page, built line by line below its title."""

import re
from dataclasses import replace
from typing import Any

from refsync.formats.common.field_values import bibtex_pages, join_names
from refsync.formats.common.record_values import arxiv_date_fields, make_record
from refsync.formats.pages.author_line import people_in
from refsync.formats.pages.citation_line import venue_and_year, venue_field
from refsync.formats.pages.line_kinds import Token, is_aside, is_sentence, is_venue
from refsync.records import Record
from refsync.text.identifiers import arxiv, doi, pmcid
from refsync.text.names import split_names

_MORE = re.compile(r"\s*[▽▼]?\s?\bMore$")
_LESS = re.compile(r"\s*(?:[△▲]\s?Less|Expand|Collapse)$")
_CATEGORY = re.compile(r"\(([a-z-]{2,10}(?:\.[A-Za-z-]{2,9})?)\)")
_SNIPPET = re.compile(r"^(?:…|\.\.\.)|(?:…|\.\.\.)$")
_NUMBER = re.compile(r"(?:PMC)?\d{1,9}")
_VOLUME = re.compile(r"(?:Proceedings|Findings) of (?:the|[A-Z]{3})")
_MEETING = re.compile(r"\b(?:conference|workshop|symposium|proceedings|meeting)\b.*\b(?:19|20)\d\d", re.IGNORECASE)
_MAX_NUMBER = 30
_SHORT_VALUES = frozenset({"year", "month", "volume", "number", "pages", "url", "isbn", "issn", "language"})
"""Fields whose value below a label is a date, a number or an address, which alone is a part of the page."""
_ABSTRACT_PART = re.compile(
    r"((?:background|introduction|objectives?|aims?|purpose|importance|rationale|context|study design|design|setting|"
    r"participants|patients|interventions?|exposures?|main outcomes? (?:and )?measures?|methods?|materials and methods|"
    r"methodology|results?|findings|discussion|conclusions?|conclusions and relevance|interpretation|significance|"
    r"implications|limitations|funding|trial registration|registration)(?: and \w+)?):?",
    re.IGNORECASE,
)
_ORDER = ("title", "author", "editor", "journal", "booktitle", "year", "month", "day", "abstract")


def abstract_part(text: str) -> str:
    """The heading of a part of an abstract, `Methods:`, without its colon; empty for other text."""
    found = _ABSTRACT_PART.fullmatch(text)
    return found[1] if found else ""


class Paper:
    """The fields of one paper and the lines that gave them.

    Attributes:
        line: of its title.
        fields: what is known, with people and abstract as text.
        lines: how many lines it was made of.
        paragraphs: of its abstract.
    """

    def __init__(self, title: str, line: int) -> None:
        self.line = line
        self.fields: dict[str, Any] = {"title": title}
        self.lines = 1
        self.paragraphs: list[str] = []
        self._expected: str | None = None  # the field of a label whose value is in the next line
        self._in_abstract = False
        self._labelled_abstract = False
        self._people_next = False
        self._fresh = True  # nothing but navigation since the title
        self._partial = False  # the abstract so far is a beginning that follows in full
        self._counted = False  # whether the page says how many authors it has
        self._listing_people = False  # below the label of people, each in a line
        self._part = ""  # the heading of a part of the abstract, in a line of its own
        self._below_people = False
        self._cited = False  # by a line of a search, below which only a snippet of the text follows

    def begin_below_title(self, *, people: bool = False) -> None:
        """The title was the line above: a single name in the next one is that of its author.

        Args:
            people: whether the next line, unless it has a label, names people for certain.
        """
        self._fresh, self._people_next = True, people

    def forget_label(self) -> None:
        """The line below a label was not its value."""
        self._expected = None

    @property
    def expects_abstract(self) -> bool:
        """Whether a label says that the next line is the abstract."""
        return self._expected is not None or (self._labelled_abstract and self._in_abstract)

    def take(self, token: Token) -> bool:
        """Use a line of the paper; False if it is not one of its lines as far as can be known."""
        taken = self._take(token)
        if taken and token.kind not in ("navigation", "site", "entry", "nothing"):
            self._below_people = token.kind == "text" and bool(token.people.names) and not self.paragraphs
        if taken and token.kind not in ("navigation", "site", "count"):
            self.lines += 1
            self._fresh = self._people_next = False
        return taken

    def _take(self, token: Token) -> bool:
        if token.kind == "navigation" and self._expected in _SHORT_VALUES:
            self.put(self._expected, token.text)
            self._expected = None
            return True
        if token.kind in ("navigation", "site", "count", "entry", "nothing"):
            self._counted = self._counted or token.kind == "count"
            if token.kind != "count" and self._expected != "abstract":
                self._in_abstract = self._labelled_abstract = False
            return True
        if self.expects_abstract and (part := abstract_part(token.text)):
            self._part = f"{part}: "
            return True
        if token.kind == "label" and token.label:
            self._expected, self._in_abstract, self._labelled_abstract = None, False, token.label.field == "abstract"
            self._listing_people = False
            if token.label.value:
                self.put(token.label.field, token.label.value)
            else:
                self._expected = token.label.field
            return True
        if self._expected is not None:
            name, self._expected = self._expected, None
            if name == "abstract" and not is_sentence(token.text):
                return False
            if name == "author" and not people_in(token.text, labelled=True).names:
                return False
            self._listing_people = name == "author" and bool(token.people.names)
            self.put(name, token.text)
            return True
        if self._listing_people and token.people.names:
            self.fields["author"] += f" and {join_names(token.people.texts)}"
            return True
        self._listing_people = False
        if token.kind in ("heading", "cite", "pubmed") or token.fields:
            for name, value in token.fields.items():
                self.fields.setdefault(name, value)
            self._in_abstract = False
            self._cited = self._cited or token.kind in ("cite", "pubmed")
            return True
        if self._cited and _SNIPPET.search(token.text) and token.kind in ("prose", "text"):
            return True
        if token.kind == "prose" or (self._labelled_abstract and self._in_abstract and is_sentence(token.text)):
            if self.paragraphs and not self._in_abstract:
                return False
            self.put("abstract", token.text)
            return True
        return self._take_text(token)

    def _take_text(self, token: Token) -> bool:
        self._in_abstract = False
        if token.kind == "aside":
            return True
        if self._people_next and "author" not in self.fields and (people := people_in(token.text, labelled=True)).names:
            self.fields["author"] = join_names(people.texts)
            return True
        if (
            token.people.names
            and "author" not in self.fields
            and not self.paragraphs
            and (token.people.sure or (self._fresh and not self._counted))
        ):
            name = "editor" if token.people.editors else "author"
            self.fields[name] = join_names(token.people.texts)
            return True
        if self._below_people and (fields := venue_and_year(token.text)):
            for name, value in fields.items():
                self.fields.setdefault(name, value)
            return True
        if is_venue(token.text) and not self.paragraphs:
            self.fields.setdefault("note", token.text)
            return True
        return "author" in self.fields and not self.paragraphs and is_aside(token.text)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the title is known."""
        return len(self.fields) == 1 and not self.paragraphs and not self._counted

    @property
    def wants_abstract(self) -> bool:
        """Whether it has people and no abstract."""
        return "author" in self.fields and not self.paragraphs

    def put(self, name: str, value: str) -> None:
        """Set a field to the text of a label, in the form that the field has."""
        if name == "abstract":
            self._put_abstract(value)
        elif name == "author":
            people = people_in(value, labelled=True)
            names = people.texts or [*split_names(value)[0], *(["others"] if split_names(value)[1] else [])]
            self.fields.setdefault("author", join_names(names or [value]))
        elif name == "editor":
            self.fields.setdefault("editor", join_names(people_in(value, labelled=True).texts or [value]))
        elif name == "subjects":
            if category := _CATEGORY.search(value):
                self.fields.setdefault("primaryclass", category[1])
            else:
                self.fields.setdefault("keywords", value)
        elif name == "doi":
            self.fields.setdefault("doi", doi(value) or value)
        elif name in ("pmid", "pmcid"):
            if number := _NUMBER.match(value):
                self.fields.setdefault(name, number[0])
            for other, text in (("pmcid", pmcid(value)), ("doi", doi(value))):  # `33333333 PMCID: PMC7777777 DOI: ...`
                if text:
                    self.fields.setdefault(other, text)
        elif name == "eprint":
            self.fields.setdefault("eprint", arxiv(value, bare=True) or value)
        elif name == "journal":
            self.fields.setdefault(venue_field(value), value)
        elif name == "volume" and len(value) > _MAX_NUMBER:
            self.fields.setdefault("booktitle", value)
        elif name in ("year", "volume", "number", "pages"):
            if len(value) <= _MAX_NUMBER and any(map(str.isdigit, value)):
                self.fields.setdefault(name, bibtex_pages(value))
        elif name == "tldr":
            self.fields.setdefault("tldr", _LESS.sub("", value))
        elif name:
            self.fields.setdefault(name, value)

    def _put_abstract(self, value: str) -> None:
        short = _MORE.sub("", value)
        if self._partial:
            self.paragraphs.clear()
        self._partial = short != value
        text = _LESS.sub("", short).strip()
        if text:
            self.paragraphs.append(self._part + text)
            self._part = ""
        self._in_abstract = True

    def to_record(self, source: str, index: int) -> Record:
        """The paper as a record."""
        fields = {name: self.fields[name] for name in _ORDER if name in self.fields}
        fields |= {name: value for name, value in self.fields.items() if name not in fields}
        if "eprint" in fields:
            dates = arxiv_date_fields(fields["eprint"]) if "year" not in fields else {}
            fields = {**fields, "archiveprefix": fields.get("archiveprefix", "arXiv"), **dates}
        else:
            fields.pop("primaryclass", None)
        type_ = "article" if "journal" in fields else "inproceedings" if "booktitle" in fields else "misc"
        if "editor" in fields and "author" not in fields:
            type_ = "proceedings"
        volume = _VOLUME.match(title := str(fields["title"])) or (
            "ISBN" in str(fields.get("note", "")) and _MEETING.search(title)
        )
        if volume and not self.paragraphs:
            fields = {"editor" if name == "author" else name: value for name, value in fields.items()}
            type_ = "proceedings"
        if "school" in fields:
            type_ = "phdthesis"
        record = make_record(source, index, type_, fields, line=self.line)
        if not self.paragraphs:
            return record
        return replace(record, fields={**record.fields, "abstract": "\n\n".join(self.paragraphs)})
