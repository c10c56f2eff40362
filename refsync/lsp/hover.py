"""What an editor shows about an entry: its reference, its areas, and why others are the same paper. Plain text.

It is never Markdown: the text of a record must not become a link, a picture or a command.
"""

from collections.abc import Iterator

from refsync.api import explain_pair, tag_records
from refsync.check.rule_table import RULES
from refsync.dedup.explain import Explanation
from refsync.errors import RefsyncError
from refsync.lsp.entries import Mate, mates, reference, shown_key
from refsync.lsp.library import CheckedLibrary
from refsync.lsp.live_file import Located
from refsync.records import Record
from refsync.text.printable import printable

_MOST_MATES = 3
_WIDTH = 60
_VERDICTS = {"same": "Same paper as", "version": "Version of the same work:", "maybe": "May be the same paper as"}


def entry_text(library: CheckedLibrary, index: int, findings: tuple[Located, ...] = ()) -> str:
    """What is known about an entry."""
    record = library.records[index]
    parts = [reference(record)]
    rules = dict.fromkeys(item.finding.code for item in findings)
    parts += [f"{code}: {RULES[code].title}. {RULES[code].remedy}" for code in rules]
    found = [*mates(library, index)]
    parts += ["\n".join(_mate(library, record, mate)) for mate in found[:_MOST_MATES]]
    if len(found) > _MOST_MATES:
        parts.append(f"... and {len(found) - _MOST_MATES} more")
    parts.append(areas(library, record))
    return "\n\n".join(filter(None, parts))


def _mate(library: CheckedLibrary, record: Record, mate: Mate) -> Iterator[str]:
    """Why another entry is the same paper, field by field."""
    other = library.records[mate.index]
    relation = f" ({mate.relation})" if mate.relation else ""
    yield f"{_VERDICTS[mate.kind]} {shown_key(other, [record])}{relation}, p={mate.probability:.3f}"
    yield from explanation_lines(explain_pair(record, other, library.config), mate.kind)


def explanation_lines(explanation: Explanation, verdict: str) -> Iterator[str]:
    """The reason, and each field with both values, its similarity and its weight."""
    alone = "" if explanation.verdict == verdict else "of the two alone: "
    yield f"  {alone}{printable(explanation.why)}"
    weights = {item.field: item for item in explanation.pair.fields}
    for name in dict.fromkeys([*explanation.sides, *weights]):
        left, right = (_short(side) for side in explanation.sides.get(name, ("", "")))
        evidence = weights.get(name)
        numbers = f"  similarity {evidence.similarity:.2f}, weight {evidence.weight:+.1f}" if evidence else ""
        values = "" if not (left or right) else left if left == right else f"{left or '-'} | {right or '-'}"
        if values or numbers:
            yield f"  {name}: {values}{numbers}"


def areas(library: CheckedLibrary, record: Record) -> str:
    """The areas of a paper and the words that are evidence for them; empty where there are none."""
    if library.config.areas.taxonomy == "none" or not record.get("title"):
        return ""
    try:
        (tagging,) = tag_records([record], config=library.config) or (None,)
    except RefsyncError as error:  # a configured model that does not exist
        return printable(f"Areas: {error}")
    if tagging is None:
        return ""
    applied = [f"{area.area} {area.probability:.2f}" for area in tagging.areas if area.applied]
    if not applied:
        likely = ", ".join(f"{area.area} {area.probability:.2f}" for area in tagging.areas[:3])
        return printable(f"Areas: none is sure (likeliest: {likely})")
    because = f" because of {', '.join(tagging.because)}" if tagging.because else ""
    return printable(f"Areas: {', '.join(applied)}{because}")


def _short(text: str) -> str:
    text = " ".join(printable(text).split())
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
