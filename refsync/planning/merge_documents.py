"""Merge documents of a papis library, by minimal edits of the `info.yaml` that stays. Pure: texts in, a text out."""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from refsync.dedup.merge import Merged
from refsync.formats.yaml.edit import list_node, mapping_node, revise_mapping, text_node, texts_of_node
from refsync.formats.yaml.layout import parse_mapping
from refsync.formats.yaml.papis import names_of
from refsync.records import Problem, Record
from refsync.text.lists import split_words
from refsync.text.names import parse_name, split_names

_LISTS = ("tags", "keywords")
_OWN = frozenset(("papis_id", "ref", "time-added", "files", "file", "notes", "<<", *_LISTS))
"""Names whose values are those of the document that stays, or are united by rules of their own."""

_PEOPLE = ("author", "editor", "translator")
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_-]*")  # that is read as a field

Nodes = Mapping[str, Any]


def merged_text(
    members: Sequence[tuple[Record, str]], merged: Merged, moved: Mapping[str, Mapping[str, str]]
) -> tuple[str, list[Problem]]:
    """The text of the first member with what the merged record takes from the others, and notes about their files.

    A value is taken as it is written in the other document. Tags and keywords are united; names that the document
    lacks are added, whatever they are; its own `ref` and `papis_id` stay.

    Args:
        members: the documents of one paper with their texts, the one that stays first.
        merged: the merged record.
        moved: the old and new names of the files of the others, by their sources.

    Raises:
        EditRefusedError: an edit would change something else.
    """
    (survivor, text), *others = members
    nodes = {record.source: nodes_of(text) for record, text in members}
    own = nodes[survivor.source]
    values = _values_of_fields(members, merged, nodes)
    added: defaultdict[str, list[str]] = defaultdict(list)
    notes: list[Problem] = []
    for record, _ in others:
        for name, node in nodes[record.source].items():
            if name in _LISTS:
                added[name] += words_of(node)
            elif not _is_handled(name, node):
                if name not in own:
                    values.setdefault(name, node)
                elif _is_list(node) and _is_list(own[name]):
                    added[name] += texts_of_node(node)
        _add_files(record, nodes[record.source], own, moved.get(record.source, {}), values, added, notes)
    if added["files"] and "files" in own and not _is_list(own["files"]):
        values["files"] = list_node([text_node(name) for name in (*texts_of_node(own["files"]), *added.pop("files"))])
    return revise_mapping(text, values, added), notes


def nodes_of(text: str) -> Nodes:
    """The values of a document by their names; of a name that is given twice, the last, as papis reads it."""
    return {member.name: member.node for member in parse_mapping(text.removeprefix("\ufeff")).members}


def words_of(node: Any) -> list[str]:
    """The words of a list, whether it is written as a list or as one text."""
    texts = texts_of_node(node)
    return texts if isinstance(node.value, list) else [word for text in texts for word in split_words(text)]


def _values_of_fields(
    members: Sequence[tuple[Record, str]], merged: Merged, nodes: Mapping[str, Nodes]
) -> dict[str, Any]:
    """The new values of the names that fields are read from; None removes a name."""
    survivor = members[0][0]
    records = {(record.source, record.index): record for record, _ in members}
    own = nodes[survivor.source]
    values: dict[str, Any] = {}
    new_fields = {**merged.record.fields, "type": merged.record.type}
    old_fields = {**survivor.fields, "type": survivor.type}
    for field in dict.fromkeys((*old_fields, *new_fields)):
        new, old = new_fields.get(field, ""), old_fields.get(field, "")
        if new == old or field in ("file", "keywords") or field.startswith("papis-"):
            continue
        names = names_of(field)
        donor = records.get(merged.origin.get(field, ("", 0)))
        if donor and (donor.type if field == "type" else donor.fields.get(field)) == new:
            values |= {name: node for name in names if (node := nodes[donor.source].get(name)) is not None}
        if new and not any(name in values for name in names):
            values[names[0]] = text_node(new)
            if field in _PEOPLE:
                values[f"{field}_list"] = _people(new)
        values |= {name: None for name in names if name in own and name not in values}
    return values


def _people(names: str) -> Any:
    parsed = map(parse_name, split_names(names)[0])
    people = [{"family": f"{one.prefix} {one.family}".strip(), "given": one.given} for one in parsed]
    return list_node([mapping_node({name: text_node(value) for name, value in one.items()}) for one in people])


def _is_handled(name: str, node: Any) -> bool:
    """Whether a name is one of the document's own, or is read as a field of the record."""
    if name in _OWN or name.removesuffix("_list") in _PEOPLE:
        return True
    return isinstance(node.value, str) and bool(_PLAIN_NAME.fullmatch(name))


def _is_list(node: Any) -> bool:
    return isinstance(node.value, list) and not any(isinstance(one, tuple) for one in node.value)


def _add_files(
    record: Record,
    nodes: Nodes,
    own: Nodes,
    moved: Mapping[str, str],
    values: dict[str, Any],
    added: defaultdict[str, list[str]],
    notes: list[Problem],
) -> None:
    """List the files of a document under the names that they have in the folder of the other one."""
    for listed in (name for key in ("files", "file") if key in nodes for name in texts_of_node(nodes[key])):
        new = moved.get(os.path.normpath(listed).replace(os.sep, "/"), listed if os.path.isabs(listed) else "")
        if new:
            added["files"].append(new)
        else:
            message = f"lists {listed!r}, which is not in its folder; left out of the merged document"
            notes.append(Problem(record.source, message, record.line, kind="note"))
    for listed in texts_of_node(nodes["notes"]) if "notes" in nodes else ():
        if not (new := moved.get(listed, "")):
            continue
        if "notes" not in own and "notes" not in values:
            values["notes"] = text_node(new)
        else:  # papis opens one file of notes
            added["files"].append(new)
            notes.append(Problem(record.source, f"its notes are listed as the file {new!r} now", kind="note"))
