"""Deduplication on Spark compared with the local engine: seconds, CPU, memory and shuffled bytes, and equal results.

    python benchmarks/spark.py 20000 100000 --master 'local[2]'

The invented library of `benchmarks/dedup.py`, as JSON. CPU and memory are those of this process and all that it started
(Java, and Python's workers); memory is sampled, once a second.
"""

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.dedup import invented_library
from refsync.dedup.cluster import deduplicate
from refsync.dedup.settings import DedupSettings
from refsync.spark.duplicates import Task, find
from refsync.spark.frames import frame_of
from refsync.spark.session import session

SEED = 5
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def processes() -> tuple[float, int]:
    """CPU seconds and resident bytes of the processes that this one started, directly or not."""
    parent: dict[int, int] = {}
    used: dict[int, tuple[float, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended
            continue
        parent[int(folder.name)] = int(text[1])
        used[int(folder.name)] = (sum(map(int, text[11:15])) / _TICK, int(text[21]) * _PAGE)
    own = {os.getpid()}
    while more := {pid for pid, of in parent.items() if of in own} - own:
        own |= more
    own.discard(os.getpid())
    return sum(used[pid][0] for pid in own), sum(used[pid][1] for pid in own)


class Peak(threading.Thread):
    """Samples the memory of the started processes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(1):
            self.bytes = max(self.bytes, processes()[1])


def measured(size: int, master: str) -> dict[str, Any]:
    records, _ = invented_library(size, SEED)
    start, cpu = time.perf_counter(), time.process_time()
    local = deduplicate(records, DedupSettings())
    seconds, local_cpu = time.perf_counter() - start, time.process_time() - cpu
    result: dict[str, Any] = {"records": size, "local s": round(seconds, 1), "local CPU s": round(local_cpu, 1)}
    with session(master, size) as spark:
        peak = Peak()
        peak.start()
        before = processes()[0] + time.process_time()
        start = time.perf_counter()
        task = Task()
        found = find(frame_of(spark, records), task)
        got = found.results(task)
        result["spark s"] = round(time.perf_counter() - start, 1)
        result["spark CPU s"] = round(processes()[0] + time.process_time() - before, 1)
        peak.done.set()
        executors = spark.sparkContext._jsc.sc().statusStore().executorList(True)  # no public API has these
        shuffled = sum(executors.apply(i).totalShuffleWrite() for i in range(executors.size()))
        result["shuffled bytes a record"] = round(shuffled / size)
        result["peak MB"] = peak.bytes >> 20
        result |= found.counts
    result["CPU ratio"] = round(result["spark CPU s"] / result["local CPU s"], 2)
    result["equal"] = got == local
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--master", default="local[2]")
    options = parser.parse_args()
    for number in options.sizes:
        print(json.dumps(measured(number, options.master)), flush=True)
