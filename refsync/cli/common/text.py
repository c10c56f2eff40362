"""Text for standard output: JSON, counts, a record's title and place."""

import json
from typing import Any
from unicodedata import category

import click

from refsync.records import Record


def print_json(result: Any) -> None:
    """Print one JSON document on standard output; bytes of file names that are not UTF-8 as escapes (`\\udce9`)."""
    text = json.dumps(result, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def printable(text: str) -> str:
    """The text for a terminal or an annotation: control characters and bytes that are not UTF-8 as escapes."""
    if text.isprintable():
        return text
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character.isprintable() or category(character) == "Zs":
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def counted(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`, `1,000 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def shortened(text: str, width: int) -> str:
    """The text, cut to `width` characters, the last of them an ellipsis where something was cut off."""
    return text if len(text) <= width else text[: width - 1] + "…"


def title_of(record: Record, width: int = 90) -> str:
    """A record's title on one line, as plain text."""
    from refsync.text.latex import latex_to_text

    title = record.get("title")
    title = latex_to_text(title) if record.markup == "latex" else title
    title = printable(" ".join(title.split())) or "(no title)"
    return shortened(title, width)


def place_of(record: Record) -> str:
    """Where a record is: its file and its id there, or its line where it has no id."""
    return printable(f"{record.source}:{record.line if record.id.startswith('#') else record.id}")
