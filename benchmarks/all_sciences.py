"""Evaluate the shipped field model and the gate: `python benchmarks/all_sciences.py`.

Data: `fields/validation.parquet` (papers and books of the sources that the model was trained on; its calibration was
fitted on them, so that calibration errors there are a lower bound), sources that a model was trained without
(`--unseen`, some minutes), and `areas/validation.parquet` (arXiv papers of May 2026) for what the gate costs.
Prints tables and writes `benchmarks/results/all_sciences.json`.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.areas import calibration_error, share
from refsync.classify import linear
from refsync.classify.field_model import FieldModel, load_field_model
from refsync.classify.fields import DOMAIN_NAMES, DOMAINS, FIELDS
from refsync.classify.gate import is_computing
from refsync.classify.model import Model, Tagging, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from refsync.classify.tagger import ShippedTagger
from scripts import train_fields
from scripts.train_gate import NEAR

Figures = dict[str, float]
TITLES = ("abstracts", "titles")


def assess(model: FieldModel, papers: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(N, F) shares and calibrated probabilities of fields."""
    shares, likely = [], []
    for start in range(0, len(papers), 500):
        batch = [Paper(*paper) for paper in papers[start : start + 500]]
        scores = model.assess(batch, linear.Texts.of([(paper.title, paper.abstract) for paper in batch]))
        order, values = model.rank(scores)
        by_class = np.empty_like(values)
        np.put_along_axis(by_class, order, values, 1)
        shares.append(scores.shares)
        likely.append(by_class)
    return np.concatenate(shares), np.concatenate(likely)


def ranking(shares: NDArray[np.float64], likely: NDArray[np.float64], field: NDArray[np.intp]) -> Figures:
    """How often the first field is right, the domain, the calibration error."""
    first = likely.argmax(axis=1)
    top3 = np.argsort(-likely, axis=1, kind="stable")[:, :3]
    domain_of = np.array([DOMAIN_NAMES.index(DOMAINS[name]) for name in FIELDS])
    of_domains = np.stack([shares[:, domain_of == number].sum(axis=1) for number in range(len(DOMAIN_NAMES))], axis=1)
    sizes = np.bincount(field, minlength=len(FIELDS))
    f1 = [
        2 * float(((first == c) & (field == c)).sum()) / float((first == c).sum() + sizes[c])
        for c in np.flatnonzero(sizes >= 50)
    ]
    return {
        "papers": len(field),
        "field": share(first == field),
        "top3": share((top3 == field[:, None]).any(axis=1)),
        "domain": share(of_domains.argmax(axis=1) == domain_of[field]),
        "macro_f1": float(np.mean(f1)) if f1 else float("nan"),
        "ece": calibration_error(likely.max(axis=1), first == field),
    }


def right(tagging: Tagging, field: str) -> bool:
    """Whether a tag is the paper's field, or its domain."""
    (first, *_) = [area for area in tagging.areas if area.applied]
    return first.area == (DOMAINS[field] if first.level == "domain" else field)


def decisions(taggings: Sequence[Tagging], field: NDArray[np.intp]) -> Figures:
    """How many papers get a field or a domain, and how many of these are right."""
    tagged = [(tagging, FIELDS[column]) for tagging, column in zip(taggings, field, strict=True) if tagging.primary]
    of_field = [
        (tagging, name) for tagging, name in tagged if next(a for a in tagging.areas if a.applied).level == "area"
    ]
    return {
        "tagged": len(tagged) / max(len(field), 1),
        "right": share(right(tagging, name) for tagging, name in tagged),
        "with_field": len(of_field) / max(len(field), 1),
        "field_right": share(right(tagging, name) for tagging, name in of_field),
    }


def gate(fields: FieldModel, categories: Model, corpus: train_fields.Corpus, data: Path) -> dict[str, Any]:
    """What tags papers of other sciences get, and which papers of computer science lose theirs."""
    settings = AreaSettings()
    rows = np.array([FIELDS[c] not in NEAR and s != "arxiv" for c, s in zip(corpus.field, corpus.source, strict=True)])
    others = corpus[rows]
    table = pq.read_table(data / "validation.parquet", columns=["title", "abstract", "primary_category"]).slice(0, 6000)
    columns = (table["title"].to_pylist(), table["abstract"].to_pylist())
    inside = [code.startswith(("cs.", "eess.")) for code in table["primary_category"].to_pylist()]
    computing = [paper for paper, flag in zip(zip(*columns, strict=True), inside, strict=True) if flag]
    auto, gated = ShippedTagger(fields, categories), ShippedTagger(fields, categories, "arxiv")
    result: dict[str, Any] = {}
    for kind in TITLES:
        foreign = others.titles.papers if kind == "titles" else others.papers
        own = [(title, "") for title, _ in computing] if kind == "titles" else computing
        before, after = categories.tag(own, settings), gated.tag(own, settings)
        lost = [not new.primary for old, new in zip(before, after, strict=True) if old.primary]
        result[kind] = {
            "others": len(foreign),
            "others_before": share(_has_computing(one) for one in categories.tag(foreign, settings)),
            "others_arxiv": share(_has_computing(one) for one in gated.tag(foreign, settings)),
            "others_auto": share(_has_computing(one) for one in auto.tag(foreign, settings)),
            "computing": len(lost),
            "lost": share(lost),
            "lost_auto": share(
                not new.primary for old, new in zip(before, auto.tag(own, settings), strict=True) if old.primary
            ),
        }
    return result


def _has_computing(tagging: Tagging) -> bool:
    return any(area.applied and (is_computing(area.area) or area.area == "Computer Science") for area in tagging.areas)


def unseen(model: FieldModel, corpus: train_fields.Corpus) -> dict[str, Any]:
    """Figures on sources that the weights were not trained on, with the shipped calibration."""
    result: dict[str, Any] = {}
    settings, clock = train_fields.Settings(), [time.perf_counter()]
    for name in train_fields.UNSEEN:
        outside = corpus.source == name
        weights = train_fields.learn(corpus[~outside], settings, clock)
        shipped = model.model.weights
        weights = replace(
            weights, calibration=shipped.calibration, knots=shipped.knots, thresholds=shipped.thresholds,
            notes=shipped.notes,
        )  # fmt: skip
        one = FieldModel(Model(weights), model.journals)
        for kind in TITLES:
            part = corpus[outside].titles if kind == "titles" else corpus[outside]
            result[f"{name}, {kind}"] = figures(one, part)
    return result


def figures(model: FieldModel, corpus: train_fields.Corpus) -> Figures:
    """Ranking and decisions."""
    tagger = ShippedTagger(model, load_model(), "fields")
    taggings = tagger.tag(corpus.papers, AreaSettings())
    return ranking(*assess(model, corpus.papers), corpus.field) | decisions(taggings, corpus.field)


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the shipped field model and the gate.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of `fields` and `areas`")
    parser.add_argument("--unseen", action="store_true", help="also train models without a source, to measure it")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/all_sciences.json"))
    options = parser.parse_args()
    model, categories = load_field_model(), load_model()
    corpus = train_fields.load(options.data / "fields" / "validation.parquet")
    rows: dict[str, Figures] = {}
    for kind in TITLES:
        part = corpus.titles if kind == "titles" else corpus
        rows[f"all, {kind}"] = figures(model, part)
        for source in np.unique(corpus.source):
            if (inside := corpus.source == source).sum() >= 100:
                rows[f"{source}, {kind}"] = figures(model, part[inside])
    if options.unseen:
        train = train_fields.load(options.data / "fields" / "train.parquet")
        rows |= {f"unseen {name}": row for name, row in unseen(model, train + corpus).items()}
    names = list(next(iter(rows.values())))
    print(f"{'':40}" + "".join(f"{name:>12}" for name in names))
    for label, row in rows.items():
        print(
            f"{label:40}"
            + "".join(f"{row[name]:12.0f}" if name == "papers" else f"{row[name]:12.3f}" for name in names)
        )
    gates = gate(model, categories, corpus, options.data / "areas")
    for kind, row in gates.items():
        print(f"gate, {kind}: " + ", ".join(f"{name} {value:.4g}" for name, value in row.items()))
    papers = [paper for paper in corpus.papers if paper[1]][:6000]
    seconds = {}
    for taxonomy in ("fields", "auto"):
        start = time.process_time()
        ShippedTagger(model, categories, "fields" if taxonomy == "fields" else "auto").tag(papers, AreaSettings())
        seconds[taxonomy] = len(papers) / (time.process_time() - start)
    print("papers a second: " + ", ".join(f"{name} {value:.0f}" for name, value in seconds.items()))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"fields": rows, "gate": gates, "papers_a_second": seconds}, indent=1))


if __name__ == "__main__":
    main()
