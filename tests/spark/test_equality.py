"""The Spark engine finds what the local engine finds, however Spark divides the records."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")


from refsync.decisions import RememberedAnswers
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.spark import nodes
from refsync.spark.duplicates import Found, Task, find
from refsync.spark.frames import frame_of
from refsync.spark.nodes import RECORDS
from tests.spark.libraries import WORDS, crowded, papers, record


def by_spark(
    spark: Any, records: list[Record], parts: int, task: Task | None = None, prepare: Any = None
) -> tuple[Deduplication, Found]:
    task = task or Task()
    spark.conf.set("spark.sql.shuffle.partitions", parts)
    frame = frame_of(spark, records).repartition(parts)
    found = find(prepare(frame) if prepare else frame, task)
    result = found.results(task)
    found.release()
    return result, found


def test_divided_and_shuffled(spark: Any) -> None:
    """With keys above every limit, copies, versions and questions, in any order."""
    records = papers(60) + [replace(one, source="b.csv") for one in crowded(90)]
    records += _numbered()
    random.Random(7).shuffle(records)
    local = find_duplicates(records, DedupSettings())
    result, found = by_spark(spark, records, 7)
    assert result == local
    assert local.clusters
    assert local.versions
    assert found.counts["keys above their limit"] > 0


def _numbered() -> list[Record]:
    """Numbers that are no issues: the whole source decides, not the part in one partition."""
    records = [
        record(i, "c.csv", title=f"{WORDS[i % 16]} and {WORDS[i % 7]} of {WORDS[i % 5]}", number=str(5000 + i))
        for i in range(1, 31)
    ]
    return records + [replace(one, source="d.csv", fields={**one.fields, "number": "3"}) for one in records]


@pytest.mark.parametrize("parts", [1, 64])
def test_one_partition_and_many(spark: Any, parts: int) -> None:
    records = papers(30)
    assert by_spark(spark, records, parts)[0] == find_duplicates(records, DedupSettings())


def test_nodes_of_one_code_are_linked_with_none(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No paper is merged with another one, and what has a code of its own still is merged."""
    from pyspark.sql import functions as F  # noqa: N812

    monkeypatch.setattr(nodes, "node_code", lambda: F.xxhash64("name").bitwiseAND(F.lit(126)))
    records = papers(60)
    result, _ = by_spark(spark, records, 3)
    assert 0 < len(result.clusters) < len(find_duplicates(records, DedupSettings()).clusters)
    assert all(len({records[i].fields["title"] for i in cluster.members}) == 1 for cluster in result.clusters)


def test_answers_and_a_library_in_small_parts(spark: Any) -> None:
    """Also where the pairs do not fit on the driver, nor the nodes or the rows of a key into one task."""
    records = papers(60) + [replace(one, source="b.csv") for one in crowded(50)]
    free = find_duplicates(records, DedupSettings())
    one, other, third = free.clusters[0], free.clusters[1], free.clusters[-1]
    answers = RememberedAnswers(
        must_link=((one.members[0], other.members[0]),),
        cannot_link=((third.members[0], third.members[1]),),
        versions=((one.members[1], 59),),
        relations=((59, one.members[1], "preprint-of"),),
    )
    task = Task(answers=answers, known=20, on_driver=0, bucket=5, held=3)
    local = find_duplicates(records, DedupSettings(), answers, known=20)
    assert local != free
    result, found = by_spark(spark, records, 3, task)
    assert result == local
    assert found.counts["linked nodes"] > 10


def test_a_profile_and_text_that_utf8_cannot_hold(spark: Any) -> None:
    records = [*papers(20), record(21, title="Moss \ud800 walls", year="2031"), record(22, title="Moss \ud800 walls")]
    task = Task(settings=DedupSettings(same=0.95, review=0.2, evidence="strict"))
    assert by_spark(spark, records, 2, task)[0] == find_duplicates(records, task.settings)


def test_rules_of_merging_and_types_that_are_never_merged(spark: Any) -> None:
    records = [replace(one, type="book") if one.index % 7 == 0 else one for one in papers(40)]
    task = Task(settings=DedupSettings(merge_only=("doi",), never=("book",)))
    local = find_duplicates(records, task.settings)
    assert local.clusters
    assert local.clusters != find_duplicates(records, DedupSettings()).clusters
    assert by_spark(spark, records, 2, task)[0] == local


def test_values_that_are_inherited(spark: Any) -> None:
    """A chapter without a year of its own has that of its book."""
    book = {"title": "Tides of the old harbour", "editor": "Roe, Bea", "year": "2031"}
    chapter = {"title": "Kelp and stones in winter", "author": "Doe, Ann", "pages": "7--19", "crossref": "k1"}
    own = {**chapter, "booktitle": book["title"], "year": "2031"} | {"crossref": ""}
    records = [record(1, entrytype="book", **book), record(2, entrytype="incollection", **chapter)]
    records.append(record(3, entrytype="incollection", **own))
    local = find_duplicates(records, DedupSettings())
    assert [one.members for one in local.clusters] == [(1, 2)]
    assert by_spark(spark, records, 2)[0] == local


def test_a_process_that_dies(spark: Any, tmp_path: Path) -> None:
    """The process of the first task that reads a record is killed; Spark runs the task again."""
    records = papers(30)
    mark = str(tmp_path / "died")

    def dying(batches: Any) -> Any:
        import os
        import signal

        for batch in batches:
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                yield batch
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    result, _ = by_spark(spark, records, 2, prepare=lambda frame: frame.mapInArrow(dying, RECORDS))
    assert Path(mark).exists()
    assert result == find_duplicates(records, DedupSettings())


TITLES = st.sampled_from(
    ["Moss on old walls", "Moss on old walls: a survey", "Editorial", "Kelp and tides", "苔と壁", ""]
)
FIELDS = st.fixed_dictionaries(
    {"title": TITLES},
    optional={
        "author": st.sampled_from(["Doe, Ann", "Doe, A. and Roe, B.", "Poe, C. and others"]),
        "year": st.sampled_from(["2031", "2032"]),
        "doi": st.sampled_from(["10.1/a", "10.1/b"]),
        "pages": st.sampled_from(["1--9", "3--4"]),
        "volume": st.sampled_from(["1", "2"]),
        "journal": st.sampled_from(["Journal of Moss", "arXiv preprint"]),
    },
)


@settings(max_examples=2)
@given(st.lists(FIELDS, min_size=2, max_size=12))
def test_any_library(spark: Any, rows: list[dict[str, str]]) -> None:
    records = [record(i, **row) for i, row in enumerate(rows, 1)]
    assert by_spark(spark, records, 2)[0] == find_duplicates(records, DedupSettings())
