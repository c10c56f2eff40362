"""Accuracy of look-ups by title: `refsync enrich` on labelled sets, without a network.

    python benchmarks/enrich.py [--data ../shared/data/dedup] [--sample 400]

A record of a set is reduced to its title, authors and year (or to title and abstract, or to the title alone), and then
looked up in the set: the five records with the most similar titles are the answer of the service. `present`: the
service has the record and its duplicates, and a match is right if it is one of them. `absent`: it has none of them,
and any match is wrong. Prints, for each set and each reduction, how many matches are accepted and pending, and how
many of them are wrong. Writes the same to benchmarks/results/enrich.json.
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
from refsync.enrich.match import best_matches
from refsync.enrich.settings import EnrichSettings
from refsync.records import Record
from refsync.text.titles import fold_title
from scripts.train_pairs import DATA, Labelled, read_sets

CANDIDATES = 5
DEDUP = load_config().dedup
KEPT_FIELDS = {"authors": ("title", "author", "year"), "abstract": ("title", "abstract"), "title": ("title",)}


@dataclass
class Row:
    """Figures of one set with one reduction."""

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
    """The figures, and the wrong matches that were accepted."""
    records = labelled.records
    same = {i: {i} for i in range(len(records))} | {i: {*group} for group in labelled.clusters for i in group}
    titles = [fold_title(record.get("title")).text for record in records]
    fields = KEPT_FIELDS[has]
    chosen = [i for i, record in enumerate(records) if len(titles[i]) >= 12 and all(map(record.get, fields))]
    random.Random(7).shuffle(chosen)
    chosen = sorted(chosen[:sample])
    row, wrong = Row(labelled.name, has, len(chosen)), []
    similarities = process.cdist([titles[i] for i in chosen], titles, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
    start = time.perf_counter()
    for row_similarities, i in zip(similarities, chosen, strict=True):
        ranked = [int(j) for j in np.argsort(-row_similarities.astype(int), kind="stable")[: CANDIDATES + len(same[i])]]
        ours = replace(records[i], fields={name: records[i].get(name) for name in fields})
        state, found = look_up(ours, records, ranked)
        if state:
            right = found in same[i]
            setattr(row, state, getattr(row, state) + 1)
            if not right:
                setattr(row, f"{state}_wrong", getattr(row, f"{state}_wrong") + 1)
                wrong += [f"present: {labelled.name} {records[i].id} / {records[found].id}"] * (state == "accepted")
        state, found = look_up(ours, records, [j for j in ranked if j not in same[i]])
        if state:
            setattr(row, f"absent_{state}", getattr(row, f"absent_{state}") + 1)
            wrong += [f"absent: {labelled.name} {records[i].id} / {records[found].id}"] * (state == "accepted")
    row.ms = (time.perf_counter() - start) * 500 / max(len(chosen), 1)
    return row, wrong


def look_up(ours: Record, records: Sequence[Record], ranked: Sequence[int]) -> tuple[str, int]:
    """`accepted`, `pending` or empty, and the index of the matching record."""
    answers = [
        Record(source="crossref", index=n, id=str(j), type=records[j].type, fields=records[j].fields)
        for n, j in enumerate(ranked[:CANDIDATES])
    ]
    (match,) = best_matches([(ours, answers)], "title", DEDUP)
    if match is None or match.verdict == "version":
        return "", -1
    accepted = not match.review_reason and match.probability >= EnrichSettings().accept
    return "accepted" if accepted else "pending", int(match.record.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sample", type=int, default=400)
    arguments = parser.parse_args()
    rows: list[Row] = []
    doubtful: list[str] = []
    for labelled in read_sets(arguments.data):
        for has in KEPT_FIELDS:
            row, wrong = measure(labelled, has, arguments.sample)
            if row.records:
                rows.append(row)
                doubtful += wrong
    print("| set | our fields | records | accepted | wrong | pending | wrong | absent: accepted | pending | ms |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for r in rows:
        present = f"{r.accepted:,} | {r.accepted_wrong} | {r.pending:,} | {r.pending_wrong}"
        print(
            f"| {r.name} | {r.has} | {r.records:,} | {present} "
            f"| {r.absent_accepted} | {r.absent_pending} | {r.ms:.1f} |"
        )
    print(*doubtful, sep="\n")
    out = HERE / "results" / "enrich.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
