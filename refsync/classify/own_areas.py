"""Training a user's own areas from few examples each. Needs scikit-learn; tagging does not.

A paper is described by the terms that the user's papers share, by the shipped word embedding, and by the scores of the
shipped model for its categories. All three are linear in the paper's TF-IDF, so one logistic regression per label on
them folds into one weight for each term and label: an own model has the same file format as the shipped one.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify import fit
from refsync.classify.area_answers import SUGGESTED_ONLY
from refsync.classify.embedding import Embedding
from refsync.classify.feature_space import FeatureSpace
from refsync.classify.model import MIN_KNOWN_NOTE
from refsync.classify.model_file import Weights
from refsync.errors import ConfigError

MIN_PAPERS_TO_APPLY = 10  # with fewer papers a label is only suggested
MIN_PRECISION_TO_APPLY = 0.6  # lower bound of the cross-validated precision, below which a label is only suggested
_CONFIDENCE = 1.28  # standard deviations: the precision is higher than its lower bound with a probability of 0.9
FINGERPRINT_DIGITS = 12  # hexadecimal digits of the fingerprints of training papers that a model keeps
_MIN_KNOWN = 0.8  # of the known share of words of the training papers, below which a text is not classified
_MAX_SUSPECT, _MIN_LIKELIER = 0.1, 0.7  # a label looks wrong below the first probability if another is above the second

Progress = Callable[[int, int], None]
"""Called with how many fits are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A paper whose labels a person gave.

    Attributes:
        paper: title and abstract.
        labels: those that it has. If there are any, the paper counts as a negative example of all others.
        rejected: labels that a person rejected.
    """

    paper: tuple[str, str]
    labels: frozenset[str]
    rejected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well a label is predicted, cross-validated: by models that were not trained on the paper.

    Attributes:
        label: its name.
        papers: how many have it.
        precision: of the papers for which it is predicted (probability 0.5 or more), the share that has it.
        recall: of the papers that have it, the share for which it is predicted.
        f1: the harmonic mean of both.
        why: the reason why it is only suggested, never applied; empty if it is applied.
    """

    label: str
    papers: int
    precision: float
    recall: float
    f1: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class SuspectLabel:
    """A label that looks wrong: models that were not trained on the paper find another label much more likely."""

    example: int
    label: str
    probability: float
    likelier: str
    likelier_probability: float


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A model of own areas, and its figures.

    Attributes:
        weights: the contents of the model file.
        labels: figures of each label, in the order of the model.
        accuracy: share of papers whose most likely label is one of theirs, cross-validated.
        top3: share of papers that have one of the three most likely labels.
        titles: `accuracy` from titles alone.
        chance: the accuracy of always predicting the most common label.
        suspects: labels that look wrong, the worst first.
        embedding_coverage: share of the papers' content words that the shipped embedding knows.
    """

    weights: Weights
    labels: tuple[LabelFigures, ...]
    accuracy: float
    top3: float
    titles: float
    chance: float
    suspects: tuple[SuspectLabel, ...]
    embedding_coverage: float


def train(
    examples: Sequence[Example],
    labels: Sequence[str],
    base: Weights,
    embedding: Embedding,
    name: str = "own",
    notes: Mapping[str, Any] | None = None,
    progress: Progress = lambda done, total: None,
) -> TrainingResult:
    """Train a model on labelled examples.

    Args:
        examples: papers; those that neither have nor reject any of the labels are left out.
        labels: the labels to learn, ascending.
        base: the shipped model.
        embedding: the shipped embedding.
        name: of the model.
        notes: kept in the model file.
        progress: called after each fit.

    Raises:
        ConfigError: fewer than two labels.
    """
    if len(labels) < 2:
        raise ConfigError(f"{'one label' if labels else 'no label'} that can be learnt: two or more are needed")
    known = set(labels)
    used = [
        i for i, example in enumerate(examples) if any(example.paper) and known & (example.labels | example.rejected)
    ]
    papers = [examples[i].paper for i in used]
    has_label = np.array([[label in examples[i].labels for label in labels] for i in used])
    rejects = np.array([[label in examples[i].rejected for label in labels] for i in used])
    is_labelled = has_label.any(1, keepdims=True) | rejects

    space = FeatureSpace.of(papers, base, embedding)
    whole = space.features(papers)
    titles = space.features([(title or abstract, "") for title, abstract in papers])
    folds = fit.assign_folds(has_label)
    total, done = len(labels) * (fit.FOLDS + 1), 0
    held_out = np.zeros((2, *has_label.shape), np.float32)
    coefficients = np.zeros((whole.shape[1], len(labels)), np.float32)
    biases = np.zeros(len(labels), np.float32)
    for column in range(len(labels)):
        for fold in (*range(fit.FOLDS), None):
            rows = is_labelled[:, column] & (folds != fold)
            weight, bias = fit.fit_regression(whole[rows], has_label[rows, column])
            if fold is None:
                coefficients[:, column], biases[column] = weight, bias
            else:
                tested = folds == fold
                for kind, features in enumerate((whole, titles)):
                    held_out[kind, tested, column] = features[tested] @ weight + bias
            done += 1
            progress(done, total)

    labelled = has_label.any(1)
    quantized, scale = fit.quantize(space.term_weights(coefficients))
    draft = Weights(
        name=name,
        classes=tuple(labels),
        words=space.words,
        pairs=space.pairs,
        idf=space.idf,
        weights=quantized,
        scale=scale,
        bias=biases,
        calibration=np.stack([fit.fit_calibration(scores, has_label, is_labelled) for scores in held_out]),
        knots=np.tile(np.array([(0, 0), (1, 1)], np.float32), (2, 2, 1, 1)),
        thresholds=((), ()),
        notes={},
    )
    likely = np.zeros(held_out.shape)
    for fold in range(fit.FOLDS):  # the calibration is cross-validated too
        tested, rest = folds == fold, folds != fold
        curves = np.stack(
            [fit.fit_calibration(scores[rest], has_label[rest], is_labelled[rest]) for scores in held_out]
        )
        for kind in (0, 1):
            likely[kind, tested] = fit.probabilities(held_out[kind, tested], kind, replace(draft, calibration=curves))
    figures = _label_figures(labels, has_label[labelled], likely[0][labelled])
    weights = replace(
        draft,
        thresholds=(
            fit.accuracy_thresholds(likely[0][labelled], has_label[labelled]),
            fit.accuracy_thresholds(likely[1][labelled], has_label[labelled]),
        ),
        notes={
            **(notes or {}),
            "papers": len(used),
            MIN_KNOWN_NOTE: round(min(_MIN_KNOWN * space.known_share, 0.6), 3),
            SUGGESTED_ONLY: [label.label for label in figures if label.why],
            "cross_validated": {
                label.label: [label.papers, round(label.precision, 3), round(label.recall, 3)] for label in figures
            },
        },
    )
    order = np.argsort(-likely[0][labelled], axis=1, kind="stable")
    hits = np.take_along_axis(has_label[labelled], order, 1)
    first = likely[1][labelled].argmax(1)
    return TrainingResult(
        weights=weights,
        labels=figures,
        accuracy=float(hits[:, 0].mean()),
        top3=float(hits[:, :3].any(1).mean()),
        titles=float(has_label[labelled][np.arange(len(first)), first].mean()),
        chance=float(has_label[labelled].mean(0).max()),
        suspects=_suspects(used, labels, has_label, likely[0]),
        embedding_coverage=space.embedding_coverage,
    )


def _label_figures(
    labels: Sequence[str], has_label: NDArray[np.bool_], likely: NDArray[np.float64]
) -> tuple[LabelFigures, ...]:
    is_predicted = likely >= 0.5
    result = []
    for column, label in enumerate(labels):
        papers, predicted = int(has_label[:, column].sum()), int(is_predicted[:, column].sum())
        both = int((has_label[:, column] & is_predicted[:, column]).sum())
        precision, recall = both / predicted if predicted else 0.0, both / papers if papers else 0.0
        why = ""
        if papers < MIN_PAPERS_TO_APPLY:
            why = f"{papers} papers; {MIN_PAPERS_TO_APPLY} are needed"
        elif not predicted:
            why = "never likely enough in the test"
        elif precision < MIN_PRECISION_TO_APPLY:
            why = f"right in only {precision:.0%} of the test"
        elif lower_bound(both, predicted) < MIN_PRECISION_TO_APPLY:
            why = f"right for {both} of {predicted} in the test, too few to be sure"
        f1 = 2 * both / (papers + predicted) if both else 0.0
        result.append(LabelFigures(label=label, papers=papers, precision=precision, recall=recall, f1=f1, why=why))
    return tuple(result)


def lower_bound(right: int, tried: int) -> float:
    """The lower bound of a share, with a confidence of 0.9 (Wilson, 1927).

    >>> round(lower_bound(1, 1), 2), round(lower_bound(20, 20), 2), lower_bound(0, 0)
    (0.38, 0.92, 0.0)
    """
    if not tried:
        return 0.0
    share, square = right / tried, _CONFIDENCE**2
    spread = _CONFIDENCE * math.sqrt(share * (1 - share) / tried + square / (4 * tried**2))
    return (share + square / (2 * tried) - spread) / (1 + square / tried)


def _suspects(
    used: Sequence[int], labels: Sequence[str], has_label: NDArray[np.bool_], likely: NDArray[np.float64]
) -> tuple[SuspectLabel, ...]:
    others = np.where(has_label, 0, likely)
    best = others.argmax(1)
    found = [
        SuspectLabel(
            example=used[paper],
            label=labels[column],
            probability=float(likely[paper, column]),
            likelier=labels[best[paper]],
            likelier_probability=float(others[paper].max()),
        )
        for paper, column in np.argwhere(has_label & (likely < _MAX_SUSPECT)).tolist()
        if others[paper].max() >= _MIN_LIKELIER and not labels[best[paper]].startswith(f"{labels[column]}/")
    ]
    return tuple(
        sorted(found, key=lambda suspect: (suspect.probability - suspect.likelier_probability, suspect.example))
    )
