"""Other deduplicators on a labelled set: what they join, in the same form for all.

    python benchmarks/peers.py {bib-dedupe,splink,zotero} SET_FOLDER

Prints `{"clusters": [[id, ...]], "asked": [[id, id]], "seconds": s, "peak_mb": m}` as its last line. It imports nothing
of refsync, so that it runs in an environment of its own (`pip install "refsync[peers]"`, or the pins of that extra).

- bib-dedupe: prep, block, match, cluster, with its defaults.
- splink: unsupervised, one configuration of ours. The probability that two random records match from three rules that
  are nearly sure, `u` by random sampling, `m` by expectation maximisation; titles weigh by how rare they are; pairs at
  0.99 or above, closed by components.
- zotero: our own writing of the rule that its documentation gives for `Duplicate Items`. Equal type; equal title; DOIs
  and ISBNs equal or missing on a side; years at most one apart; one creator with the same family name and initial.
"""

import argparse
import contextlib
import csv
import json
import re
import resource
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

_SURE = 0.99  # the probability from which pairs that Splink finds are joined

Row = dict[str, str]
Ids = list[list[str]]


def read(folder: Path) -> list[Row]:
    csv.field_size_limit(sys.maxsize)
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bib_dedupe(rows: list[Row]) -> tuple[Ids, Ids]:
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, cluster, match, prep

    wanted = "title author year journal booktitle volume number pages doi isbn abstract".split()
    frame = pd.DataFrame(
        [{"ID": row["id"], "ENTRYTYPE": row["entrytype"], **{name: row[name] for name in wanted}} for row in rows]
    )
    matched = match(block(prep(frame, cpu=2), cpu=2), cpu=2)
    maybe = matched[matched["duplicate_label"] == "maybe"] if "duplicate_label" in matched else matched[:0]
    return [list(ids) for ids in cluster(matched)], maybe[["ID_1", "ID_2"]].to_numpy().tolist()


def splink(rows: list[Row]) -> tuple[Ids, Ids]:
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def letters(value: str) -> str | None:
        return re.sub(r"\W+", "", unicodedata.normalize("NFKC", value).casefold()) or None

    def first_author(value: str) -> str | None:
        name = value.split(" and ", maxsplit=1)[0]
        return letters(name.split(",")[0] if "," in name else name.split()[-1] if name.split() else "")

    frame = pd.DataFrame(
        [
            {
                "unique_id": row["id"],
                "title": letters(row["title"]),
                "start": (letters(row["title"]) or "")[:20] or None,
                "author": letters(row["author"]),
                "first_author": first_author(row["author"]),
                "year": row["year"] or None,
                "venue": letters(row["journal"] or row["booktitle"]),
                "volume": letters(row["volume"]),
                "number": letters(row["number"]),
                "page": (re.findall(r"\w+", row["pages"]) or [None])[0],
                "doi": letters(row["doi"]),
                "abstract": (letters(row["abstract"]) or "")[:100] or None,
            }
            for row in rows
        ]
    )
    rules = [
        block_on("title"),
        block_on("start"),
        block_on("doi"),
        block_on("abstract"),
        block_on("volume", "page", "year"),
    ]
    filled = [name for name in frame if frame[name].notna().any()]
    similar = (
        ("title", [0.98, 0.95, 0.9]),
        ("author", [0.95, 0.85, 0.7]),
        ("venue", [0.95, 0.8]),
        ("abstract", [0.95, 0.8]),
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            *(
                # a title that recurs (`Editorial`) says less
                cl.JaroWinklerAtThresholds(name, levels).configure(term_frequency_adjustments=name == "title")
                for name, levels in similar
                if name in filled
            ),
            *(cl.ExactMatch(name) for name in ("year", "volume", "number", "page", "doi") if name in filled),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    database = DuckDBAPI()
    linker = Linker(database.register(frame), settings, log_level="ERROR")
    sure = [block_on("title", "year", "first_author"), block_on("doi", "title"), block_on("title", "volume", "page")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    # not by title: then the editorials of a journal would teach what a match looks like
    taught = [("doi",), ("volume", "page", "year"), ("first_author", "year")]
    for rule in [block_on(*names) for names in taught if set(names) <= set(filled)]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    joined = found[found["match_probability"] >= _SURE]
    asked = found[found["match_probability"] < _SURE]
    names = ["unique_id_l", "unique_id_r"]
    return closed(map(tuple, joined[names].to_numpy().tolist())), asked[names].to_numpy().tolist()


def zotero(rows: list[Row]) -> tuple[Ids, Ids]:
    blocks: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if title := _plain(row["title"]):
            blocks[row["entrytype"], title].append(row)
    pairs = [(a["id"], b["id"]) for block in blocks.values() for a, b in combinations(block, 2) if _zotero_equal(a, b)]
    return closed(pairs), []


def _plain(value: str) -> str:
    """Lower case, without accents and punctuation."""
    value = unicodedata.normalize("NFKD", value.lower())
    return " ".join(re.sub(r"[^\w\s]|[\u0300-\u036f]", "", value).split())


def _zotero_equal(a: Row, b: Row) -> bool:
    for name in ("doi", "isbn"):
        x, y = (re.sub(r"[^\w./]", "", row[name].lower()) for row in (a, b))
        if x and y and x != y:
            return False
    years = [int(match[0]) for row in (a, b) if (match := re.search(r"\d{4}", row["year"]))]
    if len(years) == 2 and abs(years[0] - years[1]) > 1:
        return False
    people = [set(map(_creator, row["author"].split(" and "))) - {("", "")} for row in (a, b)]
    return (not people[0] and not people[1]) or bool(people[0] & people[1])


def _creator(value: str) -> tuple[str, str]:
    family, comma, given = value.partition(",")
    if not comma:
        words = value.split()
        family, given = (words[-1], " ".join(words[:-1])) if words else ("", "")
    return _plain(family), _plain(given)[:1]


def closed(pairs: Any) -> Ids:
    """The connected components."""
    parent: dict[str, str] = {}

    def find(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for a, b in pairs:
        parent[find(a)] = find(b)
    groups: dict[str, list[str]] = defaultdict(list)
    for node in parent:
        groups[find(node)].append(node)
    return list(groups.values())


TOOLS: dict[str, Callable[[list[Row]], tuple[Ids, Ids]]] = {
    "bib-dedupe": bib_dedupe,
    "splink": splink,
    "zotero": zotero,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    rows = read(args.folder)
    start = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        clusters, asked = TOOLS[args.tool](rows)
    seconds = time.perf_counter() - start
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    print(json.dumps({"clusters": clusters, "asked": asked, "seconds": round(seconds, 2), "peak_mb": peak}))


if __name__ == "__main__":
    main()
