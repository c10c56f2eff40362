"""The Python API on DataFrames."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import refsync.spark
from refsync.classify.settings import AreaSettings
from refsync.classify.tagger import load_tagger
from refsync.decisions.lines import format_decision
from refsync.dedup.merge import merge_cluster
from refsync.dedup.profile import fingerprint
from refsync.dedup.settings import DedupSettings
from refsync.errors import ConfigError
from refsync.planning.run_models import find_duplicates, paper_of
from refsync.records import Record
from refsync.spark import find_duplicates as spark_duplicates
from refsync.spark import merge, tag
from refsync.spark.encode import KIND, bytes_record, record_bytes, text_codes
from tests.spark.libraries import papers, record

NAMES = ("title", "author", "year", "journal", "volume", "pages", "doi")


def table(spark: Any, records: list[Record]) -> Any:
    rows = [(one.source, one.index, one.id, one.type, *(one.get(name) for name in NAMES)) for one in records]
    columns = ("source", "index", "id", "entrytype", *NAMES)
    schema = ", ".join(f"{name} {'bigint' if name == 'index' else 'string'}" for name in columns)
    return spark.createDataFrame(rows, schema).repartition(3)


def test_no_module_takes_the_place_of_a_function() -> None:
    for module in pkgutil.iter_modules(refsync.spark.__path__, "refsync.spark."):
        importlib.import_module(module.name)
    assert all(callable(getattr(refsync.spark, name)) for name in refsync.spark.__all__)


def test_groups_merged_records_and_areas(spark: Any) -> None:
    spark.conf.set("spark.sql.shuffle.partitions", 3)
    plain = [
        Record(one.source, one.index, one.id, type=one.type, fields={k: v for k, v in one.fields.items() if k in NAMES})
        for one in papers(30)
    ]
    local = find_duplicates(plain, DedupSettings())
    works = table(spark, plain)
    groups = spark_duplicates(works).cache()
    clusters = {
        tuple((member["source"], member["index"]) for member in row["members"])
        for row in groups.where("kind = 'cluster'").collect()
    }
    assert clusters == {tuple((plain[i].source, plain[i].index) for i in one.members) for one in local.clusters}
    pair = groups.where("kind = 'cluster'").collect()[0]["evidence"][0]
    assert (pair["a"], pair["b"]) == (0, 1)
    rows = merge(works, groups.where("kind = 'cluster'")).collect()
    members = [sorted(member["index"] for member in row["members"]) for row in rows]
    assert sorted(index for own in members for index in own) == [one.index for one in plain]
    by_index = {one.index: one for one in plain}
    for row, own in zip(rows, members, strict=True):
        expected = merge_cluster([by_index[i] for i in own])
        assert dict(row["fields"]) == dict(expected.record.fields)
        assert row["id"] == expected.record.id
    model = load_tagger(AreaSettings())
    expected_areas = model.tag([paper_of(one) for one in plain], AreaSettings())
    found = {row["index"]: row for row in tag(works, model).collect()}
    for one, tagging in zip(plain, expected_areas, strict=True):
        assert [(a["area"], a["probability"]) for a in found[one.index]["areas"]] == [
            (a.area, a.probability) for a in tagging.areas
        ]


def test_answers(spark: Any, tmp_path: Path) -> None:
    """Two records that a person separated, and an area that a person chose."""
    spark.conf.set("spark.sql.shuffle.partitions", 2)
    fields = {"title": "Kelp and tides on old walls", "author": "Doe, Ann", "year": "2031", "pages": "7--19"}
    fields |= {"journal": "Journal of Moss", "volume": "4", "doi": "10.1/kelp"}
    plain = [record(1, **fields), record(2, **fields), record(3, **{**fields, "title": "Kelp and tides on old wals"})]
    assert [one.members for one in find_duplicates(plain, DedupSettings()).clusters] == [(0, 1, 2)]
    names = [fingerprint(one) for one in plain]
    assert names[0] == names[1] != names[2]
    path = tmp_path / "answers.jsonl"
    path.write_text(format_decision("not-duplicate", names[0], names[2], by="Ann") + "\n")
    works = table(spark, plain)
    rows = spark_duplicates(works, decisions=path).where("kind = 'cluster'").collect()
    assert [[one["index"] for one in row["members"]] for row in rows] == [[1, 2]]
    model = load_tagger(AreaSettings())
    chosen = model.classes[-1]
    with path.open("a") as file:
        file.write(format_decision("area", names[2], value={"accepted": [chosen]}, by="Ann") + "\n")
    areas = [{area["area"] for area in row["areas"]} for row in tag(works, model, decisions=path).collect()]
    assert sorted(chosen in own for own in areas) == [False, False, True]
    with pytest.raises(ConfigError, match="no such file"):
        spark_duplicates(table(spark, plain), decisions=tmp_path / "missing.jsonl")


def test_a_column_that_is_missing(spark: Any) -> None:
    with pytest.raises(ConfigError, match="no column `source`"):
        spark_duplicates(spark.createDataFrame([(1, "Moss")], "index bigint, title string"))
    with pytest.raises(ConfigError, match="neither titles nor identifiers"):
        spark_duplicates(spark.createDataFrame([("a", 1, "x")], "source string, index bigint, shelf string"))
    with pytest.raises(ConfigError, match="an `index` twice"):
        spark_duplicates(spark.createDataFrame([("a", 1, "x")] * 2, "source string, index bigint, title string"))


class OwnText(str):
    """As some parsers give."""


@pytest.mark.parametrize("text", ["Moss", "\ud800 lone", "苔", 'quote " and \\ and \x00', OwnText("\ud800 moss")])
def test_records_as_bytes(text: str) -> None:
    record = Record(
        "a\ud800.bib", 3, text, "article", {"title": text, "author": "Doe, A. and Roe, B."}, "latex", 7, True
    )
    assert bytes_record(record_bytes(record)) == record


def test_codes_of_texts_do_not_depend_on_the_others() -> None:
    """A lone surrogate among some texts changes no code of another, and a kind is read from its code."""
    alone = text_codes([2, 3], ["Moos ä", "苔"]).tolist()
    beside = text_codes([2, 3, 2], ["Moos ä", "苔", "\ud800 lone"]).tolist()
    assert beside[:2] == alone
    assert [code & KIND for code in beside] == [2, 3, 2]
    assert len({code | KIND for code in beside}) == 3
