"""A .bib file as text for diffs: one field in each line, accents as letters. Pure."""

from refsync.formats.bibtex.scan import Block, scan
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text
from refsync.text.whitespace import collapse_whitespace

_COLUMN = 12


def readable(text: str) -> str:
    """The text with each entry in one layout; comments and what cannot be read stay."""
    lines: list[str] = []
    for block in scan(text):
        written = text[block.start : block.end]
        if block.kind == "text":
            lines += [line.rstrip() for line in written.splitlines() if line.strip()]
        elif block.kind == "entry":
            lines += [
                "",
                f"@{block.type.lower()} {block.key}",
                *(_field(text, block, i) for i in range(len(block.fields))),
            ]
        else:
            lines += ["", *written.splitlines()]
    return "".join(f"{line}\n" for line in lines).lstrip("\n")


def _field(text: str, block: Block, number: int) -> str:
    field = block.fields[number]
    value = collapse_whitespace(text[field.value_start : field.value_end])
    if value[:1] in ("{", '"') and not field.joined:
        value = collapse_whitespace(value[1:-1])
        value = value if field.name.lower() in VERBATIM_FIELDS else latex_to_text(value)
    return f"  {field.name.lower():<{_COLUMN}} {value}".rstrip()
