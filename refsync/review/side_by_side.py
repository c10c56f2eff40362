"""Records side by side, one row for each field: what each says, what differs, what the merged record would have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from refsync.dedup.merge import ENTRY_TYPE, Choice, Merged, in_markup, merge_cluster, value_of
from refsync.dedup.merge_policies import DEFAULTS
from refsync.dedup.results import FieldEvidence
from refsync.dedup.settings import MergeSettings
from refsync.records import Markup, Record
from refsync.review.word_diff import Span, differences, whole
from refsync.text.fold import fold
from refsync.text.latex import VERBATIM_FIELDS, to_text

_FIRST = (ENTRY_TYPE, *(
    "title subtitle author editor year date journal journaltitle booktitle eventtitle series volume number issue pages "
    "eid doi eprint eprinttype archiveprefix primaryclass pmid pmcid isbn issn edition publisher school institution"
).split())  # fmt: skip
_LAST = "url note keywords groups file abstract".split()
_ORDER = {name: place for place, name in enumerate(_FIRST)} | {name: 1000 + i for i, name in enumerate(_LAST)}
_NAMES = {
    ENTRY_TYPE: "type", "doi": "DOI", "url": "URL", "isbn": "ISBN", "issn": "ISSN", "pmid": "PMID", "pmcid": "PMCID",
    "journaltitle": "journal", "booktitle": "book title", "eventtitle": "event", "eid": "article number",
}  # fmt: skip
_SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "venue": ("journal", "journaltitle", "booktitle", "eventtitle", "series"),
    "year": ("year", "date"),
    "author": ("author", "editor"),
    "pages": ("pages", "eid"),
    "identifier": ("eprint", "pmid", "pmcid", "isbn", "url"),
    "type": (ENTRY_TYPE,),
}
"""The fields of records in which what the pair model compares stands, where they have other names."""

LISTS = frozenset(name for name, policy in DEFAULTS.items() if policy == "union") | {"file", "note", "url"}
"""Fields of which a merged record can have all that its members say."""

Agreement = Literal["equal", "alike", "single", "differ"]
"""`alike`: but for case, accents and punctuation; `single`: some of the records lack the field."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one record says: as plain text (`spans` joined), and as it stands in its source (`raw`)."""

    text: str
    raw: str
    spans: tuple[Span, ...]
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One field of all members.

    Attributes:
        name: the field; `entrytype` for the type of the entry.
        label: what people call it.
        cells: one for each member.
        merged: what the merged record has; empty where it has none.
        agreement: how the values compare.
        by: whether a rule chose the merged value, a person one of the members' or all of a list, or wrote it.
        can_join: whether `both` makes sense.
        asked: whether the settings put this difference before a person.
        evidence: what the field says about the members, where it is a pair.
    """

    name: str
    label: str
    cells: tuple[Cell, ...]
    merged: Cell
    agreement: Agreement
    by: Literal["rule", "side", "union", "text"]
    can_join: bool
    asked: bool = False
    evidence: FieldEvidence | None = None

    @property
    def folded(self) -> bool:
        """Whether there is nothing to decide. The title is shown all the same: it says which paper this is."""
        return self.agreement == "equal" and self.by in {"rule", "side"} and self.name != "title"


def rows(
    members: Sequence[Record],
    settings: MergeSettings,
    choices: Mapping[str, Choice] | None = None,
    together: Sequence[int] | None = None,
    evidence: Sequence[FieldEvidence] = (),
) -> tuple[list[Row], Merged]:
    """The members side by side, and the record that they would be.

    Args:
        members: two records or more.
        settings: how they are merged.
        choices: what a person chose, by field.
        together: the places of the members that are merged; all if not given.
        evidence: what the pair model says of the fields.
    """
    places = range(len(members)) if together is None else together
    merged = merge_cluster([members[i] for i in places], settings, choices or {})
    has = {name for record in members for name, value in record.fields.items() if value.strip()}
    names = {ENTRY_TYPE, *has, *merged.record.fields}
    said = _by_row(evidence, names)
    ordered = sorted(names, key=lambda name: (_ORDER.get(name, 500), name))
    return [_row(name, members, merged, choices or {}, said.get(name)) for name in ordered], merged


def _row(
    name: str, members: Sequence[Record], merged: Merged, choices: Mapping[str, Choice], evidence: FieldEvidence | None
) -> Row:
    raws = [value_of(record, name) for record in members]
    texts = [shown(name, raw, record.markup) for raw, record in zip(raws, members, strict=True)]
    result = value_of(merged.record, name)
    text = shown(name, result, merged.record.markup)
    origin = merged.origin.get("type" if name == ENTRY_TYPE else name)
    choice = choices.get(name) if name in merged.chosen else None
    by: Literal["rule", "side", "union", "text"] = "rule"
    if choice:
        by = "union" if choice.union else "text" if choice.text is not None else "side"
    joined = by == "union" or (by == "rule" and DEFAULTS.get(name) == "union")
    marked = _marked(texts, text)
    cells = tuple(
        Cell(own, raw, spans, bool(own) and (joined or (origin == (record.source, record.index) and by != "text")))
        for own, raw, spans, record in zip(texts, raws, marked, members, strict=True)
    )
    long = any(span.mark == "folded" for spans in marked for span in spans)
    return Row(
        name,
        label_of(name),
        cells,
        Cell(text, result, whole(text) if long else (Span(text),)),
        _agreement(texts),
        by,
        name in LISTS and sum(map(bool, texts)) > 1,
        name in merged.asked,
        evidence,
    )


def label_of(name: str) -> str:
    """What people call a field."""
    return _NAMES.get(name, name)


def shown(name: str, value: str, markup: Markup) -> str:
    """A value as plain text on one line."""
    plain = to_text(value) if markup == "latex" and name not in VERBATIM_FIELDS else value
    return " ".join(plain.split())


def _marked(texts: Sequence[str], merged: str) -> list[tuple[Span, ...]]:
    """Where values differ: two from each other, more of them from the merged one."""
    if len(texts) == 2 and all(texts):
        return [*differences(*texts)]
    if len(texts) == 2:
        return [whole(text) for text in texts]
    return [differences(text, merged)[0] if text and merged else whole(text) for text in texts]


def _agreement(texts: Sequence[str]) -> Agreement:
    filled = {text for text in texts if text}
    if len(filled) > 1:
        folded = {fold(text) for text in filled}
        return "alike" if len(folded) == 1 and "" not in folded else "differ"
    return "equal" if all(texts) else "single"


def _by_row(evidence: Sequence[FieldEvidence], names: set[str]) -> dict[str, FieldEvidence]:
    found: dict[str, FieldEvidence] = {}
    for item in evidence:
        for name in _SHOWN_BY.get(item.field, (item.field,)):
            if name in names:
                found.setdefault(name, item)
                break
    return found


def value_for_editing(merged: Merged, members: Sequence[Record], name: str) -> str:
    """What a person starts from who writes a value: the merged one, else that of the first member that has any."""
    if value := value_of(merged.record, name):
        return value
    markup = merged.record.markup
    having = (record for record in members if value_of(record, name).strip())
    return next((in_markup(name, value_of(record, name), record.markup, markup) for record in having), "")
