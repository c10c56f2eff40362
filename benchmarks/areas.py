"""Evaluate the area model that ships: `python benchmarks/areas.py`. Trains nothing.

Data: `validation.parquet` (12,000 arXiv papers of May 2026, newer than everything that the model was trained and
calibrated on). Prints a table and writes `benchmarks/results/areas.json`.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from refsync.classify.model import SHIPPED, Model, Tagging, load_model
from refsync.classify.settings import AreaSettings
from refsync.classify.taxonomy import archive

BINS = 15  # of equal width, for the expected calibration error
Figures = dict[str, float]


def is_computer_science(area: str) -> bool:
    return area.startswith(("cs.", "eess.")) or area == "stat.ML"


def evaluate(likely: NDArray[np.float64], classes: Sequence[str], truth: Sequence[Sequence[str]]) -> Figures:
    """Ranking and calibration: `likely` is (N, C), `truth` the categories of each paper, its first one first."""
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
            archive(area) in {archive(one) for one in areas} for area, areas in zip(first, truth, strict=True)
        ),
        "ece": calibration_error(top, among),
        "ece_all_pairs": calibration_error(
            likely.ravel(), np.array([[area in areas for area in classes] for areas in map(set, truth)]).ravel()
        ),
    }


def share(hits: Iterable[bool]) -> float:
    """The share of hits; not a number where there is nothing to count."""
    counted = list(map(bool, hits))
    return statistics.fmean(counted) if counted else math.nan


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> float:
    """Mean F1 over the primary categories that occur in the truth."""
    scores = []
    for area in set(truth):
        both = sum(a == b == area for a, b in zip(truth, predicted, strict=True))
        scores.append(2 * both / (truth.count(area) + predicted.count(area)))
    return statistics.fmean(scores)


def calibration_error(probability: NDArray[np.float64], hit: NDArray[np.bool_]) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    error = 0.0
    for one in np.unique(place):
        here = place == one
        error += abs(float(hit[here].mean()) - float(probability[here].mean())) * float(here.mean())
    return error


def decisions(taggings: Sequence[Tagging], truth: Sequence[Sequence[str]]) -> Figures:
    """What the decision rule does: how many papers get an area, and how many of the areas are the papers'."""
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


def speed(model: Model, papers: Sequence[tuple[str, str]]) -> float:
    """Papers a second, the best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        model.tag(papers, AreaSettings())
        times.append(time.perf_counter() - start)
    return len(papers) / min(times)


def load_seconds(path: str) -> float:
    """Time to load the model in a fresh interpreter, imports apart; the median of five."""
    code = (
        "import sys, time; from refsync.classify.model import load_model; start = time.perf_counter();"
        "load_model(sys.argv[1]); print(time.perf_counter() - start)"
    )
    runs = [subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the area model that ships.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas/validation.parquet"))
    parser.add_argument("--model", default="", help="a model file instead of the one that ships")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/areas.json"))
    options = parser.parse_args()
    model = load_model(options.model)
    table = pq.read_table(options.data, columns=["title", "abstract", "categories"])
    papers = list(zip(table["title"].to_pylist(), table["abstract"].to_pylist(), strict=True))
    truth = [areas.split() for areas in table["categories"].to_pylist()]
    result: dict[str, Any] = {"model": model.name, "data": options.data.name}
    computer_science = [column for column, area in enumerate(model.classes) if is_computer_science(area)]
    in_it = [row for row, areas in enumerate(truth) if is_computer_science(areas[0])]
    for kind, texts in (("abstracts", papers), ("titles", [(title, "") for title, _ in papers])):
        likely = np.vstack([model.probabilities(texts[start : start + 500]) for start in range(0, len(texts), 500)])
        result[kind] = {
            "all": evaluate(likely, model.classes, truth),
            "computer science": evaluate(
                likely[np.ix_(in_it, computer_science)],
                [model.classes[column] for column in computer_science],
                [truth[row] for row in in_it],
            ),
            "decision": decisions(model.tag(texts, AreaSettings()), truth),
            "at_accuracy": {
                str(accuracy): decisions(model.tag(texts, AreaSettings(min_accuracy=accuracy)), truth)
                for accuracy in (0, 0.8, 0.85, 0.9, 0.95)
            },
            "papers_a_second": speed(model, texts[:6000]),
        }
    result["load_seconds"] = load_seconds(options.model)
    result["file_megabytes"] = (Path(options.model) if options.model else SHIPPED).stat().st_size / 1e6
    result["peak_memory_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    show(result)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1))


def show(result: dict[str, Any]) -> None:
    columns = ("primary", "among", "top3", "macro_f1", "archive", "archive_among", "ece", "ece_all_pairs")
    print(f"{'':28}{'papers':>8}" + "".join(f"{name:>14}" for name in columns))
    for kind in ("abstracts", "titles"):
        for group in ("all", "computer science"):
            row = result[kind][group]
            print(f"{kind + ', ' + group:28}{row['papers']:8}" + "".join(f"{row[name]:14.3f}" for name in columns))
    names = tuple(result["titles"]["decision"])
    print(f"\n{'decision rule':28}" + "".join(f"{name:>26}" for name in names))
    for kind in ("abstracts", "titles"):
        rows = {"default": result[kind]["decision"]} | result[kind]["at_accuracy"]
        for accuracy, row in rows.items():
            print(f"{kind + ', accuracy ' + accuracy:28}" + "".join(f"{row[name]:26.3f}" for name in names))
    print(
        f"\nspeed: {result['abstracts']['papers_a_second']:.0f} abstracts/s, {result['titles']['papers_a_second']:.0f} "
        f"titles/s; load {result['load_seconds']:.3f} s; file {result['file_megabytes']:.2f} MB; "
        f"peak memory {result['peak_memory_megabytes']:.0f} MB (with the data)"
    )


if __name__ == "__main__":
    main()
