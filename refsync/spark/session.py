"""Opening a Spark session, with errors that name what is missing and what to do."""

import errno
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.errors import ConfigError, RefsyncError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
_WAIT = 60  # seconds in which a master has to answer
_ROWS = 15_000  # of a task
_UNLIMITED = (1 << 31) - 1
_FEW = 50_000
_NAME = "refsync"
# Java optimises what Spark generates for each query anew: with its own thresholds that takes a fourth of all CPU
_RARELY = {"Invocation": 50_000, "MinInvocation": 6_000, "Compile": 150_000, "BackEdge": 400_000}
_JAVA = " ".join(
    ("-XX:+UseParallelGC -XX:+IgnoreUnrecognizedVMOptions", *(f"-XX:Tier4{k}Threshold={v}" for k, v in _RARELY.items()))
)
_PARTITIONS = "spark.sql.shuffle.partitions"
_PYTHON_ERROR = re.compile(r"[\w.]+(?:Error|Exception|Exit|Interrupt): ")
_MASTER = re.compile(r"local(?:\[(?:\*|\d+)(?:,\d+)?\])?|(?:spark|k8s|sc)://\S+|yarn")


@contextmanager
def session(master: str, rows: int = 0) -> Iterator["SparkSession"]:
    """A session on a master, which is stopped at the end; the one that is open already is used as it is.

    Args:
        master: its address.
        rows: about how many rows there are, if that is known: a few need few tasks.

    Raises:
        ConfigError: there is no such master, it does not answer, or Java is missing or too old.
    """
    if not _MASTER.fullmatch(master):
        raise ConfigError(
            f"{master!r} is no Spark master", hint="local[*], spark://HOST:7077, yarn, k8s://HOST or sc://HOST:15002"
        )
    connect = master.startswith("sc://")
    if not connect:
        check_java()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if opened := SparkSession.getActiveSession():  # a notebook's, or that of spark-submit
        yield opened
        return
    logging.getLogger().addHandler(logging.NullHandler())  # py4j would print tracebacks of an interrupt, too
    builder = SparkSession.builder.appName(_NAME)
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the workers' is the first `python3` of the path
    for name, value in _settings(master, rows).items():
        builder = builder.config(name, value)
    try:
        opened = (builder.remote(master) if connect else builder.master(master)).getOrCreate()
        opened.range(1).count()  # a master that does not answer is only noticed now
    except (PySparkException, OSError, RuntimeError) as error:
        raise ConfigError(f"the Spark master {master} does not answer: {_first_line(error)}", hint=_HINT) from None
    except Exception as error:  # errors of Java have no type of their own here
        if type(error).__module__.startswith(("py4j", "grpc")):
            raise ConfigError(f"the Spark master {master} does not answer: {_first_line(error)}", hint=_HINT) from None
        raise
    try:
        yield opened
    finally:
        with suppress(OSError):  # a signal to all processes ended Java first
            opened.stop()


_HINT = "check its address and that it runs; --master 'local[*]' uses this machine alone"


def _settings(master: str, rows: int) -> dict[str, str]:
    """Settings for our stages; those of the user's `spark-defaults.conf` and `spark-submit` stay for a cluster."""
    settings = {
        # few rows instead of few bytes, which are counted anew at each row: 7 % of Java's time
        "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
        "spark.sql.execution.arrow.maxBytesPerBatch": str(_UNLIMITED),
        "spark.sql.adaptive.enabled": "false",  # it would divide again what is kept by name, and move it once more
        "spark.sql.inMemoryColumnarStorage.compressed": "false",  # hashes and profiles: what is written is compressed
        "spark.io.compression.codec": "zstd",
        "spark.sql.objectHashAggregate.sortBased.fallbackThreshold": "1000000",
        "spark.log.level": os.environ.get("SPARK_LOG_LEVEL", "FATAL"),  # errors are ours to explain
        "spark.ui.showConsoleProgress": "false",
    }
    if rows:
        settings[_PARTITIONS] = partitions(rows)
    if master.startswith("local"):
        settings |= {
            "spark.ui.enabled": "false",
            "spark.driver.memory": os.environ.get("SPARK_DRIVER_MEMORY", "4g"),
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.extraJavaOptions": _JAVA,
        }
        if 0 < rows < _FEW:  # most of the time is spent on compiling what runs once
            settings["spark.driver.extraJavaOptions"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            settings["spark.sql.codegen.wholeStage"] = "false"
    if master.startswith("sc://"):  # a server has all other settings already
        settings = {name: value for name, value in settings.items() if name.startswith("spark.sql.")}
    if master.startswith("spark://"):
        settings["spark.cores.max"] = os.environ.get("SPARK_CORES_MAX", "1024")
    return settings


def partitions(rows: int) -> str:
    """Into how many parts so many records are divided."""
    return str(max(2, -(-rows // _ROWS)))


def fit_partitions(spark: "SparkSession", rows: int) -> None:
    """Divide what follows as suits so many records, in a session of our own."""
    if spark.conf.get("spark.app.name") == _NAME:
        spark.conf.set(_PARTITIONS, partitions(rows))


def check_java() -> None:
    """Check that there is a Java that Spark runs on.

    Raises:
        ConfigError: there is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME", "")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    hint = f"install a JDK {OLDEST_JAVA} or newer (Debian: apt install openjdk-17-jre-headless) and set JAVA_HOME"
    if not java or not Path(java).is_file():
        raise ConfigError("Spark needs Java, and there is none" + (f" in JAVA_HOME={home}" if home else ""), hint=hint)
    try:
        shown = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=_WAIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(f"{java} does not run: {error}", hint=hint) from None
    found = re.search(r'version "(?:1\.)?(\d+)', shown.stderr + shown.stdout)
    if not found:
        raise ConfigError(f"{java} does not say which version it is", hint=hint)
    if int(found[1]) < OLDEST_JAVA:
        raise ConfigError(f"Spark needs Java {OLDEST_JAVA} or newer, and {java} is Java {found[1]}", hint=hint)


@contextmanager
def explained() -> Iterator[None]:
    """Gives errors of a running job a message and a remedy.

    Raises:
        RefsyncError: the job failed.
    """
    try:
        yield
    except RefsyncError:
        raise
    except Exception as error:
        module = type(error).__module__
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)  # as the driver writes
        if not full and not module.startswith(("pyspark", "py4j", "grpc")):
            raise
        text = str(error)
        for pattern, message, hint in _FAILURES:
            if re.search(pattern, text):
                scratch = os.environ.get("SPARK_LOCAL_DIRS", tempfile.gettempdir())
                raise RefsyncError(message.format(scratch=scratch), hint=hint) from error
        raise RefsyncError(f"the Spark job failed: {_first_line(error)}", hint="nothing was written") from error


_FAILURES = (
    (
        r"\[Errno (?:28|122)\]",  # of Python, which writes the parts; Spark itself writes by Java
        "the disk of the output (-o) is full",
        "nothing was written; make room there, or name a folder on a larger disk, and run it again",
    ),
    (
        r"No space left on device|Disk quota exceeded",
        "the scratch disk of Spark is full: {scratch} on this machine, or the workers' own",
        "nothing was written; name a larger disk in SPARK_LOCAL_DIRS (or spark.local.dir) and run it again",
    ),
    (
        r"FileNotFoundError: .*(?:\.tmp\b|: ')",
        "a worker does not see a folder that this machine sees",
        "nothing was written; name inputs and -o DIR on a file system that all workers have under the same name",
    ),
    (
        r"No module named '(?:refsync|pyarrow|rapidfuzz|numpy)",
        "refsync or a package that it needs is not installed where Spark runs its tasks",
        "install `refsync[spark]` on the workers, or ship it: docs/scale.md says how",
    ),
    (
        r"PYTHON_VERSION_MISMATCH|different version .* than that in driver",
        "the workers run another Python than this machine",
        "set PYSPARK_PYTHON to the same version",
    ),
    (
        r"stopped SparkContext|SparkContext was shut down",
        "Spark's driver (or the server of Spark Connect) ended while it worked, as it does without memory",
        "nothing was written; give it more memory (spark.driver.memory), and see its log",
    ),
    (
        r"OutOfMemoryError|Python worker exited unexpectedly|ExecutorLostFailure|Checkpoint block|exitCode 137",
        "a task ran out of memory or its process died, also when it was repeated",
        "nothing was written; give executors more memory (spark.executor.memory, spark.executor.memoryOverhead)",
    ),
)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if lines and lines[0].endswith("Python worker:"):  # the cause is the last line of its traceback
        lines = [line for line in lines if _PYTHON_ERROR.match(line)][:1] or lines
    return lines[0][:300] if lines else type(error).__name__
