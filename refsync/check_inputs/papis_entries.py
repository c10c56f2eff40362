"""Documents of papis as entries, to which the rules for entries apply; findings have the lines of `info.yaml`."""

from refsync.check.entries import BibFile
from refsync.formats.bibtex.write import safe_key
from refsync.formats.yaml.documents import name_lines
from refsync.formats.yaml.papis import names_of
from refsync.records import Snapshot
from refsync.text.latex import balance_braces
from refsync.text.whitespace import collapse_whitespace


def document_as_entry(snapshot: Snapshot, text: str) -> BibFile:
    """A document as the text of one entry, a field in each line, with the line in `info.yaml` of each.

    Args:
        snapshot: the document.
        text: its `info.yaml`.
    """
    (record,) = snapshot.records
    lines_of = name_lines(text)
    lines = [f"@{record.type}{{{safe_key(record.id)},"]
    numbers = [lines_of.get("ref", 1)]
    for field, value in record.fields.items():
        lines.append(f"  {field} = {{{balance_braces(collapse_whitespace(value))}}},")
        name = {"file": "files"}.get(field, field.removeprefix("papis-"))
        names = (name, *names_of(field), *({"keywords": ("tags",)}.get(field, ())))
        numbers.append(next((lines_of[one] for one in names if one in lines_of), 1))
    return BibFile(snapshot, "\n".join([*lines, "}"]), (*numbers, numbers[0]))
