"""Write a library in the format, dialect and order that the user chose. Pure: records in, bytes out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refsync.dedup.inheritance import with_inherited
from refsync.errors import ConfigError
from refsync.formats.common.dialect import dialect_of, to_dialect
from refsync.planning.databases import with_database_note
from refsync.planning.label_export import with_label_column, with_label_note
from refsync.planning.settings import PLAIN, ExportSettings, Sort
from refsync.records import Record, keys_in
from refsync.text.fold import fold
from refsync.text.latex import latex_to_text
from refsync.text.names import parse_name, split_names

if TYPE_CHECKING:  # most commands write nothing
    from refsync.formats.registry import Format

TABLES = ("csv", "tsv", "parquet")
BIBLIOGRAPHIES = ("bibliography", "bibliography-text")


def export(
    records: Sequence[Record], form: "Format", settings: ExportSettings = PLAIN, preambles: Sequence[str] = ()
) -> bytes:
    """A file of these records in a format that can be written.

    Args:
        records: the entries, with their final keys.
        form: the format.
        settings: order and dialect; keys are not assigned here.
        preambles: the texts of `@preamble` blocks, for BibTeX.

    Raises:
        ConfigError: the format is read-only, or has no dialects or styles.
    """
    if form.write is None:
        raise ConfigError(f"the format {form.name!r} is read-only")
    from refsync.formats.bibtex.write import dump

    if settings.sort != "none":
        records = sorted(records, key=_ORDERS[settings.sort])
    if form.name != "bibtex":
        records = complete_works(records)
    if settings.databases and form.name == "ris":
        records = [with_database_note(record) for record in records]
    if form.name == "ris":
        records = [with_label_note(record) for record in records]
    elif form.name in TABLES:
        records = with_label_column(records)
    if form.name in BIBLIOGRAPHIES:
        from refsync.formats.pages.bibliography import DEFAULT_STYLE
        from refsync.formats.pages.bibliography import dump as formatted

        as_html = form.name == BIBLIOGRAPHIES[0]
        return formatted(records, settings.style or DEFAULT_STYLE, as_html=as_html).encode()
    if settings.style:
        raise ConfigError(f"{form.name} has no styles", hint="--style is for bibliographies: -o refs.html, -o refs.txt")
    if form.name == "bibtex":
        if settings.dialect:
            records = [to_dialect(record, settings.dialect) for record in records]
        elif dialect_of(records) == "biblatex":
            records = [to_dialect(record, "biblatex") if record.markup == "text" else record for record in records]
        return dump(records, settings.dialect or None, preambles).encode()
    if settings.dialect:
        raise ConfigError(f"{form.name} has no dialects", hint="--dialect is for BibTeX")
    return form.write(records)


def complete_works(records: Sequence[Record]) -> list[Record]:
    """The works among the entries of one library, with what they inherit, for targets without `crossref` and `xdata`.

    Entries that only hold data for others (`@xdata`) are left out.
    """
    used = {key.casefold() for record in records for key in keys_in(record.get("xdata"))}
    one_library = [replace(record, source="") for record in records]
    return [
        replace(whole, source=record.source)
        for record, whole in zip(records, with_inherited(one_library), strict=True)
        if not (record.type == "xdata" and record.id.casefold() in used)
    ]


def _plain(record: Record, *names: str) -> str:
    value = record.get(*names)
    return latex_to_text(value) if record.markup == "latex" else value


def _year(record: Record) -> str:
    year = re.search(r"\d{4}", record.get("date", "year"))
    return year[0] if year else "9999"  # unknown: last


def _authors(record: Record) -> list[tuple[str, str]]:
    names, _ = split_names(_plain(record, "author", "editor"))
    return [(fold(name.family), fold(name.given)) for name in map(parse_name, names)]


def _by_author(record: Record) -> tuple[object, ...]:
    authors = _authors(record)
    return (not authors, authors, _year(record), fold(_plain(record, "title")), record.id.casefold())


_ORDERS: dict[Sort, Callable[[Record], tuple[object, ...]]] = {
    "key": lambda record: (record.id.casefold(), record.id),
    "author": _by_author,
    "year": lambda record: (_year(record), *_by_author(record)),
}
