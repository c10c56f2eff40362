"""The effect of learning from answers: questions about one half of each set are answered, the other half is scored.

    python benchmarks/learning.py [--data ../shared/data/dedup] [--merges 40] [--seeds 3] [--markdown]

Each labelled set, and a corrupted copy of it (scripts/noise.py), is split into halves by paper. The labels answer what
`refsync review` asks about the first half with the profile `careful` (merges from .95 on), and the `--merges` weakest
merges of `balanced`. The pair model was not trained on the set. The calibration learnt is then scored on the other half
with `balanced`; `pooled` learns from the first halves of all sets together. The last rows are the pooled, corrupted
copies with a model whose log-odds are shifted down or up by 1.5, as a library of another kind might shift them.
Prints a table and writes it to benchmarks/results/learning.json.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from numpy.typing import NDArray

from benchmarks.accuracy import measure
from refsync.config import load_config
from refsync.dedup.calibration import AS_SHIPPED, Calibration, cross_validated, learn
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import PairModel
from refsync.dedup.results import Pair
from refsync.errors import ConfigError
from scripts.noise import corrupted_copies
from scripts.train_pairs import DATA, Labelled, examples, fit, read_sets

CORRUPTION_SEED = 77
Answers = tuple[NDArray[np.float64], NDArray[np.float64]]
"""The scores of answered pairs, and whether each is one paper."""


@dataclass(frozen=True, slots=True)
class Row:
    """One set, or all: the answers, and the figures on the other halves before and after learning."""

    name: str
    answers: int
    same: int
    moved: float
    precision: tuple[float, float]
    recall: tuple[float, float]
    wrong: tuple[int, int]
    asked: tuple[int, int]
    found: tuple[int, int]


def halves(labelled: Labelled, seed: int) -> tuple[Labelled, Labelled]:
    """The set split by paper."""
    paper_of = {i: n for n, cluster in enumerate(labelled.clusters) for i in cluster}
    rng = np.random.default_rng(seed)
    side = rng.random(len(labelled.clusters)) < 0.5
    unclustered = rng.random(len(labelled.records)) < 0.5
    parts = []
    for which in (True, False):
        members = [
            i for i in range(len(labelled.records)) if (side[paper_of[i]] if i in paper_of else unclustered[i]) == which
        ]
        index = {i: place for place, i in enumerate(members)}
        clusters = [[index[i] for i in cluster] for cluster in labelled.clusters if cluster[0] in index]
        parts.append(Labelled(labelled.name, [labelled.records[i] for i in members], clusters))
    return parts[0], parts[1]


def answers_by_labels(labelled: Labelled, model: PairModel, merges: int) -> Answers:
    """The answers of a reviewer who knows the labels to the questions about a library."""
    asked: list[Pair] = []
    for link in deduplicate(labelled.records, load_config(profile="careful").dedup, model=model).review:
        asked += link.evidence
    found = deduplicate(labelled.records, load_config().dedup, model=model)
    weakest = sorted(found.clusters, key=lambda cluster: cluster.probability)[:merges]
    asked += [min(cluster.evidence, key=lambda pair: pair.probability) for cluster in weakest]
    true = labelled.pairs
    answers = {
        (pair.a, pair.b): (log_odds(pair.probability), float((pair.a, pair.b) in true))
        for pair in asked
        if not pair.vetoes
    }
    scores, same = np.array([*answers.values()]).reshape(-1, 2).T
    return scores, same


def log_odds(p: float) -> float:
    inside = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(inside / (1 - inside)))


def learn_calibration(answers: Sequence[Answers]) -> Calibration:
    scores, same = (np.concatenate(part) for part in zip(*answers, strict=True))
    try:
        calibration = learn(scores, same)
    except ConfigError:
        return AS_SHIPPED
    before, after = cross_validated(scores, same, load_config().dedup.same)
    return calibration if after.does_better_than(before) else AS_SHIPPED


def compare(name: str, answers: Sequence[Answers], others: Sequence[tuple[Labelled, PairModel]],
             calibrations: Sequence[Calibration]) -> Row:  # fmt: skip
    totals = np.zeros((2, 6), np.int64)
    settings = load_config().dedup
    for (labelled, model), calibration in zip(others, calibrations, strict=True):
        for when, used in enumerate((model, replace(model, calibration=calibration))):
            row, _ = measure(labelled, settings, used)
            totals[when] += [row.tp, row.fp, row.fn, row.wrong, row.asked, row.of_missed]
    tp, fp, fn, wrong, asked, found = totals.T.tolist()
    moves = [abs(after - before) for calibration in calibrations for before, after in calibration.knots]
    return Row(
        name=name,
        answers=sum(len(scores) for scores, _ in answers),
        same=int(sum(same.sum() for _, same in answers)),
        moved=max(moves, default=0.0),
        precision=(tp[0] / max(tp[0] + fp[0], 1), tp[1] / max(tp[1] + fp[1], 1)),
        recall=(tp[0] / max(tp[0] + fn[0], 1), tp[1] / max(tp[1] + fn[1], 1)),
        wrong=(wrong[0], wrong[1]),
        asked=(asked[0], asked[1]),
        found=(found[0], found[1]),
    )


def print_table(rows: Sequence[Row], *, markdown: bool) -> None:
    heads = "answers from|answers|same|largest move|precision|recall|wrong|asked|of missed".split("|")
    table = [
        [
            row.name,
            f"{row.answers:,}",
            f"{row.same:,}",
            f"{row.moved:.2f}" if row.moved else "none",
            *(f"{before:.4f} -> {after:.4f}" for before, after in (row.precision, row.recall)),
            *(f"{before} -> {after}" for before, after in (row.wrong, row.asked, row.found)),
        ]
        for row in rows
    ]
    if markdown:
        for line in (heads, ["---"] * len(heads), *table):
            print("| " + " | ".join(line) + " |")
        return
    widths = [max(len(line[i]) for line in (heads, *table)) for i in range(len(heads))]
    for line in (heads, *table):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--merges", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    sets = [labelled for labelled in read_sets(args.data) if len(labelled.records) > 100]
    data = [examples(labelled) for labelled in sets]
    models = [fit([d for j, d in enumerate(data) if j != i]) for i in range(len(data))]
    rows = []
    corrupted = [replace(labelled, records=corrupted_copies(labelled.records, CORRUPTION_SEED)) for labelled in sets]
    for title, which, shift in (
        ("", sets, 0.0),
        (", corrupted", corrupted, 0.0),
        (", corrupted, model too low", corrupted, -1.5),
        (", corrupted, model too high", corrupted, 1.5),
    ):
        all_halves: list[tuple[Answers, tuple[Labelled, PairModel]]] = []
        for labelled, plain in zip(which, models, strict=True):
            model = replace(plain, intercept=plain.intercept + shift)
            halves_of_set = []
            for seed in range(args.seeds):
                first, other = halves(labelled, seed)
                halves_of_set.append((answers_by_labels(first, model, args.merges), (other, model)))
            all_halves += halves_of_set
            answers, others = [a for a, _ in halves_of_set], [o for _, o in halves_of_set]
            if not shift:
                rows.append(compare(labelled.name + title, answers, others, [learn_calibration([a]) for a in answers]))
        pooled = [learn_calibration([a for a, _ in all_halves[seed :: args.seeds]]) for seed in range(args.seeds)]
        shared = [pooled[number % args.seeds] for number in range(len(all_halves))]
        rows.append(compare(f"pooled{title}", [a for a, _ in all_halves], [o for _, o in all_halves], shared))
    print_table(rows, markdown=args.markdown)
    target = HERE / "results" / "learning.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
