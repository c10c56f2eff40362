"""JSON read one object at a time: any structure around the records, any length, damage."""

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.common import json_stream, line_reader
from refsync.formats.common.json_stream import JsonObjectReader, find_objects
from refsync.formats.json import csljson, jsonl
from tests.sweeps import examples


def is_record(item: dict[str, Any]) -> bool:
    return "n" in item


def read(text: str) -> tuple[list[tuple[int, Any]], list[tuple[int, bool, str]]]:
    found = JsonObjectReader(text.encode(), "x.json", is_record)
    records = [(line, item["n"]) for line, item in found]
    return records, [(problem.line, problem.fatal, problem.message) for problem in found.problems]


NAMES = st.sampled_from(["items", "a", "b", "message"])
RECORD = st.fixed_dictionaries(
    {"n": st.integers()}, optional={"t": st.text(max_size=40), "a": st.lists(st.text(max_size=5), max_size=3)}
)
AROUND = st.recursive(
    RECORD | st.text(max_size=9) | st.none() | st.floats(allow_nan=False) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
).filter(lambda value: isinstance(value, (dict, list)))


@settings(max_examples=examples(80))
@given(AROUND, st.sampled_from([None, 1]), st.booleans())
@pytest.mark.parametrize("size", [1 << 20, 20])
def test_one_at_a_time_as_all_at_once(size: int, value: Any, indent: int | None, ascii_only: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_MAX_VALUE", 1000)
        patch.setattr(json_stream, "_MAX_ITEM", 1000)
        patch.setattr(line_reader, "_PIECE", size)
        text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
        found = JsonObjectReader(io.BytesIO(text.encode("utf-8", "replace")), "x", is_record)
        assert [item["n"] for _, item in found] == [item["n"] for item in find_objects(value, is_record)]
        assert found.problems == []


def test_what_is_around_the_records_may_be_of_any_length() -> None:
    records = [{"n": number, "t": "x" * 90} for number in range(200)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_MAX_VALUE", 300)
        patch.setattr(line_reader, "_PIECE", 50)
        for value in (records, {"message": {"items": records}}, {str(one["n"]): one for one in records}):
            found = JsonObjectReader(json.dumps(value).encode(), "x", is_record)
            assert [item for _, item in found] == records
            assert found.problems == []


A, B, C = ('{"n": 1}', '{"n": 2}', '{"n": 3}')


@pytest.mark.parametrize(
    ("text", "records", "expected"),
    [
        (f"[{A},\n{B},\n{C}]", [(1, 1), (2, 2), (3, 3)], []),
        (f'{{"a": [1],\n"items": [\n{A},\n{B}]}}', [(3, 1), (4, 2)], []),
        (f"{A}\n{B}\n\n{C}", [(1, 1), (2, 2), (4, 3)], []),
        (f"[{A},\n{B},]", [(1, 1), (2, 2)], []),
        (
            f'[{A},\n{{"n": tru}},\n{C}]',
            [(1, 1), (3, 3)],
            [(2, False, "record cannot be read: Expecting value, line 2")],
        ),
        (f'{{"items": [{A},\n{{"n" 2}},\n{C}]}}', [(1, 1), (3, 3)], [(2, False, "Expecting ':'")]),
        (f'{A}\n{{"n: 2}}\n{C}\n', [(1, 1), (3, 3)], [(2, False, "not JSON from here")]),
        (f'{A}\n{B}\n{{"n": 3', [(1, 1), (2, 2)], [(3, True, "ends inside a record")]),
        (f'[{A},\n{B},\n{{"n": 3', [(1, 1), (2, 2)], [(3, True, "ends inside a record")]),
        (f"[{A},\n{B},\n", [(1, 1), (2, 2)], [(3, True, "ends inside a record")]),
        (f"[{A}]\n]", [(1, 1)], [(2, True, "unmatched")]),
        (f'[{A},\n{{"n": 1, "t": "x", "t": "y"}}]', [(1, 1), (2, 1)], [(2, False, "'t' ('x') is given twice")]),
        ('[{"n": 1, "n": 1}]', [(1, 1)], []),
        ('{"n": "a\nb"}', [(1, "a\nb")], []),
    ],
)
def test_damage_does_not_affect_other_records(
    text: str, records: list[Any], expected: list[tuple[int, bool, str]]
) -> None:
    found, problems = read(text)
    assert found == records
    assert [(line, fatal) for line, fatal, _ in problems] == [(line, fatal) for line, fatal, _ in expected]
    assert all(words in message for (_, _, message), (_, _, words) in zip(problems, expected, strict=True))


@pytest.mark.parametrize("text", ['"n"', "n: 1", "<html>", "\n7"])
def test_no_json(text: str) -> None:
    with pytest.raises(SourceError, match="not JSON"):
        read(text)


def test_what_is_no_json_for_long_is_not_read_to_its_end() -> None:
    records, problems = read(f"{A}\n" + "not at all\n" * 5000 + B)
    assert records == [(1, 1)]
    assert problems[-1][1:] == (True, "too much here is not JSON; the rest was not read")
    assert len(problems) < 30


@settings(max_examples=examples(200))
@given(st.text('[]{}"\\,: \nn1tx', max_size=60))
def test_any_value_is_compared(text: str) -> None:
    with contextlib.suppress(SourceError):
        read(f"[{A}{text}")


def test_a_record_of_ten_megabytes() -> None:
    records, problems = read(f'[{A},\n{{"n": "{"kelp " * 2_000_000}"}},\n{C}]')
    assert [line for line, _ in records] == [1, 2, 3]
    assert problems == []


def test_half_a_surrogate_pair_is_no_letter() -> None:
    title = r"Kelp \ud800 and \ud83c\udf0a, \\ud800 as it stands"
    wanted = "Kelp \ufffd and \U0001f30a, \\ud800 as it stands"
    (record,) = csljson.read(f'[{{"type": "book", "title": "{title}"}}]'.encode(), "x").records
    assert record.get("title") == wanted
    (record,) = jsonl.read(f'{{"fields": {{"title": "{title}"}}}}'.encode(), "x").records
    assert record.get("title") == wanted
