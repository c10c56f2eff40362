"""Versions of one work, linked in the written library: by `related` in BibLaTeX, in a note if asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from refsync.dedup.relations import CONFERENCE, EDITION, PREPRINT
from refsync.dedup.results import Link
from refsync.records import Record, keys_in
from refsync.text.bare_identifiers import bare_identifier
from refsync.text.latex import latex_to_text
from refsync.text.latex_escape import text_to_latex

_LABELS: Mapping[str, str] = {PREPRINT: "Preprint", CONFERENCE: "Conference version", EDITION: "Other edition"}
_OTHER = "Other version"


def link_versions(
    records: Sequence[Record], members: Sequence[Sequence[int]], versions: Sequence[Link], how: str
) -> list[Record]:
    """The records with links from the form of a work that people cite to its other forms.

    Of two versions the later form (`members[1]` of the link) names the earlier one. A record with relations or a note
    of its own that say the same already stays as it is.

    Args:
        records: the papers of a library, with their final keys.
        members: for each paper, the indices of the records that it merges.
        versions: the links between records.
        how: `related` for the fields of BibLaTeX (biblatex manual, section 4.5.1: unknown types are printed with
            `relatedstring`), `note` for text, anything else for none.
    """
    if how not in ("related", "note"):
        return list(records)
    paper = {member: number for number, group in enumerate(members) for member in group}
    earlier: dict[int, dict[int, str]] = {}
    for link in versions:
        first, second = (paper.get(index) for index in link.members)
        if first is not None and second is not None and first != second:
            earlier.setdefault(second, {}).setdefault(first, _LABELS.get(link.relation, _OTHER))
    linked = list(records)
    for number, others in earlier.items():
        named = [(records[other], label) for other, label in others.items()]
        linked[number] = (_with_note if how == "note" else _with_related)(records[number], named)
    return linked


def _with_related(record: Record, others: Sequence[tuple[Record, str]]) -> Record:
    present = keys_in(record.get("related"))
    if present or record.get("relatedtype"):
        return record  # a relation of the user's: an entry has only one type of relation
    labels = {label for _, label in others}
    label = labels.pop() if len(labels) == 1 else _OTHER
    fields = {
        "related": ",".join(other.id for other, _ in others),
        "relatedtype": label.lower().replace(" ", ""),
        "relatedstring": label,
    }
    return replace(record, fields={**record.fields, **fields})


def _with_note(record: Record, others: Sequence[tuple[Record, str]]) -> Record:
    note = record.get("note")
    for other, label in others:
        text = f"{label}: {_where(other)}"
        text = text_to_latex(text) if record.markup == "latex" else text
        if text not in note:
            note = f"{note}. {text}" if note else text
    return replace(record, fields={**record.fields, "note": note})


def _where(record: Record) -> str:
    """Where a version is found: its identifier, else where and when it was published."""
    if eprint := bare_identifier("eprint", record.get("eprint")):
        return (
            f"arXiv:{eprint}" if (record.get("archiveprefix", "eprinttype") or "arxiv").lower() == "arxiv" else eprint
        )
    if doi := bare_identifier("doi", record.get("doi")):
        return f"doi:{doi}"
    venue = record.get("journal", "journaltitle", "booktitle", "publisher", "institution", "howpublished")
    parts = [venue, record.get("edition") and f"edition {record.get('edition')}", record.get("year", "date")[:4]]
    text = ", ".join(part for part in parts if part) or record.id
    return latex_to_text(text) if record.markup == "latex" else text
