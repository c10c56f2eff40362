"""Accuracy of deduplication on every labelled set.

    python benchmarks/accuracy.py [--data ../shared/data/dedup] [--profile balanced] [--loso]

Prints a table and writes it to benchmarks/results/accuracy.json. Precision, recall and F1 are over pairs after closure;
`wrong` are papers of which every record was removed, `missed` duplicate records that were kept, `asked` the pairs in
the queue for a person and `of missed` how many missed true pairs are among them; `blocked` is the share of true pairs
that blocking proposes. With `--loso` each set is scored by a model that never saw it.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "scripts"))

from train_pairs import DATA, Labelled, examples, fit, read_sets  # noqa: E402

from refsync.config import PROFILES, load_config  # noqa: E402
from refsync.dedup.block import candidate_pairs  # noqa: E402
from refsync.dedup.cluster import deduplicate  # noqa: E402
from refsync.dedup.model import PairModel, shipped  # noqa: E402
from refsync.dedup.profile import profile  # noqa: E402
from refsync.dedup.settings import DedupSettings  # noqa: E402


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one set."""

    name: str
    records: int
    tp: int
    fp: int
    fn: int
    precision: float
    recall: float
    f1: float
    wrong: int
    missed: int
    asked: int
    of_missed: int
    blocked: float
    candidates: float
    ms: float


def measure(labelled: Labelled, settings: DedupSettings, model: PairModel) -> Row:
    records, want = labelled.records, labelled.pairs
    candidates = candidate_pairs([profile(record) for record in records])
    proposed = want & set(map(tuple, candidates.tolist()))
    start = time.perf_counter()
    result = deduplicate(records, settings, model=model)
    seconds = time.perf_counter() - start
    got = {pair for cluster in result.clusters for pair in combinations(cluster.members, 2)}
    asked = {(min(link.members), max(link.members)) for link in result.review}
    removed = {i for cluster in result.clusters for i in cluster.members[1:]}
    in_truth = {i for cluster in labelled.clusters for i in cluster}
    papers = [*labelled.clusters, *([i] for i in range(len(records)) if i not in in_truth)]
    kept = [sum(i not in removed for i in paper) for paper in papers]
    tp, fp, fn = len(want & got), len(got - want), len(want - got)
    return Row(
        labelled.name,
        len(records),
        tp,
        fp,
        fn,
        tp / max(tp + fp, 1),
        tp / max(tp + fn, 1),
        2 * tp / max(2 * tp + fp + fn, 1),
        kept.count(0),
        sum(count - 1 for count in kept if count > 1),
        len(asked),
        len((want - got) & asked),
        len(proposed) / max(len(want), 1),
        len(candidates) / len(records),
        1000 * seconds / len(records),
    )


def show(rows: list[Row]) -> None:
    print(
        f"{'set':<20}{'records':>8}{'P':>8}{'R':>8}{'F1':>8}{'fp':>5}{'fn':>5}{'wrong':>6}{'missed':>7}{'asked':>6}"
        f"{'of missed':>10}{'blocked':>8}{'cand/rec':>9}{'ms/rec':>7}"
    )
    for r in rows:
        print(
            f"{r.name:<20}{r.records:>8}{r.precision:>8.4f}{r.recall:>8.4f}{r.f1:>8.4f}{r.fp:>5}{r.fn:>5}{r.wrong:>6}"
            f"{r.missed:>7}{r.asked:>6}{r.of_missed:>10}{r.blocked:>8.4f}{r.candidates:>9.1f}{r.ms:>7.2f}"
        )
    tp, fp, fn = (sum(getattr(r, name) for r in rows) for name in ("tp", "fp", "fn"))
    wrong, asked, records = (sum(getattr(r, name) for r in rows) for name in ("wrong", "asked", "records"))
    big = [r.f1 for r in rows if r.records > 100]
    macro = sum(big) / len(big)
    print(
        f"\nall: precision {tp / (tp + fp):.4f}, recall {tp / (tp + fn):.4f}, "
        f"macro F1 {macro:.4f} (sets of more than 100 records); "
        f"{wrong} of {records} papers wrongly removed; {100 * asked / records:.1f} % of records to review"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument("--loso", action="store_true", help="leave one set out: a model for each set that never saw it")
    args = parser.parse_args()
    sets = read_sets(args.data)
    if not sets:
        sys.exit(f"no labelled sets under {args.data}: a set is a folder with records.csv and clusters.csv")
    learnt = [examples(labelled) for labelled in sets] if args.loso else []
    rows = []
    for i, labelled in enumerate(sets):
        model = fit([other for j, other in enumerate(learnt) if j != i]) if args.loso else shipped()
        rows.append(measure(labelled, load_config(profile=args.profile).dedup, model))
    show(rows)
    target = HERE / "results" / ("accuracy-loso.json" if args.loso else "accuracy.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
