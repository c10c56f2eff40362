"""Speed, memory and accuracy of refsync and Splink on large invented libraries, in one run.

    python benchmarks/speed_peers.py [100000 1000000] [--peers-python PYTHON] [--jobs 2]

The library of `benchmarks/dedup.py` as a table, whose papers are known. Each tool reads it in a process of its own;
its seconds are those of finding duplicates, without reading the table. Splink is set up as in `benchmarks/peers.py`
(`pip install "refsync[peers]"`, in the environment of `--peers-python`), on DuckDB, which uses all cores. CPU seconds
and memory are those of all processes of a tool, with the table that they read; memory that several share counts once,
and it is sampled each second (on Linux). Precision and recall are over pairs of records of one paper. Splink has the
threshold .99 and, in a second row, the one of seven with the best F1. Prints a table and writes
benchmarks/results/speed_peers.json.
"""

import argparse
import csv
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.dedup import invented_library, measured
from refsync.dedup.cluster import deduplicate
from refsync.dedup.settings import DedupSettings
from refsync.processes import worker_processes
from refsync.sources import read_sources

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "speed_peers.json"
COLUMNS = "id entrytype title author year journal booktitle volume number pages doi isbn abstract url".split()
SEED = 9


def write_library(size: int, folder: Path) -> dict[str, int]:
    """Write the table; the paper of each record."""
    records, papers = invented_library(size, SEED)
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, restval="")
        table.writeheader()
        table.writerows({"id": record.id, "entrytype": record.type, **record.fields} for record in records)
    return {record.id: paper for record, paper in zip(records, papers, strict=True)}


def run_refsync(folder: Path, jobs: int) -> None:
    """What the process of refsync does."""
    with worker_processes(jobs):
        records = read_sources([str(folder / "records.csv")]).records
        start = time.perf_counter()
        found = deduplicate(records, DedupSettings())
        seconds = time.perf_counter() - start
    clusters = [[records[i].id for i in cluster.members] for cluster in found.clusters]
    print(json.dumps({"clusters": clusters, "asked": len(found.review), "seconds": seconds}))


def figures(tool: str, command: Sequence[str], paper: dict[str, int]) -> list[dict[str, Any]]:
    """Rows of the table."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = measured(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent = {"seconds": round(found["seconds"], 1), "CPU s": round(cpu, 1), "MB": found["all_mb"]}
    rows = [{"tool": tool, "records": len(paper), **spent, **accuracy(found["clusters"], paper)}]
    if scored := [{"at": least, **accuracy(own, paper)} for least, own in found.get("at", {}).items()]:
        best = max(scored, key=lambda row: row["F1"])
        rows.append({"tool": f"{tool}, best threshold ({best.pop('at')})", "records": len(paper), **spent, **best})
    return rows


def accuracy(clusters: Iterable[Sequence[str]], paper: dict[str, int]) -> dict[str, float]:
    """Over pairs."""
    found = right = 0
    for cluster in clusters:
        found += _pairs(len(cluster))
        right += sum(map(_pairs, Counter(paper[name] for name in cluster).values()))
    true = sum(map(_pairs, Counter(paper.values()).values()))
    precision, recall = right / max(found, 1), right / max(true, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 5), "recall": round(recall, 4), "F1": round(f1, 4), "wrong": found - right}


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--peers-python", default=sys.executable, help="the interpreter that has Splink")
    parser.add_argument("--jobs", type=int, default=2, help="processes of refsync")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        run_refsync(options.folder, options.jobs)
        return
    rows = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            paper = write_library(size, Path(folder))
            own = [sys.executable, __file__, "--folder", folder, "--jobs", str(options.jobs)]
            rows += figures("refsync", own, paper)
            _show(rows[-1:])
            new = figures("Splink", [options.peers_python, str(HERE / "peers.py"), "splink", folder], paper)
            _show(new)
            rows += new
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _show(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        print(
            "| " + " | ".join(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()),
            end=" |\n",
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
