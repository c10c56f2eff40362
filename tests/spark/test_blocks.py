"""Blocks of sorted partitions are those of the local engine, in whatever pieces the partition is read."""

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import pyarrow as pa

from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.profile import Profile, profile
from refsync.spark.blocks import block_pairs, node_keys, second_keys
from refsync.spark.encode import profile_bytes
from tests.spark.libraries import crowded, papers

_ORDER = [("kind", "ascending"), ("code", "ascending"), ("name", "ascending")]


def pairs_in_pieces(profiles: list[Profile], old: set[int], rows: int) -> set[tuple[int, int]]:
    names = [b"%08d" % i for i in range(len(profiles))]
    flags = [i in old for i in range(len(profiles))]
    data = [profile_bytes(one) for one in profiles]
    nodes = pa.RecordBatch.from_arrays(
        [pa.array(names, pa.binary()), pa.array(data, pa.binary()), pa.array(flags)], names=["name", "profile", "old"]
    )
    keys = pa.Table.from_batches(list(node_keys(iter([nodes])))).sort_by(_ORDER)
    found = pa.Table.from_batches(list(block_pairs(iter(keys.to_batches(rows)), refined=False))).to_pylist()
    by_name = dict(zip(names, data, strict=True))
    common = [
        {"kind": row["kind"], "code": row["code"], "name": row["a"], "old": row["old"], "profile": by_name[row["a"]]}
        for row in found
        if row["b"] is None
    ]
    assert common
    seconds = pa.Table.from_batches(list(second_keys(iter([pa.RecordBatch.from_pylist(common)])))).sort_by(_ORDER)
    refined = pa.Table.from_batches(list(block_pairs(iter(seconds.to_batches(rows)), refined=True))).to_pylist()
    both = [row for row in found if row["b"] is not None] + refined
    return {(int(row["a"]), int(row["b"])) for row in both}


@pytest.mark.parametrize("rows", [7, 100_000])
@pytest.mark.parametrize("old", [set(), set(range(0, 140, 3))])
def test_the_same_candidates(rows: int, old: set[int]) -> None:
    profiles = [profile(record) for record in [*crowded(120), *papers(30)]]
    local = {(int(a), int(b)) for a, b in candidate_pairs(profiles, old)}
    assert pairs_in_pieces(profiles, old, rows) == local


def test_a_common_key_is_bounded() -> None:
    """Hundreds of records of one DOI and one title have a few pairs each."""
    profiles = [profile(record) for record in crowded(600)]
    assert len(pairs_in_pieces(profiles, set(), 100)) < 200 * len(profiles)
