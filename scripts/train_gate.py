"""Fit the gate of computer science: `python scripts/train_gate.py --data ../shared/data`, after `train_fields.py`.

A logistic regression over the logs of the probabilities of fields separates arXiv's papers of computer science from
papers and books of other sciences that the area model would give such a category. Its threshold is the one at which a
given share of the latter keep one. The coefficients become a note of the field model.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import linear, model_file
from refsync.classify.field_model import SHIPPED, FieldModel, titles_file
from refsync.classify.fields import FIELDS
from refsync.classify.gate import COMPUTING, FLOORS, is_computing
from refsync.classify.model import Model, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from scripts import train_fields
from scripts.train_areas import Paper as Text

KEPT = (0.008, 0.010)  # share of other sciences' papers and titles that keep a category of computer science
NEAR = {*COMPUTING, "Physics and Astronomy"}
"""Fields whose papers may well have a category of computer science."""


def field_shares(model: FieldModel, papers: list[Text]) -> NDArray[np.float64]:
    """(N, F) probabilities of fields."""
    parts = []
    for start in range(0, len(papers), 500):
        batch = papers[start : start + 500]
        parts.append(model.assess([Paper(*paper) for paper in batch], linear.Texts.of(batch)).shares)
    return np.concatenate(parts)


def other_sciences(corpus: train_fields.Corpus) -> train_fields.Corpus:
    """The papers and books that should have no category of computer science."""
    return corpus[
        np.array(
            [FIELDS[c] not in NEAR and s != "arxiv" for c, s in zip(corpus.field, corpus.source, strict=True)], bool
        )
    ]


def computing_papers(path: Path) -> list[Text]:
    """Papers of computer science in a file of arXiv's papers."""
    rows = pq.read_table(path, columns=["title", "abstract", "primary_category"]).to_pylist()
    return [(row["title"], row["abstract"]) for row in rows if is_computing(row["primary_category"])]


def fit_gate(
    fields: FieldModel, categories: Model, others: train_fields.Corpus, computing: list[Text]
) -> dict[str, list[Any]]:
    """The gate, as in the notes of the field model: coefficients and biases, for papers and for titles alone."""
    coefficients: list[list[float]] = []
    biases: list[float] = []
    for kind, kept in enumerate(KEPT):
        foreign = others.titles.papers if kind else others.papers
        papers = [(title, "") for title, _ in computing] if kind else computing
        taggings = categories.tag(foreign, AreaSettings())
        wrong = [
            paper
            for paper, tagging in zip(foreign, taggings, strict=True)
            if any(area.applied and is_computing(area.area) for area in tagging.areas)
        ]
        shares = np.vstack([field_shares(fields, wrong), field_shares(fields, papers)])
        features = np.log(shares + FLOORS[kind])
        right = np.arange(len(shares)) >= len(wrong)
        fitted = LogisticRegression(C=0.3, max_iter=3000).fit(features, right)
        scores = features @ fitted.coef_[0]
        highest = np.sort(scores[~right])[::-1]
        bias = -float(highest[min(int(kept * len(foreign)), len(highest) - 1)])
        coefficients.append([round(float(value), 4) for value in fitted.coef_[0]])
        biases.append(round(bias, 4))
        lost = float((scores[right] + bias < 0).mean())
        print(f"kind {kind}: {len(wrong)} of {len(foreign)} wrong, {kept:.3f} kept; {lost:.4f} of {len(papers)} lost")
    return {"coefficients": coefficients, "biases": biases}


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the gate of computer science.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of `fields` and `areas`")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    weights = model_file.read(options.model)
    models = train_fields.Models(weights, model_file.read(titles_file(options.model)))
    others = other_sciences(train_fields.load(options.data / "fields" / "validation.parquet"))
    computing = computing_papers(options.data / "areas" / "validation.parquet")
    gate = fit_gate(train_fields.field_model(models), load_model(), others, computing)
    options.model.write_bytes(model_file.write(replace(weights, notes={**weights.notes, "gate": gate})))


if __name__ == "__main__":
    main()
