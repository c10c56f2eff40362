"""Records as bytes for Spark's columns, and back: text of Spark must be valid UTF-8, and a record may hold others.

Also what all stages need of Spark: hashes as numbers, batches of rows, how tables are joined and kept.
"""

import gc
import json
import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pandas.util import hash_array
from pyspark import StorageLevel
from pyspark.sql import DataFrame

from refsync.formats.bibtex.macros import MacroExpression, ValuePart
from refsync.records import Record


def text_bytes(text: str) -> bytes:
    """A text, which may hold lone surrogates, as bytes whose order is that of the texts."""
    return text.encode("utf-8", "surrogatepass")


def bytes_text(data: bytes) -> str:
    """The text of these bytes."""
    return data.decode("utf-8", "surrogatepass")


BatchFunction = Callable[..., Iterator[pa.RecordBatch]]
"""A function of an iterator of batches and, by name, of others."""

IN_MEMORY = "shuffle_hash"
"""For the side of a join that becomes a table in memory, a partition at a time; else both would be sorted."""


class Kept:
    """DataFrames that are used more than once, on the workers' disks."""

    def __init__(self) -> None:
        self._frames: list[DataFrame] = []

    def __call__(self, frame: DataFrame) -> DataFrame:
        """The same rows, kept."""
        self._frames.append(frame.persist(StorageLevel.DISK_ONLY))
        return self._frames[-1]

    def release(self) -> None:
        """Free the disks."""
        for frame in self._frames:
            frame.unpersist()


def in_tasks(rows: DataFrame, function: BatchFunction, form: str, /, **others: object) -> DataFrame:
    """What a function makes of the rows of each partition, with the columns of `form`; `others` are its arguments."""
    return rows.mapInArrow(partial(_task, function=function, others=others), form)


def _task(
    batches: Iterator[pa.RecordBatch], function: BatchFunction, others: Mapping[str, Any]
) -> Iterator[pa.RecordBatch]:
    yield from function(batches, **others)
    _settle(function)


@cache
def _settle(function: BatchFunction) -> None:
    """After the first task of a function: what is there is there to stay.

    Spark's process searches all objects for reference cycles after each task, which takes longer than a small task.
    """
    gc.freeze()


_VERSION = 2  # of the format of `marshal`, as for profiles

_JOINED = 20_000  # rows
_JOINED_SIZE = 64 << 20  # bytes

KIND = 15
"""The bits of a code that are its kind."""


OLD = 1
"""The bit of a node's code that says that it is of the library."""


def text_codes(kinds: Sequence[int], texts: Sequence[str]) -> NDArray[np.int64]:
    """Hashes of texts, the same in every process, with their kinds (up to `KIND`) in the last bits.

    They are one column for Spark to sort: two texts of a kind that collide cost one comparison.
    """
    hashes: NDArray[np.uint64]
    try:
        hashes = hash_array(np.array(texts, object), categorize=False)
    except UnicodeEncodeError:  # lone surrogates
        hashes = hash_array(np.array([*map(text_bytes, texts)], object), categorize=False)
    return (hashes.view(np.int64) & ~KIND) | np.array(kinds, np.int64)


def record_bytes(record: Record) -> bytes:
    """A record as bytes, for `bytes_record` by the same version of Python."""
    head = (record.source, record.index, record.id, record.type, record.markup, record.line, record.id_is_key)
    fields: dict[str, object] = dict(record.fields)
    if record.markup == "latex":
        fields |= {
            name: [(part.text, part.macro) for part in value.parts]
            for name, value in record.fields.items()
            if isinstance(value, MacroExpression)
        }
    values = (*head, fields)
    try:
        return marshal.dumps(values, _VERSION)
    except ValueError:  # of a class derived from `str`, as some parsers give
        return marshal.dumps(json.loads(json.dumps(values)), _VERSION)


def bytes_record(data: bytes) -> Record:
    """The record of these bytes."""
    source, index, key, kind, markup, line, is_key, values = marshal.loads(data)
    if markup == "latex":
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = MacroExpression([ValuePart(*part) for part in value])
    return Record(
        source=source, index=index, id=key, type=kind, fields=values, markup=markup, line=line, id_is_key=is_key
    )


def batch_of(rows: Iterable[Sequence[object]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows, each with a value for every column, as a batch."""
    columns = [*zip(*rows, strict=True)] or [()] * len(schema)
    return pa.RecordBatch.from_arrays(
        [pa.array(own, field.type) for own, field in zip(columns, schema, strict=True)], schema=schema
    )


def joined_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows of several batches at a time, for what is faster with many rows."""
    some: list[pa.RecordBatch] = []
    for batch in batches:
        some.append(batch)
        if sum(map(len, some)) >= _JOINED or sum(one.nbytes for one in some) >= _JOINED_SIZE:
            yield pa.Table.from_batches(some)
            some = []
    if some:
        yield pa.Table.from_batches(some)
