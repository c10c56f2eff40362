"""Blocks of sorted partitions are those of the local engine, in whatever pieces the partition is read."""

import random
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import pyarrow as pa

from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.blocking_keys import KINDS, refinements
from refsync.dedup.profile import Profile, profile
from refsync.spark.blocks import block_pairs
from refsync.spark.encode import KIND, text_codes
from tests.spark.libraries import crowded, papers


def text_code(kind: int, text: str) -> int:
    return int(text_codes([kind], [text])[0])


def sorted_batches(rows: list[dict[str, object]], size: int, *by: str) -> Any:
    return pa.Table.from_pylist(rows).sort_by([(name, "ascending") for name in by]).to_batches(size)


def pairs_in_pieces(profiles: list[Profile], old: set[int], rows: int) -> set[tuple[int, int]]:
    names = [b"%08d" % i for i in range(len(profiles))]
    keys = [
        {"code": text_code(kind, key), "name": names[i], "old": i in old}
        for i, one in enumerate(profiles)
        for kind, (keys_of, _) in enumerate(KINDS)
        for key in keys_of(one)
    ]
    random.Random(3).shuffle(keys)  # nodes with one key are in no order
    found = pa.Table.from_batches([*block_pairs(sorted_batches(keys, rows, "code"), refined=False)]).to_pylist()
    common = [row for row in found if row["b"] is None]
    assert common
    seconds = [
        {"code": text_code(row["code"] & KIND, f"{row['code']} {which} {second}"), "name": row["a"], "old": row["old"]}
        for row in common
        for which, second in enumerate(refinements(profiles[int(row["a"])]))
        if second
    ]
    in_order = sorted_batches(seconds, rows, "code", "name")
    refined = pa.Table.from_batches([*block_pairs(in_order, refined=True)]).to_pylist()
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
