"""One Spark session for all tests of this folder; without Java or PySpark they are skipped."""

import os
import warnings
from collections.abc import Iterator

import pytest

from refsync.errors import ConfigError


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    pytest.importorskip("pandas", reason="pandas is not installed")
    from refsync.spark.session import check_java, session

    # by TCP each task of a Python process waits 40 ms
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--conf spark.python.unix.domain.socket.enabled=true pyspark-shell"
    try:
        check_java()
    except ConfigError as error:
        pytest.skip(str(error))
    with warnings.catch_warnings(), session("local[2,3]", 1000) as opened:
        opened.conf.set("spark.sql.adaptive.enabled", "false")
        yield opened
    for name in ("PYSPARK_PYTHON", "PYSPARK_SUBMIT_ARGS"):
        os.environ.pop(name, None)
