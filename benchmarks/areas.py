"""Evaluate the shipped area model: `python benchmarks/areas.py`. `area_peers.py` compares it with other systems.

Data: `validation.parquet` (12,000 arXiv papers of May 2026, newer than all training papers of the weights; `--papers`
names files of other months, and the figures of each month are columns). The
shipped calibration was fitted on these papers too, so it is not measured: each half of the papers is tested with a
calibration fitted without that half (`--as-shipped` measures the shipped calibration, for other data).
Prints a table and writes `benchmarks/results/areas.json`.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify.model import SHIPPED, Model, Tagging, load_model
from refsync.classify.settings import AreaSettings
from refsync.classify.taxonomy import archive
from scripts import train_areas

MIN_PAPERS = 20  # of a category, for macro F1 by month
MIN_MONTH = 100  # papers of a month, below which it is not shown
BINS = 15  # of equal width, for the expected calibration error
Figures = dict[str, float]


def is_computer_science(area: str) -> bool:
    return area.startswith(("cs.", "eess.")) or area == "stat.ML"


def evaluate(likely: NDArray[np.float64], classes: Sequence[str], truth: Sequence[Sequence[str]]) -> Figures:
    """Ranking and calibration. `likely` is (N, C); `truth` are the categories of each paper, its first one first."""
    order = np.argsort(-likely, axis=1, kind="stable")
    first = [classes[column] for column in order[:, 0]]
    top = likely[np.arange(len(truth)), order[:, 0]]
    among = np.array([area in areas for area, areas in zip(first, truth, strict=True)])
    return {
        "papers": len(truth),
        "primary": share(area == areas[0] for area, areas in zip(first, truth, strict=True)),
        "among": float(among.mean()),
        "top3": share(areas[0] in {classes[c] for c in row[:3]} for row, areas in zip(order, truth, strict=True)),
        "macro_f1": macro_f1([areas[0] for areas in truth], first),
        "archive": share(archive(area) == archive(areas[0]) for area, areas in zip(first, truth, strict=True)),
        "archive_among": share(
            archive(area) in {archive(other) for other in areas} for area, areas in zip(first, truth, strict=True)
        ),
        "ece": calibration_error(top, among),
        "ece_all_pairs": calibration_error(
            likely.ravel(), np.array([[area in areas for area in classes] for areas in map(set, truth)]).ravel()
        ),
    }


def share(hits: Iterable[bool]) -> float:
    """The share of hits; NaN if there is nothing to count."""
    counted = list(map(bool, hits))
    return statistics.fmean(counted) if counted else math.nan


def macro_f1(truth: Sequence[str], predicted: Sequence[str], smallest: int = 1) -> float:
    """Mean F1 over the primary categories that so many papers have; NaN if there are none."""
    scores = []
    for area in {area for area, count in Counter(truth).items() if count >= smallest}:
        both = sum(a == b == area for a, b in zip(truth, predicted, strict=True))
        scores.append(2 * both / (truth.count(area) + predicted.count(area)))
    return statistics.fmean(scores) if scores else math.nan


def calibration_error(probability: NDArray[np.float64], hit: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal width."""
    bin_of = np.minimum((probability * BINS).astype(int), BINS - 1)
    error = 0.0
    for number in np.unique(bin_of):
        inside = bin_of == number
        error += abs(float(hit[inside].mean()) - float(probability[inside].mean())) * float(inside.mean())
    return error


def decisions(taggings: Sequence[Tagging], truth: Sequence[Sequence[str]]) -> Figures:
    """The decision rule: how many papers get an area, and how many of these areas are right."""
    applied = [{area.area for area in tagging.areas if area.applied} for tagging in taggings]
    tagged = [(tagging.primary, areas) for tagging, areas in zip(taggings, truth, strict=True) if tagging.primary]
    right = sum(len(areas & set(true)) for areas, true in zip(applied, truth, strict=True))
    given, true_count = sum(map(len, applied)), sum(map(len, truth))
    return {
        "coverage": len(tagged) / len(truth),
        "primary_among": share(primary in areas for primary, areas in tagged),
        "primary_is_primary": share(primary == areas[0] for primary, areas in tagged),
        "precision_of_all_applied": right / given if given else math.nan,
        "recall_of_all_categories": right / true_count,
        "areas_a_tagged_paper": given / len(tagged) if tagged else math.nan,
    }


def by_month(
    corpus: train_areas.Corpus,
    likely: NDArray[np.float64],
    taggings: Sequence[Tagging],
    truth: Sequence[Sequence[str]],
    classes: Sequence[str],
) -> dict[str, Figures]:
    """The figures of each month of the papers; older papers are from months that the weights were trained on."""
    result = {}
    for month in np.unique(corpus.month).tolist():
        rows = np.flatnonzero(corpus.month == month)
        if len(rows) < MIN_MONTH:
            continue
        of_rows = [truth[row] for row in rows]
        first = [classes[column] for column in likely[rows].argmax(axis=1)]
        measured = evaluate(likely[rows], classes, of_rows)
        decided = decisions([taggings[row] for row in rows], of_rows)
        result[f"{month // 100}-{month % 100:02}"] = {
            **{name: measured[name] for name in ("papers", "primary", "among", "top3")},
            "macro_f1_of_20": macro_f1([areas[0] for areas in of_rows], first, MIN_PAPERS),
            "ece": measured["ece"],
            "coverage": decided["coverage"],
            "right": decided["primary_among"],
            "recall": decided["recall_of_all_categories"],
        }
    return result


def speed(model: Model, papers: Sequence[tuple[str, str]]) -> float:
    """Papers per CPU second on one core, the best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        model.tag(papers, AreaSettings())
        times.append(time.process_time() - start)
    return len(papers) / min(times)


def load_seconds(path: str) -> float:
    """Time to load the model in a new interpreter, without imports; the median of five."""
    code = (
        "import sys, time; from refsync.classify.model import load_model; start = time.perf_counter();"
        "load_model(sys.argv[1]); print(time.perf_counter() - start)"
    )
    runs = [subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def cross_calibrated(
    model: Model, newest: train_areas.Corpus, held: train_areas.Corpus
) -> list[tuple[NDArray[np.intp], Model]]:
    """Each half of the newest papers, with the model calibrated on the other half and the held-out older papers."""
    even = np.arange(len(newest.papers)) % 2 == 0
    result = []
    for half in (even, ~even):
        fitted = train_areas.calibrated(model.weights, newest[np.flatnonzero(~half)] + held, train_areas.Settings())
        result.append((np.flatnonzero(half), Model(fitted)))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the shipped area model.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"), help="folder of the parquet files")
    parser.add_argument("--model", default="", help="a model file instead of the shipped one")
    parser.add_argument("--as-shipped", action="store_true", help="measure the shipped calibration")
    parser.add_argument("--papers", nargs="+", default=["validation.parquet"], help="files of the papers to tag")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/areas.json"))
    options = parser.parse_args()
    model = load_model(options.model)
    first, *more = (train_areas.load(options.data / name, model.classes) for name in options.papers)
    newest = sum(more, first)
    truth = [
        [model.classes[first], *(model.classes[column] for column in np.flatnonzero(row) if column != first)]
        for first, row in zip(newest.primary, newest.member, strict=True)
    ]
    if options.as_shipped:
        fitted = [(np.arange(len(truth)), model)]
    else:
        older = train_areas.load(options.data / "train.parquet", model.classes)
        fitted = cross_calibrated(model, newest, older[np.flatnonzero(train_areas.held_out(older, model.classes))])
    result: dict[str, Any] = {"model": model.name, "data": options.papers, "as_shipped": options.as_shipped}
    inside = np.array([is_computer_science(area) for area in model.classes])
    rows = np.flatnonzero([is_computer_science(areas[0]) for areas in truth])
    for kind, corpus in (("abstracts", newest), ("titles", newest.titles)):
        likely = np.zeros((len(truth), len(model.classes)))
        for half, calibrated in fitted:
            for start in range(0, len(half), 500):
                chosen = half[start : start + 500]
                likely[chosen] = calibrated.probabilities([corpus.papers[row] for row in chosen])
        of_rows = [truth[row] for row in rows]
        result[kind] = {
            "all": evaluate(likely, model.classes, truth),
            "computer science": evaluate(likely[rows], model.classes, of_rows),
            "its own classes only": evaluate(
                likely[np.ix_(rows, np.flatnonzero(inside))],
                [c for c, own in zip(model.classes, inside, strict=True) if own],
                of_rows,
            ),
            "decision": decisions(taggings := tagged(fitted, corpus, AreaSettings()), truth),
            "by_month": by_month(corpus, likely, taggings, truth, model.classes),
            "at_accuracy": {
                str(accuracy): decisions(tagged(fitted, corpus, AreaSettings(min_accuracy=accuracy)), truth)
                for accuracy in (0, 0.8, 0.85, 0.9, 0.95)
            },
            "calibration": reliability(likely, newest.member),
            "papers_a_second": speed(model, corpus.papers[:6000]),
        }
    result["load_seconds"] = load_seconds(options.model)
    result["file_megabytes"] = (Path(options.model) if options.model else SHIPPED).stat().st_size / 1e6
    result["memory_megabytes"] = memory_megabytes(options.model)
    print_tables(result)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1))


def tagged(
    fitted: Sequence[tuple[NDArray[np.intp], Model]], corpus: train_areas.Corpus, settings: AreaSettings
) -> list[Tagging]:
    """The taggings of all papers, each by the model that was not calibrated on it."""
    found: dict[int, Tagging] = {}
    for half, model in fitted:
        found |= zip(half.tolist(), model.tag([corpus.papers[row] for row in half], settings), strict=True)
    return [found[row] for row in range(len(corpus.papers))]


def reliability(likely: NDArray[np.float64], member: NDArray[np.bool_]) -> list[Figures]:
    """By probability of the most likely area: the share of papers that have it."""
    first = likely.argmax(axis=1)
    top, hit = likely.max(axis=1), member[np.arange(len(first)), first]
    bins = np.minimum((top * 10).astype(int), 9)
    return [
        {
            "from": number / 10,
            "papers": int((bins == number).sum()),
            "probability": float(top[bins == number].mean()),
            "among": float(hit[bins == number].mean()),
        }
        for number in np.unique(bins).tolist()
    ]


def memory_megabytes(path: str) -> float:
    """Peak memory of a new interpreter that loads the model and tags a thousand papers (Linux only)."""
    code = (
        "import sys; from refsync.classify.model import load_model; from refsync.classify.settings import AreaSettings;"
        "load_model(sys.argv[1]).tag([('Deep nets', 'segment images of ' * 40)] * 1000, AreaSettings());"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    return float(subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True).stdout) / 1e3


def print_tables(result: dict[str, Any]) -> None:
    columns = ("primary", "among", "top3", "macro_f1", "archive", "archive_among", "ece", "ece_all_pairs")
    print(f"{'':32}{'papers':>8}" + "".join(f"{name:>14}" for name in columns))
    for kind in ("abstracts", "titles"):
        for group in ("all", "computer science", "its own classes only"):
            row = result[kind][group]
            print(f"{kind + ', ' + group:32}{row['papers']:8}" + "".join(f"{row[name]:14.3f}" for name in columns))
    names = tuple(result["titles"]["decision"])
    print(f"\n{'decision rule':28}" + "".join(f"{name:>26}" for name in names))
    for kind in ("abstracts", "titles"):
        rows = {"default": result[kind]["decision"]} | result[kind]["at_accuracy"]
        for accuracy, row in rows.items():
            print(f"{kind + ', accuracy ' + accuracy:28}" + "".join(f"{row[name]:26.3f}" for name in names))
    for kind in ("abstracts", "titles"):
        months = result[kind]["by_month"]
        if not months:
            continue
        print(f"\n{kind + ' by month':28}" + "".join(f"{month:>12}" for month in months))
        for name in next(iter(months.values())):
            values = [row[name] for row in months.values()]
            print(
                f"{name:28}" + "".join(f"{value:12.0f}" if name == "papers" else f"{value:12.3f}" for value in values)
            )
    print("\nprobability of the first area, and how often the paper has it (abstracts)")
    for row in result["abstracts"]["calibration"]:
        print(f"{row['papers']:8.0f} papers{row['probability']:8.3f}{row['among']:8.3f}")
    print(
        f"\nspeed: {result['abstracts']['papers_a_second']:.0f} abstracts/s, {result['titles']['papers_a_second']:.0f} "
        f"titles/s; load {result['load_seconds']:.3f} s; file {result['file_megabytes']:.2f} MB; "
        f"memory {result['memory_megabytes']:.0f} MB"
    )


if __name__ == "__main__":
    main()
