"""Merging: one record out of several of one paper, field by field, and nothing lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from refsync.dedup.cited_record import CitedOrder
from refsync.dedup.merge_policies import best_of, best_title, default_policy
from refsync.dedup.publication_block import (
    BLOCK,
    OF_THE_VENUE,
    PARENTS,
    eprint_of,
    excluded,
    is_specific,
    may_take,
)
from refsync.dedup.publication_form import says_its_form
from refsync.dedup.record_values import plain
from refsync.dedup.screening_labels import ASREVIEW_LABEL, included_by, is_label, united_label, with_one_mark
from refsync.dedup.settings import MergeSettings, Policy
from refsync.dedup.united_values import numbered, united_files, united_list, united_texts
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

_SHORT = 300
"""Characters of a value that may repeat another field."""

_TITLE_PARTS = ("subtitle", "titleaddon")
_DETAILS = {
    "eprint": ("eprinttype", "eprintclass", "archiveprefix", "primaryclass"),
    "url": ("urldate", "urlyear", "accessed", "accessdate", "lastaccessed", "lastchecked", "visited", "urlaccessdate"),
}
"""Fields that say something about another one, from the same record."""


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
    members: Sequence[Record],
    settings: MergeSettings | None = None,
    choices: Mapping[str, Choice] = NO_CHOICES,
    inherited: Sequence[Record] = (),
    survivor: int | None = None,
    citations: Sequence[int] = (),
) -> Merged:
    """Merges records of one paper into one; the result does not depend on their order (unless `keep` is `first`).

    The entry type and the fields that say where and when a paper was published are those of the record that is to be
    cited (see `publication_block`), completed by records of the same publication. Of other fields the policy decides,
    unless a person chose (`choices`, by field): most have one value, keywords, files, notes and unknown fields those of
    all; of equal ones the survivor's. A published form that takes in its arXiv preprint gets the number as `eprint`. A
    record of several mark-ups is LaTeX. Identity (`source`, `index`, `id`, `line`) is the survivor's.

    Args:
        members: the records.
        settings: the policies.
        choices: what people chose.
        inherited: the same records with what they inherit from others, which a copy's values do not override.
        survivor: the position of the record that the merged one continues; by default that of `survivor_of`.
        citations: how often documents cite each.

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
    whole = inherited or members
    found = CitedOrder(whole, settings)
    if survivor is None:
        survivor = found.survivor(whole, citations, keep=settings.keep)
    order = found.positions
    if found.same[survivor] and (is_specific(members[survivor]) or not is_specific(members[order[0]])):
        order = [survivor, *(i for i in order if i != survivor)]
    draft = _Draft(
        survivor=members[survivor],
        ordered=[members[i] for i in order],
        whole=[whole[i] for i in order],
        settings=settings,
        markup=markup_of(members),
        same=[found.same[i] for i in order],
        same_venue=[found.same_venue[i] for i in order],
    )
    draft.set_type(choices.get(ENTRY_TYPE))
    names = dict.fromkeys((*PARENTS, *(name for record in draft.ordered for name in record.fields), *choices))
    for name in sorted(names, key=lambda name: default_policy(name) == "join"):  # these may repeat the others
        if name != ENTRY_TYPE and name not in draft.fields and not draft.set_chosen(name, choices.get(name)):
            draft.set_field(name)
    draft.set_eprint()
    draft.include_if_one_does()
    draft.fields = {name: draft.fields[name] for name in dict.fromkeys((*names, *draft.fields)) if name in draft.fields}
    return draft.merged()


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A merged record in the making.

    Attributes:
        survivor: the member that it continues.
        ordered: the members, the one to be cited first.
        whole: the same with what they inherit.
        settings: the policies.
        markup: that of the result.
        same: whether each is of the publication of the first.
        same_venue: whether each is at least of its type and venue.
    """

    survivor: Record
    ordered: Sequence[Record]
    whole: Sequence[Record]
    settings: MergeSettings
    markup: Markup
    same: Sequence[bool]
    same_venue: Sequence[bool]
    kind: str = ""
    title_from: Record | None = None
    fields: dict[str, str] = field(default_factory=dict)
    origin: dict[str, tuple[str, int]] = field(default_factory=dict)
    dropped: set[tuple[str, str, str, int]] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    chosen: dict[str, Choice] = field(default_factory=dict)

    def merged(self) -> Merged:
        """The result."""
        record = replace(self.survivor, type=self.kind, fields=self.fields, markup=self.markup)
        return Merged(record, self.origin, tuple(sorted(self.dropped)), asked=tuple(self.asked), chosen=self.chosen)

    def set_type(self, choice: Choice | None) -> None:
        """Take the type that a person chose, else the specific type of the publication."""
        of_publication = [record for record, same in zip(self.ordered, self.same, strict=True) if same]
        first = next(filter(is_specific, of_publication), self.ordered[0])
        self.kind, self.origin["type"] = first.type, _place(first)
        if choice and (taken := self._as_chosen(choice, ENTRY_TYPE, self.ordered)):
            self.kind, self.origin["type"] = taken[0] or self.kind, taken[1] or self.origin["type"]
            self.chosen[ENTRY_TYPE] = choice
        self.dropped.update(("type", one.type, *_place(one)) for one in self.ordered if one.type != self.kind)

    def set_chosen(self, name: str, choice: Choice | None) -> bool:
        """Take what a person chose for a field, if there is such a value."""
        having = _having(self.ordered, name)
        if not choice or not (taken := self._as_chosen(choice, name, having)):
            return False
        self.chosen[name] = choice
        value, place = taken
        if place:
            self.origin[name] = place
        if choice.union:
            self.fields[name] = _united(name, "union", [self.written(one, name) for one in having])
            return True
        if value:
            self.fields[name] = value
        self._drop(name, having)
        if name == "title":
            self.title_from = next((one for one in having if _place(one) == choice.of), None)
        return True

    def set_field(self, name: str) -> None:
        """Take a field's value by its policy."""
        policy = self.settings.fields.get(name) or default_policy(name)
        having = _having(self.ordered, name)
        if prefix := numbered(name):
            self._set_numbered(prefix)
            return
        if name not in self.settings.fields and is_label(name) and self._set_label(name, having):
            return
        candidates = having if name in self.settings.fields else self._candidates(name)
        if not candidates:
            self._drop(name, having)
        elif policy in ("union", "join"):
            if policy == "join":
                has = self._texts()
                candidates = [
                    one
                    for one in candidates
                    if one is self.survivor or len(one.fields[name]) > _SHORT or fold(plain(one, name)) not in has
                ]
            if candidates:
                self.fields[name] = _united(name, policy, [self.written(one, name) for one in candidates])
                self.origin[name] = _place(candidates[0])
            taken = {*map(_place, candidates)} if policy == "union" or name == "file" else set()
            self._drop(name, [one for one in having if _place(one) not in taken])
        else:
            if name == "title":
                best = self.title_from = best_title(candidates, policy)
            else:
                best = best_of(candidates, name, policy)
            self.fields[name] = self.written(best, name)
            self.origin[name] = _place(best)
            if self._drop(name, having) and policy == "ask":
                self.asked.append(name)

    def _set_label(self, name: str, having: Sequence[Record]) -> bool:
        """Take a label of screening: a paper is included if one of its records is; whether they are labels."""
        values = [self.written(one, name) for one in having]
        if not values or (label := united_label(values)) is None:
            return False
        self.fields[name] = label
        self.origin[name] = _place(having[values.index(label)])
        self._drop(name, having)
        return True

    def include_if_one_does(self) -> None:
        """Mark a paper as relevant for ASReview if another label of one of its records includes it."""
        label = self.fields.get(ASREVIEW_LABEL, "")
        if label and ASREVIEW_LABEL not in self.chosen and (one := included_by(self.ordered, label)):
            self.dropped.update(
                (ASREVIEW_LABEL, other.fields[ASREVIEW_LABEL], *_place(other))
                for other in _having(self.ordered, ASREVIEW_LABEL)
            )
            self.fields[ASREVIEW_LABEL], self.origin[ASREVIEW_LABEL] = "1", _place(one)

    def _candidates(self, name: str) -> list[Record]:
        """The records whose value of a field the merged one may have."""
        having = _having(self.ordered, name)
        cited = self.whole[0]
        if name in BLOCK:
            agrees = self.same_venue if name in OF_THE_VENUE and name not in cited.fields else self.same
            own = _having([one for one, same in zip(self.ordered, agrees, strict=True) if same], name)
            if name in PARENTS:
                return self._parents(name, own)
            if name in self.ordered[0].fields:
                return own
            if not may_take(name, self.kind.lower(), self.fields, cited.fields):
                return []
            if any(parent in self.fields for parent in PARENTS):
                return own
            return _having([one for one, same in zip(self.whole, agrees, strict=True) if same], name)
        if name in _TITLE_PARTS:
            if self.title_from is None and (titled := _having(self.ordered, "title")):
                self.title_from = best_title(titled, self.settings.fields.get("title") or default_policy("title"))
            return [one for one in having if self.title_from is one or self.title_from is None]
        for main, details in _DETAILS.items():
            if name in details and (first := _having(self.ordered, main)[:1]):
                return [one for one in having if one is first[0]]
        if default_policy(name) == "join":
            pairs = zip(self.ordered, self.same, strict=True)
            return _having([one for one, same in pairs if same or not says_its_form(one.fields.get(name, ""))], name)
        if name not in cited.fields and excluded(name, self.kind.lower(), cited.fields.keys()):
            return []
        return having

    def _parents(self, name: str, own: Sequence[Record]) -> list[Record]:
        """The record whose `crossref` or `xdata` is taken: the cited one; where it has no venue, one of its source.

        Otherwise what other records inherit is taken value by value.
        """
        first = self.ordered[0]
        if name in first.fields or self.whole[0].get("journal", "journaltitle", "booktitle"):
            return [one for one in own if one is first]
        return [one for one in own if one.source == first.source][:1]

    def _texts(self) -> set[str]:
        """What short fields of the merged record say: an address, a report's number, which notes may repeat."""
        is_latex = self.markup == "latex"
        short = (value for value in self.fields.values() if len(value) <= _SHORT)
        return {fold(latex_to_text(value) if is_latex else value) for value in short} - {""}

    def _set_numbered(self, prefix: str) -> None:
        """Take all values of a field that a reference manager numbers: those of the cited record keep their numbers."""
        if any(name.startswith(prefix) for name in self.fields):
            return
        values = set()
        last = 0
        for one in self.ordered:
            for name in one.fields:
                if numbered(name) == prefix and (value := self.written(one, name)).strip() and value not in values:
                    values.add(value)
                    number = int(name.removeprefix(prefix)) if one is self.ordered[0] else last + 1
                    last = max(last, number)
                    self.fields[f"{prefix}{number}"] = value
                    self.origin[f"{prefix}{number}"] = _place(one)

    def set_eprint(self) -> None:
        """Give a published form the arXiv number of its preprint."""
        if "eprint" not in self.fields and "eprint" not in self.chosen and (found := eprint_of(self.ordered)):
            number, preprint = found
            self.fields |= {"eprint": number, "eprinttype": "arxiv"}
            self.origin["eprint"] = self.origin["eprinttype"] = _place(preprint)

    def written(self, record: Record, name: str) -> str:
        """A record's value in the mark-up of the result."""
        return in_markup(name, record.fields[name], record.markup, self.markup)

    def _drop(self, name: str, having: Sequence[Record]) -> bool:
        """Note the values that differ from the one taken and are no part of it; whether there are some."""
        value = self.fields.get(name, "")
        joined = default_policy(name) == "join"
        differing = [
            one for one in having if (own := self.written(one, name)) != value and not (joined and own.strip() in value)
        ]
        self.dropped.update((name, one.fields[name], *_place(one)) for one in differing)
        return bool(differing)

    def _as_chosen(
        self, choice: Choice, name: str, having: Sequence[Record]
    ) -> tuple[str, tuple[str, int] | None] | None:
        """The value of a choice (of a union none yet) and where it is from; None where nobody has such a value."""
        if choice.text is not None:
            value = in_markup(name, choice.text, choice.markup, self.markup).strip()
            return balance_braces(value) if self.markup == "latex" else value, None
        if choice.union:
            return ("", _place(having[0])) if having else None
        member = next((one for one in having if _place(one) == choice.of), None)
        return (in_markup(name, value_of(member, name), member.markup, self.markup), choice.of) if member else None


def _having(records: Sequence[Record], name: str) -> list[Record]:
    return [record for record in records if record.fields.get(name, "").strip()]


def _place(record: Record) -> tuple[str, int]:
    return record.source, record.index


def _united(name: str, policy: Policy, values: Sequence[str]) -> str:
    if name == "file":
        return united_files(values)
    return united_list(values) if policy == "union" else with_one_mark(united_texts(values))
