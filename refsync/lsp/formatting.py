"""Formatting by the settings of `refsync format`."""

from dataclasses import replace
from pathlib import Path

from refsync.errors import ConfigError, RefsyncError
from refsync.formats.bibtex.edit import Edit
from refsync.formats.common.decode import decode
from refsync.formatting.format_text import NO_JOURNALS, format_text
from refsync.formatting.journal_table import JournalTable, parse_journal_table
from refsync.formatting.settings import FormatSettings
from refsync.lsp.text_edits import minimal_edits


def format_edits(source: str, text: str, settings: FormatSettings) -> list[Edit]:
    """The edits that format a text. Citation keys stay: documents would still cite the old ones.

    Raises:
        RefsyncError: the settings name nothing to format or a table that cannot be read, or the text is damaged.
    """
    settings = replace(settings, keys="")
    if settings.changes_nothing:
        hint = 'for example preset = "minimal" in the table [format] of refsync.toml'
        raise ConfigError("there is nothing to format: no setting says how", hint=hint)
    result = format_text(source, text, settings, _journals(settings))
    if result.damage:
        raise RefsyncError(f"not formatted: {result.damage}")
    return minimal_edits(text, result.after)


def _journals(settings: FormatSettings) -> JournalTable:
    if settings.complete().journals not in ("abbreviate", "expand"):
        return NO_JOURNALS
    name = settings.journal_table
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(f"{name}: {error.strerror}", hint="`journal-table` names a file of abbreviations") from None
    return parse_journal_table(decode(data, name), name)
