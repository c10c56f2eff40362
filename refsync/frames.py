"""Results as data frames: columns of plain values, for which pandas, polars or pyarrow is imported only when asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

from refsync.dedup.results import Cluster, Deduplication, Link
from refsync.errors import ConfigError
from refsync.records import Record

if TYPE_CHECKING:  # a result of one kind needs the modules of no other
    from refsync.check.findings import Finding
    from refsync.classify.model import Tagging
    from refsync.planning.plan import Plan

Library = Literal["pandas", "polars", "pyarrow"]
Kind = type[str] | type[int] | type[float] | type[bool]
Row = Mapping[str, Any]
_RECORD: Mapping[str, Kind] = {"source": str, "index": int, "id": str, "entrytype": str}
_GROUP: Mapping[str, Kind] = {
    "group": int, "verdict": str, "relation": str, "probability": float,
    "record": int, "source": str, "index": int, "id": str, "title": str, "year": str,
}  # fmt: skip
_PAIR: Mapping[str, Kind] = {
    "verdict": str, "relation": str, "a": int, "b": int, "source_a": str, "id_a": str, "source_b": str, "id_b": str,
    "probability": float, "vetoes": str,
}  # fmt: skip
_TAGS: Mapping[str, Kind] = {
    "source": str, "index": int, "id": str, "title": str,
    "primary": str, "probability": float, "areas": str, "band": str, "because": str,
}  # fmt: skip
_FINDING: Mapping[str, Kind] = {
    "code": str, "severity": str, "source": str, "line": int, "column": int, "key": str, "message": str,
    "fixable": bool,
}  # fmt: skip
_ENTRY: Mapping[str, Kind] = {"key": str, "entrytype": str, "members": int, "primary": str}


def frame(columns: Mapping[str, Kind], rows: Iterator[Row], library: str) -> Any:
    """A data frame of these columns, also where there is no row; a value that a row lacks is empty.

    Raises:
        ConfigError: the library is unknown, or not installed.
    """
    if library not in get_args(Library):
        raise ConfigError(f"{library!r} is no library of data frames", hint=f"one of: {', '.join(get_args(Library))}")
    listed = [*rows]
    values = {name: [_value(row.get(name), kind) for row in listed] for name, kind in columns.items()}
    try:
        module = import_module(library)
    except ModuleNotFoundError:
        raise ConfigError(f"{library} is not installed", hint=f"pip install {library}") from None
    return _MAKERS[library](module, columns, values)


def _value(value: Any, kind: Kind) -> Any:
    """A value of a column; bytes of a file name that are no text are escapes, which UTF-8 has."""
    return str(value or "").encode("utf-8", "backslashreplace").decode() if kind is str else value


def _pandas(pandas: Any, columns: Mapping[str, Kind], values: Mapping[str, list[Any]]) -> Any:
    kinds = {str: "str", int: "int64", float: "float64", bool: "bool"}
    return pandas.DataFrame({name: pandas.Series(values[name], dtype=kinds[kind]) for name, kind in columns.items()})


def _polars(polars: Any, columns: Mapping[str, Kind], values: Mapping[str, list[Any]]) -> Any:
    kinds = {str: polars.String, int: polars.Int64, float: polars.Float64, bool: polars.Boolean}
    return polars.DataFrame(values, schema={name: kinds[kind] for name, kind in columns.items()})


def _pyarrow(pyarrow: Any, columns: Mapping[str, Kind], values: Mapping[str, list[Any]]) -> Any:
    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    return pyarrow.table({name: pyarrow.array(values[name], kinds[kind]) for name, kind in columns.items()})


_MAKERS: Mapping[str, Callable[[Any, Mapping[str, Kind], Mapping[str, list[Any]]], Any]] = {
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _pyarrow,
}


def records_frame(records: Sequence[Record], library: str) -> Any:
    """One row for each record, one column for each field that any of them has."""
    columns = _with_fields(_RECORD, records)
    rows = (
        {
            "source": record.source, "index": record.index, "id": record.id, "entrytype": record.type,
            **_fields(_RECORD, record),
        }
        for record in records
    )  # fmt: skip
    return frame(columns, rows, library)


def _with_fields(columns: Mapping[str, Kind], records: Iterable[Record]) -> dict[str, Kind]:
    """The columns, and one for each field of the records; a field with the name of a column is `NAME_field`."""
    return {**columns, **{name: str for record in records for name in _fields(columns, record)}}


def _fields(columns: Mapping[str, Kind], record: Record) -> dict[str, str]:
    return {f"{name}_field" if name in columns else name: value for name, value in record.fields.items()}


def groups_frame(records: Sequence[Record], found: Deduplication, library: str) -> Any:
    """One row for each record of a group; `record` is its index in `records`."""
    return frame(_GROUP, _group_rows(records, found), library)


def _groups(found: Deduplication) -> Iterator[tuple[str, str, Cluster | Link]]:
    yield from (("same", "", cluster) for cluster in found.clusters)
    yield from (("version", link.relation, link) for link in found.versions)
    yield from (("review", "", link) for link in found.review)


def _group_rows(records: Sequence[Record], found: Deduplication) -> Iterator[Row]:
    for number, (verdict, relation, group) in enumerate(_groups(found)):
        for member in group.members:
            record = records[member]
            yield {
                "group": number, "verdict": verdict, "relation": relation, "probability": group.probability,
                "record": member, "source": record.source, "index": record.index, "id": record.id,
                "title": record.get("title"), "year": record.get("year", "date"),
            }  # fmt: skip


def pairs_frame(records: Sequence[Record], found: Deduplication, library: str) -> Any:
    """One row for each pair with evidence; for each field its similarity and weight, null where it says nothing."""
    fields = dict.fromkeys(
        item.field for _, _, group in _groups(found) for pair in group.evidence for item in pair.fields
    )
    columns: dict[str, Kind] = {**_PAIR}
    for name in fields:
        columns |= {f"{name}_similarity": float, f"{name}_weight": float}
    return frame(columns, _pair_rows(records, found), library)


def _pair_rows(records: Sequence[Record], found: Deduplication) -> Iterator[Row]:
    for verdict, relation, group in _groups(found):
        for pair in group.evidence:
            a, b = records[pair.a], records[pair.b]
            row: dict[str, Any] = {
                "verdict": verdict, "relation": relation, "a": pair.a, "b": pair.b,
                "source_a": a.source, "id_a": a.id, "source_b": b.source, "id_b": b.id,
                "probability": pair.probability, "vetoes": "; ".join(pair.vetoes),
            }  # fmt: skip
            for item in pair.fields:
                row |= {f"{item.field}_similarity": item.similarity, f"{item.field}_weight": item.weight}
            yield row


def tags_frame(records: Sequence[Record], taggings: "Sequence[Tagging]", library: str) -> Any:
    """One row for each record: its first area with its probability, and all that are applied."""
    rows = (
        {
            "source": record.source, "index": record.index, "id": record.id, "title": record.get("title"),
            "primary": tagging.primary or "",
            "probability": next((item.probability for item in tagging.areas if item.area == tagging.primary), None),
            "areas": "; ".join(item.area for item in tagging.areas if item.applied),
            "band": tagging.band, "because": "; ".join(tagging.because),
        }
        for record, tagging in zip(records, taggings, strict=True)
    )  # fmt: skip
    return frame(_TAGS, rows, library)


def findings_frame(findings: "Sequence[Finding]", library: str) -> Any:
    """One row for each finding."""
    rows = (
        {
            "code": item.code, "severity": item.rule.severity, "source": item.source, "line": item.line,
            "column": item.column, "key": item.key, "message": item.message, "fixable": item.fixable,
        }
        for item in findings
    )  # fmt: skip
    return frame(_FINDING, rows, library)


def plan_frame(plan: "Plan", library: str) -> Any:
    """One row for each entry: its key, how many records it merges, its first area, and its fields."""
    columns = _with_fields(_ENTRY, (entry.record for entry in plan.entries))
    rows = (
        {
            "key": entry.record.id, "entrytype": entry.record.type, "members": len(entry.members),
            "primary": (entry.tagging.primary if entry.tagging else None) or "",
            **_fields(_ENTRY, entry.record),
        }
        for entry in plan.entries
    )  # fmt: skip
    return frame(columns, rows, library)
