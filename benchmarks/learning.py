"""What learning from answers changes: a reviewer answers the queue of one half of each set, the other half is measured.

    python benchmarks/learning.py [--data ../shared/data/dedup] [--merges 40] [--seeds 3] [--markdown]

Each labelled set, and a copy of it as poorer sources would give it (scripts/noise.py), is parted into halves by paper.
The reviewer answers by the labels what `refsync review` asks of the first half with the profile `careful` (merges from
.95 on), and is shown the `--merges` weakest merges of `balanced` too. The pair model never saw the set. The calibration
learnt is then measured on the other half, with `balanced`; `pooled` learns from the first halves of all sets together.
The last rows have the pooled, spoilt copies judged by a model whose log-odds were made too low or too high by 1.5: what
a library of another kind might do to it.
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
from scripts.noise import spoilt
from scripts.train_pairs import DATA, Labelled, examples, fit, read_sets

SPOILT_SEED = 77
Answers = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Row:
    """One set, or all: what was learnt from, and the figures on the other halves before and after."""

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
    """The set parted by paper."""
    paper_of = {i: n for n, cluster in enumerate(labelled.clusters) for i in cluster}
    rng = np.random.default_rng(seed)
    side = rng.random(len(labelled.clusters)) < 0.5
    alone = rng.random(len(labelled.records)) < 0.5
    parts = []
    for which in (True, False):
        own = [i for i in range(len(labelled.records)) if (side[paper_of[i]] if i in paper_of else alone[i]) == which]
        at = {i: place for place, i in enumerate(own)}
        clusters = [[at[i] for i in cluster] for cluster in labelled.clusters if cluster[0] in at]
        parts.append(Labelled(labelled.name, [labelled.records[i] for i in own], clusters))
    return parts[0], parts[1]


def answered(labelled: Labelled, model: PairModel, merges: int) -> Answers:
    """What a reviewer who knows the labels says of the pairs that are asked: scores, and whether they are one paper."""
    asked: list[Pair] = []
    for link in deduplicate(labelled.records, load_config(profile="careful").dedup, model=model).review:
        asked += link.evidence
    found = deduplicate(labelled.records, load_config().dedup, model=model)
    weakest = sorted(found.clusters, key=lambda cluster: cluster.probability)[:merges]
    asked += [min(cluster.evidence, key=lambda pair: pair.probability) for cluster in weakest]
    true = labelled.pairs
    said = {
        (pair.a, pair.b): (log_odds(pair.probability), float((pair.a, pair.b) in true))
        for pair in asked
        if not pair.vetoes and not pair.settled
    }
    scores, same = np.array([*said.values()]).reshape(-1, 2).T
    return scores, same


def log_odds(p: float) -> float:
    inside = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(inside / (1 - inside)))


def learnt(answers: Sequence[Answers]) -> Calibration:
    scores, same = (np.concatenate(part) for part in zip(*answers, strict=True))
    try:
        calibration = learn(scores, same)
    except ConfigError:
        return AS_SHIPPED
    before, after = cross_validated(scores, same, load_config().dedup.same)
    return calibration if after.does_better_than(before) else AS_SHIPPED


def compared(name: str, answers: Sequence[Answers], others: Sequence[tuple[Labelled, PairModel]],
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
        name,
        sum(len(scores) for scores, _ in answers),
        int(sum(same.sum() for _, same in answers)),
        max(moves, default=0.0),
        (tp[0] / max(tp[0] + fp[0], 1), tp[1] / max(tp[1] + fp[1], 1)),
        (tp[0] / max(tp[0] + fn[0], 1), tp[1] / max(tp[1] + fn[1], 1)),
        (wrong[0], wrong[1]),
        (asked[0], asked[1]),
        (found[0], found[1]),
    )


def show(rows: Sequence[Row], *, markdown: bool) -> None:
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
    worse = [replace(one, records=spoilt(one.records, SPOILT_SEED)) for one in sets]
    for title, which, shift in (
        ("", sets, 0.0),
        (", spoilt", worse, 0.0),
        (", spoilt, model too low", worse, -1.5),
        (", spoilt, model too high", worse, 1.5),
    ):
        every: list[tuple[Answers, tuple[Labelled, PairModel]]] = []
        for labelled, plain in zip(which, models, strict=True):
            model = replace(plain, intercept=plain.intercept + shift)
            own = []
            for seed in range(args.seeds):
                one, other = halves(labelled, seed)
                own.append((answered(one, model, args.merges), (other, model)))
            every += own
            answers, others = [a for a, _ in own], [o for _, o in own]
            if not shift:
                rows.append(compared(labelled.name + title, answers, others, [learnt([a]) for a in answers]))
        pooled = [learnt([a for a, _ in every[seed :: args.seeds]]) for seed in range(args.seeds)]
        shared = [pooled[number % args.seeds] for number in range(len(every))]
        rows.append(compared(f"pooled{title}", [a for a, _ in every], [o for _, o in every], shared))
    show(rows, markdown=args.markdown)
    target = HERE / "results" / "learning.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
