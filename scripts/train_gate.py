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

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import linear, model_file
from refsync.classify.field_model import FieldModel
from refsync.classify.fields import FIELDS
from refsync.classify.gate import COMPUTING, FLOORS, is_computing
from refsync.classify.journals import Journals
from refsync.classify.model import Model, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from scripts import train_fields
from scripts.train_areas import Paper as Text

KEPT = (0.008, 0.010)  # share of other sciences' papers and titles that keep a category of computer science
NEAR = {*COMPUTING, "Physics and Astronomy"}
"""Fields whose papers may well have a category of computer science."""
NO_JOURNALS = Journals(np.zeros(0, np.uint64), np.zeros(0, np.uint16), np.zeros((1, len(FIELDS)), np.float16))


def field_shares(model: FieldModel, papers: list[Text]) -> NDArray[np.float64]:
    """(N, F) probabilities of fields."""
    parts = []
    for start in range(0, len(papers), 500):
        batch = papers[start : start + 500]
        parts.append(model.assess([Paper(*paper) for paper in batch], linear.Texts.of(batch)).shares)
    return np.concatenate(parts)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the gate of computer science.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of `fields` and `areas`")
    parser.add_argument("--model", type=Path, default=Path("refsync/classify/fields-2026.npz"))
    options = parser.parse_args(arguments)
    weights = model_file.read(options.model)
    fields, categories = FieldModel(Model(weights), NO_JOURNALS), load_model()
    corpus = train_fields.load(options.data / "fields" / "validation.parquet")
    other = [FIELDS[c] not in NEAR and s != "arxiv" for c, s in zip(corpus.field, corpus.source, strict=True)]
    others = corpus[np.array(other)]
    table = pq.read_table(
        options.data / "areas" / "validation.parquet", columns=["title", "abstract", "primary_category"]
    ).to_pylist()
    own = [(row["title"], row["abstract"]) for row in table if is_computing(row["primary_category"])]
    coefficients, biases = [], []
    for kind, kept in enumerate(KEPT):
        foreign = others.titles.papers if kind else others.papers
        papers = [(title, "") for title, _ in own] if kind else own
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
    notes = {**weights.notes, "gate": {"coefficients": coefficients, "biases": biases}}
    options.model.write_bytes(model_file.write(replace(weights, notes=notes)))


if __name__ == "__main__":
    main()
