"""Parquet tables, through pyarrow: one record per row, columns as in `columns`; all columns are written as text."""

import io
from collections.abc import Sequence
from typing import Any

from refsync.errors import ConfigError, SourceError
from refsync.formats.common.decompress import check_unpacked_size
from refsync.formats.registry import Format
from refsync.formats.tables.cells import spoilt_cells
from refsync.formats.tables.columns import guess_columns, row_record
from refsync.formats.tables.delimited import missing_title_error
from refsync.formats.tables.table_write import table_rows
from refsync.records import Problem, Record, Snapshot, repeated_ids

_MAGIC = b"PAR1"
_BATCH_ROWS = 4096


def read(data: bytes, source: str) -> Snapshot:
    """The records of a Parquet file; lists become text, names of authors joined by ` and `.

    Raises:
        ConfigError: pyarrow is not installed.
        SourceError: the file is damaged, unpacks to too much, or has no titles or identifiers, or no rows.
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
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                cells = [cell_text(name, value) for name, value in zip(columns.names, row, strict=True)]
                records.append(row_record(source, len(records) + 1, columns, cells, 0, as_text=not columns.own))
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        if not records:
            raise SourceError(
                source, f"a Parquet file that cannot be read ({reason})", hint="check that it was saved completely"
            ) from None
        message = f"damaged from here on ({reason}); only the rows before were read"
        return Snapshot(source, "parquet", tuple(records), (Problem(source, message, fatal=True),))
    if not records:
        raise SourceError(source, "a table without rows", hint="check that the export was complete")
    return Snapshot(
        source, "parquet", tuple(records), (*columns.notes(source), *spoilt_cells(records), *repeated_ids(records))
    )


def cell_text(name: str, value: Any) -> str:
    """A value of a column as the text of a cell: lists joined, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        parts = [cell_text(name, item) for item in value]
        return (" and " if name in ("author", "editor") else ", ").join(part for part in parts if part)
    if isinstance(value, dict):
        return str(value.get("name") or "")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write(records: Sequence[Record]) -> bytes:
    """A Parquet file with the same columns as CSV: `id`, `entrytype` and every field of these records, as plain text.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    parquet, arrow = _pyarrow()
    names, *rest = table_rows(records)
    cells = ([_valid_utf8(row[column]) or None for row in rest] for column in range(len(names)))
    table = arrow.Table.from_arrays(
        [arrow.array(column, arrow.string()) for column in cells], names=[*map(_valid_utf8, names)]
    )
    stream = io.BytesIO()
    parquet.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def _valid_utf8(text: str) -> str:
    """The text without lone surrogates, which JSON may contain but UTF-8 cannot."""
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
    """1 for the first four bytes of Parquet."""
    return 1.0 if head.startswith(_MAGIC) else 0.0


FORMAT = Format(name="parquet", suffixes=(".parquet", ".pq"), sniff=sniff, read=read, write=write)
