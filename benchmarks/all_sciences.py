"""Evaluate the shipped field model: `python benchmarks/all_sciences.py --scores SCORES.npz`.

Data: `fields/validation.parquet` (papers and books of the sources that the model was trained on) and the scores that
`train_fields.py --scores` writes (of papers of a source by a model that was trained without it). The calibration of the
package was fitted on these papers, so each half of them is rated with a calibration fitted without it, and an unseen
source with one fitted without that source. `area_gate.py` measures the gate before arXiv's categories.
Prints tables and writes `benchmarks/results/all_sciences.json`.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.areas import calibration_error, share
from refsync.classify import linear, model_file
from refsync.classify.field_model import SHIPPED, FieldModel, FieldScores, load_field_model, titles_file
from refsync.classify.fields import DOMAIN_NAMES, DOMAINS, FIELDS
from refsync.classify.model import Model, Tagging, load_model
from refsync.classify.model_file import Weights
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from refsync.classify.tagger import ShippedTagger
from scripts import train_fields

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


Rated = tuple[NDArray[np.float64], NDArray[np.float64], list[Tagging]]
"""For each paper the shares of fields, their calibrated probabilities, and its tags."""


def rate(model: FieldModel, papers: Sequence[tuple[str, str]]) -> Rated:
    """What the model predicts for papers."""
    return (*assess(model, papers), ShippedTagger(model, load_model(), "fields").tag(papers, AreaSettings()))


def figures(rated: Rated, field: NDArray[np.intp], rows: NDArray[np.intp]) -> Figures:
    """Ranking and decisions for some of the papers."""
    shares, likely, taggings = rated
    found = [taggings[row] for row in rows.tolist()]
    return ranking(shares[rows], likely[rows], field[rows]) | decisions(found, field[rows])


def recalibrated(model: FieldModel, titles: Weights, kinds: Sequence[train_fields.Scored]) -> FieldModel:
    """The model with a calibration fitted to scored papers."""
    settings = train_fields.Settings()
    fitted = train_fields.calibrated(model.model.weights, train_fields.weighted(kinds, settings), settings)
    return FieldModel(Model(replace(fitted, notes={**model.model.notes, **fitted.notes})), titles, model.journals)


def without(kinds: Sequence[train_fields.Scored], source: str) -> list[train_fields.Scored]:
    """The scored papers of the other sources."""
    return [
        train_fields.Scored(**{name: values[part.source != source] for name, values in vars(part).items()})
        for part in kinds
    ]


def cross_calibrated(
    model: FieldModel, titles: Weights, corpus: train_fields.Corpus, unseen_kinds: Sequence[train_fields.Scored]
) -> dict[str, Rated]:
    """All papers, each half rated with a calibration that was fitted without that half."""
    models = train_fields.Models(model.model.weights, titles)
    even = np.arange(len(corpus.field)) % 2 == 0
    parts: dict[str, list[tuple[NDArray[np.intp], Rated]]] = {kind: [] for kind in TITLES}
    for half in (even, ~even):
        seen = train_fields.scored(models, corpus[~half], 1.0)
        fitted = recalibrated(model, titles, [one + other for one, other in zip(seen, unseen_kinds, strict=True)])
        for kind in TITLES:
            tested = corpus[half].titles if kind == "titles" else corpus[half]
            parts[kind].append((np.flatnonzero(half), rate(fitted, tested.papers)))
    return {kind: _joined(found) for kind, found in parts.items()}


def _joined(parts: Sequence[tuple[NDArray[np.intp], Rated]]) -> Rated:
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    shares, likely = (np.concatenate([rated[k] for _, rated in parts])[order] for k in (0, 1))  # type: ignore[misc]
    taggings = [tagging for _, rated in parts for tagging in rated[2]]
    return shares, likely, [taggings[row] for row in order.tolist()]


def rate_scores(model: FieldModel, part: train_fields.Scored, kind: int) -> Rated:
    """What the model predicts for papers that were scored by other weights."""
    curve = model.model.weights.calibration[kind].astype(np.float64)
    count = len(part.field)
    nothing = linear.TermVector(
        rows=np.zeros(0, np.int64), values=np.zeros(0, np.float32), words=0, known=0, distinct=0, foreign=0.0
    )
    all_papers, none = np.ones(count, bool), np.zeros(count, bool)
    scores = FieldScores(
        vectors=[nothing] * count,
        titles=all_papers if kind else none,
        readable=all_papers,
        sure=all_papers,
        journal=none,
        shares=linear.softmax(curve[0] * part.scores.astype(np.float64) + curve[2:]),
    )
    order, values = model.rank(scores)
    likely = np.empty_like(values)
    np.put_along_axis(likely, order, values, 1)
    taggings = model.taggings([("", "")] * count, scores, model.model.rule(AreaSettings()))
    return scores.shares, likely, list(taggings)


def unseen(model: FieldModel, titles: Weights, kinds: Sequence[train_fields.Scored]) -> dict[str, Figures]:
    """Figures on sources that neither the weights nor the calibration were fitted on, from their scores."""
    result: dict[str, Figures] = {}
    for name in train_fields.UNSEEN:
        source = f"unseen {name}"
        fitted = recalibrated(model, titles, without(without(kinds, source), name))
        for number, kind in enumerate(TITLES):
            values = {key: value[kinds[number].source == source] for key, value in vars(kinds[number]).items()}
            part = train_fields.Scored(**values)
            rated = rate_scores(fitted, part, number)
            result[f"{source}, {kind}"] = figures(rated, part.field, np.arange(len(part.field)))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the shipped field model.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of `fields`")
    parser.add_argument(
        "--scores", type=Path, required=True, help="scores of calibration papers, from `train_fields.py --scores`"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/all_sciences.json"))
    options = parser.parse_args()
    model, categories = load_field_model(), load_model()
    titles = model_file.read(titles_file(SHIPPED))
    corpus = train_fields.load(options.data / "fields" / "validation.parquet")
    kinds = train_fields.read_scores(options.scores)
    foreign = [train_fields.Scored(
        **{name: values[np.char.startswith(part.source, "unseen")] for name, values in vars(part).items()}
    ) for part in kinds]  # fmt: skip
    rows: dict[str, Figures] = {}
    for kind, rated in cross_calibrated(model, titles, corpus, foreign).items():
        rows[f"all, {kind}"] = figures(rated, corpus.field, np.arange(len(corpus.field)))
        for source in np.unique(corpus.source):
            if len(inside := np.flatnonzero(corpus.source == source)) >= 100:
                rows[f"{source}, {kind}"] = figures(rated, corpus.field, inside)
    rows |= unseen(model, titles, kinds)
    names = list(next(iter(rows.values())))
    print(f"{'':40}" + "".join(f"{name:>12}" for name in names))
    for label, row in rows.items():
        print(
            f"{label:40}"
            + "".join(f"{row[name]:12.0f}" if name == "papers" else f"{row[name]:12.3f}" for name in names)
        )
    papers = [paper for paper in corpus.papers if paper[1]][:6000]
    seconds = {}
    for taxonomy in ("fields", "auto"):
        start = time.process_time()
        ShippedTagger(model, categories, "fields" if taxonomy == "fields" else "auto").tag(papers, AreaSettings())
        seconds[taxonomy] = len(papers) / (time.process_time() - start)
    print("papers a second: " + ", ".join(f"{name} {value:.0f}" for name, value in seconds.items()))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"fields": rows, "papers_a_second": seconds}, indent=1))


if __name__ == "__main__":
    main()
