"""Speed and memory of deduplication on a synthetic library.

    python benchmarks/dedup.py [1000 10000 100000] [--million] [--jobs 0] [--seed 1]

The library is invented: titles of 5 to 14 words from 6,000 made-up words (Zipf's law, so that some are common), 1 to 8
authors from 8,000 made-up names, 400 venues; 30 % of the papers have one to three further records, in which some of:
authors' given names become initials, the venue its abbreviation, pages lose their end, fields are lost, a letter of the
title is mistyped, case changes. Another process invents the library, so that its records follow each other in memory
as from a file. Each size runs in its own process, to measure its peak memory, which includes the library: that of this
process, and that of all (on Linux, sampled each second), in which memory that several share counts once. CPU seconds
are those of all processes; `--jobs 0` starts one for each core. Prints and writes to benchmarks/results/dedup.json.
"""

import argparse
import json
import marshal
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate, combinations
from pathlib import Path
from typing import Any

from refsync.dedup.cluster import deduplicate
from refsync.dedup.settings import DedupSettings
from refsync.processes import worker_processes
from refsync.records import Record

RESULTS = Path(__file__).parent / "results" / "dedup.json"
SYLLABLES = [
    c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "st", "tr") for v in "aeiou"
]


def words(rng: random.Random, count: int, longest: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(SYLLABLES, k=rng.randint(2, longest)))] = None
    return list(found)


def invented_library(size: int, seed: int, block: int = 0) -> tuple[list[Record], list[int]]:
    """Shuffled records, and the number of the paper that each describes.

    Several blocks of one seed are a larger library: they have the same words, names and venues, and other papers.
    """
    rng = random.Random(seed)
    vocabulary = words(rng, 6000, 5)
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(vocabulary))))
    families, given = words(rng, 8000, 3), words(rng, 400, 3)
    venues = [[word.title() for word in rng.choices(vocabulary[:800], k=rng.randint(1, 3))] for _ in range(400)]
    if block:
        rng = random.Random(f"{seed} {block}")
    rows: list[tuple[dict[str, str], int]] = []
    papers = block * size
    while len(rows) < size:
        papers += 1
        venue = rng.choice(venues)
        start = rng.randint(1, 2000)
        people = [(rng.choice(families).title(), rng.choice(given).title()) for _ in range(rng.randint(1, 8))]
        paper = {
            "title": " ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(5, 14))).capitalize(),
            "author": " and ".join(f"{family}, {name}" for family, name in people),
            "year": str(rng.randint(1990, 2025)),
            "journal": "Journal of " + " ".join(venue),
            "volume": str(rng.randint(1, 80)),
            "number": str(rng.randint(1, 12)),
            "pages": f"{start}--{start + rng.randint(2, 30)}",
            "doi": f"10.{rng.randint(1000, 1400)}/{papers}",
            "abstract": " ".join(rng.choices(vocabulary, cum_weights=weights, k=120)).capitalize() + ".",
        }
        rows.append((paper, papers))
        if rng.random() < 0.3:
            rows.extend((corrupted_copy(paper, people, venue, rng), papers) for _ in range(rng.randint(1, 3)))
    rows = rows[:size]
    rng.shuffle(rows)
    records = [
        Record(source="lib.csv", index=i, id=f"k{i}", type="article", fields=row) for i, (row, _) in enumerate(rows, 1)
    ]
    return records, [number for _, number in rows]


def corrupted_copy(
    paper: dict[str, str], people: list[tuple[str, str]], venue: list[str], rng: random.Random
) -> dict[str, str]:
    row = dict(paper)
    if rng.random() < 0.6:
        row["author"] = " and ".join(f"{family}, {name[0]}." for family, name in people)
    if rng.random() < 0.5:
        row["journal"] = "J. " + " ".join(f"{word[:4]}." for word in venue)
    if rng.random() < 0.3:
        row["pages"] = row["pages"].split("--")[0]
    if rng.random() < 0.3:
        at = rng.randrange(len(row["title"]))
        row["title"] = row["title"][:at] + rng.choice("aeioust") + row["title"][at + 1 :]
    if rng.random() < 0.3:
        row["title"] = row["title"].upper() + "."
    for name in ("doi", "abstract", "number", "volume", "pages"):
        if rng.random() < 0.3:
            row.pop(name, None)
    return row


def write_library(size: int, seed: int) -> None:
    """Write the numbers of the papers and the fields of the records to standard output."""
    records, papers = invented_library(size, seed)
    marshal.dump(papers, sys.stdout.buffer)
    for record in records:
        marshal.dump(dict(record.fields), sys.stdout.buffer, 2)


def written_library(size: int, seed: int) -> tuple[list[Record], list[int]]:
    """What another process wrote."""
    with tempfile.TemporaryFile() as file:
        subprocess.run([sys.executable, __file__, str(size), "--seed", str(seed), "--write"], stdout=file, check=True)
        file.seek(0)
        papers = marshal.load(file)
        records = []
        for number in range(1, size + 1):
            fields = {sys.intern(name): value for name, value in marshal.load(file).items()}
            records.append(Record("lib.csv", number, f"k{number}", "article", fields=fields))
        return records, papers


class StageTimes:
    """Seconds of each stage, from the calls of `progress`: the time up to a call belongs to its stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.candidates = 0
        self.last = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        self.spent[stage] += now - self.last
        self.last = now
        if stage == "score" and not self.candidates:
            self.candidates = total


def peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def cpu_seconds() -> float:
    """Of this process and of those that it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run(size: int, seed: int, jobs: int) -> dict[str, Any]:
    records, papers = written_library(size, seed)
    before = peak_mb()
    stages = StageTimes()
    start, cpu = time.perf_counter(), cpu_seconds()
    with worker_processes(jobs):
        result = deduplicate(records, DedupSettings(), progress=stages)
    stages("show", 1, 1)
    seconds, cpu = time.perf_counter() - start, cpu_seconds() - cpu
    left = len(records) - sum(len(c.members) - 1 for c in result.clusters)
    wrong = sum(
        bool(x and y and x != y)
        for c in result.clusters
        for i, j in combinations(c.members[:30], 2)
        for x, y in [(records[i].fields.get("doi"), records[j].fields.get("doi"))]
    )
    return {
        "records": size,
        "papers": len({*papers}),
        "left": left,
        "wrong": wrong,
        "review": len(result.review),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "cpu_ms_per_record": round(1000 * cpu / size, 3),
        "records_per_second": round(size / seconds),
        "candidates_per_record": round(stages.candidates / size, 2),
        "peak_mb": peak_mb(),
        "library_mb": before,
        "shares": {name: round(value / seconds, 2) for name, value in stages.spent.items()},
    }


def measured(command: Sequence[str]) -> dict[str, Any]:
    """The figures in the last line that a process prints, and the memory that it and those it starts take together."""
    most = 0
    with tempfile.TemporaryFile() as printed, subprocess.Popen(command, stdout=printed) as running:
        while running.poll() is None:
            most = max(most, proportional_kb(running.pid))
            with suppress(subprocess.TimeoutExpired):
                running.wait(1)
        if running.returncode:
            raise subprocess.CalledProcessError(running.returncode, command)
        printed.seek(0)
        row: dict[str, Any] = json.loads(printed.read().splitlines()[-1])
    return {**row, "all_mb": most >> 10}


def proportional_kb(pid: int) -> int:
    """The memory of a process and of those that it started; a page that several share counts in parts (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended, or this is another system
        return 0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(map(proportional_kb, map(int, children)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="a million records too (5 GB)")
    parser.add_argument("--jobs", type=int, default=1, help="processes; 0 for one for each core")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write:
        write_library(args.sizes[0], args.seed)
        return
    if args.one:
        print(json.dumps(run(args.sizes[0], args.seed, args.jobs)))
        return
    rows = []
    for size in [*args.sizes, *[1_000_000] * args.million]:
        command = [sys.executable, __file__, str(size), "--seed", str(args.seed), "--jobs", str(args.jobs), "--one"]
        row = measured(command)
        rows.append(row)
        shares = ", ".join(f"{name} {share:.0%}" for name, share in row["shares"].items())
        print(
            f"{size:>9,} records: {row['seconds']:>7.2f} s ({row['records_per_second']:,} a second), "
            f"CPU {row['cpu_seconds']:.2f} s, {row['cpu_ms_per_record']:.3f} ms each; "
            f"{row['candidates_per_record']} candidates each, "
            f"peak {row['peak_mb']} MB, of all processes {row['all_mb']} MB (library {row['library_mb']} MB); "
            f"{row['left']:,} left of {row['papers']:,} papers, {row['wrong']} wrong pairs, {row['review']} asked; "
            f"{shares}",
            flush=True,
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
