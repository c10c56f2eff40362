"""YAML as text, and what is wrong with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.yaml.documents import YamlMapping, read_yaml
from refsync.formats.yaml.dump import dump_yaml
from tests.sweeps import examples
from tests.time_bounds import seconds_at_most


def only_document(text: str) -> object:
    file = read_yaml(text.encode(), "a.yaml")
    assert file.problems == []
    (document,) = file.documents
    return document


def test_scalars_are_text() -> None:
    text = "country: no\nday: 2020-03-01\nyear: 012\nrate: 1e3\nnothing: ~\nempty:\nquoted: '~'\non: 1:30\n"
    assert only_document(text) == {
        "country": "no", "day": "2020-03-01", "year": "012", "rate": "1e3", "nothing": "", "empty": "", "quoted": "~",
        "on": "1:30",
    }  # fmt: skip


def test_tags_make_nothing() -> None:
    assert only_document("a: !!python/object/apply:os.getcwd []\nb: !!int '7'\n") == {"a": [], "b": "7"}


def test_aliases_and_merge_keys() -> None:
    assert only_document("a: &x {journal: Moss}\nb:\n  <<: *x\n  year: 2020\nc: *x\n") == {
        "a": {"journal": "Moss"}, "b": {"journal": "Moss", "year": "2020"}, "c": {"journal": "Moss"},
    }  # fmt: skip


def test_a_key_given_twice_is_kept_and_reported() -> None:
    file = read_yaml(b"a:\n  title: Kelp\n  title: Moss\n", "a.yaml")
    assert file.documents == [{"a": {"title": "Kelp", "title-2": "Moss"}}]
    assert [(problem.line, "title-2" in problem.message) for problem in file.problems] == [(3, True)]


def test_aliases_do_not_expand_without_bound() -> None:
    bomb = "a0: &a0 [kelp, kelp, kelp, kelp, kelp, kelp, kelp, kelp, kelp]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )
    with seconds_at_most(5):
        file = read_yaml(bomb.encode(), "a.yaml")
    assert any(problem.fatal and "aliases" in problem.message for problem in file.problems)


@pytest.mark.parametrize("text", ["a: &a [*a]\nb: c\n", "a: *nobody\nb: c\n"])
def test_an_alias_of_nothing_complete_is_a_fault(text: str) -> None:
    file = read_yaml(text.encode(), "a.yaml")
    assert [(problem.fatal, problem.line) for problem in file.problems] == [(True, 1)]
    assert file.documents[-1] == {"b": "c"}


@pytest.mark.parametrize("opened", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded(opened: str) -> None:
    try:
        file = read_yaml((opened * 100_000).encode(), "a.yaml")
    except SourceError:
        return
    assert any(problem.fatal for problem in file.problems)


def test_after_a_damaged_item_the_next_is_read() -> None:
    text = (
        'references:\n- id: a\n  title: Kelp\n  note: "open\n- id: b\n  title: Moss\n- id: c\n  title: "x" y\n- id: d\n'
    )
    file = read_yaml(text.encode(), "a.yaml")
    assert all(problem.fatal for problem in file.problems)
    ids = [item["id"] for part in file.documents for item in (part["references"] if isinstance(part, dict) else part)]
    assert ids[0] == "a"
    assert ids[-1] == "d"


def test_after_a_damaged_name_the_next_is_read() -> None:
    file = read_yaml(b"a:\n  title: 'Kelp' x\nb:\n  title: Moss\n", "a.yaml")
    assert [(problem.fatal, problem.line) for problem in file.problems] == [(True, 2)]
    assert file.documents[-1] == {"b": {"title": "Moss"}}
    assert isinstance(file.documents[-1]["b"], YamlMapping)
    assert file.documents[-1]["b"].line == 4


def test_control_characters_are_left_out_and_reported() -> None:
    file = read_yaml(b"a: ke\x07lp\nb: moss\n", "a.yaml")
    assert file.documents == [{"a": "kelp", "b": "moss"}]
    assert [problem.line for problem in file.problems] == [1]


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=40)
_VALUES = st.recursive(
    _TEXTS.filter(bool),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS.filter(bool), inner),
    max_leaves=9,
)


@settings(max_examples=examples(40))
@given(st.lists(_VALUES, min_size=1, max_size=3))
def test_what_is_written_is_read(values: list[object]) -> None:
    file = read_yaml(dump_yaml({"values": values}), "a.yaml")
    assert file.documents == [{"values": values}]


@settings(max_examples=examples(60))
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    try:
        read_yaml(b"a: b\n" + noise, "a.yaml")
    except SourceError:
        return


def test_a_file_that_ends_within_a_line_is_cut_off_if_no_other_item_ends_so() -> None:
    file = read_yaml(b"- {a: 1, b: 2}\n- a: 1\n  b: 2", "a.yaml")
    file.report_end("a.yaml", file.documents[0])
    assert [(problem.line, problem.fatal) for problem in file.problems] == [(2, False)]
    file = read_yaml(b"- {a: 1, b: 2}\n- a: 1", "a.yaml")
    file.report_end("a.yaml", file.documents[0])
    assert [(problem.line, problem.fatal) for problem in file.problems] == [(2, True)]
