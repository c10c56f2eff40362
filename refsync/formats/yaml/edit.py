"""Minimal edits of a YAML file with one mapping: values are replaced, added and removed, every other byte stays.

The new text is read again before it is returned: names that were not meant to change have the values that they had.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refsync.formats.bibtex.edit import Edit, EditRefusedError, apply_edits
from refsync.formats.yaml.layout import HINT, LINE_END, Mapped, Member, line_start, parse_mapping, rest_of_line
from refsync.text.lists import separator_of, split_words

_BOM = "\ufeff"
_STR = "tag:yaml.org,2002:str"
_ITEM = re.compile(r"[ \t]*-[ \t]+")
_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")


def text_node(value: str) -> Any:
    """A text as a value."""
    import yaml

    return yaml.ScalarNode(_STR, value)


def list_node(values: Sequence[Any]) -> Any:
    """A list of values."""
    import yaml

    return yaml.SequenceNode("tag:yaml.org,2002:seq", [*values], flow_style=False)


def mapping_node(values: Mapping[str, Any]) -> Any:
    """A mapping of names to values."""
    import yaml

    pairs = [(text_node(name), value) for name, value in values.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


def texts_of_node(node: Any) -> list[str]:
    """The texts of a list; of a single value, that one; an empty one has none."""
    values = node.value if isinstance(node.value, list) else [node]
    scalars = [one for one in values if not isinstance(one, tuple) and isinstance(one.value, str)]
    return [one.value for one in scalars if not _is_null(one) and one.value.strip()]


def _is_null(node: Any) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:null")


def revise_mapping(text: str, values: Mapping[str, Any], added: Mapping[str, Sequence[str]] | None = None) -> str:
    """The text with other values; every other line stays.

    Args:
        text: the file.
        values: the new value of each name, as a node of PyYAML; None removes the name.
        added: what is added to lists. A list that is written as one text, with commas or semicolons, stays one; items
            that a list has already, in whatever case, are left out.

    Raises:
        EditRefusedError: the text is not one mapping, or an edit would change something else.
    """
    if text.startswith(_BOM):
        return _BOM + revise_mapping(text[1:], values, added)
    mapped = parse_mapping(text)
    edits: list[Edit] = []
    expected: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, value in values.items():
        member, node = mapped.find(name), _copied(value) if value is not None else None
        if member:
            edits += _remove(mapped, member) if node is None else _set(mapped, member, node)
        elif node:
            new[name] = node
        expected[name] = node
    for name, items in (added or {}).items():
        member = mapped.find(name)
        present = {one.casefold() for one in _words(member)} if member else set()
        words = [one for one in dict.fromkeys(items) if one.casefold() not in present]
        if not words:
            continue
        if member is None:
            new[name] = expected[name] = list_node([text_node(word) for word in words])
        else:
            found, expected[name] = _append(mapped, member, words)
            edits += found
    edits += _insert(mapped, new, {name for name, node in expected.items() if node is None})
    if not edits:
        return text
    after = apply_edits(text, edits)
    _check(mapped, after, expected)
    return after


def _words(member: Member) -> list[str]:
    texts = texts_of_node(member.node)
    return [word for one in texts for word in split_words(one)] if member.kind == "scalar" else texts


def _set(mapped: Mapped, member: Member, node: Any) -> Iterator[Edit]:
    text = mapped.text
    start, end = member.value
    if mapped.flow:
        yield Edit(start, end, (" " if start == member.colon else "") + _flow_text(mapped, node))
        return
    rendered = _rendered(mapped, member.name, node)
    tail = rendered[len(_rendered_name(member.name)) + 1 :]
    on_several_lines = bool(LINE_END.search(tail))
    gap = _COMMENT.match(text, member.colon, start)
    comment = gap or _COMMENT.match(text, end)
    if comment and tail.startswith(mapped.line_end):
        yield Edit(member.colon, end if gap else comment.end(), comment[0] + tail)
    elif comment and on_several_lines:  # it would become part of the value
        line = line_start(text, member.start)
        yield Edit(line, line, mapped.indent + comment[1] + mapped.line_end)
        yield Edit(member.colon, end if gap else comment.end(), tail)
    else:
        yield Edit(member.colon, end, tail + (gap[0] if gap else ""))


def _remove(mapped: Mapped, member: Member) -> Iterator[Edit]:
    text = mapped.text
    if mapped.flow:
        at = mapped.members.index(member)
        if at + 1 < len(mapped.members):
            yield Edit(member.start, mapped.members[at + 1].start, "")
        else:
            yield Edit(mapped.members[at - 1].value[1] if at else member.start, member.value[1], "")
        return
    start = line_start(text, member.start)
    if text[start : member.start].strip():
        raise EditRefusedError(f"{member.name!r} is not at the beginning of its line", HINT)
    end = member.end
    if end != line_start(text, end) or end == member.value[1]:
        found = LINE_END.search(text, end)
        end = found.end() if found else len(text)
    yield Edit(start, end, "")


def _append(mapped: Mapped, member: Member, words: Sequence[str]) -> tuple[list[Edit], Any]:
    """The edits that add words to a list, and the value after them."""
    nodes = [text_node(word) for word in words]
    if member.kind == "mapping":
        raise EditRefusedError(f"{member.name!r} is a mapping, not a list", HINT)
    if not isinstance(member.node.value, list):
        value = "" if _is_null(member.node) else member.node.value
        if not value.strip():
            node = list_node(nodes)
            return [*_set(mapped, member, node)], node
        sign = f"{separator_of(value)} "
        node = text_node(sign.join([value.rstrip(" ,;\n"), *words]))
        node.style = member.node.style if member.node.style in ("'", '"') else None
        return [*_set(mapped, member, node)], node
    whole = list_node([*map(_copied, member.node.value), *nodes])
    last = member.items[-1] if member.items else None
    prefix = _ITEM.fullmatch(mapped.text, line_start(mapped.text, last[0]), last[0]) if last else None
    if member.kind == "list" and (member.flow or mapped.flow):
        added = ", ".join(_flow_text(mapped, node) for node in nodes)
        at = last[1] if last else mapped.text.index("[", member.value[0]) + 1
        return [Edit(at, at, f", {added}" if last else added)], whole
    if member.kind == "list" and prefix:
        at = rest_of_line(mapped.text, member.value[1])
        lines = "".join(mapped.line_end + prefix[0] + word for word in map(_item_text, nodes))
        return [Edit(at, at, lines)], whole
    whole.flow_style = member.flow
    return [*_set(mapped, member, whole)], whole


def _insert(mapped: Mapped, new: Mapping[str, Any], removed: set[str]) -> Iterator[Edit]:
    """The edits that add names: where the names are in alphabetical order there, else at the end."""
    kept = [member for member in mapped.members if member.name not in removed]
    if not new:
        return
    if mapped.flow or not mapped.members:
        added = ", ".join(f"{_flow_text(mapped, text_node(name))}: {_flow_text(mapped, new[name])}" for name in new)
        at = kept[-1].value[1] if kept else mapped.text.index("{") + 1
        yield Edit(at, at, f", {added}" if kept else added)
        return
    names = [member.name for member in mapped.members]
    ordered = names == sorted(names)
    places: dict[int, list[str]] = {}
    for name in sorted(new) if ordered else new:
        before = [member for member in kept if not ordered or member.name < name]
        if not before and "#" not in mapped.text[: mapped.members[0].start]:
            at = line_start(mapped.text, mapped.members[0].start)
            yield Edit(at, at, mapped.indent + _rendered(mapped, name, new[name]) + mapped.line_end)
            continue
        last = (before or kept or mapped.members)[-1]
        if last.is_open:  # a line end would become part of its value
            at = line_start(mapped.text, last.start)
            yield Edit(at, at, mapped.indent + _rendered(mapped, name, new[name]) + mapped.line_end)
            continue
        if last.end != last.value[1]:  # a block with its line ends
            yield Edit(last.end, last.end, mapped.indent + _rendered(mapped, name, new[name]) + mapped.line_end)
            continue
        at = rest_of_line(mapped.text, last.end if last.end == last.value[1] else last.end - 1)
        places.setdefault(at, []).append(_rendered(mapped, name, new[name]))
    for at, texts in places.items():
        yield Edit(at, at, "".join(mapped.line_end + mapped.indent + one for one in texts))


def _rendered(mapped: Mapped, name: str, node: Any) -> str:
    """A name with its value, as lines without the last line end."""
    import yaml

    lines = yaml.serialize(mapping_node({name: node}), Dumper=yaml.SafeDumper, allow_unicode=True)
    lines = re.sub(r"\n\.\.\.\n\Z", "\n", lines).removesuffix("\n")
    if not lines.startswith(_rendered_name(name) + ":"):
        raise EditRefusedError(f"the name {name!r} cannot be written", HINT)
    first, *others = lines.split("\n")
    return mapped.line_end.join([first, *(mapped.indent + line if line else line for line in others)])


def _rendered_name(name: str) -> str:
    return _flat(text_node(name))


def _item_text(node: Any) -> str:
    """A text as an item of a list without brackets."""
    return _flat(list_node([node])).removeprefix("- ")


def _flat(node: Any) -> str:
    import yaml

    text = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=1 << 30)
    return str(text).removesuffix("\n").removesuffix("\n...")


def _flow_text(mapped: Mapped, node: Any) -> str:
    """A value between brackets; in quotes where the names of the file are, as in JSON."""
    whole = list_node([_copied(node, '"' if _is_json(mapped) else "")])
    whole.flow_style = True
    return _flat(whole)[1:-1]


def _is_json(mapped: Mapped) -> bool:
    return mapped.flow and bool(mapped.members) and mapped.text[mapped.members[0].start] == '"'


def _copied(node: Any, style: str = "") -> Any:
    """A value that shares no part with another, so that it is written without anchors.

    `style` is that of texts, with lists and mappings in brackets; empty for their own.
    """
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return yaml.SequenceNode(
            node.tag, [_copied(one, style) for one in node.value], flow_style=_brackets(node, style)
        )
    if isinstance(node, yaml.MappingNode):
        pairs = [(_copied(key, style), _copied(value, style)) for key, value in node.value]
        return yaml.MappingNode(node.tag, pairs, flow_style=_brackets(node, style))
    own = style if node.tag == _STR and style else None if style else node.style
    return yaml.ScalarNode(node.tag, node.value, style=own)


def _brackets(node: Any, style: str) -> bool:
    return bool(style or node.flow_style)


def _check(mapped: Mapped, after: str, expected: Mapping[str, Any]) -> None:
    """Check that what was not meant to change did not, and that what was has its new value."""
    found = parse_mapping(after)
    old = [(one.name, _digest(one.node, {})) for one in mapped.members if one.name not in expected]
    new = [(one.name, _digest(one.node, {})) for one in found.members if one.name not in expected]
    wanted = {name: _digest(node, {}) for name, node in expected.items() if node is not None}
    got = {one.name: _digest(one.node, {}) for one in found.members if one.name in expected}
    if old != new or wanted != got:
        names = ", ".join(sorted({*(name for name, _ in {*old} ^ {*new}), *(name for name in expected)}))
        raise EditRefusedError(f"an edit of {names} would change something else: an anchor or its layout", HINT)


def _digest(node: Any, seen: dict[int, str]) -> str:
    """A digest of a value, whatever its layout; shared parts are taken once, so that aliases take no time."""
    if (known := seen.get(id(node))) is not None:
        return known
    seen[id(node)] = "a part of itself"
    if isinstance(node.value, str):
        parts = [node.value]
    else:
        parts = [_digest(one, seen) for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,))]
    text = "\0".join([type(node).__name__, node.tag, *parts])
    seen[id(node)] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return seen[id(node)]
