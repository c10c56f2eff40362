"""Records side by side, one row for each field: each record's value, the differences, and the merged value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from refsync.dedup.merge import ENTRY_TYPE, Choice, Merged, in_markup, merge_cluster, value_of
from refsync.dedup.merge_policies import default_policy
from refsync.dedup.results import FieldEvidence
from refsync.dedup.settings import MergeSettings
from refsync.records import Markup, Record
from refsync.review.word_diff import Span, diff_words, unmarked
from refsync.text.fold import fold
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text

CORE: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "author": ("author",),
    "year": ("year", "date"),
    "journal": ("journal", "journaltitle", "booktitle", "eventtitle"),
    "volume": ("volume",),
    "pages": ("pages", "eid"),
    "doi": ("doi",),
    "abstract": ("abstract",),
}
"""What a person compares: always shown, first, in this order; each with the fields that can hold it."""

_OTHER = (ENTRY_TYPE, *(
    "editor number issue subtitle series eprint eprinttype archiveprefix primaryclass pmid pmcid isbn issn edition "
    "publisher school institution howpublished chapter month note keywords url"
).split())  # fmt: skip
"""Bibliographic fields, shown after these where they differ. All others are the source's own, and folded."""

_ORDER = {name: place for place, name in enumerate(_OTHER)}
_NAMES = {
    ENTRY_TYPE: "type", "author": "authors", "editor": "editors", "number": "issue",
    "doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID",
    "journaltitle": "journal", "booktitle": "book title", "eventtitle": "event", "eid": "article number",
}  # fmt: skip
_FIELDS_OF_FEATURE: Mapping[str, tuple[str, ...]] = {
    "venue": ("journal", "journaltitle", "booktitle", "eventtitle", "series"),
    "year": ("year", "date"),
    "author": ("author", "editor"),
    "pages": ("pages", "eid"),
    "identifier": ("eprint", "pmid", "pmcid", "isbn", "url"),
    "type": (ENTRY_TYPE,),
}
"""The record fields that a feature of the pair model compares, if their names differ from its own."""

_UNITED = ("union", "join")


def can_unite(name: str) -> bool:
    """Whether a field can hold the values of all members."""
    return name == "url" or default_policy(name) in _UNITED


ChosenBy = Literal["rule", "side", "union", "text"]
Agreement = Literal["equal", "alike", "single", "differ"]
"""`alike`: equal except for case, accents and punctuation; `single`: some of the records lack the field."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: as plain text (also split into `spans`), as in the source (`raw`), and whether the merge takes it."""

    text: str
    raw: str
    spans: tuple[Span, ...]
    taken: bool = False


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of all members.

    Attributes:
        name: the field; `entrytype` for the type of the entry.
        label: its name for people.
        cells: one value for each member.
        merged: the value of the merged record; empty if it has none.
        agreement: how the values compare.
        chosen_by: whether a rule chose the merged value, or a person took one member's value (`side`), all of them
            (`union`), or wrote it (`text`).
        can_unite: whether the merged record can have the values of all members.
        needs_choice: whether the settings leave this difference to a person.
        evidence: the evidence of the field; of several pairs, of the least similar.
        is_core: whether it is always shown.
        is_own: whether it is a field of the source's own, such as its date of export.
    """

    name: str
    label: str
    cells: tuple[Cell, ...]
    merged: Cell
    agreement: Agreement
    chosen_by: ChosenBy
    can_unite: bool
    needs_choice: bool = False
    evidence: FieldEvidence | None = None
    is_core: bool = False
    is_own: bool = False

    @property
    def folded(self) -> bool:
        """Whether the row is collapsed because nothing in it helps to decide; never one that a person has written."""
        if self.is_core or self.needs_choice or self.chosen_by in {"text", "union"}:
            return False
        return self.agreement == "equal" or (self.is_own and self.chosen_by == "rule")


def compare_fields(
    members: Sequence[Record],
    settings: MergeSettings,
    choices: Mapping[str, Choice] | None = None,
    merged_positions: Sequence[int] | None = None,
    evidence: Sequence[FieldEvidence] = (),
) -> tuple[list[FieldRow], Merged]:
    """The members side by side, and the merged record.

    Args:
        members: two or more records.
        settings: how they are merged.
        choices: what a person chose, by field.
        merged_positions: which members are merged; all if not given.
        evidence: the field evidence of the pair model.
    """
    positions = range(len(members)) if merged_positions is None else merged_positions
    merged = merge_cluster([members[i] for i in positions], settings, choices or {})
    filled = {name for record in members for name, value in record.fields.items() if value.strip()}
    names = {ENTRY_TYPE, *filled, *merged.record.fields}
    evidence_of = _evidence_by_field(evidence, names)
    core = _core_fields(filled)
    ordered = [*core, *sorted(names - {*core}, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))]
    rows = [_row(name, members, merged, choices or {}, evidence_of.get(name)) for name in ordered]
    own = names - {*core, *_OTHER}
    return [replace(row, is_core=row.name in core, is_own=row.name in own) for row in rows], merged


def _core_fields(filled: set[str]) -> list[str]:
    """The fields that hold what a person compares, in its order; where no record has any, the usual one."""
    core: list[str] = []
    for usual, names in CORE.items():
        present = [name for name in names if name in filled]
        core += present or (["editor"] if usual == "author" and "editor" in filled else [usual])
    return core


def value_of_any(record: Record, core: str) -> str:
    """The value of a record for one of `CORE`, whichever field holds it."""
    return record.get(*CORE[core]).strip()


def _row(
    name: str, members: Sequence[Record], merged: Merged, choices: Mapping[str, Choice], evidence: FieldEvidence | None
) -> FieldRow:
    raws = [value_of(record, name) for record in members]
    texts = [plain_text(name, raw, record.markup) for raw, record in zip(raws, members, strict=True)]
    result = value_of(merged.record, name)
    text = plain_text(name, result, merged.record.markup)
    origin = merged.origin.get("type" if name == ENTRY_TYPE else name)
    choice = choices.get(name) if name in merged.chosen else None
    chosen_by: ChosenBy = "rule"
    if choice:
        chosen_by = "union" if choice.union else "text" if choice.text is not None else "side"
    united = chosen_by == "union" or (chosen_by == "rule" and default_policy(name) in _UNITED)

    def is_taken(record: Record) -> bool:
        return united or (origin == (record.source, record.index) and chosen_by != "text")

    marked = _mark_differences(texts, text)
    cells = tuple(
        Cell(own, raw, spans, taken=bool(own) and is_taken(record))
        for own, raw, spans, record in zip(texts, raws, marked, members, strict=True)
    )
    is_long = any(span.mark == "folded" for spans in marked for span in spans)
    return FieldRow(
        name=name,
        label=field_label(name),
        cells=cells,
        merged=Cell(text, result, unmarked(text) if is_long else (Span(text),)),
        agreement=_agreement(texts),
        chosen_by=chosen_by,
        can_unite=can_unite(name) and sum(map(bool, texts)) > 1,
        needs_choice=name in merged.asked,
        evidence=evidence,
    )


def field_label(name: str) -> str:
    """The name of a field for people."""
    return _NAMES.get(name, name)


def plain_text(name: str, value: str, markup: Markup) -> str:
    """A value of a field as plain text on one line."""
    plain = latex_to_text(value) if markup == "latex" and name not in VERBATIM_FIELDS else value
    return " ".join(plain.split())


def _mark_differences(texts: Sequence[str], merged: str) -> list[tuple[Span, ...]]:
    """Each value with its differences: from the other of two, from the merged value if there are more."""
    if len(texts) == 2 and all(texts):
        return [*diff_words(*texts)]
    if len(texts) == 2:
        return [unmarked(text) for text in texts]
    return [diff_words(text, merged)[0] if text and merged else unmarked(text) for text in texts]


def _agreement(texts: Sequence[str]) -> Agreement:
    filled = {text for text in texts if text}
    if len(filled) > 1:
        folded = {fold(text) for text in filled}
        return "alike" if len(folded) == 1 and "" not in folded else "differ"
    return "equal" if all(texts) else "single"


def _evidence_by_field(evidence: Sequence[FieldEvidence], names: set[str]) -> dict[str, FieldEvidence]:
    evidence_of: dict[str, FieldEvidence] = {}
    for item in evidence:
        for name in _FIELDS_OF_FEATURE.get(item.field, (item.field,)):
            if name in names:
                evidence_of.setdefault(name, item)
                break
    return evidence_of


def value_for_editing(merged: Merged, members: Sequence[Record], name: str) -> str:
    """The text to start from when a person edits a value: the merged value, else that of the first member with any."""
    if value := value_of(merged.record, name):
        return value
    markup = merged.record.markup
    with_value = (record for record in members if value_of(record, name).strip())
    return next((in_markup(name, value_of(record, name), record.markup, markup) for record in with_value), "")
