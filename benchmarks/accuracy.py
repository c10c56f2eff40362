"""Accuracy of deduplication on every labelled set.

    python benchmarks/accuracy.py [--data ../shared/data/dedup] [--profile balanced] [--loso] [--corrupted] [--errors N]
                                  [--dirty dblp_acm:d]
                                  [--peers bib-dedupe,splink,zotero] [--peer-sets A,B] [--peers-python PYTHON]
                                  [--markdown]

Prints a table and writes it to benchmarks/results/accuracy.json. Precision, recall and F1 are over pairs after
closure; `wrong` are papers of which every record was removed, `missed` duplicate records that were kept, `asked` the
pairs queued for review and `of missed` the missed true pairs among them; `blocked` is the share of true pairs that
blocking proposes as candidates. With `--loso` each set is scored by a model that was not trained on it. The labelled
pairs of hand-kept libraries (see hand_kept.py), on which no model is trained, are in a table of their own.

`--corrupted` scores copies of the sets with the errors of poorer sources (see scripts/noise.py), `--dirty dblp_acm:d`
copies of one source of a set as a search engine, a table with moved values and a list of citations have them
(see scripts/dirty.py).

With `--errors N` the worst N false merges and the worst N missed pairs of each set are printed with the reason of the
verdict, those with the most certain probability first.

`--calibration` prints, for pairs that neither a veto nor a version relation decides, how many of those with a
probability are one paper.

With `--peers` other deduplicators (see peers.py) run on the same sets, one process each, and are scored alike. They
take 5 to 30 ms per record; `--peer-sets` selects their sets, `--peers-python` the interpreter that has them installed.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).parent
BINS = (0.35, 0.65, 0.8, 0.95, 0.99)  # where the bins of the calibration begin
SEED = 77  # of the corrupted copies; not one of the seeds in training

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks import hand_kept
from refsync.config import PROFILES, load_config
from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.classify_pairs import classify_pairs
from refsync.dedup.cluster import deduplicate
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.explain import DeduplicatedLibrary, explain_among
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.profile import profile
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from scripts.dirty import dirty_sets
from scripts.noise import corrupted_copies
from scripts.train_pairs import DATA, Labelled, examples, fit, read_sets


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one set."""

    name: str
    tool: str
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
    ms: float
    blocked: float = float("nan")
    candidates: float = float("nan")


def score(
    labelled: Labelled, tool: str, clusters: Iterable[Sequence[int]], asked: set[tuple[int, int]], seconds: float
) -> Row:
    """Figures of clusters (of indices) against the labelled ones; of each cluster the first record is kept."""
    true, count = labelled.pairs, len(labelled.records)
    ordered = [sorted(cluster) for cluster in clusters]
    predicted = {pair for cluster in ordered for pair in combinations(cluster, 2)}
    removed = {i for cluster in ordered for i in cluster[1:]}
    clustered = {i for cluster in labelled.clusters for i in cluster}
    papers = [*labelled.clusters, *([i] for i in range(count) if i not in clustered)]
    kept = [sum(i not in removed for i in paper) for paper in papers]
    tp, fp, fn = len(true & predicted), len(predicted - true), len(true - predicted)
    return Row(
        name=labelled.name,
        tool=tool,
        records=count,
        tp=tp,
        fp=fp,
        fn=fn,
        precision=tp / max(tp + fp, 1),
        recall=tp / max(tp + fn, 1),
        f1=2 * tp / max(2 * tp + fp + fn, 1),
        wrong=kept.count(0),
        missed=sum(n - 1 for n in kept if n > 1),
        asked=len(asked),
        of_missed=len((true - predicted) & asked),
        ms=1000 * seconds / count,
    )


def measure(labelled: Labelled, settings: DedupSettings, model: PairModel) -> tuple[Row, Deduplication]:
    records, true = labelled.records, labelled.pairs
    candidates = candidate_pairs([profile(record) for record in records])
    proposed = true & set(map(tuple, candidates.tolist()))
    start = time.perf_counter()
    result = deduplicate(records, settings, model=model)
    seconds = time.perf_counter() - start
    asked = {(min(link.members), max(link.members)) for link in result.review}
    row = score(labelled, "refsync", (cluster.members for cluster in result.clusters), asked, seconds)
    row = replace(row, blocked=len(proposed) / max(len(true), 1), candidates=len(candidates) / len(records))
    return row, result


def show_errors(
    labelled: Labelled, found: Deduplication, settings: DedupSettings, model: PairModel, count: int
) -> None:
    """Print false merges and missed pairs, with the reasons of their verdicts."""
    records, true = labelled.records, labelled.pairs
    predicted = {pair for cluster in found.clusters for pair in combinations(cluster.members, 2)}
    comparer = PairComparer([profile(record) for record in records])
    for kind, wrong, sign in (("false merge", predicted - true, -1), ("missed", true - predicted, 1)):
        pairs = np.array(sorted(wrong), np.int64).reshape(-1, 2)
        probabilities = model.probabilities(comparer.compare(pairs[:, 0], pairs[:, 1]).features)
        for a, b in pairs[np.argsort(sign * probabilities, kind="stable")[:count]].tolist():
            explanation = explain_among(
                DeduplicatedLibrary(records=records, found=found, settings=settings, model=model), a, b
            )
            print(f"  {kind}: {records[a].id} {records[b].id}  {explanation.verdict}  {explanation.why}")


def calibration(labelled: Labelled, settings: DedupSettings, model: PairModel) -> list[tuple[int, int]]:
    """How many pairs that no rule is about have a probability in each bin, and how many of them are one paper."""
    comparer = PairComparer([profile(record) for record in labelled.records])
    candidates = candidate_pairs(comparer.profiles)
    return binned(
        (pair.probability, (pair.a, pair.b) in labelled.pairs)
        for pair in classify_pairs(comparer, candidates, model, settings)
        if not (pair.vetoes or pair.relation)
    )


def binned(pairs: Iterable[tuple[float, bool]]) -> list[tuple[int, int]]:
    """How many pairs have a probability in each bin, and how many of them are one paper."""
    counts = [(0, 0)] * len(BINS)
    for probability, true in pairs:
        if probability >= BINS[0]:
            i = max(i for i, least in enumerate(BINS) if probability >= least)
            counts[i] = (counts[i][0] + 1, counts[i][1] + true)
    return counts


def print_calibration(counts: dict[str, list[tuple[int, int]]]) -> None:
    """Print the share of true pairs in each bin, with the number of pairs."""
    tops = [*BINS[1:], 1.0]
    heads = [f"{least:g}-{most:g}" for least, most in zip(BINS, tops, strict=True)]
    print("| set | " + " | ".join(heads) + " |\n" + "|---" * (len(heads) + 1) + "|")
    for name, bins in counts.items():
        cells = [f"{true / total:.3f} ({total:,})" if total else "" for total, true in bins]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print()


def run_peer(tool: str, labelled: Labelled, data: Path, python: str) -> dict[str, Row]:
    """Another tool's figures, by threshold where it scores pairs; none if it fails, with the reason on stderr."""
    command = [python, str(HERE / "peers.py"), tool, str(data / labelled.name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{tool} failed on {labelled.name}: {done.stderr.strip()[-500:]}", file=sys.stderr)
        return {}
    answer = json.loads(done.stdout.splitlines()[-1])
    index = {record.id: i for i, record in enumerate(labelled.records)}
    asked = {(min(pair), max(pair)) for ids in answer["asked"] for pair in [(index[ids[0]], index[ids[1]])]}
    return {
        at: score(labelled, tool, ([index[i] for i in ids] for ids in clusters), asked, answer["seconds"])
        for at, clusters in (answer["at"] or {"": answer["clusters"]}).items()
    }


def peer_rows(tool: str, sets: list[Labelled], data: Path, python: str) -> list[list[Row]]:
    """The tables of another tool; of one that scores pairs at the best threshold for all sets, and at that of each."""
    found = [rows for labelled in sets if (rows := run_peer(tool, labelled, data, python))]
    if not found or len(found[0]) == 1:
        return [[row for rows in found for row in rows.values()]] if found else []
    big = [rows for rows in found if next(iter(rows.values())).records > 100] or found
    best = max(found[0], key=lambda at: sum(rows[at].f1 for rows in big))
    own = [max(rows.values(), key=lambda row: row.f1) for rows in found]
    return [
        [replace(rows[best], tool=f"{tool} at {best}") for rows in found],
        [replace(row, tool=f"{tool}, best of each") for row in own],
    ]


def print_table(rows: list[Row]) -> None:
    """Print the table of one tool."""
    print(
        f"{rows[0].tool:<20}{'records':>8}{'P':>8}{'R':>8}{'F1':>8}{'fp':>5}{'fn':>5}{'wrong':>6}{'missed':>7}{'asked':>6}"
        f"{'of missed':>10}{'ms/rec':>8}{'blocked':>8}{'cand/rec':>9}"
    )
    for r in rows:
        print(
            f"{r.name:<20}{r.records:>8}{r.precision:>8.4f}{r.recall:>8.4f}{r.f1:>8.4f}{r.fp:>5}{r.fn:>5}{r.wrong:>6}"
            f"{r.missed:>7}{r.asked:>6}{r.of_missed:>10}{r.ms:>8.2f}"
            + (f"{r.blocked:>8.4f}{r.candidates:>9.1f}" if r.candidates == r.candidates else "")
        )
    tp, fp, fn = (sum(getattr(r, name) for r in rows) for name in ("tp", "fp", "fn"))
    wrong, asked, records = (sum(getattr(r, name) for r in rows) for name in ("wrong", "asked", "records"))
    big = [r.f1 for r in rows if r.records > 100]
    macro = f"macro F1 {sum(big) / len(big):.4f} (sets of more than 100 records); " if big else ""
    print(
        f"all: precision {tp / max(tp + fp, 1):.4f}, recall {tp / max(tp + fn, 1):.4f}, {macro}"
        f"{wrong} of {records} papers wrongly removed; {100 * asked / records:.1f} % of records to review\n",
        flush=True,
    )


def markdown(rows: list[Row]) -> str:
    """F1 of each tool on each set of more than 100 records, and sums over all sets, as the table of docs/dedup.md."""
    names = list(dict.fromkeys(row.name for row in rows if row.records > 100))
    sums = ["all pairs: precision / recall", "macro F1", "wrong", "missed", "asked (found)", "seconds"]
    lines = [["tool", *names, *sums], ["---"] * (len(names) + len(sums) + 1)]
    for tool in dict.fromkeys(row.tool for row in rows):
        own = {row.name: row for row in rows if row.tool == tool}
        tp, fp, fn, wrong, missed, asked, found = (
            sum(getattr(row, name) for row in own.values())
            for name in ("tp", "fp", "fn", "wrong", "missed", "asked", "of_missed")
        )
        big = [own[name].f1 for name in names if name in own]
        lines.append([
            tool,
            *(f"{own[name].f1:.3f}" if name in own else "" for name in names),
            f"{tp / max(tp + fp, 1):.4f} / {tp / max(tp + fn, 1):.4f}",
            f"**{sum(big) / max(len(big), 1):.3f}**",
            f"{wrong:,}",
            f"{missed:,}",
            f"{asked:,} ({found:,})",
            f"{sum(row.ms * row.records for row in own.values()) / 1000:,.0f}",
        ])  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--hand-kept", type=Path, default=hand_kept.WILD, help="labelled pairs of hand-kept libraries")
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    parser.add_argument(
        "--loso", action="store_true", help="leave one set out: score each set by a model not trained on it"
    )
    parser.add_argument(
        "--corrupted", action="store_true", help="score copies with typing errors, cut and missing fields"
    )
    parser.add_argument(
        "--dirty", metavar="SET:PREFIX", default="", help="score dirty copies of the records of a set with these ids"
    )
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="print the worst N errors of each set, with reasons"
    )
    parser.add_argument("--calibration", action="store_true", help="print how many pairs of a probability are true")
    parser.add_argument("--peers", default="", help="other tools to run, separated by commas (see peers.py)")
    parser.add_argument("--peer-sets", default="", help="their sets, separated by commas (default: all)")
    parser.add_argument("--peers-python", default=sys.executable, help="the interpreter that has them installed")
    parser.add_argument("--markdown", action="store_true", help="also print the figures as a Markdown table")
    args = parser.parse_args()
    sets = read_sets(args.data)
    if not sets:
        sys.exit(f"no labelled sets under {args.data}: a set is a folder with records.csv and clusters.csv")
    training = [examples(labelled) for labelled in sets] if args.loso and not args.dirty else []
    settings = load_config(profile=args.profile).dedup
    rows = []
    calibrated = {}
    if args.corrupted:
        sets = [replace(labelled, records=corrupted_copies(labelled.records, SEED)) for labelled in sets]
    if args.dirty:
        name, _, prefix = args.dirty.partition(":")
        sets = [dirty for clean in sets if clean.name == name for dirty in dirty_sets(clean, prefix, SEED)]
    for i, labelled in enumerate(sets):
        model = fit([other for j, other in enumerate(training) if j != i]) if training else shipped()
        row, found = measure(labelled, settings, model)
        rows.append(row)
        if args.calibration and len(labelled.records) > 100:
            calibrated[labelled.name] = calibration(labelled, settings, model)
        if args.errors:
            print(f"{labelled.name}:")
            show_errors(labelled, found, settings, model, args.errors)
    print_table(rows)
    if (args.hand_kept / "pairs.csv").is_file() and not (args.dirty or args.corrupted):
        general = fit(training) if training else shipped()
        hand_kept.print_table(hand_kept.measure(args.hand_kept, settings, general).figures)
        if args.calibration:
            calibrated["hand-kept"] = binned(hand_kept.undecided(args.hand_kept, settings, general))
    if calibrated:
        print_calibration(calibrated)
    for tool in filter(None, args.peers.split(",")):
        chosen = [s for s in sets if not args.peer_sets or s.name in args.peer_sets.split(",")]
        for table in peer_rows(tool, chosen, args.data, args.peers_python):
            print_table(table)
            rows += table
    if args.markdown:
        print(markdown(rows))
    kind = "-loso" * bool(training) + "-corrupted" * args.corrupted + "-dirty" * bool(args.dirty)
    target = HERE / "results" / f"accuracy{kind}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
