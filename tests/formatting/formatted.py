"""Formatting in tests: always twice, because the second time must change nothing."""

from typing import Any

from refsync.formatting.format_text import Formatted, format_text
from refsync.formatting.journal_table import JournalTable
from refsync.formatting.settings import FormatSettings


def result(text: str, table: JournalTable | None = None, **settings: Any) -> Formatted:
    chosen = FormatSettings(**settings)
    first = format_text("refs.bib", text, chosen, table or JournalTable())
    again = format_text("refs.bib", first.after, chosen, table or JournalTable())
    assert again.after == first.after
    return first


def formatted(text: str, **settings: Any) -> str:
    return result(text, **settings).after


def value(written: str, name: str = "title", **settings: Any) -> str:
    """A value, as written, after formatting."""
    start, end = f"@misc{{a,\n  {name} = ", "\n}\n"
    after = formatted(f"{start}{written}{end}", **settings)
    assert after.startswith(start)
    assert after.endswith(end)
    return after[len(start) : -len(end)]
