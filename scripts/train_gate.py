"""Fit the gate before arXiv's categories: `python scripts/train_gate.py`, after `train_fields.py`.

For each group of categories a logistic regression over the logs of the probabilities of fields, the group's most
probable category and its certainty separates arXiv's papers from papers and books of other sciences that the area model
would give one. Its threshold is the one at which a given share of arXiv's papers lose their category. The coefficients
become a note of the field model.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import linear, model_file
from refsync.classify.field_model import SHIPPED, FieldModel, titles_file
from refsync.classify.fields import FIELDS
from refsync.classify.gate import (
    CATEGORIES,
    FLOORS,
    GATED,
    fields_of,
    group_of,
    is_computing,
    leading,
    support_by_fields,
)
from refsync.classify.model import Model, floor_of, is_long_enough, is_readable, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from scripts import train_fields
from scripts.train_areas import Paper as Text

LOST: Final = {"Computer Science": (0.017, 0.046), "Quantitative Biology": (0.08, 0.08)}
"""Share of arXiv's papers and titles of a group that lose their category."""
OTHERS_LOST: Final = (0.02, 0.02)
LEAST_LOST: Final = 0.005  # of those that the fields support
MIN_PROBABILITY: Final = 0.2  # of the most probable category of a paper that the gate is fitted on
OLDER_PAPERS: Final = 1000  # of arXiv for each group but computer science, of which there are enough new ones
MIN_WRONG: Final = 50  # papers of other sciences that a group's model is fitted on
PENALTY: Final = 0.2  # inverse strength of the L2 penalty
NEAR: Final = {"Computer Science", "Engineering", "Mathematics", "Decision Sciences", "Physics and Astronomy"}
"""Fields whose papers may well have a category of computer science."""


def may_have(field: str, category: str) -> bool:
    """Whether a paper of a field may well have a category.

    >>> may_have("Medicine", "cs.CY"), may_have("Medicine", "physics.med-ph")
    (False, True)
    """
    return field in fields_of(category) or (is_computing(category) and field in NEAR)


@dataclass(frozen=True)
class Assessed:
    """What both models say of N papers: see `refsync.classify.gate`.

    Attributes:
        shares: (N, 26) of fields.
        first: (N,) the most probable category.
        certainty: (N,) its log odds.
        possible: (N,) whether a category is probable enough to be considered.
        tagged: (N,) whether it would be applied without a gate.
        supported: (N,) whether it has the least support of the fields.
    """

    shares: NDArray[np.float64]
    first: NDArray[np.intp]
    certainty: NDArray[np.float64]
    possible: NDArray[np.bool_]
    tagged: NDArray[np.bool_]
    supported: NDArray[np.bool_]

    def features(self, rows: NDArray[np.intp], group: str, kind: int) -> NDArray[np.float64]:
        """(n, 26 + 1 + K): logs of shares, the certainty, and which of the K categories of a group is the first."""
        columns = [column for column, name in enumerate(CATEGORIES) if group_of(name) == group]
        which = self.first[rows][:, None] == np.array(columns)
        return np.hstack([np.log(self.shares[rows] + FLOORS[kind]), self.certainty[rows][:, None], which])


def assess(fields: FieldModel, categories: Model, papers: Sequence[Text], kind: int) -> Assessed:
    """What both models say of papers, all of one kind: 0 with abstracts, 1 as titles alone."""
    floor = floor_of(categories.weights.thresholds[kind], AreaSettings().min_accuracy, AreaSettings().min_probability)
    groups = np.array([GATED.index(group_of(name)) for name in CATEGORIES])
    parts = []
    for start in range(0, len(papers), 500):
        batch = papers[start : start + 500]
        texts = linear.Texts.of(batch)
        vectors, likely = categories.vectors(texts), categories.probabilities_of(texts)
        first, top = likely.argmax(axis=1), likely.max(axis=1)
        _, certainty = leading(likely)
        found = fields.assess([Paper(*paper) for paper in batch], texts)
        support = support_by_fields(found.for_gate)
        parts.append(
            Assessed(
                shares=found.shares,
                first=first,
                certainty=certainty[np.arange(len(batch)), groups[first]],
                possible=top >= MIN_PROBABILITY,
                tagged=(top >= floor) & [is_readable(one, 0.6) and is_long_enough(one) for one in vectors],
                supported=support[np.arange(len(batch)), first] >= 1,
            )
        )
    names = ("shares", "first", "certainty", "possible", "tagged", "supported")
    return Assessed(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


Own = list[tuple[Text, str]]
"""Papers of arXiv, each with its first category."""


@dataclass(frozen=True)
class Examples:
    """Papers of other sciences with their fields, new papers of arXiv, and older ones outside computer science."""

    others: train_fields.Corpus
    own: Own
    older: Own

    def half(self, number: int) -> "Examples":
        """Every second paper of other sciences and every second new one of arXiv."""
        even = np.arange(len(self.others.field)) % 2 == number
        return replace(self, others=self.others[even], own=self.own[number::2])


def load_examples(data: Path) -> Examples:
    """The papers of the validation files, and older ones of arXiv that the field model was not trained on."""
    corpus = train_fields.load(data / "fields" / "validation.parquet")
    trained = set(pq.read_table(data / "fields" / "train.parquet", columns=["title"])["title"].to_pylist())
    own, candidates = (_with_categories(data / "areas" / f"{name}.parquet") for name in ("validation", "train"))
    left = {group: OLDER_PAPERS for group in GATED if group != "Computer Science"}
    older = []
    for row in np.random.default_rng(0).permutation(len(candidates)).tolist():
        (title, _), category = candidates[row]
        if title not in trained and left.get(group := group_of(category), 0):
            left[group] -= 1
            older.append(candidates[row])
    return Examples(corpus[corpus.source != "arxiv"], own, older)


def _with_categories(path: Path) -> Own:
    rows = pq.read_table(path, columns=["title", "abstract", "primary_category"]).to_pylist()
    return [((row["title"], row["abstract"]), row["primary_category"]) for row in rows]


def as_kind(papers: Sequence[Text], kind: int) -> list[Text]:
    """Papers as they are (0), or as titles alone (1)."""
    return [(title, "" if kind else abstract) for title, abstract in papers]


def fit_gate(fields: FieldModel, categories: Model, examples: Examples) -> dict[str, list[Any]]:
    """The gate, as in the notes of the field model."""
    fitted = np.zeros((2, len(GATED), len(FIELDS))), np.zeros((2, len(GATED))), np.zeros((2, len(CATEGORIES)))
    groups = np.array([group_of(name) for name in CATEGORIES])
    arxiv = examples.own + examples.older
    primary = np.array([group_of(category) for _, category in arxiv])
    foreign = np.array([[not may_have(field, name) for field in FIELDS] for name in CATEGORIES])
    for kind in (0, 1):
        others = assess(fields, categories, as_kind(examples.others.papers, kind), kind)
        own = assess(fields, categories, as_kind([paper for paper, _ in arxiv], kind), kind)
        wrong = foreign[others.first, examples.others.field]
        for number, group in enumerate(GATED):
            no = np.flatnonzero(others.possible & wrong & (groups[others.first] == group))
            yes = np.flatnonzero(own.possible & (primary == group) & (groups[own.first] == group))
            if len(no) < MIN_WRONG:
                continue  # hardly anything to keep out: the least support of the fields decides
            features = np.vstack([others.features(no, group, kind), own.features(yes, group, kind)])
            model = LogisticRegression(C=PENALTY, max_iter=3000).fit(features, np.arange(len(features)) >= len(no))
            tagged, supported = own.tagged[yes], own.tagged[yes] & own.supported[yes]
            lost = LOST.get(group, OTHERS_LOST)[kind] - 1 + supported.sum() / tagged.sum()  # besides the unsupported
            scores = features[len(no) :][supported] @ model.coef_[0]
            bias = -float(np.quantile(scores, max(lost, LEAST_LOST)))
            fitted[0][kind, number] = model.coef_[0][: len(FIELDS)]
            fitted[1][kind, number] = model.coef_[0][len(FIELDS)]
            fitted[2][kind, groups == group] = model.coef_[0][len(FIELDS) + 1 :] + bias
            kept = (features[: len(no)] @ model.coef_[0] + bias >= 0) & others.tagged[no] & others.supported[no]
            print(f"kind {kind}, {group}: {kept.sum()} of {others.tagged[no].sum()} wrong kept; {tagged.sum()} own")
    names = ("fields", "certainty", "categories")
    return {name: np.round(values, 4).tolist() for name, values in zip(names, fitted, strict=True)}


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the gate before arXiv's categories.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of `fields` and `areas`")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    weights = model_file.read(options.model)
    plain = replace(weights, notes={name: note for name, note in weights.notes.items() if name != "gate"})
    models = train_fields.Models(plain, model_file.read(titles_file(options.model)))
    gate = fit_gate(train_fields.field_model(models), load_model(), load_examples(options.data))
    options.model.write_bytes(model_file.write(replace(plain, notes={**plain.notes, "gate": gate})))


if __name__ == "__main__":
    main()
