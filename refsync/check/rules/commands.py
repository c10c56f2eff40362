"""Rules about LaTeX commands that are no text and no mathematics."""

from collections.abc import Iterator

from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.plain_entries import PlainEntry
from refsync.formats.bibtex.scan import Block
from refsync.text.latex_safety import is_dangerous, unsafe_commands
from refsync.text.verbatim_fields import VERBATIM_FIELDS

_PATHS = frozenset({"file", "localfile", "pdf"})
_NOT_TYPESET = VERBATIM_FIELDS | frozenset("abstract annote annotation comment comments review owner bibsource".split())


def commands(text: str, block: Block | PlainEntry) -> Iterator[EntryFinding]:
    """RS608 and RS609: the first command of each value that is not on the list of allowed ones, the worst first."""
    if block.kind not in ("entry", "string", "preamble", "malformed"):
        return
    if text.find("\\", block.start, block.end) < 0 and text.find("^^", block.start, block.end) < 0:
        return  # most blocks
    preamble = block.kind == "preamble"
    spans = [(field.value_start, field.value_end, field.name.lower()) for field in block.fields]
    for start, end, name in spans or [(block.start, block.end, "")] * (block.kind == "malformed"):
        if name in _PATHS or name.startswith("bdsk-"):
            continue
        if "\\" not in text[start:end] and "^^" not in text[start:end]:
            continue
        found = [*unsafe_commands(text, start, end)]
        bad = next(((at, what) for at, what in found if is_dangerous(what, in_preamble=preamble)), None)
        where = f" in `{name}`" if name else ""
        if bad:
            shown = bad[1] if bad[1] == "^^" else f"\\{bad[1]}"
            message = f"has `{shown}`{where}, by which TeX can do more than print"
            yield EntryFinding("RS608", bad[0], message, f"{name}:{bad[1]}")
        elif found and not preamble and name not in _NOT_TYPESET:
            at, what = found[0]
            yield EntryFinding(
                "RS609", at, f"has `\\{what}`{where}, which is no usual command of text", f"{name}:{what}"
            )
