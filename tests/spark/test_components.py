"""Connected components, on the driver and by stars."""

import random
from itertools import pairwise
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

import numpy as np

from refsync.spark.components import components, labels


def test_labels_of_long_chains() -> None:
    order = np.random.default_rng(1).permutation(5000)
    joined = labels(5001, order[:-1], order[1:])
    assert joined[:5000].tolist() == [0] * 5000
    assert joined[5000] == 5000


@pytest.mark.parametrize("on_driver", [0, 1000])
def test_a_long_path_and_a_star(spark: Any, on_driver: int) -> None:
    """As many rounds as it takes, each in a plan of its own."""
    spark.conf.set("spark.sql.shuffle.partitions", 2)
    places = random.Random(5).sample(range(200), 200)
    path = [(b"%03d" % a, b"%03d" % b) for a, b in pairwise(places)]
    star = [(b"center", b"leaf %d" % i) for i in range(20)]
    rows = components(spark.createDataFrame(path + star, "a binary, b binary"), on_driver).collect()
    found: dict[int, set[bytes]] = {}
    for row in rows:
        found.setdefault(row["component"], set()).add(bytes(row["name"]))
    assert len(rows) == 221
    assert sorted(map(len, found.values())) == [21, 200]
    assert {*star[0]} <= next(own for own in found.values() if b"center" in own)
