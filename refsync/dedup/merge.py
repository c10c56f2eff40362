"""Merging: one record out of several of one paper, field by field, and nothing lost."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from refsync.dedup.merge_policies import (
    DEFAULTS,
    GENERAL_TYPES,
    arxiv_number,
    completeness,
    is_preprint_record,
    rank_by,
)
from refsync.dedup.settings import MergeSettings
from refsync.records import Markup, Record
from refsync.text.fold import fold
from refsync.text.latex import VERBATIM_FIELDS, balance_braces, field_to_latex, latex_to_text

ENTRY_TYPE = "entrytype"
"""The type of an entry, where a choice is about it; BibTeX has a field `type` too."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants a merged record to have in a field.

    One of three: the value of the member with the source and index `of`; a `text` of their own, written in `markup`,
    of which an empty one leaves the field out; or every word that any of them has (`union`).
    """

    of: tuple[str, int] | None = None
    text: str | None = None
    markup: Markup = "text"
    union: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging gave.

    `origin` names, per field (and `type`), the source and index of the record whose value was taken; a text that a
    person wrote has none. `not_chosen` are the values that differ from the one taken: (field, value as it stood,
    source, index). `asked` are the fields whose policy is `ask` and whose values differ, `chosen` those that a person
    chose.
    """

    record: Record
    origin: Mapping[str, tuple[str, int]]
    not_chosen: tuple[tuple[str, str, str, int], ...]
    asked: tuple[str, ...] = ()
    chosen: Mapping[str, Choice] = field(default_factory=dict)


NO_CHOICES: Mapping[str, Choice] = MappingProxyType({})

_CONTAINERS = (
    ({"article"}, ("journal", "journaltitle"), ("booktitle",)),
    ({"inproceedings", "conference", "incollection", "inbook"}, ("booktitle",), ("journal", "journaltitle")),
)


def survivor(members: Sequence[Record], settings: MergeSettings | None = None) -> Record:
    """The record that the merged one continues: by default the published form, then the most complete.

    Ties go by content, at last by source and index; never by the order of the members, unless `keep` is `first`.
    """
    return _by_completeness(members, settings or MergeSettings())[0]


def _by_completeness(members: Sequence[Record], settings: MergeSettings) -> list[Record]:
    def key(record: Record) -> tuple[object, ...]:
        preprint = settings.keep == "published" and is_preprint_record(record)
        content = (record.type, sorted(record.fields.items()), record.markup, record.id, record.source, record.index)
        return (preprint, tuple(-value for value in completeness(record)), content)

    if settings.keep == "first":
        return [members[0], *sorted(members[1:], key=key)]
    return sorted(members, key=key)


def markup_of(members: Sequence[Record]) -> Markup:
    """The mark-up of the record that these are merged into."""
    return "latex" if any(record.markup == "latex" for record in members) else "text"


def in_markup(name: str, value: str, markup: Markup, wanted: Markup) -> str:
    """A field's value in another mark-up."""
    if markup == wanted:
        return value
    if wanted == "latex":
        return field_to_latex(name, value)
    return value if name in VERBATIM_FIELDS else latex_to_text(value)


def value_of(record: Record, name: str) -> str:
    """A record's value of a field, or its type for `entrytype`."""
    return record.type if name == ENTRY_TYPE else record.fields.get(name, "")


def merge_cluster(
    members: Sequence[Record], settings: MergeSettings | None = None, choices: Mapping[str, Choice] = NO_CHOICES
) -> Merged:
    """Merges records of one paper into one; the result does not depend on their order (unless `keep` is `first`).

    The survivor's values are kept, what it lacks is filled from the others (the most complete first), and where they
    differ the field's policy decides, unless a person chose (`choices`, by field). A general type gives way to a
    specific one; a published form that takes in its arXiv preprint gets the number as `eprint`. A record of several
    mark-ups is LaTeX. Identity (`source`, `index`, `id`, `line`) is the survivor's.

    Raises:
        ValueError: there are no members.
    """
    if not members:
        raise ValueError("there is nothing to merge")
    if len(members) == 1:  # nothing is changed in a record that is merged with none
        (record,) = members
        here = (record.source, record.index)
        return Merged(record, dict.fromkeys(("type", *record.fields), here), ())
    settings = settings or MergeSettings()
    ordered = _by_completeness(members, settings)
    first = ordered[0]
    markup = markup_of(members)

    def written(record: Record, name: str) -> str:
        return in_markup(name, record.fields[name], record.markup, markup)

    fields: dict[str, str] = {}
    origin: dict[str, tuple[str, int]] = {}
    dropped: set[tuple[str, str, str, int]] = set()
    asked: list[str] = []
    chosen: dict[str, Choice] = {}
    named = {name: choice for name, choice in choices.items() if name != ENTRY_TYPE}
    specific = next((record for record in ordered if record.type.lower() not in GENERAL_TYPES), first)
    kind, origin["type"] = specific.type, (specific.source, specific.index)
    if ENTRY_TYPE in choices and (choice := _as_chosen(choices[ENTRY_TYPE], ENTRY_TYPE, ordered, markup)):
        kind, origin["type"] = choice[0] or kind, choice[1] or origin["type"]
        chosen[ENTRY_TYPE] = choices[ENTRY_TYPE]
    dropped.update(("type", record.type, record.source, record.index) for record in ordered if record.type != kind)
    for name in dict.fromkeys((*(name for record in ordered for name in record.fields), *named)):
        having = [record for record in ordered if record.fields.get(name, "").strip()]
        if name in named and (choice := _as_chosen(named[name], name, having, markup)):
            chosen[name] = named[name]
            value, place = choice
            if place:
                origin[name] = place
            if named[name].union:
                fields[name] = _union(name, having, written)
                continue
            if value:
                fields[name] = value
            differing = [record for record in having if written(record, name) != value]
            dropped.update((name, record.fields[name], record.source, record.index) for record in differing)
            continue
        if not having:
            continue
        policy = settings.fields.get(name) or DEFAULTS.get(name, "first")
        rank = rank_by(policy, name)
        best = max(having, key=lambda record: rank(record, name))
        value = _union(name, having, written) if policy == "union" else written(best, name)
        fields[name] = value
        origin[name] = (best.source, best.index)
        if policy != "union":
            differing = [record for record in having if written(record, name) != value]
            dropped.update((name, record.fields[name], record.source, record.index) for record in differing)
            if differing and policy == "ask":
                asked.append(name)
    for name in _misplaced(kind, fields):
        if name in chosen:
            continue
        del fields[name], origin[name]
        having = [record for record in ordered if record.fields.get(name, "").strip()]
        dropped.update((name, record.fields[name], record.source, record.index) for record in having)
    if "eprint" not in fields and "eprint" not in chosen and not is_preprint_record(first):
        for preprint in filter(is_preprint_record, ordered):
            if number := arxiv_number(preprint):
                fields |= {"eprint": number, "eprinttype": "arxiv"}
                origin["eprint"] = origin["eprinttype"] = (preprint.source, preprint.index)
                break
    record = replace(first, type=kind, fields=fields, markup=markup)
    return Merged(record, origin, tuple(sorted(dropped)), asked=tuple(asked), chosen=chosen)


def _as_chosen(
    choice: Choice, name: str, having: Sequence[Record], markup: Markup
) -> tuple[str, tuple[str, int] | None] | None:
    """The value of a choice (of a union none yet) and where it is from; None where nobody has such a value."""
    if choice.text is not None:
        value = in_markup(name, choice.text, choice.markup, markup).strip()
        return balance_braces(value) if markup == "latex" else value, None
    if choice.union:
        return ("", (having[0].source, having[0].index)) if having else None
    member = next((record for record in having if (record.source, record.index) == choice.of), None)
    return (in_markup(name, value_of(member, name), member.markup, markup), choice.of) if member else None


def _union(name: str, having: Sequence[Record], written: Callable[[Record, str], str]) -> str:
    """Every word once, in the order of the records; separated as in the first."""
    found: dict[str, str] = {}
    for record in having:
        value = written(record, name)
        for word in re.split(r";" if ";" in value else r",", value):
            if word.strip():
                found.setdefault(fold(word) or word.strip(), word.strip())
    return ("; " if ";" in having[0].fields[name] else ", ").join(found.values())


def _misplaced(kind: str, fields: Mapping[str, str]) -> list[str]:
    """Containers that the merged type does not have: an article is not in a `booktitle` beside its journal."""
    for kinds, own, other in _CONTAINERS:
        if kind.lower() in kinds and any(name in fields for name in own):
            return [name for name in other if name in fields]
    return []
