"""Requests, time and memory of push, pull and merge against the test server.

    python benchmarks/zotero.py [--records 1000] [--pairs 500] [--latency 0.02]

Invented records are pushed into an empty library, pushed again with and without the local copy of the library, and
pulled. The file is then synced: for the first time, with nothing changed, and with 100 papers changed on each side. In
another library pairs are merged, each with a note to move, and the merges undone. `least` is the smallest number of
requests that the protocol allows: one checks the key, one reads 100 objects or writes 50, collections and (if something
changed) deletions take one more. Memory is the peak of the process, with the server's library. Writes
benchmarks/results/zotero.json.
"""

import argparse
import contextlib
import io
import json
import math
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.cli import main as refsync
from tests.zotero_server import Server, zotero_server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
PARTS = "mo ra ke li tu sa ne vo pi da fu ge".split()


def library(records: int) -> Iterator[str]:
    """BibTeX entries with titles of invented words."""
    rng = random.Random(5)
    for number in range(records):
        words = ["".join(rng.choices(PARTS, k=rng.randint(2, 4))) for _ in range(7)]
        people = " and ".join(f"{rng.choice(words).title()}, {rng.choice('ABCDE')}." for _ in range(3))
        yield (
            f"@article{{key{number}, title = {{{' '.join(words).capitalize()}}}, author = {{{people}}},\n"
            f"  journal = {{J. {words[0].title()}}}, year = {rng.randint(1980, 2025)}, volume = {number % 60},\n"
            f"  doi = {{10.1000/{number}}}, keywords = {{{words[1]}, {words[2]}}},\n"
            f"  abstract = {{{' '.join(words * 8)}}}}}"
        )


def add_pairs(server: Server, pairs: int) -> None:
    """Add papers twice, the second time with a volume and a note."""
    rng = random.Random(7)
    for number in range(pairs):
        words = ["".join(rng.choices(PARTS, k=rng.randint(2, 4))) for _ in range(7)]
        author = {"creatorType": "author", "firstName": "A.", "lastName": words[0].title()}
        paper = {"itemType": "journalArticle", "title": " ".join(words), "creators": [author], "date": "2001"}
        paper |= {"DOI": f"10.1000/{number}"}
        server.add(PATH, paper | {"dateAdded": "2020-01-01T00:00:00Z"})
        (key,) = server.add(PATH, paper | {"volume": "7"})
        server.add(PATH, {"itemType": "note", "parentItem": key, "note": f"<p>{words[0]}</p>"})


def change(server: Server, records: int, changed: int) -> None:
    """Change the volume of some papers in the library, and the year of others in the file."""
    library = server.library(PATH)
    step = records // (2 * changed)
    by_key = {thing.data.get("citationKey"): key for key, thing in library.items.items()}
    text = Path("refs.bib").read_text(encoding="utf-8").split("@article{")
    for number in range(0, records, 2 * step):
        server.edit(PATH, by_key[f"key{number}"], volume="1000")
        text[number + step + 1] = re.sub(r"year = \d+", "year = 1900", text[number + step + 1])
    Path("refs.bib").write_text("@article{".join(text), encoding="utf-8")


def measured(server: Server, name: str, least: int, *arguments: str) -> dict[str, object]:
    """Run one command; its requests, time and memory."""
    server.clear()
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        code = refsync([*arguments, *(["-q"] if arguments != ("undo",) else [])])
    assert code == 0, (name, code)
    row: dict[str, object] = {
        "step": name,
        "requests": server.count(),
        "least": least,
        "writes": server.count(write=True),
        "seconds": round(time.perf_counter() - start, 1),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(" ".join(f"{value!s:>24}" if name == "step" else f"{value!s:>10}" for name, value in row.items()), flush=True)
    return row


def main() -> int:
    """Run all steps."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.02)
    options = parser.parse_args()
    pages, writes = math.ceil(options.records / 100), math.ceil(options.records / 50)
    push = ["push", "refs.bib", LIBRARY, "--no-tags"]
    with (
        tempfile.TemporaryDirectory() as folder,
        zotero_server(users={12345: "ada"}, latency=options.latency) as server,
    ):
        os.chdir(folder)
        os.environ |= {"ZOTERO_ENDPOINT": server.url, "ZOTERO_API_KEY": server.key}
        Path("refs.bib").write_text("\n".join(library(options.records)), encoding="utf-8")
        print(
            " ".join(
                f"{head:>{width}}"
                for head, width in zip(
                    ("step", "requests", "least", "writes", "seconds", "megabytes"),
                    (24, 10, 10, 10, 10, 10),
                    strict=True,
                )
            )
        )
        rows = [
            measured(server, "first push", 1 + 2 + writes, *push),
            measured(server, "second push", 2, *push),
            measured(server, "pull, unchanged", 2, "pull", LIBRARY, "-o", "out.bib"),
        ]
        shutil.rmtree(".refsync/zotero")
        rows.append(measured(server, "second push, no copy", 1 + pages + 1, *push))
        shutil.rmtree(".refsync/zotero")
        rows.append(measured(server, "pull, no copy", 1 + pages + 1, "pull", LIBRARY, "-o", "new.bib"))
        sync = ["sync", "refs.bib", LIBRARY]
        rows.append(measured(server, "first sync", 2, *sync))
        rows.append(measured(server, "second sync", 2, *sync))
        changed = min(100, options.records // 4)
        change(server, options.records, changed)
        least = 1 + math.ceil(changed / 100) + 2 + math.ceil(changed / 50)
        rows.append(measured(server, f"sync, {changed} changes each", least, *sync))
        rows.append(measured(server, "undo that sync", 2 + math.ceil(changed / 50), "undo"))
        os.chdir(HERE)
    pages, writes = math.ceil(3 * options.pairs / 100), math.ceil(options.pairs / 50)
    with (
        tempfile.TemporaryDirectory() as folder,
        zotero_server(users={12345: "ada"}, latency=options.latency) as server,
    ):
        os.chdir(folder)
        os.environ |= {"ZOTERO_ENDPOINT": server.url, "ZOTERO_API_KEY": server.key}
        add_pairs(server, options.pairs)
        merge = ["dedupe", LIBRARY, "--apply"]
        rows.append(measured(server, f"merge {options.pairs} pairs", 1 + pages + 1 + 3 * writes, *merge))
        rows.append(measured(server, "merge again", 2, *merge))
        rows.append(measured(server, "undo the merges", 2 + 3 * writes, "undo"))
        os.chdir(HERE)
    (HERE / "results").mkdir(exist_ok=True)
    result = {"records": options.records, "pairs": options.pairs, "latency": options.latency, "steps": rows}
    (HERE / "results" / "zotero.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
