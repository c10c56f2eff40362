"""Revisions of the user's own .bib files by minimal edits that delete no entry. Pure: texts in, texts out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from refsync.formats.bibtex.edit import Edit, add_fields, apply_edits, check_untouched, entries
from refsync.formats.bibtex.scan import Block
from refsync.records import Problem, Record
from refsync.text.lists import separator_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A file before and after.

    Attributes:
        source: the file.
        before: its text.
        after: its text with the edits.
        deleted: how many entries are deleted.
        changed: how many entries are changed.
        renamed: each citation key that is deleted, with the one that replaces it.
        notes: places that a person should check.
    """

    source: str
    before: str
    after: str
    deleted: int = 0
    changed: int = 0
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()


def revise_entries(
    texts: Mapping[str, str], edits: Mapping[str, Sequence[Edit]], changed: Mapping[str, Collection[int]]
) -> list[Revision]:
    """The files in which entries are edited and none is deleted; files without edits are left out.

    Args:
        texts: the files, by source.
        edits: the edits of each file.
        changed: the positions in each file at which the entries begin that may change.

    Raises:
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    revisions = []
    for source, text in texts.items():
        if edits[source]:
            after = apply_edits(text, edits[source])
            check_untouched(text, after, (), changed[source])
            revisions.append(Revision(source=source, before=text, after=after, changed=len(changed[source])))
    return revisions


def add_to_lists(
    texts: Mapping[str, str], records: Sequence[Record], items: Sequence[Sequence[str]], name: str
) -> list[Revision]:
    """The files with items added to a list field such as `keywords`; every other byte stays.

    Args:
        texts: the files by source. Every record is an entry in one of them.
        records: the entries, in order.
        items: what to add to each record, in LaTeX; the record has none of them yet.
        name: of the field, in lower case. An entry that lacks it gets it.

    Raises:
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    blocks = {source: entries(text) for source, text in texts.items()}
    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    for record, new in zip(records, items, strict=True):
        block = blocks[record.source][record.index - 1]
        if new and block.kind == "entry":  # malformed ones stay as they are
            edits[record.source] += _add_to_list(texts[record.source], block, name, new, record.get(name))
            changed[record.source].add(block.start)
    return revise_entries(texts, edits, changed)


def _add_to_list(text: str, block: Block, name: str, items: Sequence[str], present: str) -> list[Edit]:
    """Add items after the last one of a list, with the separator that the list has."""
    separator = f"{separator_of(present)} "
    added = separator.join(items)
    field = next((field for field in block.fields if field.name.lower() == name), None)
    if field is None:
        return add_fields(text, block, {name: added})
    if field.joined or text[field.value_start : field.value_start + 1] not in ("{", '"'):
        return [Edit(field.value_end, field.value_end, f" # {{{separator if present.strip() else ''}{added}}}")]
    value = text[field.value_start + 1 : field.value_end - 1].rstrip()
    value = value.removesuffix(separator.strip())
    end = field.value_start + 1 + len(value)
    return [Edit(end, end, (separator if value.strip() else "") + added)]
