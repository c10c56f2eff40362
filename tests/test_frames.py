"""Results as data frames of three libraries, which agree."""

from math import isnan
from typing import Any

import pytest

import refsync
from refsync.dedup.results import Deduplication

LIBRARIES = ("pandas", "polars", "pyarrow")
TEXT = b"""
@article{doe2020, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard},
  journal = {Journal of Moss}, year = 2020, volume = 7, pages = {11--19}, doi = {10.5555/moss.7}, type = {essay}}
@article{doe20, title = {The patience of moss on northern walls}, author = {Doe, J. and Roe, R.},
  journal = {Journal of Moss}, year = 2020, volume = 7, pages = {11--19}}
@misc{kelp, title = {Kelp in Noise}, author = {Poe, Ann}, year = 2021}
"""


@pytest.fixture(scope="module")
def records() -> tuple[refsync.Record, ...]:
    return refsync.read_sources(TEXT, "bibtex").records


@pytest.fixture(scope="module")
def found(records: tuple[refsync.Record, ...]) -> Deduplication:
    return refsync.find_duplicates(records)


def rows(frame: Any) -> list[dict[str, Any]]:
    """The rows of a data frame; null is None."""
    if hasattr(frame, "to_pylist"):
        return list(frame.to_pylist())
    if hasattr(frame, "to_dicts"):
        return list(frame.to_dicts())
    return [
        {name: None if isinstance(value, float) and isnan(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def all_rows(*given: Any, **named: Any) -> list[dict[str, Any]]:
    """The rows, after a comparison of all libraries."""
    one, *others = (rows(refsync.to_frame(*given, library=library, **named)) for library in LIBRARIES)
    assert all(other == one for other in others)
    return one


def test_records_have_a_column_for_each_field(records: tuple[refsync.Record, ...]) -> None:
    table = all_rows(records)
    assert [row["id"] for row in table] == ["doe2020", "doe20", "kelp"]
    assert table[2]["doi"] == ""
    assert "type" in table[0]
    assert (table[0]["type"], table[0]["entrytype"]) == ("essay", "article")


def test_a_field_with_the_name_of_a_column_is_not_lost() -> None:
    records = [refsync.Record("a.csv", 1, "x", fields={"source": "Scopus", "title": "Moss"})]
    assert all_rows(records) == [
        {"source": "a.csv", "index": 1, "id": "x", "entrytype": "misc", "source_field": "Scopus", "title": "Moss"}
    ]


def test_groups_have_a_row_for_each_member(records: tuple[refsync.Record, ...], found: Deduplication) -> None:
    table = all_rows(found, records)
    assert [(row["group"], row["verdict"], row["record"], row["id"]) for row in table] == [
        (0, "same", 0, "doe2020"),
        (0, "same", 1, "doe20"),
    ]
    assert table[0]["probability"] == found.clusters[0].probability


def test_pairs_have_the_evidence_of_each_field(records: tuple[refsync.Record, ...], found: Deduplication) -> None:
    (row,) = all_rows(found, records, pairs=True)
    (pair,) = found.clusters[0].evidence
    assert (row["id_a"], row["id_b"], row["verdict"]) == ("doe2020", "doe20", "same")
    for item in pair.fields:
        assert (row[f"{item.field}_similarity"], row[f"{item.field}_weight"]) == (item.similarity, item.weight)


def test_tags_findings_and_plans(records: tuple[refsync.Record, ...], found: Deduplication) -> None:
    tags = all_rows(refsync.tag_records(records), records)
    assert [row["id"] for row in tags] == ["doe2020", "doe20", "kelp"]
    assert {row["band"] for row in tags} <= {"sure", "unsure", "abstained"}
    findings = all_rows(refsync.check_files(TEXT, select=["RS1"]))
    assert [(row["code"], row["key"], row["fixable"]) for row in findings] == [("RS102", "doe20", True)]
    plan = all_rows(refsync.make_plan(records, found))
    assert [(row["key"], row["members"]) for row in plan] == [("doe2020", 2), ("kelp", 1)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_no_results_have_the_same_columns_of_the_same_types(
    library: str, records: tuple[refsync.Record, ...], found: Deduplication
) -> None:
    full, empty = (refsync.to_frame(item, records, library) for item in (found, Deduplication()))
    kinds = (lambda frame: [*map(str, frame.schema)]) if library != "pandas" else lambda frame: dict(frame.dtypes)
    assert kinds(empty) == kinds(full)
    assert len(empty) == 0


def test_names_that_are_no_text_and_lone_surrogates_are_escapes() -> None:
    (row,) = all_rows([refsync.Record("a\udcff.bib", 1, "x", fields={"title": "\ud800"})])
    assert (row["source"], row["title"]) == ("a\\udcff.bib", "\\ud800")


def test_a_library_that_is_not_there_is_named(
    records: tuple[refsync.Record, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("refsync.frames.import_module", missing)
    with pytest.raises(refsync.ConfigError, match="pip install polars"):
        refsync.to_frame(records, library="polars")
    with pytest.raises(refsync.ConfigError, match="one of: pandas, polars, pyarrow"):
        refsync.to_frame(records, library="dask")


@pytest.mark.parametrize("wrong", ["text", 7, [1, 2], {"a": 1}])
def test_what_is_no_result_is_refused(wrong: Any) -> None:
    with pytest.raises(refsync.ConfigError, match="no result"):
        refsync.to_frame(wrong)


def test_tags_need_their_records(records: tuple[refsync.Record, ...]) -> None:
    with pytest.raises(refsync.ConfigError, match="tags with their records"):
        refsync.to_frame(refsync.tag_records(records), records[:1])
