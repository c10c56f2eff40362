"""Fault injection at every step of push, merge, pull, sync and undo.

    python benchmarks/zotero_faults.py [--records 55] [--only push]

On the test server, each fault is injected at each request, and runs are killed at each request, at each write to disk,
within each line of the journal and at each write to the databases; then the command is resumed, in each possible way
(`refsync apply --resume`, or the command again). `=` means that library and files are as after an undisturbed run, `+`
the same after resuming, `!` that they differ. Writes benchmarks/results/zotero_faults.json; exits with 1 on any `!`.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from tests.zotero.fault_injection import FAULTS, KILLS, PreparedScenario, client_of, inject, prepare
from tests.zotero.fault_scenarios import all_scenarios
from tests.zotero_server import Server, zotero_server

SIGNS = {"same": "=", "same after resuming": "+"}


def outcomes(server: Server, prepared: PreparedScenario, fault: str, step: int) -> str:
    """The outcomes of a fault at a step, as one sign for each way to resume, without repetitions."""
    ways = range(len(prepared.scenario.resume) or 1)
    return "".join(dict.fromkeys(SIGNS.get(inject(server, prepared, fault, step, way), "!") for way in ways))


def table(server: Server, prepared: PreparedScenario) -> dict[str, dict[str, str]]:
    """Print the outcomes of one scenario, step by step, and return them."""
    rows: dict[str, dict[str, str]] = {}
    at_requests = [*FAULTS, *KILLS[:2]]
    width = max(len(request) for request in prepared.requests) + 4
    print(f"\n{prepared.scenario.name}\n{'':{width}}" + "  ".join(at_requests))
    for step, request in enumerate(prepared.requests, 1):
        row = rows[f"{step} {request}"] = {fault: outcomes(server, prepared, fault, step) for fault in at_requests}
        signs = "  ".join(f"{sign:{len(fault)}}" for fault, sign in row.items())
        print(f"{step:>2} {request:{width - 3}}{signs}", flush=True)
    for kill in KILLS[2:]:
        counts = Counter(outcomes(server, prepared, kill, step) for step in range(1, prepared.steps[kill] + 1))
        if counts:
            rows[f"killed {kill}"] = {sign: str(times) for sign, times in counts.items()}
            print(f"killed {kill}: " + ", ".join(f"{times} times {sign}" for sign, times in counts.items()), flush=True)
    return rows


def main() -> int:
    """Run all scenarios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--records", type=int, default=55)
    parser.add_argument("--only", default="", help="run the scenarios whose name contains this")
    options = parser.parse_args()
    with zotero_server() as server, client_of(server):
        tables = {
            scenario.name: table(server, prepare(server, scenario))
            for scenario in all_scenarios(options.records)
            if options.only in scenario.name
        }
    (HERE / "results").mkdir(exist_ok=True)
    result = {"records": options.records, "scenarios": tables}
    (HERE / "results" / "zotero_faults.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    wrong = sum("!" in sign for rows in tables.values() for row in rows.values() for sign in (*row, *row.values()))
    print(f"\n{wrong} that differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
