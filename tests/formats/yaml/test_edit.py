"""Minimal edits of a YAML mapping: what was not meant to change has its value and its bytes."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.bibtex.edit import EditRefusedError
from refsync.formats.yaml.documents import name_lines
from refsync.formats.yaml.edit import list_node, revise_mapping, text_node
from tests.papis.info_files import LAYOUTS, REFUSED, filled


def loaded(text: str) -> dict[str, object]:
    value = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # as papis does
    assert isinstance(value, dict)
    return value


def untouched(before: str, after: str, names: set[str]) -> bool:
    """Whether the other names have the same lines in the same order; comments between them are counted elsewhere."""

    def others(text: str) -> list[tuple[str, str]]:
        starts = {line: name for name, line in name_lines(text.removeprefix("\ufeff")).items()}
        owner, found = "", []
        for number, line in enumerate(text.splitlines(), 1):
            owner = starts.get(number, owner)
            if owner not in names and line.strip() and not line.startswith("#"):
                found.append((owner, line))
        return found

    return others(before) == others(after)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_tag_is_added_in_each_layout(layout: str) -> None:
    before = filled(LAYOUTS[layout])
    after = revise_mapping(before, {}, {"tags": ["cs.LG", "kelp: brown"]})
    old, new = loaded(before), loaded(after)
    tags = new.pop("tags")
    was = old.pop("tags", None)
    assert old == new
    if isinstance(was, str | int):
        assert str(tags).startswith(str(was))
        assert re.split(r"[,;] ", str(tags))[-2:] == ["cs.LG", "kelp: brown"]
    else:
        assert tags == [*(was or ()), "cs.LG", "kelp: brown"]
    assert len(before.splitlines()) == 1 or untouched(before, after, {"tags"}) or layout in ("braces",)
    assert re.findall(r"#[^\r\n]*", before) == re.findall(r"#[^\r\n]*", after)
    assert before.startswith("\ufeff") == after.startswith("\ufeff")
    assert ("\r\n" in before) == ("\r\n" in after)
    assert not re.search(r"(?<!\r)\n", after) or "\r" not in after
    assert revise_mapping(after, {}, {"tags": ["CS.lg"]}) == after  # it is there


@pytest.mark.parametrize("layout", REFUSED)
def test_what_would_change_something_else_is_refused(layout: str) -> None:
    with pytest.raises(EditRefusedError, match="tags"):
        revise_mapping(filled(REFUSED[layout]), {}, {"tags": ["cs.LG"]})


@pytest.mark.parametrize("layout", LAYOUTS)
def test_values_are_set_and_removed_in_each_layout(layout: str) -> None:
    before = filled(LAYOUTS[layout])
    after = revise_mapping(before, {"doi": text_node("10.1/é: #x"), "title": None, "zone": list_node([text_node("1")])})
    old, new = loaded(before), loaded(after)
    assert new == {
        **{name: value for name, value in old.items() if name != "title"},
        "doi": "10.1/é: #x",
        "zone": ["1"],
    }


@pytest.mark.parametrize("text", ["", "- a\n", "a: 1\n---\nb: 2\n", "a: [\n", "? [x]\n: 1\n", "a: 1\n\tb: 2\n", "\x00"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(EditRefusedError):
        revise_mapping(text, {"a": text_node("1")})


def test_a_value_that_is_part_of_itself_ends() -> None:
    with pytest.raises(EditRefusedError):
        revise_mapping("a: &a [1]\nb: *a\n", {}, {"a": ["x"]})
    lines = (f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '1'] * 9)}]\n" for i in range(12))
    bomb = "".join(lines)
    assert revise_mapping(bomb, {"z": text_node("1")}) == f"{bomb}z: '1'\n"


VALUES = {
    "plain": "a b", "number": "010", "quoted": "'it''s'", "double": '"a: \\"b\\" # c"', "flow": "[a, 'b, c', {d: e}]",
    "empty": "", "flow map": "{a: 1, b: [2]}",
    "block": "\n- a\n- b: 1\n  c: 2",
    "deep": "\n  x:\n  - 1\n  y: |\n    t\n     u",
    "literal": "|\n  one\n\n  two", "folded": ">-\n  one\n  two", "long": "one\n  two\n  three", "date": "2020-01-02",
}  # fmt: skip
NAMES = ("abstract", "author", "doi", "files", "Mine", "tags", "title", "year", "z-1")


@st.composite
def documents(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    if draw(st.booleans()):
        names.sort()
    lines = [draw(st.sampled_from(["", "# top", "---", "# top\n---"]))]
    for name in names:
        value = VALUES[draw(st.sampled_from([*VALUES]))]
        note = draw(st.sampled_from(["", "", "  # note"])) if "\n" not in value else ""
        lines += [f"{name}:{' ' * (value[:1] not in ('', chr(10)))}{value}{note}"]
        lines += draw(st.lists(st.sampled_from(["", "# comment"]), max_size=2))
    text = "\n".join(lines).lstrip("\n") + draw(st.sampled_from(["\n", "", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(
    documents(),
    st.dictionaries(
        st.sampled_from(NAMES), st.sampled_from([None, "x", "a: b", "über # 1", "two\nlines\n", "1"]), max_size=3
    ),
    st.lists(st.sampled_from(["moss", "a, b", "- c", "#d", "2020"]), max_size=2, unique=True),
)
def test_whatever_is_edited_the_rest_stays(text: str, values: dict[str, str | None], words: list[str]) -> None:
    values = {name: value for name, value in values.items() if name != "tags"}
    old = loaded(text)
    if {*old} <= {name for name, value in values.items() if value is None} or isinstance(old.get("tags"), dict):
        return
    nodes = {name: None if value is None else text_node(value) for name, value in values.items()}
    after = revise_mapping(text, nodes, {"tags": words})
    new = loaded(after)
    concerned = {*values, *(["tags"] if words else [])}
    assert {name: value for name, value in new.items() if name not in concerned} == {
        name: value for name, value in old.items() if name not in concerned
    }
    assert {name: new[name] for name in values if name in new} == {k: v for k, v in values.items() if v is not None}
    if words and isinstance(old.get("tags"), list):
        assert new["tags"][: len(old["tags"])] == old["tags"]  # type: ignore[index]
    assert untouched(text, after, concerned)
    for comment in ("# top", "# comment"):
        assert text.count(comment) == after.count(comment)
