"""Parquet tables, through pyarrow: one record a row, all columns as in `columns`; written with text in every column."""

import io
from collections.abc import Sequence
from typing import Any

from refsync.errors import ConfigError, SourceError
from refsync.formats.common.decompress import check_unpacked_size
from refsync.formats.registry import Format
from refsync.formats.tables.columns import guess_columns, row_record
from refsync.formats.tables.delimited import missing_title_error
from refsync.formats.tables.table_write import table_rows
from refsync.records import Problem, Record, Snapshot, repeated_ids

_MAGIC = b"PAR1"
_ROWS = 4096  # that are Python objects at a time


def read(data: bytes, source: str) -> Snapshot:
    """The records of a Parquet file; lists become text, names of authors joined by ` and `.

    Raises:
        ConfigError: pyarrow is not installed.
        SourceError: it is damaged, would unpack to too much, or has neither titles nor identifiers, or no row.
    """
    parquet, arrow = _pyarrow()
    records: list[Record] = []
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        groups = range(file.metadata.num_row_groups)
        check_unpacked_size(sum(file.metadata.row_group(group).total_byte_size for group in groups), len(data), source)
        columns = guess_columns(file.schema_arrow.names)
        if not columns.usable:
            raise missing_title_error(source, columns.header)
        for batch in file.iter_batches(batch_size=_ROWS):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                cells = [_text(name, value) for name, value in zip(columns.names, row, strict=True)]
                records.append(row_record(source, len(records) + 1, columns, cells, 0))
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        if not records:
            raise SourceError(
                source, f"a Parquet file that cannot be read ({reason})", hint="was it saved whole?"
            ) from None
        message = f"damaged from here on ({reason}); read is what came before that"
        return Snapshot(source, "parquet", tuple(records), (Problem(source, message, fatal=True),))
    if not records:
        raise SourceError(source, "a table without rows", hint="was the export finished?")
    return Snapshot(source, "parquet", tuple(records), (*columns.notes(source), *repeated_ids(records)))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        parts = [_text(name, item) for item in value]
        return (" and " if name in ("author", "editor") else ", ").join(part for part in parts if part)
    if isinstance(value, dict):
        return str(value.get("name") or "")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write(records: Sequence[Record]) -> bytes:
    """A Parquet file with the columns of our CSV: `id`, `entrytype` and every field of these records, as plain text.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    parquet, arrow = _pyarrow()
    names, *rest = table_rows(records)
    cells = ([_sound(row[place]) or None for row in rest] for place in range(len(names)))
    table = arrow.Table.from_arrays(
        [arrow.array(column, arrow.string()) for column in cells], names=[*map(_sound, names)]
    )
    stream = io.BytesIO()
    parquet.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _sound(text: str) -> str:
    """The text without halves of characters, which JSON may hold and UTF-8 can't."""
    return text.encode("utf-8", "replace").decode()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed", hint="pip install 'refsync[parquet]'"
        ) from None
    return parquet, pyarrow


def sniff(head: bytes) -> float:
    """The first four bytes say it."""
    return 1.0 if head.startswith(_MAGIC) else 0.0


FORMAT = Format(name="parquet", suffixes=(".parquet", ".pq"), sniff=sniff, read=read, write=write)
