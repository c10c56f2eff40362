"""Results as rows of Spark, and back. Nested columns are made of flat ones: dictionaries take ten times as long."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, pairwise, repeat, starmap
from typing import Any

import numpy as np
import pyarrow as pa

from refsync.decisions import RememberedAnswers
from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair

FOUND = (
    "kind string, members array<bigint>, probability double, relation string, evidence array<struct<a: bigint, "
    "b: bigint, probability: double, fields: array<struct<field: string, similarity: double, weight: double>>, "
    "vetoes: array<string>, score: double>>"
)
"""What is found: rows of the kind `cluster`, `version` or `review`; one of the kind `different` has counts."""

_FIELDS = pa.list_(pa.struct([("field", pa.string()), ("similarity", pa.float64()), ("weight", pa.float64())]))
_NUMBERS, _TEXTS = pa.list_(pa.int64()), pa.list_(pa.string())
_EVIDENCE = pa.list_(
    pa.struct(
        [
            ("a", pa.int64()),
            ("b", pa.int64()),
            ("probability", pa.float64()),
            ("fields", _FIELDS),
            ("vetoes", _TEXTS),
            ("score", pa.float64()),
        ]
    )
)
_SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("members", _NUMBERS),
        ("probability", pa.float64()),
        ("relation", pa.string()),
        ("evidence", _EVIDENCE),
    ]
)


def found_table(found: Deduplication, positions: Sequence[int]) -> pa.Table:
    """The rows of a result, whose records have these positions."""
    links = (*found.versions, *found.review)
    groups: tuple[Cluster | Link, ...] = (*found.clusters, *links)
    kinds = ["cluster"] * len(found.clusters) + ["version"] * len(found.versions) + ["review"] * len(found.review)

    def pairs(own: Sequence[Pair]) -> pa.Array:
        columns = [
            [positions[pair.a] for pair in own],
            [positions[pair.b] for pair in own],
            [pair.probability for pair in own],
            _lists(_FIELDS, [pair.fields for pair in own], _field_structs),
            _lists(_TEXTS, [pair.vetoes for pair in own]),
            [pair.score for pair in own],
        ]
        return _structs(_EVIDENCE.value_type, columns)

    columns = [
        pa.array(["different", *kinds]),
        _lists(_NUMBERS, [found.different, *([positions[i] for i in group.members] for group in groups)]),
        pa.array([None, *(group.probability for group in groups)], pa.float64()),
        pa.array([None, *repeat("", len(found.clusters)), *(link.relation for link in links)], pa.string()),
        _lists(_EVIDENCE, [(), *(group.evidence for group in groups)], pairs),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def _field_structs(fields: Sequence[FieldEvidence]) -> pa.Array:
    columns = ([one.field for one in fields], [one.similarity for one in fields], [one.weight for one in fields])
    return _structs(_FIELDS.value_type, columns)


def _lists(
    form: pa.ListType, rows: Sequence[Sequence[Any]], items: Callable[[list[Any]], pa.Array] | None = None
) -> pa.ListArray:
    """A column of lists, whose items together make a column of their own."""
    flat = [*chain.from_iterable(rows)]
    ends = np.cumsum([0, *map(len, rows)])
    return pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), items(flat) if items else pa.array(flat, form.value_type), type=form
    )


def _structs(form: pa.StructType, columns: Sequence[Any]) -> pa.StructArray:
    fields = [*form]
    arrays = [
        own if isinstance(own, pa.Array) else pa.array(own, field.type)
        for own, field in zip(columns, fields, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def found_results(table: pa.Table, different: np.ndarray, answers: RememberedAnswers) -> Deduplication:
    """The result that rows of `FOUND` describe, over positions, in the local engine's order.

    `different` counts the pairs that were plainly different before any was linked.
    """
    named = {frozenset(pair): i for i, pair in enumerate(answers.versions)}  # these come last, as they were answered
    clusters: list[Cluster] = []
    links: dict[str, list[Link]] = {"version": [], "review": []}
    counts = different.copy()
    for batch in table.to_batches():
        columns = (batch[name].to_pylist() for name in ("kind", "members", "probability", "relation"))
        evidence = _sliced(batch["evidence"], [*starmap(Pair, _pair_values(batch["evidence"].flatten()))])
        for kind, members, probability, relation, pairs in zip(*columns, evidence, strict=True):
            if kind == "different":
                counts += np.array(members, np.int64)
            elif kind == "cluster":
                clusters.append(Cluster(tuple(members), probability, pairs))
            else:
                links[kind].append(Link((members[0], members[1]), probability, relation, pairs))
    return Deduplication(
        clusters=tuple(sorted(clusters, key=lambda cluster: cluster.members)),
        versions=tuple(
            sorted(
                links["version"],
                key=lambda link: (-1 if link.evidence else named[frozenset(link.members)], link.members),
            )
        ),
        review=tuple(sorted(links["review"], key=lambda link: link.members)),
        different=tuple(counts.tolist()),
    )


def _pair_values(pairs: pa.StructArray) -> Iterator[tuple[Any, ...]]:
    a, b, probability, fields, vetoes, score = pairs.flatten()
    of_fields = zip(*(column.to_pylist() for column in fields.flatten().flatten()), strict=True)
    return zip(
        a.to_pylist(),
        b.to_pylist(),
        probability.to_pylist(),
        _sliced(fields, [*starmap(FieldEvidence, of_fields)]),
        _sliced(vetoes, vetoes.flatten().to_pylist()),
        score.to_pylist(),
        strict=True,
    )


def _sliced(lists: pa.ListArray, items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The items of each list, given those of all."""
    sizes = lists.value_lengths().fill_null(0).to_pylist()
    return (tuple(items[start:end]) for start, end in pairwise(accumulate(sizes, initial=0)))
