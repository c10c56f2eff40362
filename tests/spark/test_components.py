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


@pytest.mark.parametrize("on_driver", [False, True])
def test_a_long_path_and_a_star(spark: Any, on_driver: bool) -> None:
    """As many rounds as it takes, each in a plan of its own."""
    spark.conf.set("spark.sql.shuffle.partitions", 2)
    places = random.Random(5).sample(range(200), 200)
    path = [*pairwise(places)]
    star = [(-1, 1000 + i) for i in range(20)]
    rows = components(spark.createDataFrame(path + star, "a bigint, b bigint"), on_driver=on_driver).collect()
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["component"], set()).add(row["node"])
    assert found == {0: {*range(200)}, -1: {end for pair in star for end in pair}}
    assert len(rows) == 221
