"""Duplicates in bibliographies that people keep by hand: what becomes of labelled pairs.

    python benchmarks/hand_kept.py [--data ../shared/data/wild/dev] [--profile balanced] [--loso] [--errors 10]

Each library is deduplicated as a whole. A pair is `merged`, linked as `version`, asked about (`review`) or `apart`;
precision is the share of `same` among merged pairs, also weighted to libraries at large. With `--loso` the weights of
the pair model are fitted on the other labelled sets; the rules were chosen with these libraries at hand.
Prints a table and writes benchmarks/results/hand_kept.json.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.config import PROFILES, load_config
from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.classify_pairs import classify_pairs
from refsync.dedup.cluster import deduplicate
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.explain import explain_pair
from refsync.dedup.pair_model import PairModel
from refsync.dedup.profile import profile
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from refsync.sources import read_sources
from scripts.train_pairs import DATA, examples, fit, read_sets

HERE = Path(__file__).parent
WILD = DATA.parent / "wild" / "dev"
LABELS, VERDICTS = ("same", "version", "different", "unsure"), ("merged", "version", "review", "apart")
Pair = tuple[str, str]


def verdicts(
    records: tuple[Record, ...], settings: DedupSettings, model: PairModel | None
) -> tuple[dict[Pair, str], int]:
    """The verdict on each pair of keys that was found, and the number of questions."""
    found = deduplicate(records, settings, model=model)
    result: dict[Pair, str] = {}
    for groups, verdict in ((found.clusters, "merged"), (found.versions, "version"), (found.review, "review")):
        for group in groups:
            for a, b in combinations(sorted({records[i].id for i in group.members}), 2):
                result.setdefault((a, b), verdict)
    return result, len(found.review)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the labelled pairs, and the wrong merges: weight, reason, records."""

    figures: dict[str, Any]
    wrong: list[tuple[float, str, Record, Record]]


def measure(data: Path, settings: DedupSettings, model: PairModel | None) -> Result:
    """Deduplicates each library as a whole and looks up the labelled pairs."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    entries = questions = 0
    right = merged = 0.0
    wrong: list[tuple[float, str, Record, Record]] = []
    for records, rows in libraries(data):
        by_key = {record.id: record for record in records}
        found, asked = verdicts(records, settings, model)
        entries, questions = entries + len(records), questions + asked
        for row in rows:
            a, b = sorted((row["key_a"], row["key_b"]))
            verdict, weight = found.get((a, b), "apart"), float(row["weight"])
            table[row["label"]][verdict] += 1
            if verdict == "merged" and row["label"] != "unsure":
                merged, right = merged + weight, right + weight * (row["label"] == "same")
                if row["label"] != "same":
                    wrong.append((weight, row["why"], by_key[a], by_key[b]))
    figures = {
        "entries": entries, "questions": questions, "weighted_precision": right / merged,
        "precision": table["same"]["merged"] / sum(table[label]["merged"] for label in LABELS[:3]),
        "pairs": {label: {verdict: table[label][verdict] for verdict in VERDICTS} for label in LABELS},
    }  # fmt: skip
    return Result(figures, wrong)


def libraries(data: Path) -> Iterator[tuple[tuple[Record, ...], list[dict[str, str]]]]:
    """Each library with its labelled pairs."""
    with (data / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in sorted({row["library"] for row in rows}):
        records = tuple(read_sources([str(data / "libraries" / f"{name}.bib")]).records)
        yield records, [row for row in rows if row["library"] == name]


def undecided(data: Path, settings: DedupSettings, model: PairModel) -> Iterator[tuple[float, bool]]:
    """The probability of each labelled pair that no rule is about, and whether it is one paper."""
    for records, rows in libraries(data):
        labels = {tuple(sorted((row["key_a"], row["key_b"]))): row["label"] for row in rows}
        comparer = PairComparer([profile(record) for record in records])
        for pair in classify_pairs(comparer, candidate_pairs(comparer.profiles), model, settings):
            label = labels.get(tuple(sorted((records[pair.a].id, records[pair.b].id))), "unsure")
            if label != "unsure" and not (pair.vetoes or pair.relation):
                yield pair.probability, label == "same"


def print_table(figures: dict[str, Any]) -> None:
    """Print what became of the pairs of each label."""
    print(f"{'hand-kept':<10}" + "".join(f"{verdict:>9}" for verdict in VERDICTS) + "   shares")
    for label, row in figures["pairs"].items():
        shares = " ".join(f"{count / max(sum(row.values()), 1):.3f}" for count in row.values())
        print(f"{label:<10}" + "".join(f"{count:>9}" for count in row.values()) + f"   {shares}")
    print(f"precision {figures['precision']:.4f}, weighted {figures['weighted_precision']:.4f}; ", end="")
    print(f"{figures['questions']} questions about {figures['entries']} entries\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=WILD)
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument("--loso", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="list this many wrong merges, and why")
    args = parser.parse_args()
    settings = load_config(profile=args.profile, start=HERE).dedup
    model = fit([examples(labelled) for labelled in read_sets(DATA)]) if args.loso else None
    result = measure(args.data, settings, model)
    print_table(result.figures)
    for weight, why, a, b in sorted(result.wrong, key=lambda item: -item[0])[: args.errors]:
        print(f"  {why} (weight {weight:.0f}): {a.id} {b.id}: {explain_pair(a, b, settings).why}")
    target = HERE / "results" / "hand_kept.json"
    target.parent.mkdir(exist_ok=True)
    written = {"profile": args.profile, "loso": args.loso, **result.figures}
    target.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
