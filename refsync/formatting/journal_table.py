"""Names of journals with their abbreviations, from a table that the user has."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from refsync.errors import ConfigError
from refsync.text.latex import latex_to_text

_SPACE = re.compile(r"\s+")


def _folded(name: str) -> str:
    return _SPACE.sub(" ", latex_to_text(name)).strip().casefold()


@dataclass(frozen=True, slots=True)
class JournalTable:
    """Both directions of a table of journals; names are compared as plain text, without regard to letter case."""

    short_of: Mapping[str, str] = field(default_factory=dict)
    full_of: Mapping[str, str] = field(default_factory=dict)

    def abbreviated(self, name: str) -> str:
        """The abbreviation of a name; names that are not in the table stay."""
        return self._found(self.short_of, name)

    def expanded(self, name: str) -> str:
        """The full name for an abbreviation; names that are not in the table stay."""
        return self._found(self.full_of, name)

    @staticmethod
    def _found(table: Mapping[str, str], name: str) -> str:
        found = table.get(_folded(name)) if table else None
        if found is None or _folded(found) == _folded(name):
            return name
        return found


def parse_journal_table(text: str, source: str) -> JournalTable:
    """The table in a text: lines `full name;abbreviation` (or with commas or tabs), or `full name = abbreviation`.

    These are the forms that JabRef's lists have; further columns are ignored, and so are lines that start with `#`. The
    first line for a name counts. An `&` is escaped.

    Raises:
        ConfigError: no line has two names.
    """
    pairs: list[tuple[str, str]] = []
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    for line in lines:
        if " = " in line and ";" not in line:
            full, _, short = line.partition(" = ")
            cells = [full, short]
        else:
            separator = next((sign for sign in ";\t," if sign in line), ";")
            try:
                cells = next(csv.reader(io.StringIO(line), delimiter=separator), [])
            except csv.Error:  # a cell of more than 131,072 characters
                continue
        if len(cells) > 1 and cells[0].strip() and cells[1].strip():
            pairs.append((_written(cells[0]), _written(cells[1])))
    if not pairs:
        raise ConfigError(f"{source}: no names of journals in it", hint="a line is `full name;abbreviation`")
    short_of: dict[str, str] = {}
    full_of: dict[str, str] = {}
    for full, short in pairs:
        short_of.setdefault(_folded(full), short)
        full_of.setdefault(_folded(short), full)
    # An abbreviation is not abbreviated again, or a second run would change what the first one wrote.
    only_full = {name: short for name, short in short_of.items() if name not in full_of}
    return JournalTable(only_full, {name: full for name, full in full_of.items() if name not in short_of})


def _written(name: str) -> str:
    """A name as written in a .bib file."""
    name = _SPACE.sub(" ", name).strip()
    return re.sub(r"(?<!\\)&", r"\\&", name) if name.count("{") == name.count("}") else re.sub(r"[{}]", "", name)
