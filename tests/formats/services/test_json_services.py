"""What the readers of all JSON services do."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.registry import Format
from refsync.formats.services import crossref, dblp, openalex, paperjson, semanticscholar
from tests.formats.reading import read_json
from tests.formats.samples.services import CROSSREF, DAILY, DBLP, OPENALEX, SEMANTIC

WRAPPED: list[tuple[Format, Any, dict[str, Any]]] = [
    (crossref.FORMAT, lambda items: {"status": "ok", "message": {"items": items}}, CROSSREF),
    (openalex.FORMAT, lambda items: {"meta": {"count": 1}, "results": items}, OPENALEX),
    (semanticscholar.FORMAT, lambda items: {"data": [{"citedPaper": item} for item in items]}, SEMANTIC),
    (dblp.FORMAT, lambda items: {"result": {"hits": {"hit": [{"@id": "1", "info": item} for item in items]}}}, DBLP),
    (paperjson.FORMAT, lambda items: items, DAILY),
]
NAMES = [form.name for form, _, _ in WRAPPED]


@pytest.mark.parametrize(("form", "wrap", "item"), WRAPPED, ids=NAMES)
class TestAnyService:
    def test_lists_single_ones_and_lines(self, form: Format, wrap: Any, item: Any) -> None:
        assert len(read_json(form, wrap([item] * 3)).records) == 3
        lines = "\n".join(json.dumps(item) for _ in range(4))
        assert [record.index for record in form.read(lines.encode(), "x").records] == [1, 2, 3, 4]

    @pytest.mark.parametrize("indent", [None, 2])
    def test_cut_off(self, form: Format, wrap: Any, item: Any, indent: int | None) -> None:
        text = json.dumps(wrap([item] * 3), indent=indent)
        for share in (0.5, 0.7, 0.9):
            snapshot = form.read(text[: int(len(text) * share)].encode(), "x")
            assert 1 <= len(snapshot.records) < 3
            (problem,) = snapshot.problems
            assert problem.fatal
            assert "ends inside a record" in problem.message

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"<html><head><title>503</title>", "web page or XML|without papers|no record of dblp|well-formed"),
            (b"", "empty"),
            (b"{}", "no record of"),
            (b'{"message": "Resource not found."}', "Resource not found"),
            (b'{"a": [1, 2 3]}', "no record of|no JSON"),
            (b'{"a": [1, tru, 3]}', r":1: .*this cannot be read: Expecting value, line 1 column 10"),
            (b"[" * 100_000, "nested too deeply|not JSON"),
        ],
    )
    def test_nothing_to_read(self, form: Format, wrap: Any, item: Any, data: bytes, reason: str) -> None:
        with pytest.raises(SourceError, match=reason):
            form.read(data, "x")

    def test_what_is_not_built_as_it_should_be(self, form: Format, wrap: Any, item: Any) -> None:
        inner = item.get("paper", item)
        for name in inner:
            for wrong in (None, 7, "x", [], {}, [None], [7], ["x"], {"x": 7}):
                damaged = {**item, "paper": {**inner, name: wrong}} if "paper" in item else {**item, name: wrong}
                snapshot = read_json(form, wrap([damaged, item]))
                lost = sum(problem.fatal for problem in snapshot.problems)
                assert len(snapshot.records) + lost in (1, 2)  # 1 where the damaged object is no paper
                for problem in snapshot.problems:
                    assert problem.fatal or f"`{name}" in problem.message or f".{name}" in problem.message
                assert snapshot.records[-1].get("title").startswith(("Kelp in Noise", "Kelp in <i>Noise"))


LEAVES = st.none() | st.integers() | st.text(max_size=5)
WORDS = st.sampled_from(["DOI", "type", "title", "abstract", "authors", "paperId", "key"])


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=10))
def test_no_json_makes_a_reader_fail(value: Any) -> None:
    for form, _, _ in WRAPPED:
        with contextlib.suppress(SourceError):
            form.read(json.dumps(value).encode(), "x")
