"""The values of fields, as written in the file: each setting changes what it names, in a fixed order."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from refsync.formats.bibtex.scan import Field, parts
from refsync.formatting.braces import is_one_group, without_braces, without_enclosing_braces
from refsync.formatting.journal_table import JournalTable
from refsync.formatting.locators import bare_doi, encoded_url, unescaped_url, with_page_ranges
from refsync.formatting.names import shorten_names
from refsync.formatting.settings import FormatSettings
from refsync.formatting.title_case import sentence_case, title_case, without_all_capitals
from refsync.text.latex import TITLE_FIELDS, VERBATIM_FIELDS, has_balanced_braces, protect_capitals
from refsync.text.latex_characters import characters_to_latex, characters_to_unicode, escape_specials
from refsync.text.months import MONTH_NAMES, MONTHS, month_name

NAME_FIELDS = frozenset(
    "author editor editora editorb editorc translator annotator commentator introduction foreword afterword bookauthor "
    "shortauthor shorteditor holder namea nameb namec director".split()
)
CASED_FIELDS = frozenset({"title", "subtitle"})
CAPITAL_FIELDS = frozenset(
    "title subtitle booktitle booksubtitle maintitle journal journaltitle series publisher school institution "
    "organization".split()
)
JOURNAL_FIELDS = frozenset({"journal", "journaltitle"})
_MORE_VERBATIM = frozenset("groups keys options entrykey timestamp mendeley-groups citation-key citationkey".split())
_VERBATIM_PREFIXES = ("bdsk-", "date-", "file-")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_DIGITS = re.compile(r"[0-9]+")
_MACRO_OF = {name: macro for macro, name in MONTHS.items()}

# What follows in the next part of a concatenation belongs to such a command.
_ENDS_IN_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)?\s*\Z", re.DOTALL)
_SPACE = " \t\r\n\f\v"

Change = Callable[[str], str]


def is_verbatim(name: str) -> bool:
    """Whether a field (in lower case) holds keys, addresses or a program's own data, and not text in LaTeX."""
    return name in VERBATIM_FIELDS or name in _MORE_VERBATIM or name.startswith(_VERBATIM_PREFIXES)


@dataclass(slots=True)
class ValueFormatter:
    """Formats values by some settings; which changes a field needs is worked out once for each name.

    Attributes:
        settings: complete ones.
        journals: the table of journals.
        own_macros: the macros that the file defines, in lower case: those of months are not written where redefined.
    """

    settings: FormatSettings
    journals: JournalTable
    own_macros: Collection[str] = ()
    _of_parts: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    _of_wholes: dict[str, tuple[Change, ...]] = field(default_factory=dict)

    def format(self, name: str, value: str, *, joined: bool) -> str:
        """The value of a field, as written.

        Args:
            name: in lower case.
            value: as written, with delimiters.
            joined: whether it is a concatenation, of which only single parts are changed.
        """
        if not value:
            return value
        if joined:
            return self._joined(name, value)
        opening = value[0]
        if opening not in '{"':
            return self._bare(name, value)
        content = value[1:-1]
        if name == "month" and (written := self._month(content.strip())):
            return written
        changed = self._changed(name, content, whole=True)
        if self.settings.numerals == "bare" and _NUMBER.fullmatch(changed.strip()):
            return changed.strip()
        return self._enclosed(changed, opening)

    def _joined(self, name: str, value: str) -> str:
        pieces: list[str] = []
        end = 0
        for part in parts(value, Field("", 0, 0, len(value), True)):
            written = value[part.start : part.end]
            if part.kind in ("braced", "quoted"):
                written = self._enclosed(self._changed(name, written[1:-1], whole=False), written[0])
            pieces += (value[end : part.start], written)
            end = part.end
        return "".join((*pieces, value[end:]))

    def _bare(self, name: str, value: str) -> str:
        """A number or a macro."""
        if name == "month" and (written := self._month(value)):
            return written
        if self.settings.numerals == "enclosed" and _DIGITS.fullmatch(value):
            return self._enclosed(self._changed(name, value, whole=True), "{")
        return value

    def _month(self, content: str) -> str:
        """A month as it is to be written; empty if it stays."""
        wanted = self.settings.months
        if wanted in (None, "keep") or content.lower() in self.own_macros:
            return ""
        full = month_name(content)
        if not full or (macro := _MACRO_OF[full]) in self.own_macros:
            return ""
        if wanted == "macros":
            return macro
        number = str(MONTH_NAMES.index(full) + 1)
        return self._enclosed(number, "{") if self.settings.numerals == "enclosed" else number

    def _changed(self, name: str, content: str, *, whole: bool) -> str:
        changes = self._whole_changes(name) if whole else self._part_changes(name)
        if not changes or (not whole and _ENDS_IN_COMMAND.search(content[-60:])):
            return content
        start = len(content) - len(content.lstrip(_SPACE))
        changed = content[start:].rstrip(_SPACE)
        end = content[start + len(changed) :]
        for change in changes:
            after = change(changed)
            if after is not changed and after != changed and has_balanced_braces(after):
                changed = after
        if end and changed.endswith("\\") and end[0] != " ":
            return content
        return content[:start] + changed + end

    def _enclosed(self, content: str, opening: str) -> str:
        """The content with its delimiters; braces where quotes cannot hold it."""
        wanted = self.settings.delimiters
        quotes = wanted == "quotes" or (opening == '"' and wanted != "braces")
        if quotes and _fits_in_quotes(content):
            return f'"{content}"'
        return f"{{{content}}}"

    def _whole_changes(self, name: str) -> tuple[Change, ...]:
        """The changes of a value that is no concatenation, in order."""
        if name not in self._of_wholes:
            self._of_wholes[name] = (
                *self._journal_changes(name),
                *self._part_changes(name),
                *self._changes_of_form(name),
                *self._changes_of_capitals(name),
            )
        return self._of_wholes[name]

    def _part_changes(self, name: str) -> tuple[Change, ...]:
        """The changes of each part of a value, in order."""
        if name not in self._of_parts:
            self._of_parts[name] = tuple(self._changes_of_characters(name))
        return self._of_parts[name]

    def _journal_changes(self, name: str) -> Iterator[Change]:
        if name in JOURNAL_FIELDS and self.settings.journals in ("abbreviate", "expand"):
            yield self.journals.abbreviated if self.settings.journals == "abbreviate" else self.journals.expanded

    def _changes_of_characters(self, name: str) -> Iterator[Change]:
        settings = self.settings
        if not is_verbatim(name):
            if settings.escape:
                yield escape_specials
            if settings.characters in ("latex", "unicode"):
                yield characters_to_latex if settings.characters == "latex" else characters_to_unicode

    def _changes_of_form(self, name: str) -> Iterator[Change]:
        settings = self.settings
        if settings.strip_enclosing_braces and name not in NAME_FIELDS and not is_verbatim(name):
            yield without_enclosing_braces
        if name in (settings.remove_braces or ()):
            yield lambda value: without_braces(value, names=name in NAME_FIELDS)
        if settings.bare_dois and name == "doi":
            yield bare_doi
        if settings.unescape_urls and name == "url":
            yield unescaped_url
        if settings.encode_urls and name == "url":
            yield encoded_url
        if settings.page_ranges and name == "pages":
            yield with_page_ranges
        if settings.max_authors and name == "author":
            most = settings.max_authors
            yield lambda value: shorten_names(value, most)

    def _changes_of_capitals(self, name: str) -> Iterator[Change]:
        settings = self.settings
        if settings.drop_all_caps and name in CAPITAL_FIELDS:
            yield without_all_capitals
        if name in CASED_FIELDS and settings.title_case == "sentence":
            yield sentence_case
        if name in CASED_FIELDS and settings.title_case == "title":
            yield title_case
        if settings.protect_capitals and name in TITLE_FIELDS:
            yield protect_capitals
        if name in (settings.enclosing_braces or ()):
            yield lambda value: value if is_one_group(value) or not value.strip() else f"{{{value}}}"


def _fits_in_quotes(content: str) -> bool:
    """Whether a value in quotes can have this content: no quote outside braces."""
    if '"' not in content:
        return True
    depth = 0
    for sign in re.finditer(r'[{}"]', content):
        if sign[0] == '"':
            if depth == 0:
                return False
        else:
            depth += 1 if sign[0] == "{" else -1
    return True


def decoded(text: str, item: Field, macros: Mapping[str, str]) -> str:
    """The value of a field as BibTeX reads it, except for white space: macros expanded, without delimiters."""
    if item.value_start == item.value_end:
        return ""
    if not item.joined and text[item.value_start] in '{"':
        return text[item.value_start + 1 : item.value_end - 1]
    pieces = []
    for part in parts(text, item):
        written = text[part.start : part.end]
        if part.kind == "macro":
            pieces.append(macros.get(written.lower(), written))
        else:
            pieces.append(written if part.kind == "number" else written[1:-1])
    return "".join(pieces)
