"""Speed of scanning, reading, writing and checking BibTeX: `python benchmarks/bibtex.py [ENTRIES...]`.

The library is that of `dedup.py`: invented papers, a third of which have further records with other spellings.
Scanning, reading and writing are measured in CPU seconds, the best of three. `check`, and bibtex-tidy with its options
for duplicates and merging, run as programs: elapsed seconds, CPU seconds, peak memory. Other programs, if installed
(`pip install -e '.[peers]'`, and bibtex-tidy from npm on the PATH), run at the sizes that take them minutes at most.
"""

import gc
import json
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bibtexparser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.dedup import invented_library
from refsync.formats.bibtex.format import read, write
from refsync.formats.bibtex.scan import scan

RESULTS = Path(__file__).parent / "results" / "bibtex.json"
SIZES = (1, 1_000, 10_000, 100_000)
CHECK = [sys.executable, "-c", "import sys; from refsync.cli import main; sys.exit(main(sys.argv[1:]))", "check", "-q"]
MAX_ENTRIES = {"bibtexparser": 10_000, "pybtex": 10_000, "bibtex-tidy": 10_000}
"""Above this many entries a program takes too long and is left out."""


def bibtex_file(entries: int) -> str:
    records, _ = invented_library(entries, 1)
    return "".join(
        f"@article{{{record.id},\n"
        + "".join(f"  {name:<9} = {{{value}}},\n" for name, value in record.fields.items())
        + "}\n\n"
        for record in records
    )


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return round(best, 4)


def bytes_per_record(data: bytes, entries: int) -> int:
    gc.collect()
    tracemalloc.start()
    snapshot = read(data, "generated.bib")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    values = sum(len(value) for record in snapshot.records for value in record.fields.values())
    return round((held - values) / entries)


def run_program(command: Sequence[str]) -> dict[str, float]:
    """Elapsed seconds, CPU seconds and peak memory in MB of a program; -1 seconds if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    failed = os.waitstatus_to_exitcode(status) not in (0, 1)  # 1: a check with findings
    return {
        "seconds": -1 if failed else round(elapsed, 2),
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def other_programs(text: str, path: Path, entries: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if entries <= MAX_ENTRIES["bibtexparser"]:
        parser = bibtexparser.bparser.BibTexParser(common_strings=True)
        start = time.process_time()
        database = bibtexparser.loads(text, parser)
        result["bibtexparser_read"] = round(time.process_time() - start, 4)
        result["bibtexparser_write"] = cpu_seconds(lambda: bibtexparser.dumps(database), 1)
    try:
        from pybtex.database import parse_string
    except ImportError:
        pass
    else:
        if entries <= MAX_ENTRIES["pybtex"]:
            start = time.process_time()
            database = parse_string(text, "bibtex")
            result["pybtex_read"] = round(time.process_time() - start, 4)
            result["pybtex_write"] = cpu_seconds(lambda: database.to_string("bibtex"), 1)
    if (tidy := shutil.which("bibtex-tidy")) and entries <= MAX_ENTRIES["bibtex-tidy"]:
        options = ["--duplicates=key,doi,citation,abstract", "--merge=combine", "-o", f"{path}.tidy"]
        result["bibtex_tidy"] = run_program(
            [tidy, str(path), *options]
        )  # the file comes first, or it is read as an output
    return result


def measure(entries: int) -> dict[str, Any]:
    text = bibtex_file(entries)
    data = text.encode()
    result: dict[str, Any] = {
        "entries": entries,
        "megabytes": round(len(data) / 1e6, 2),
        "scan": cpu_seconds(lambda: list(scan(text))),
        "read": cpu_seconds(lambda: read(data, "generated.bib")),
        "read_and_write": cpu_seconds(lambda: write(read(data, "generated.bib").records), 1 if entries > 5_000 else 3),
        "bytes_per_record": bytes_per_record(data, entries),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.bib"
        path.write_bytes(data)
        result["check"] = min((run_program([*CHECK, str(path)]) for _ in range(3 if entries < 5_000 else 1)),
                              key=lambda run: run["seconds"])  # fmt: skip
        result |= other_programs(text, path, entries)
    return result


def cell_of(result: dict[str, Any], name: str) -> str:
    match result.get(name):
        case None:
            return "-"
        case {"seconds": elapsed, "cpu": cpu, "peak_mb": peak}:
            return f"{elapsed:g} s, CPU {cpu:g}, {peak} MB" if elapsed >= 0 else "fails"
        case number:
            return f"{number:g}"


def main() -> None:
    logging.disable(logging.WARNING)
    columns = (
        "entries megabytes scan read read_and_write bytes_per_record bibtexparser_read bibtexparser_write pybtex_read "
        "pybtex_write check bibtex_tidy"
    ).split()
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")
    results = []
    for size in [int(size) for size in sys.argv[1:]] or SIZES:
        result = measure(size)
        results.append(result)
        print("| " + " | ".join(cell_of(result, name) for name in columns) + " |", flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"python": platform.python_version(), "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
