"""Records as DataFrames: from records on the driver, and from a table with the columns of the table formats."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.inheritance import with_inherited
from refsync.errors import ConfigError
from refsync.formats.tables.columns import guess_columns, row_record
from refsync.formats.tables.parquet import cell_text
from refsync.records import Record
from refsync.spark.encode import in_tasks
from refsync.spark.nodes import RECORDS, RECORDS_SCHEMA, record_batch

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_STEP = 20_000  # records that are encoded at a time
SOURCES = 40
"""Bits of a position below the number of the source."""

PLACE = ("source", "index")
"""The columns of a DataFrame that together name a record."""


def frame_of(spark: "SparkSession", records: Sequence[Record]) -> DataFrame:
    """Records as a DataFrame with the columns of `RECORDS`; positions are their indices."""
    rows = [*zip(range(len(records)), records, with_inherited(records), strict=True)]
    parts = [record_batch(rows[start : start + _STEP]) for start in range(0, len(rows), _STEP)]
    return spark.createDataFrame(pa.Table.from_batches(parts, RECORDS_SCHEMA))


def source_names(table: DataFrame, taken: Sequence[str] = ()) -> list[str]:
    """The names of the sources in a table, in their order.

    Args:
        table: see `frame_of_table`.
        taken: names that it must not have.

    Raises:
        ConfigError: a column is missing, a name is taken, or a source has an `index` twice.
    """
    for name, remedy in zip(
        PLACE,
        (
            "df.withColumn('source', F.lit('works.parquet'))",
            "a number from 1 that stays the same when the table is read again",
        ),
        strict=True,
    ):
        if name not in table.columns:
            raise ConfigError(f"the table has no column `{name}`", hint=remedy)
    check_columns([name for name in table.columns if name not in PLACE])
    counts = table.groupBy("source").agg(F.count("*"), F.countDistinct("index")).orderBy("source").collect()
    if twice := [name for name, count, distinct in counts if name is None or count != distinct]:
        where = "a row has no `source`" if twice[0] is None else f"the source {twice[0]} has an `index` twice, or none"
        raise ConfigError(where, hint="`source` and `index` together name a record")
    names = [row[0] for row in counts]
    if both := sorted({*names} & {*taken}):
        raise ConfigError(f"the source {both[0]} is in the library and in the records", hint="rename one of them")
    return names


def check_columns(names: Sequence[str]) -> None:
    """Check that a table with these columns has records.

    Raises:
        ConfigError: it has not.
    """
    if not guess_columns(names).usable:
        raise ConfigError(
            "the table has neither titles nor identifiers", hint="name a column `title`, `doi`, `pmid` or `isbn`"
        )


def frame_of_table(table: DataFrame, names: Sequence[str], first: int = 0, place: tuple[str, str] = PLACE) -> DataFrame:
    """The records of a table as `RECORDS`, ordered by source and index.

    Args:
        table: has the columns of our tables: `id`, `entrytype`, `title`, `author` (text or a list), `year`, `doi`, ...
        names: the sources, in their order.
        first: the number of the first source, which positions are made of.
        place: the columns of the source (text) and the index (a whole number, from 1, unique in its source).
    """
    numbers = {name: number for number, name in enumerate(names, first)}
    rest = (F.col(name) for name in table.columns if name not in place)
    columns = [F.col(place[0]), F.col(place[1]).cast("bigint"), *rest]
    return table.select(columns).transform(in_tasks, _table_records, RECORDS, numbers=numbers)


def _table_records(batches: Iterator[pa.RecordBatch], numbers: dict[str, int]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = guess_columns(batch.schema.names[2:])
        rows: list[tuple[int, Record, None]] = []
        for source, index, *values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            cells = [cell_text(name, value) for name, value in zip(columns.names, values, strict=True)]
            record = row_record(source, index, columns, cells, 0, as_text=not columns.own)
            rows.append(((numbers[source] << SOURCES) + index, record, None))
        yield record_batch(rows)
