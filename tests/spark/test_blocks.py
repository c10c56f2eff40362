"""Blocks of sorted partitions are those of the local engine, in whatever pieces the partition is read."""

import random
from collections import Counter
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import pyarrow as pa

from refsync.dedup import blocking_keys
from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.blocking_keys import KINDS, refinements
from refsync.dedup.profile import Profile, profile
from refsync.spark import encode
from refsync.spark.blocks import block_pairs, refined_block_pairs, window_pairs
from refsync.spark.encode import text_codes
from tests.spark.libraries import crowded, papers


def text_code(kind: int, text: str) -> int:
    return int(text_codes([kind], [text])[0])


def sorted_batches(rows: list[dict[str, object]], size: int, *by: str) -> Any:
    return pa.Table.from_pylist(rows).sort_by([(name, "ascending") for name in by]).to_batches(size)


def pairs_in_pieces(profiles: list[Profile], old: set[int], rows: int, most: int = 100) -> set[tuple[int, int]]:
    nodes = [2 * i + (i in old) for i in range(len(profiles))]
    keys = [
        {"code": text_code(kind, key), "node": nodes[i]}
        for i, one in enumerate(profiles)
        for kind, (keys_of, _) in enumerate(KINDS)
        for key in keys_of(one)
    ]
    random.Random(3).shuffle(keys)  # nodes with one key are in no order
    found = rows_of(block_pairs(sorted_batches(keys, rows, "code"), len(profiles) - len(old)))
    common = [row for row in found if row["b"] is None]
    assert common
    seconds = [
        [text_code(which, second) for which, second in enumerate(refinements(one)) if second] for one in profiles
    ]
    both = [{**named(row), "seconds": seconds[row["a"] // 2]} for row in common]
    refined = rows_of(refined_block_pairs(sorted_batches(both, rows, "code"), most))
    vast = [named(row) for row in refined if row["b"] is None]
    windows = rows_of(window_pairs(sorted_batches(vast, rows, "code", "name"))) if vast else []
    assert bool(vast) == (most < 1000)
    times: Counter[tuple[int, int]] = Counter()
    for row in [*found, *refined, *windows]:
        if row["b"] is not None:
            times[row["a"] // 2, row["b"] // 2] += 1 + row["sure"]
    return {pair for pair, number in times.items() if number > 1}


def named(occurrence: dict[str, Any]) -> dict[str, Any]:
    return {"code": occurrence["code"], "node": occurrence["a"], "name": b"%08d" % occurrence["a"]}


def rows_of(batches: Any) -> list[dict[str, Any]]:
    return pa.Table.from_batches([*batches]).to_pylist()


@pytest.mark.parametrize("rows", [7, 100_000])
@pytest.mark.parametrize("most", [10, 1000])
@pytest.mark.parametrize("old", [set(), set(range(0, 140, 3))])
@pytest.mark.parametrize("small", [10, 10_000])
def test_the_same_candidates(rows: int, old: set[int], most: int, small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where batches are read one by one, a task holds ten rows of a common key only, or the library is large."""
    monkeypatch.setattr(encode, "_JOINED", rows)
    monkeypatch.setattr(blocking_keys, "_SMALL", small)
    profiles = [profile(record) for record in [*crowded(120), *papers(30)]]
    local = {(int(a), int(b)) for a, b in candidate_pairs(profiles, old)}
    assert pairs_in_pieces(profiles, old, rows, most) == local


def test_a_common_key_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of records of one DOI and one title have a few pairs each."""
    monkeypatch.setattr(encode, "_JOINED", 100)
    profiles = [profile(record) for record in crowded(600)]
    assert len(pairs_in_pieces(profiles, set(), 100)) < 200 * len(profiles)
