"""How sure a find by title is: `refsync enrich` against labelled sets, without any network.

    python benchmarks/enrich.py [--data ../shared/data/dedup] [--sample 400]

A record of a set is stripped to its title, authors and year (or to title and abstract, or to the title alone), and
sought among all of the set: the five with the likest titles are what a service answers. `there`: the service has the
record as it stands, and its partners; a find is right if it is one of these. `absent`: it has none of them, and any
find is wrong. Prints, for each set and each way of stripping, how many finds are accepted and pending, and how many of
them are wrong. Writes the same to benchmarks/results/enrich.json.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

HERE = Path(__file__).parent

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.config import load_config
from refsync.enrich.match import best_each
from refsync.enrich.settings import EnrichSettings
from refsync.records import Record
from refsync.text.titles import fold_title
from scripts.train_pairs import DATA, Labelled, read_sets

CANDIDATES = 5
DEDUP = load_config().dedup
WAYS = {"authors": ("title", "author", "year"), "abstract": ("title", "abstract"), "title": ("title",)}


@dataclass
class Row:
    """Figures of one set, stripped in one way."""

    name: str
    has: str
    records: int
    accepted: int = 0
    accepted_wrong: int = 0
    pending: int = 0
    pending_wrong: int = 0
    absent_accepted: int = 0
    absent_pending: int = 0
    ms: float = 0.0


def measure(labelled: Labelled, has: str, sample: int) -> tuple[Row, list[str]]:
    """The figures, and the finds that were accepted wrongly."""
    records = labelled.records
    same = {i: {i} for i in range(len(records))} | {i: {*group} for group in labelled.clusters for i in group}
    titles = [fold_title(record.get("title")).text for record in records]
    fields = WAYS[has]
    places = [i for i, record in enumerate(records) if len(titles[i]) >= 12 and all(map(record.get, fields))]
    random.Random(7).shuffle(places)
    places = sorted(places[:sample])
    row, wrong = Row(labelled.name, has, len(places)), []
    likeness = process.cdist([titles[i] for i in places], titles, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
    begun = time.perf_counter()
    for line, i in zip(likeness, places, strict=True):
        ranked = [int(j) for j in np.argsort(-line.astype(int), kind="stable")[: CANDIDATES + len(same[i])]]
        ours = replace(records[i], fields={name: records[i].get(name) for name in fields})
        state, found = sought(ours, records, ranked)
        if state:
            right = found in same[i]
            setattr(row, state, getattr(row, state) + 1)
            if not right:
                setattr(row, f"{state}_wrong", getattr(row, f"{state}_wrong") + 1)
                wrong += [f"there: {labelled.name} {records[i].id} / {records[found].id}"] * (state == "accepted")
        state, found = sought(ours, records, [j for j in ranked if j not in same[i]])
        if state:
            setattr(row, f"absent_{state}", getattr(row, f"absent_{state}") + 1)
            wrong += [f"absent: {labelled.name} {records[i].id} / {records[found].id}"] * (state == "accepted")
    row.ms = (time.perf_counter() - begun) * 500 / max(len(places), 1)
    return row, wrong


def sought(ours: Record, records: Sequence[Record], ranked: Sequence[int]) -> tuple[str, int]:
    """`accepted`, `pending` or nothing, and which record was found."""
    answers = [
        Record(source="crossref", index=n, id=str(j), type=records[j].type, fields=records[j].fields)
        for n, j in enumerate(ranked[:CANDIDATES])
    ]
    (found,) = best_each([(ours, answers)], "title", DEDUP)
    if found is None or found.verdict == "version":
        return "", -1
    accepted = not found.unsure and found.probability >= EnrichSettings().accept
    return "accepted" if accepted else "pending", int(found.found.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sample", type=int, default=400)
    arguments = parser.parse_args()
    rows: list[Row] = []
    doubtful: list[str] = []
    for labelled in read_sets(arguments.data):
        for has in WAYS:
            row, wrong = measure(labelled, has, arguments.sample)
            if row.records:
                rows.append(row)
                doubtful += wrong
    print("| set | ours has | records | accepted | wrong | pending | wrong | absent: accepted | pending | ms |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for r in rows:
        there = f"{r.accepted:,} | {r.accepted_wrong} | {r.pending:,} | {r.pending_wrong}"
        print(
            f"| {r.name} | {r.has} | {r.records:,} | {there} | {r.absent_accepted} | {r.absent_pending} | {r.ms:.1f} |"
        )
    print(*doubtful, sep="\n")
    out = HERE / "results" / "enrich.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
