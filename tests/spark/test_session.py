"""Messages where Spark cannot run."""

import errno
import subprocess
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.errors import ConfigError, RefsyncError

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

from refsync.spark.session import check_java, explained, session


def fake_java(folder: Path, version: str) -> None:
    (folder / "bin").mkdir()
    java = folder / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)


def test_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match="needs Java") as caught:
        check_java()
    assert "openjdk-17" in str(caught.value.hint)


@pytest.mark.parametrize("version", ["1.8.0_392", "11.0.21"])
def test_an_old_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    fake_java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ConfigError, match="Java 17 or newer"):
        check_java()


def test_a_java_that_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_java(tmp_path, "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    check_java()


@pytest.mark.parametrize("master", ["moss", "local[x]", "http://example.org"])
def test_no_master(master: str) -> None:
    with pytest.raises(ConfigError, match="no Spark master"), session(master):
        pass


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("java.io.IOException: No space left on device", "scratch disk of Spark is full: /scratch on"),
        ("OSError: [Errno 28] No space left on device", r"the output \(-o\) is full"),
        ("ModuleNotFoundError: No module named 'refsync'", "not installed where"),
        ("Python worker exited unexpectedly (crashed)", "ran out of memory or its process died"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/x/.out.abc.tmp/papers'", "does not see a folder"),
        ("Cannot call methods on a stopped SparkContext", "ended while it worked"),
        ("something else", "the Spark job failed: something else"),
    ],
)
def test_a_job_that_fails(monkeypatch: pytest.MonkeyPatch, cause: str, expected: str) -> None:
    from pyspark.errors import PySparkException

    monkeypatch.setenv("SPARK_LOCAL_DIRS", "/scratch")
    with pytest.raises(RefsyncError, match=expected) as caught, explained():
        raise PySparkException(cause)
    assert caught.value.hint


def test_a_full_disk_of_the_driver() -> None:
    with pytest.raises(RefsyncError, match="the output"), explained():
        raise OSError(errno.ENOSPC, "No space left on device")


def test_errors_that_are_not_sparks_stay() -> None:
    with pytest.raises(subprocess.TimeoutExpired), explained():
        raise subprocess.TimeoutExpired("x", 1)


def test_a_master_without_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.bib").write_text("@misc{moss, title={Moss}}")
    assert main(["dedupe", str(tmp_path / "a.bib"), "--master", "yarn"]) == 2
    assert "--master is for --engine spark" in capsys.readouterr().err
