"""Settings of `refsync format`: the table `[format]`. Cheap to import."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from refsync.errors import ConfigError

Case = Literal["lower", "upper", "capitalize", "keep"]
Preset = Literal["none", "minimal", "bibtex-tidy"]

FIELD_ORDER = (
    "title shorttitle author year month day journal booktitle location on publisher address series volume number pages "
    "doi isbn issn url urldate copyright category note metadata"
).split()
"""The order of fields that `sort-fields = ["default"]` stands for: that of bibtex-tidy."""

DEFAULT = "default"
"""In `sort-fields`: the fields of `FIELD_ORDER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSettings:
    """How `.bib` files are formatted. None and `keep` leave everything as it is; a preset fills in what is None.

    Attributes:
        preset: settings to start from, see `PRESETS`.
        indent: each field on a line of its own, indented by so many spaces, or by a tab.
        align: the column of `=` counted from the start of the name; `auto` for one that fits the entry's longest name;
            0 for one space on both sides.
        trailing_commas: the comma after the last field of an entry.
        blank_lines: how many there are between entries.
        type_case: of entry types (`@article`), and of `@string`, `@preamble` and `@comment`.
        field_case: of field names.
        entry_braces: `@article{key,` without white space, and with braces rather than parentheses.
        wrap: the longest line of a value; 0 joins the lines of each value.
        tidy_comments: no white space around the text between entries.
        strip_comments: removes comments and free text.
        delimiters: of values.
        numerals: values that are numbers without delimiters, or with.
        months: the macros `jan` to `dec`, or numbers (BibLaTeX).
        page_ranges: with `--`.
        bare_dois: DOIs without `https://doi.org/` or `doi:`.
        encode_urls: percent codes for characters that no URL may contain.
        unescape_urls: URLs without LaTeX's escapes and `\\url{...}`.
        escape: a backslash before `&`, `%`, `#` and `_`.
        characters: accented letters and symbols as LaTeX, or as Unicode.
        protect_capitals: braces around words of titles that BibTeX would wrongly lower-case.
        enclosing_braces: the fields with a second pair of braces around their value.
        strip_enclosing_braces: removes a second pair of braces around a value, except around names.
        remove_braces: the fields without braces, except those that belong to commands.
        title_case: of titles.
        drop_all_caps: titles and names of journals in capitals only, in title case.
        max_authors: from how many on authors are replaced by `and others`; 0 for no limit.
        journals: names of journals as abbreviated, or as written in full, in `journal_table`.
        journal_table: a file of lines `full name;abbreviation`, or `full name = abbreviation`.
        sort_fields: the order of fields; others follow in their order.
        drop_fields: fields to remove.
        keep_fields: the only fields to keep.
        drop_empty_fields: removes fields without a value.
        drop_repeated_fields: removes a field that repeats an earlier one of its entry, if the value is the same.
        sort: what entries are ordered by: `key`, `type`, `author`, `year`, or a field; descending after a `-`.
        keys: a template for citation keys, see `parse_template`.

    Raises:
        ConfigError: a number is out of range, a name is empty.
    """

    preset: Preset = "none"
    indent: int | Literal["tab", "keep"] | None = None
    align: int | Literal["auto", "keep"] | None = None
    trailing_commas: Literal["add", "remove", "keep"] | None = None
    blank_lines: int | Literal["keep"] | None = None
    type_case: Case | None = None
    field_case: Case | None = None
    entry_braces: bool | None = None
    wrap: int | Literal["keep"] | None = None
    tidy_comments: bool | None = None
    strip_comments: bool | None = None
    delimiters: Literal["braces", "quotes", "keep"] | None = None
    numerals: Literal["bare", "enclosed", "keep"] | None = None
    months: Literal["macros", "numbers", "keep"] | None = None
    page_ranges: bool | None = None
    bare_dois: bool | None = None
    encode_urls: bool | None = None
    unescape_urls: bool | None = None
    escape: bool | None = None
    characters: Literal["latex", "unicode", "keep"] | None = None
    protect_capitals: bool | None = None
    enclosing_braces: tuple[str, ...] | None = None
    strip_enclosing_braces: bool | None = None
    remove_braces: tuple[str, ...] | None = None
    title_case: Literal["sentence", "title", "keep"] | None = None
    drop_all_caps: bool | None = None
    max_authors: int | None = None
    journals: Literal["abbreviate", "expand", "keep"] | None = None
    journal_table: str = ""
    sort_fields: tuple[str, ...] | None = None
    drop_fields: tuple[str, ...] | None = None
    keep_fields: tuple[str, ...] | None = None
    drop_empty_fields: bool | None = None
    drop_repeated_fields: bool | None = None
    sort: tuple[str, ...] | None = None
    keys: str = ""

    def __post_init__(self) -> None:
        for name, most in _LARGEST.items():
            value = getattr(self, name)
            if isinstance(value, int) and not 0 <= value <= most:
                raise ConfigError(f"format: {_written(name)} is {value}", hint=f"a number from 0 to {most}")
        for name in _LISTS:
            for item in getattr(self, name) or ():
                if not item.strip("- ") or any(sign in item for sign in ' ,{}()"#=%'):
                    raise ConfigError(
                        f"format: {_written(name)} names {item!r}", hint="names of fields, such as author, year"
                    )
        if self.keys:
            from refsync.planning.citation_keys import parse_template

            if any(part.name == "key" for part in parse_template(self.keys)):
                raise ConfigError(
                    f"format: keys: {self.keys!r} makes a new key of the old one, at every run again",
                    hint="use {auth}, {year}, {title} and others; `refsync convert --keys` takes {key}",
                )

    def complete(self) -> "FormatSettings":
        """The settings with those of the preset for what they do not name."""
        own = {field.name for field in fields(self) if getattr(self, field.name) is not None}
        return replace(self, **{name: value for name, value in PRESETS[self.preset].items() if name not in own})

    @property
    def changes_nothing(self) -> bool:
        """Whether nothing is to be formatted."""
        whole = self.complete()
        values = [getattr(whole, field.name) for field in fields(self) if field.name not in ("preset", *_INPUTS)]
        return all(value is None or value is False or value in ("keep", "", ()) for value in values)


def _written(name: str) -> str:
    """The name of a setting as in the file."""
    return name.replace("_", "-")


_INPUTS = ("journal_table",)
_LARGEST = {"indent": 40, "align": 200, "blank_lines": 20, "wrap": 10_000, "max_authors": 100_000}
_LISTS = ("enclosing_braces", "remove_braces", "sort_fields", "drop_fields", "keep_fields", "sort")

_MINIMAL: Mapping[str, Any] = {
    "indent": 2,
    "align": 0,
    "trailing_commas": "add",
    "blank_lines": 1,
    "type_case": "lower",
    "field_case": "lower",
    "entry_braces": True,
}
_BIBTEX_TIDY: Mapping[str, Any] = {
    "indent": 2,
    "align": 14,
    "trailing_commas": "remove",
    "blank_lines": 0,
    "type_case": "lower",
    "field_case": "lower",
    "entry_braces": True,
    "wrap": 0,
    "tidy_comments": True,
    "page_ranges": True,
    "escape": True,
    "characters": "latex",
    "drop_repeated_fields": True,
}
PRESETS: Mapping[Preset, Mapping[str, Any]] = {"none": {}, "minimal": _MINIMAL, "bibtex-tidy": _BIBTEX_TIDY}
"""`minimal` changes white space and letter case only; `bibtex-tidy` is what bibtex-tidy 1.14 does without options."""
