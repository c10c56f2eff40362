"""Text for standard output: JSON, counts, a record's title and place."""

import json
import shutil
import sys
from typing import Any

from refsync.cli.common.output import echo_json
from refsync.records import Record
from refsync.text.printable import printable


def print_json(result: Any) -> None:
    """Print one JSON document on standard output; bytes of file names that are not UTF-8 as escapes (`\\udce9`)."""
    echo_json(json.dumps(result, ensure_ascii=False, indent=2))


def counted(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`, `1,000 entries`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def shortened(text: str, width: int) -> str:
    """The text, cut to `width` characters, the last of them an ellipsis where something was cut off."""
    return text if len(text) <= width else text[: width - 1] + "…"


def fitting(text: str) -> str:
    """The text, cut to the width of the terminal where standard output is one."""
    return shortened(text, shutil.get_terminal_size().columns) if sys.stdout.isatty() else text


def title_of(record: Record, width: int = 90) -> str:
    """A record's title on one line, as plain text."""
    from refsync.text.latex import latex_to_text

    title = record.get("title")
    title = latex_to_text(title) if record.markup == "latex" else title
    title = " ".join(printable(title).split()) or "(no title)"
    return shortened(title, width)


def place_of(record: Record) -> str:
    """Where a record is: its file and its id there, or its line where it has no id."""
    return printable(f"{record.source}:{record.line if record.id.startswith('#') else record.id}")
