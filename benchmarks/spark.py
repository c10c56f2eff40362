"""Deduplication on Spark compared with the local engine: seconds, CPU, memory and shuffled bytes, and equal results.

    python benchmarks/spark.py 20000 100000 --master 'local[2]'
    python benchmarks/spark.py --equality FILE.bib ... 100000
    python benchmarks/spark.py --skew 100000

The invented library of `benchmarks/dedup.py`, in Parquet files of 100,000 records. Each engine reads them and finds the
duplicates, in a process of its own; the local engine up to 2,000,000 records. CPU and memory are those of the process
and all that it started (Java, and Python's workers); memory is sampled, once a second.

`--equality` prints, for each file or number of records, whether clusters, versions and questions are those of the local
engine, with 1, 7 and 64 partitions and with the records in another order. `--skew` prints the same comparison, with
candidate pairs, CPU and memory, for so many records with one title, with one DOI, with the title `Editorial`, with one
title, author and year, and for a hundredth as many with one list of 5,000 authors.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import groupby, repeat
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the folders of the repository are packages

from benchmarks.dedup import invented_library
from refsync.decisions import NO_REMEMBERED_ANSWERS
from refsync.dedup.cluster import deduplicate
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.formats.tables import parquet
from refsync.records import Record
from refsync.sources import read_sources
from refsync.spark.duplicates import Task, find
from refsync.spark.found import found_results
from refsync.spark.frames import SOURCES, frame_of
from refsync.spark.read import read_on_workers
from refsync.spark.session import fit_partitions, session

SEED = 5
FILE = 100_000  # records of a file
BLOCK = 10 * FILE
WRITERS = 4  # processes that write blocks, with 3 GB each
LOCAL = 2_000_000  # records up to which the local engine is compared with
PARTITIONS = (1, 7, 64)
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Usage(threading.Thread):
    """CPU and memory of this process and those that it started, directly or not, from now on.

    Sampled each second: a process that Spark kills is waited for by none, and its CPU would be lost.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0  # bytes
        self.done = threading.Event()
        self._cpu: dict[tuple[int, str], float] = {}
        self._before = self._sample()
        self.start()

    @property
    def seconds(self) -> float:
        """CPU seconds since the start."""
        return self._sample() - self._before

    def run(self) -> None:
        while not self.done.wait(1):
            self._sample()

    def _sample(self) -> float:
        parent: dict[int, int] = {}
        found: dict[int, tuple[str, float, int]] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                text = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended
                continue
            parent[int(folder.name)] = int(text[1])
            found[int(folder.name)] = (text[19], sum(map(int, text[11:13])) / _TICK, int(text[21]) * _PAGE)
        own = {os.getpid()}
        while more := {pid for pid, of in parent.items() if of in own} - own:
            own |= more
        self._cpu |= {(pid, found[pid][0]): found[pid][1] for pid in own}
        self.peak = max(self.peak, sum(found[pid][2] for pid in own))
        return sum(self._cpu.values())


def signature(found: Deduplication) -> str:
    """A hash of all that was found."""
    return hashlib.sha256(repr(found).encode()).hexdigest()


def local_result(files: Sequence[str]) -> dict[str, Any]:
    return {"signature": signature(deduplicate(read_sources(files).records, DedupSettings()))}


def spark_result(files: Sequence[str], master: str) -> dict[str, Any]:
    start = time.perf_counter()

    def report(stage: str, done: int, total: int) -> None:
        print(f"{time.perf_counter() - start:.0f} s: {stage} {done} of {total}", file=sys.stderr, flush=True)

    with session(master) as spark:
        records = read_on_workers(spark, (), files)
        fit_partitions(spark, records.count)
        found = find(records.frame, Task(report=report))
        executors = spark.sparkContext._jsc.sc().statusStore().executorList(True)  # no public API has these
        shuffled = sum(executors.apply(i).totalShuffleWrite() for i in range(executors.size()))
        counts = {"shuffled bytes a record": shuffled // records.count, **found.counts}
        if records.count > LOCAL:  # nothing to compare with: the result stays on the workers' disks
            return counts
        result = found_results(found.rows.toArrow(), found.different, NO_REMEMBERED_ANSWERS)
    return {"signature": signature(_numbered(result)), **counts}


def _numbered(found: Deduplication) -> Deduplication:
    """A result over positions as one over the numbers of the records in files of `FILE` records."""

    def number(position: int) -> int:
        return (position >> SOURCES) * FILE + (position & ((1 << SOURCES) - 1)) - 1

    def moved(group: Any) -> Any:
        evidence = tuple(replace(pair, a=number(pair.a), b=number(pair.b)) for pair in group.evidence)
        return replace(group, members=tuple(map(number, group.members)), evidence=evidence)

    groups = {name: tuple(map(moved, getattr(found, name))) for name in ("clusters", "versions", "review")}
    return replace(found, **groups)


def run_engine(engine: str, size: int, folder: Path, master: str) -> None:
    """What each of the two processes does; its figures are printed as JSON."""
    files = [str(path) for path, _, _ in library_files(size, folder)]
    usage = Usage()
    start = time.perf_counter()
    result = local_result(files) if engine == "local" else spark_result(files, master)
    result["s"] = round(time.perf_counter() - start, 1)
    result["CPU s"] = round(usage.seconds, 1)
    result["MB"] = usage.peak >> 20
    print(json.dumps(result))


def library_files(size: int, folder: Path) -> Iterator[tuple[Path, int, int]]:
    """The files of a library, each with its block and the first of its records in it."""
    for first in range(0, size, FILE):
        block, start = divmod(first, BLOCK)
        yield folder / f"part-{min(size, BLOCK)}-{first // FILE:05d}.parquet", block, start


def write_library(size: int, folder: Path) -> None:
    """The invented library, in files: blocks of a million records, so that any size can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [file for file in library_files(size, folder) if not file[0].exists()]
    blocks = [[*files] for _, files in groupby(missing, key=lambda file: file[1])]
    with ProcessPoolExecutor(min(WRITERS, os.cpu_count() or 1)) as pool:
        [*pool.map(write_block, blocks, repeat(min(size, BLOCK)))]


def write_block(files: Sequence[tuple[Path, int, int]], size: int) -> None:
    records = invented_library(size, SEED, files[0][1])[0]
    for path, _, start in files:
        partial = path.with_suffix(".tmp")
        partial.write_bytes(parquet.write(records[start : start + FILE]))
        partial.rename(path)


def measured(size: int, folder: Path, master: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(size), "--folder", str(folder), "--master", master]
    subprocess.run([*command, "--engine", "write"], check=True)
    found = {}
    for engine in ("local", "spark") if size <= LOCAL else ("spark",):
        run = subprocess.run([*command, "--engine", engine], stdout=subprocess.PIPE, check=True)
        found[engine] = json.loads(run.stdout)
        print(engine, run.stdout.decode().strip(), file=sys.stderr, flush=True)
    if size > LOCAL:
        return {"records": size, **found}
    same = found["local"].pop("signature") == found["spark"].pop("signature")
    ratio = round(found["spark"]["CPU s"] / found["local"]["CPU s"], 2)
    return {"records": size, "equal": same, "CPU ratio": ratio, **found}


def equality(names: Sequence[str], master: str) -> None:
    """The table of sets and partitions."""
    print("| set | records | " + " | ".join(f"{n} partitions" for n in PARTITIONS) + " | another order |")
    print("|---|---|" + "---|" * (len(PARTITIONS) + 1))
    with session(master, FILE) as spark:
        for name in names:
            records = invented_library(int(name), SEED)[0] if name.isdecimal() else [*read_sources([name]).records]
            local = deduplicate(records, DedupSettings())
            cells = []
            for parts in PARTITIONS:
                spark.conf.set("spark.sql.shuffle.partitions", parts)
                cells.append(_found(spark, records) == local)
            shuffled = random.Random(SEED).sample(range(len(records)), len(records))
            mixed = [records[i] for i in shuffled]
            spark.conf.set("spark.sql.shuffle.partitions", 7)
            cells.append(_found(spark, mixed) == deduplicate(mixed, DedupSettings()))
            texts = ["equal" if cell else "DIFFERENT" for cell in cells]
            print(f"| {name} | {len(records):,} | " + " | ".join(texts) + " |", flush=True)


def skewed_libraries(size: int) -> dict[str, list[Record]]:
    """Libraries in which one value is on all records."""

    def library(count: int, **fields: str) -> list[Record]:
        rng = random.Random(SEED)
        rows = []
        for i in range(1, count + 1):
            first = rng.randint(1, 900)
            own = {
                "title": f"Observation {rng.randint(1, 10**9)} of series {rng.randint(1, 10**9)}",
                "author": f"Doe{rng.randint(1, count)}, Ann",
                "year": str(rng.randint(1950, 2025)),
                "journal": f"Journal {rng.randint(1, 400)}",
                "pages": f"{first}--{first + 9}",
            }
            rows.append(Record(source="a.csv", index=i, id=f"k{i}", type="article", fields={**own, **fields}))
        return rows

    many = " and ".join(f"Name{i}, A." for i in range(5000))
    return {
        "one title": library(size, title="Effects of light on the growth of moss"),
        "one DOI": library(size, doi="10.1234/volume"),
        "Editorial": library(size, title="Editorial"),
        "near-equal": library(size, title="Growth of moss on garden walls", author="Doe, Ann", year="2020"),
        "5,000 authors": library(size // 100, author=many),
    }


def skew(size: int, master: str) -> None:
    """The table of skewed libraries."""
    print("| library | records | result | pairs a record | largest component | CPU s, local | CPU s, Spark | MB |")
    print("|---|---|---|---|---|---|---|---|")
    for name, records in skewed_libraries(size).items():
        usage = Usage()
        local = deduplicate(records, DedupSettings())
        own = usage.seconds
        usage.done.set()
        with session(master, len(records)) as spark:
            usage = Usage()
            found = find(frame_of(spark, records), Task())
            same = found.results(Task()) == local
            used = usage.seconds
            usage.done.set()
        pairs = found.counts["candidate pairs"] / len(records)
        text = "equal" if same else "DIFFERENT"
        figures = f"{pairs:.1f} | {found.counts['largest component']:,} | {own:.1f} | {used:.1f} | {usage.peak >> 20:,}"
        print(f"| {name} | {len(records):,} | {text} | {figures} |", flush=True)


def _found(spark: Any, records: Sequence[Record]) -> Deduplication:
    found = find(frame_of(spark, records), Task())
    result = found.results(Task())
    found.release()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--equality", action="store_true")
    parser.add_argument("--skew", action="store_true")
    parser.add_argument("--engine", choices=["local", "spark", "write"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keep the libraries here, and use those that are here")
    options = parser.parse_args()
    if options.engine == "write":
        write_library(int(options.sizes[0]), options.folder)
    elif options.engine:
        run_engine(options.engine, int(options.sizes[0]), options.folder, options.master)
    elif options.equality:
        equality(options.sizes, options.master)
    elif options.skew:
        for size in options.sizes:
            skew(int(size), options.master)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for size in map(int, options.sizes):
                print(json.dumps(measured(size, options.folder or Path(folder), options.master)), flush=True)


if __name__ == "__main__":
    main()
