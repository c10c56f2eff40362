"""Parquet tables, read and written."""

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import ConfigError, SourceError
from refsync.formats.tables import parquet
from refsync.records import Record

ROWS = st.dictionaries(
    st.sampled_from(["title", "author", "year", "journal", "note", "shelf"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters=";|,(\\"), min_size=1
    ),
).filter(lambda found: "title" in found)


class TestParquet:
    @pytest.fixture(autouse=True)
    def _needs_pyarrow(self) -> None:
        pytest.importorskip("pyarrow")

    @given(st.lists(ROWS, min_size=1, max_size=5))
    def test_what_is_written_is_read(self, rows: list[dict[str, str]]) -> None:
        records = [Record("x", n, f"k{n}", "article", values) for n, values in enumerate(rows, 1)]
        snapshot = parquet.read(parquet.write(records), "x")
        assert [(r.id, r.type, r.fields) for r in snapshot.records] == [(r.id, r.type, r.fields) for r in records]

    def test_lists_and_numbers(self) -> None:
        import pyarrow
        from pyarrow import parquet as arrow_parquet

        stream = io.BytesIO()
        rows = {"Title": ["Kelp"], "authors": [["Jane Doe", "Ann Roe"]], "year": [2020.0], "categories": [["a", "b"]]}
        arrow_parquet.write_table(pyarrow.table(rows), stream)
        (record,) = parquet.read(stream.getvalue(), "x").records
        assert record.fields == {
            "title": "Kelp", "author": "Jane Doe and Ann Roe", "year": "2020", "categories": "a, b",
        }  # fmt: skip

    def test_damage(self) -> None:
        whole = parquet.write([Record("x", 1, "k", fields={"title": "Kelp"})])
        for data in (whole[:-20], whole[:60] + whole[90:], b"PAR1"):
            with pytest.raises(SourceError, match="Parquet"):
                parquet.read(data, "x")

    def test_no_column_of_titles(self) -> None:
        import pyarrow
        from pyarrow import parquet as arrow_parquet

        stream = io.BytesIO()
        arrow_parquet.write_table(pyarrow.table({"shelf": ["B"]}), stream)
        with pytest.raises(SourceError, match="no column `title`"):
            parquet.read(stream.getvalue(), "x")

    def test_fields_called_like_its_own_columns(self) -> None:
        given = [Record("x", 1, "k", fields={"shelf": "B", "id": "7", "entrytype": "scroll", "note": "half \ud800"})]
        (record,) = parquet.read(parquet.write(given), "x").records
        assert record.fields == {"shelf": "B", "id-field": "7", "entrytype-field": "scroll", "note": "half ?"}


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'refsync\[parquet\]'"):
        parquet.read(b"PAR1", "x")
