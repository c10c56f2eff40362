"""Blocks of sorted partitions are those of the local engine, in whatever pieces the partition is read."""

from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import pyarrow as pa

from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.blocking_keys import KINDS, refinements
from refsync.dedup.profile import Profile, profile
from refsync.spark.blocks import block_pairs
from refsync.spark.encode import digest_codes, text_digest
from tests.spark.libraries import crowded, papers


def text_code(kind: int, text: str) -> int:
    return int(digest_codes([text_digest(kind, text)])[0])


_ORDER = [("code", "ascending"), ("kind", "ascending"), ("name", "ascending")]


def sorted_batches(rows: list[dict[str, object]], size: int) -> Any:
    return pa.Table.from_pylist(rows).sort_by(_ORDER).to_batches(size)


def pairs_in_pieces(profiles: list[Profile], old: set[int], rows: int) -> set[tuple[int, int]]:
    names = [b"%08d" % i for i in range(len(profiles))]
    keys = [
        {"kind": kind, "code": text_code(kind, key), "name": names[i], "old": i in old}
        for i, one in enumerate(profiles)
        for kind, (keys_of, _) in enumerate(KINDS)
        for key in keys_of(one)
    ]
    found = pa.Table.from_batches(list(block_pairs(iter(sorted_batches(keys, rows)), refined=False))).to_pylist()
    common = [row for row in found if row["b"] is None]
    assert common
    seconds = [
        {"kind": row["kind"], "code": text_code(which, f"{row['code']} {second}"), "name": row["a"], "old": row["old"]}
        for row in common
        for which, second in enumerate(refinements(profiles[int(row["a"])]))
        if second
    ]
    refined = pa.Table.from_batches(list(block_pairs(iter(sorted_batches(seconds, rows)), refined=True))).to_pylist()
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
