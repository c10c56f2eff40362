"""How fast BibTeX is scanned, read and written, beside bibtexparser: `python benchmarks/bibtex.py [ENTRIES...]`.

Generated libraries; CPU seconds, the best of three runs of refsync and one of bibtexparser. Memory is what the records
hold beside the text of their values.
"""

import gc
import json
import logging
import platform
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import bibtexparser

from refsync.formats.bibtex import read, write
from refsync.formats.bibtex_scan import scan

RESULTS = Path(__file__).parent / "results" / "bibtex.json"
SIZES = (1, 1_000, 12_000)
WORDS = (
    "kelp moss lichen harbour estuary sediment plankton tidal survey model growth network of the in and for with "
    "{DNA} {\\'e}tude M{\\\"u}ller $\\alpha$-diversity 5\\% R\\&D habitats sampling long-term observation coastal"
).split()


def library(entries: int) -> str:
    rng = random.Random(entries)

    def words(count: int) -> str:
        return " ".join(rng.choices(WORDS, k=count))

    def entry(number: int) -> str:
        return (
            f"@article{{key{number},\n"
            f"  author    = {{M{{\\'a}}rquez, Ada and Doe, Jane Q. and van Dyk, Ben}},\n"
            f"  title     = {{{words(10)}}},\n  journal   = jce,\n  year      = {rng.randint(1960, 2025)},\n"
            f'  month     = mar,\n  volume    = "{rng.randint(1, 90)}",\n  pages     = {{{number}--{number + 9}}},\n'
            f"  doi       = {{10.5555/{number}}},\n  keywords  = {{{words(4)}}},\n"
            f"  abstract  = {{{words(120)}}}\n}}\n\n"
        )

    return '@string{jce = "Journal of Coastal Enquiry"}\n' + "".join(map(entry, range(entries)))


def seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def bytes_per_record(data: bytes, entries: int) -> float:
    gc.collect()
    tracemalloc.start()
    snapshot = read(data, "generated.bib")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    values = sum(len(value) for record in snapshot.records for value in record.fields.values())
    return (held - values) / entries


def measure(entries: int) -> dict[str, float]:
    text = library(entries)
    data = text.encode()
    records = read(data, "generated.bib").records
    result = {
        "entries": entries,
        "megabytes": len(data) / 1e6,
        "scan": seconds(lambda: list(scan(text))),
        "read": seconds(lambda: read(data, "generated.bib")),
        "write": seconds(lambda: write(records)),
        "bytes_per_record": bytes_per_record(data, entries),
    }
    start = time.process_time()
    database = bibtexparser.loads(text, bibtexparser.bparser.BibTexParser(common_strings=True))
    result["bibtexparser_read"] = time.process_time() - start
    start = time.process_time()
    bibtexparser.dumps(database)
    result["bibtexparser_write"] = time.process_time() - start
    return result


def main() -> None:
    logging.disable(logging.WARNING)
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    columns = ("scan", "read", "write", "bibtexparser_read", "bibtexparser_write")
    print(
        f"{'entries':>8} {'MB':>6} "
        + " ".join(f"{name + ' s':>20}" for name in columns)
        + "  bytes/record beside values"
    )
    results = []
    for size in sizes:
        result = measure(size)
        results.append(result)
        times = " ".join(f"{result[name]:>20.4f}" for name in columns)
        print(f"{size:>8} {result['megabytes']:>6.1f} {times}  {result['bytes_per_record']:>8.0f}", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"python": platform.python_version(), "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
