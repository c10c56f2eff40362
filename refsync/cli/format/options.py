"""The options of `refsync format`: one for each setting of `[format]`, in sections."""

from collections.abc import Callable
from dataclasses import fields
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import click

from refsync.formatting.settings import PRESETS, FormatSettings

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:  # only the newest releases of click have a generic class
    NamesType = click.ParamType[tuple[str, ...]]
    NumberType = click.ParamType[int | str]
else:
    NamesType = NumberType = click.ParamType

# section -> setting -> (the name of its value, help); {} stands for the choices
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Layout": {
        "preset": ("", "Settings to start from: minimal (layout only) or bibtex-tidy (its defaults)."),
        "indent": ("N|tab", "Each field on a line of its own, indented by N spaces or a tab."),
        "align": ("N|auto", "Put `=` at column N after the start of the name; 0 for ` = `."),
        "trailing_commas": ("", "The comma after the last field."),
        "blank_lines": ("N", "Empty lines between entries."),
        "type_case": ("", "Entry types."),
        "field_case": ("", "Field names."),
        "entry_braces": ("", "@type{key, without white space, and with braces rather than parentheses."),
        "wrap": ("N", "Wrap values at column N; 0 joins their lines."),
        "tidy_comments": ("", "No white space around text between entries."),
        "strip_comments": ("", "Remove comments and free text."),
    },
    "Values": {
        "delimiters": ("", "Enclose values in braces or quotes."),
        "numerals": ("", "Numbers without delimiters (year = 1999), or with."),
        "months": ("", "Months as macros (jan) or as numbers."),
        "page_ranges": ("", "12-34 becomes 12--34."),
        "bare_dois": ("", "Remove https://doi.org/ and doi: before a DOI."),
        "encode_urls": ("", "Percent codes for characters that no URL may contain."),
        "unescape_urls": ("", "Remove LaTeX's escapes and \\url{} from URLs."),
        "escape": ("", "A backslash before & % # _ in text."),
        "characters": ("", "Accents and symbols as LaTeX, or as Unicode."),
        "protect_capitals": ("", "Braces around words that BibTeX would wrongly lower-case."),
        "enclosing_braces": ("FIELDS", "A second pair of braces around the values of FIELDS."),
        "strip_enclosing_braces": ("", "Remove a second pair of braces, except around names."),
        "remove_braces": ("FIELDS", "Remove the braces inside the values of FIELDS, except those of commands."),
        "title_case": ("", "Titles in sentence case or title case; words in braces stay."),
        "drop_all_caps": ("", "Titles and journals IN CAPITALS ONLY get title case."),
        "max_authors": ("N", "Replace the authors after the first N by `and others`; 0 keeps all."),
        "journals": ("", "Abbreviate or expand names of journals by --journal-table."),
        "journal_table": ("FILE", "Lines `full name;abbreviation`, as JabRef's lists."),
    },
    "Fields": {
        "sort_fields": ("FIELDS", "The order of fields; `default` is bibtex-tidy's."),
        "drop_fields": ("FIELDS", "Remove these fields."),
        "keep_fields": ("FIELDS", "Remove all other fields."),
        "drop_empty_fields": ("", "Remove fields without a value."),
        "drop_repeated_fields": ("", "Remove a field that repeats an earlier one with the same value."),
    },
    "Entries": {
        "sort": ("FIELDS", "Order entries by key, type, author, year or any field; -year descends."),
        "keys": ("TEMPLATE", "Generate citation keys, e.g. '{auth}{year}{title}'; see `refsync convert --help`."),
    },
}


class _Names(NamesType):
    """A list of names separated by commas."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        return (
            value if isinstance(value, tuple) else tuple(item.strip() for item in str(value).split(",") if item.strip())
        )


class _NumberOr(NumberType):
    """A number, or one of some words."""

    name = "number"

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if isinstance(value, int) or value in self.words:
            return value  # type: ignore[no-any-return]
        if str(value).isdecimal() and str(value).isascii():
            return int(value)
        words = f" or {', '.join(self.words)}" if self.words else ""
        raise click.BadParameter(f"{value!r} is not a number{words}.", ctx, param)


class FormatCommand(click.Command):
    """A command whose help lists the options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = {name: title for title, names in SECTIONS.items() for name in names}
        rows: dict[str, list[tuple[str, str]]] = {"Options": [], **{title: [] for title in SECTIONS}}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record:
                rows[own.get(parameter.name or "", "Options")].append(record)
        for title, listed in rows.items():
            heading = title if title == "Options" else f"{title} (nothing changes unless named)"
            with formatter.section(heading):
                formatter.write_dl(listed)


def format_options(command: F) -> Callable[..., Any]:
    """Add an option for each setting; the command gets those that were given as `chosen`."""
    names = [field.name for field in fields(FormatSettings)]

    def call(**given: Any) -> Any:
        chosen = {name: value for name in names if (value := given.pop(name)) is not None}
        return command(chosen=chosen, **given)

    call.__doc__ = command.__doc__
    call.__dict__.update(getattr(command, "__dict__", {}))
    decorated: Callable[..., Any] = call
    hints = get_type_hints(FormatSettings)
    listed = [(name, *row) for rows in SECTIONS.values() for name, row in rows.items()]
    for name, metavar, text in reversed(listed):
        decorated = _option(name, hints[name], metavar, text)(decorated)
    return decorated


def _option(name: str, hint: Any, metavar: str, text: str) -> Callable[[F], F]:
    flag = f"--{name.replace('_', '-')}"
    kinds = [
        kind
        for kind in (get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,))
        if kind is not type(None)
    ]
    words = tuple(word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind))
    if bool in kinds:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text)
    if int in kinds:
        return click.option(flag, name, type=_NumberOr(words), default=None, metavar=metavar or None, help=text)
    if words:
        choices = tuple(PRESETS) if name == "preset" else words
        return click.option(flag, name, type=click.Choice(choices), default=None, help=text)
    if kinds == [str]:
        return click.option(flag, name, default=None, metavar=metavar or None, help=text)
    return click.option(flag, name, type=_Names(), default=None, metavar=metavar or None, help=text)
