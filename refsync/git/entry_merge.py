"""The three-way merge of one entry, field by field. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from refsync.formats.bibtex.edit import Edit, add_fields, apply_edits, remove_fields, set_type
from refsync.git.segments import Segment
from refsync.text.lists import join_words, split_words
from refsync.text.whitespace import collapse_whitespace

Side = Literal["ours", "theirs"]

_LISTS = frozenset({"keywords", "groups", "ids", "related"})
"""Fields whose values are sets of words: what either side adds or removes is added or removed."""

_SIMILAR = 60.0  # of 100: titles that differ more are of two works


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictStyle:
    """How a conflict is settled or marked.

    Attributes:
        prefer: the side whose value is taken; empty to mark the conflict.
        ours, theirs: the names after the markers.
        size: how many characters a marker has.
    """

    prefer: Side | Literal[""] = ""
    ours: str = "ours"
    theirs: str = "theirs"
    size: int = 7

    def marked(self, ours: str, theirs: str) -> str:
        """Two texts of whole lines between markers."""
        start, middle, end = (sign * self.size for sign in "<=>")
        return f"{start} {self.ours}\n{_line(ours)}{middle}\n{_line(theirs)}{end} {self.theirs}\n"


@dataclass(frozen=True, slots=True)
class MergedBody:
    """The merged text of a block, and the names of its fields in conflict; `whole` if all of it is."""

    text: str
    fields: tuple[str, ...] = ()
    whole: bool = False


def merge_entry(base: Segment, ours: Segment, theirs: Segment, style: ConflictStyle) -> MergedBody:
    """An entry that both sides changed, each in its own way.

    A field that one side changed gets that side's value. Where both changed it differently, the lines of that field
    are in conflict; the whole entry is where a side made another work of it, where its text cannot be read, or where it
    is written in one line.
    """
    if not (base.block and ours.block and theirs.block) or _other_work(base, ours) or _other_work(base, theirs):
        return _whole(ours, theirs, style)
    if _only_laid_out_anew(base, theirs) and not _only_laid_out_anew(base, ours):
        return _apply_changes(base, theirs, ours, style, swapped=True)
    return _apply_changes(base, ours, theirs, style, swapped=False)


def merge_added(ours: Segment, theirs: Segment, style: ConflictStyle) -> MergedBody:
    """An entry that both sides added under one key: united where no value differs, else in conflict as a whole."""
    shared = ours.values.keys() & theirs.values.keys()
    agree = all(ours.values[name] == theirs.values[name] for name in shared - _LISTS)
    if not (ours.block and theirs.block and agree and "title" in shared and ours.comments == theirs.comments):
        return _whole(ours, theirs, style)
    if ours.block.type.lower() != theirs.block.type.lower():
        return _whole(ours, theirs, style)
    empty = Segment(ours.name, "", f"@{ours.block.type}{{{ours.block.key},\n}}")
    return _apply_changes(empty, ours, theirs, style, swapped=False)


def _whole(ours: Segment, theirs: Segment, style: ConflictStyle) -> MergedBody:
    if style.prefer:
        return MergedBody(ours.body if style.prefer == "ours" else theirs.body)
    return MergedBody(style.marked(ours.body, theirs.body).removesuffix("\n"), whole=True)


def _other_work(base: Segment, changed: Segment) -> bool:
    """Whether a side replaced the work by another: its title, or one DOI by another with any change of the title."""
    before, after = base.values.get("title", ""), changed.values.get("title", "")
    if not before or not after or before == after:
        return False
    doi, new_doi = base.values.get("doi", ""), changed.values.get("doi", "")
    return fuzz.ratio(before.casefold(), after.casefold()) < _SIMILAR or bool(doi and new_doi and doi != new_doi)


def _only_laid_out_anew(base: Segment, changed: Segment) -> bool:
    return base.content == changed.content and base.body != changed.body


def _apply_changes(
    base: Segment, kept: Segment, changed: Segment, style: ConflictStyle, *, swapped: bool
) -> MergedBody:
    """The text of `kept` with the changes that `changed` made; `swapped` if `kept` is theirs."""
    whole = _whole(*((changed, kept) if swapped else (kept, changed)), style)
    if changed.comments not in (base.comments, kept.comments):
        return whole  # comments cannot be moved into an entry
    prefer_changed = (style.prefer == "ours") == swapped if style.prefer else None
    type_choice = _choice("", _type(base), _type(kept), _type(changed), prefer_changed)
    if type_choice == "conflict":
        return whole
    choices = {
        name: _choice(name, base.values.get(name), kept.values.get(name), changed.values.get(name), prefer_changed)
        for name in dict.fromkeys((*kept.fields, *changed.fields))
    }
    merged = _with_fields(kept, changed, base, choices)
    assert merged.block
    assert changed.block
    assert base.block
    edits = [set_type(merged.body, merged.block, changed.block.type)] if type_choice == "take" else []
    if merged.block.key == base.block.key != changed.block.key:
        edits.append(Edit(merged.block.key_start, merged.block.key_end, changed.block.key))
    conflicts = tuple(name for name, choice in choices.items() if choice == "conflict")
    for name in conflicts:
        edit = _marked_field(merged, changed, name, style, swapped=swapped)
        if edit is None:
            return whole
        edits.append(edit)
    return MergedBody(apply_edits(merged.body, edits), conflicts)


def _type(segment: Segment) -> str | None:
    return segment.block.type.lower() if segment.block else None


def _choice(
    name: str, before: str | None, one: str | None, other: str | None, prefer_changed: bool | None
) -> Literal["keep", "take", "unite", "conflict"]:
    """What becomes of a value, from the base's and the sides' (None where there is none)."""
    if other in (before, one):
        return "keep"
    if one == before:
        return "take"
    if name in _LISTS and one is not None and other is not None:
        return "unite"
    if prefer_changed is None:
        return "conflict"
    return "take" if prefer_changed else "keep"


def _with_fields(kept: Segment, changed: Segment, base: Segment, choices: Mapping[str, str]) -> Segment:
    """The segment `kept` with the chosen values of `changed`."""
    assert kept.block
    taken = {
        name: changed.source(name) for name, choice in choices.items() if choice == "take" and name in changed.fields
    }
    taken |= {
        name: _united(base.values.get(name, ""), kept.values[name], changed.values[name])
        for name, choice in choices.items()
        if choice == "unite"
    }
    removed = [name for name, choice in choices.items() if choice == "take" and name not in changed.fields]
    edits = [
        Edit(kept.fields[name].value_start, kept.fields[name].value_end, value)
        for name, value in taken.items()
        if name in kept.fields
    ]
    added = {name: value for name, value in taken.items() if name not in kept.fields}
    result = Segment(kept.name, kept.above, apply_edits(kept.body, edits))
    if removed and result.block:
        result = Segment(
            kept.name, kept.above, apply_edits(result.body, remove_fields(result.body, result.block, removed))
        )
    if added and result.block:
        new = add_fields(result.body, result.block, dict.fromkeys(added, ""), added)
        result = Segment(kept.name, kept.above, apply_edits(result.body, new))
    return result


def _united(before: str, one: str, other: str) -> str:
    """A list with the words that either side added, and without those that either removed; in braces."""
    base, ours, theirs = ([*map(_plain, split_words(value.strip('{}"')))] for value in (before, one, other))
    gone = {word for word in base if word not in ours or word not in theirs}
    return f"{{{join_words(word for word in (*ours, *theirs) if word not in gone)}}}"


def _plain(word: str) -> str:
    return collapse_whitespace(word)


def _marked_field(kept: Segment, changed: Segment, name: str, style: ConflictStyle, *, swapped: bool) -> Edit | None:
    """The edit that puts the lines of a field between markers; None if the field shares its line with others."""
    own = _own_lines(kept, name)
    other = _own_lines(changed, name)
    if own is None and other is None:
        return None
    if own is None:
        return None  # the field is gone on the side whose text is kept: there is no line to mark
    start, end = own
    mine = kept.body[start:end]
    if name not in changed.fields:
        new = ""
    elif other:
        new = changed.body[other[0] : other[1]]
    else:
        return None
    texts = (new, mine) if swapped else (mine, new)
    return Edit(start, end, style.marked(*texts))


def _own_lines(segment: Segment, name: str) -> tuple[int, int] | None:
    """The span of the lines of a field, with the line end, if nothing else is on them."""
    if name not in segment.fields:
        return None
    field, text = segment.fields[name], segment.body
    start = text.rfind("\n", 0, field.name_start) + 1
    end = text.find("\n", field.value_end)
    if not start or end < 0 or text[start : field.name_start].strip() or text[field.value_end : end].strip(" \t,"):
        return None
    return start, end + 1


def _line(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
