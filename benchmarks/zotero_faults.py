"""What becomes of push, merge, pull and undo when a run is killed, or a request fails, at each step.

    python benchmarks/zotero_faults.py [--records 55] [--only push]

Against the test server, each thing that can happen is let happen at each request, at each file that is put on the disk,
in each line of the journal and at each write to the copy of the library; then it is gone on with, in each way there is
(`refsync apply --resume`, or the command again). `=` means that library and files are as if nothing had happened; `+`
the same, after going on; `!` that they are not. Writes benchmarks/results/zotero_faults.json; exits with 1 on any `!`.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from tests.zotero.fault_injection import FAULTS, KILLS, Ready, prepare, quick, stories, strike
from tests.zotero_server import Server, zotero_server

SIGNS = {"same": "=", "same after going on": "+"}


def struck(server: Server, ready: Ready, how: str, number: int) -> str:
    """What becomes of it, a sign for each way of going on."""
    ways = range(len(ready.story.resumed) or 1)
    return "".join(dict.fromkeys(SIGNS.get(strike(server, ready, how, number, way), "!") for way in ways))


def table(server: Server, ready: Ready) -> dict[str, dict[str, str]]:
    """Print what becomes of one command, step by step; what is printed."""
    rows: dict[str, dict[str, str]] = {}
    around = [*FAULTS, *KILLS[:2]]
    width = max(len(request) for request in ready.requests) + 4
    print(f"\n{ready.story.name}\n{'':{width}}" + "  ".join(around))
    for number, request in enumerate(ready.requests, 1):
        row = rows[f"{number} {request}"] = {how: struck(server, ready, how, number) for how in around}
        signs = "  ".join(f"{sign:{len(how)}}" for how, sign in row.items())
        print(f"{number:>2} {request:{width - 3}}{signs}", flush=True)
    for kill in KILLS[2:]:
        counts = Counter(struck(server, ready, kill, number) for number in range(1, ready.steps[kill] + 1))
        if counts:
            rows[f"killed {kill}"] = {sign: str(times) for sign, times in counts.items()}
            print(f"killed {kill}: " + ", ".join(f"{times} times {sign}" for sign, times in counts.items()), flush=True)
    return rows


def main() -> int:
    """Run all stories."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--records", type=int, default=55)
    parser.add_argument("--only", default="", help="stories whose name has this in it")
    chosen = parser.parse_args()
    with zotero_server() as server, quick(server):
        found = {
            story.name: table(server, prepare(server, story))
            for story in stories(chosen.records)
            if chosen.only in story.name
        }
    (HERE / "results").mkdir(exist_ok=True)
    result = {"records": chosen.records, "stories": found}
    (HERE / "results" / "zotero_faults.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    wrong = sum("!" in sign for rows in found.values() for row in rows.values() for sign in (*row, *row.values()))
    print(f"\n{wrong} that differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
