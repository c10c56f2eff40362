"""Files that are not formatted: what is damaged could be changed for the worse."""

from collections.abc import Sequence

from refsync.formats.bibtex.conflict_markers import conflict_markers
from refsync.formats.bibtex.scan import Block
from refsync.formats.common.positions import line_column_lookup
from refsync.records import Problem


def find_damage(source: str, text: str, blocks: Sequence[Block]) -> Problem | None:
    """The first thing that makes a file unsafe to format: a conflict marker or a block that cannot be read."""
    found: Problem | None = None
    if (marker := next(conflict_markers(text), -1)) >= 0:
        line, column = line_column_lookup(text)(marker)
        shown = text[marker : marker + 7]
        message = f"a conflict marker ({shown}) of version control: the file is left as it is; resolve it first"
        found = Problem(source, message, line, column, fatal=True)
    else:
        broken = next((block for block in blocks if block.kind == "malformed"), None)
        if broken:
            fault = broken.faults[-1] if broken.faults else None
            position = fault.position if fault else broken.start
            line, column = line_column_lookup(text)(position)
            why = fault.message if fault else "this block cannot be read"
            found = Problem(source, f"{why}: the file is left as it is; correct it first", line, column, fatal=True)
    return found
