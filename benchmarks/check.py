"""Where `refsync check` spends its time, beside bibtex-tidy: `python benchmarks/check.py [ENTRIES...]`.

The library is that of `bibtex.py`. The stages run in a process of their own, in CPU seconds; `check` and bibtex-tidy
(from npm, on the PATH; with its options for duplicates and merging) run as programs, with their CPU seconds and peak
memory.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.bibtex import CHECK, bibtex_file, run_program
from refsync.check.entries import BibFile
from refsync.check.rule_selection import selected_codes
from refsync.check.run_rules import ALONE, ExaminedFiles, all_findings
from refsync.config import Config
from refsync.memory import no_collection
from refsync.planning.run_models import find_duplicates
from refsync.sources import read_sources

SIZES = (1, 6_000, 50_000)
TIDY = ["--duplicates=key,doi,citation,abstract", "--merge=combine"]
T = TypeVar("T")


def timed(name: str, work: Callable[[], T], row: dict[str, str]) -> T:
    start = time.process_time()
    result = work()
    row[name] = f"{time.process_time() - start:.2f}"
    return result


def stages(path: Path) -> dict[str, str]:
    row: dict[str, str] = {}
    with no_collection():
        reading = timed("read", lambda: read_sources([str(path)]), row)
        files = [BibFile(reading.snapshots[0], path.read_text(encoding="utf-8"))]
        codes = selected_codes((), (), ())
        examined = timed("rules for entries", lambda: ExaminedFiles(files, codes, ALONE), row)
        found = timed("duplicates", lambda: find_duplicates(reading.records, Config().dedup), row)
        timed("other rules", lambda: all_findings(examined, found), row)
    return row


def stages_apart(path: Path) -> dict[str, str]:
    """The stages in a process of their own: the peak memory of a program is at least that of the one that starts it."""
    done = subprocess.run(
        [sys.executable, __file__, "--stages", str(path)], stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    row: dict[str, str] = json.loads(done.stdout)
    return row


def program(command: list[str]) -> str:
    used = run_program(command)
    return "failed" if used["seconds"] < 0 else f"{used['cpu']} s, {used['peak_mb']:,} MB"


def main() -> None:
    if sys.argv[1:2] == ["--stages"]:
        print(json.dumps(stages(Path(sys.argv[2]))))
        return
    os.environ["NODE_OPTIONS"] = "--max-old-space-size=8000"  # MB; bibtex-tidy needs 4 GB for 50,000 entries
    tidy = shutil.which("bibtex-tidy")
    for number, entries in enumerate([int(given) for given in sys.argv[1:]] or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "library.bib"
            path.write_text(bibtex_file(entries), encoding="utf-8")
            row = {"entries": f"{entries:,}"} | stages_apart(path)
            row["refsync check"] = program([*CHECK, str(path)])
            row["bibtex-tidy"] = program([tidy, str(path), *TIDY, "-o", f"{path}.tidy"]) if tidy else "-"
        if not number:
            print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
        print("| " + " | ".join(row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
