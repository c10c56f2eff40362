"""Learn a user's own areas from few examples each, starting from what ships. Needs scikit-learn; tagging does not.

A paper is described by the terms that the user's papers share, by the word embedding that ships, and by what the
shipped model says of its category. All three are linear in the paper's TF-IDF. So what is learnt on them, one logistic
regression per label, folds into one weight for each term and label: an own model is a model file as the shipped one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify import fit
from refsync.classify.area_answers import SUGGESTED
from refsync.classify.embedding import Embedding
from refsync.classify.feature_space import Space
from refsync.classify.model import LEAST_KNOWN
from refsync.classify.model_file import Weights
from refsync.errors import ConfigError

APPLY = 10  # papers that a label needs to be applied; with fewer it is only suggested
PRECISION = 0.6  # cross-validated, below which a label is only suggested
PRINT = 12  # hexadecimal digits of the fingerprints by which a model knows the papers that it was trained on
_KNOWN = 0.8  # share of what the papers in training have in common with the model, below which a text is foreign
_WRONG, _RIGHT = 0.1, 0.7  # a label looks wrong where it is less likely than this and another one more

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A paper whose labels a person gave.

    Attributes:
        paper: title and abstract.
        labels: those that it has. Where there are any, it is taken not to have the others.
        rejected: those that a person said it has not.
    """

    paper: tuple[str, str]
    labels: frozenset[str]
    rejected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well a label is told, cross-validated: by models that had not seen the paper.

    Attributes:
        label: its name.
        papers: that have it.
        precision: of the papers to which it would be given (probability 0.5 or more), the share that has it.
        recall: of the papers that have it, the share to which it would be given.
        f1: their harmonic mean.
        why: it is only suggested, never applied, for this reason; empty if it is applied.
    """

    label: str
    papers: int
    precision: float
    recall: float
    f1: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that looks wrong: models that had not seen the paper find it unlikely and another one likely."""

    example: int
    label: str
    probability: float
    rather: str
    rather_probability: float


@dataclass(frozen=True, slots=True)
class Trained:
    """A model of own areas, and how good it is.

    Attributes:
        weights: what goes into the model file.
        labels: figures of each label, in the order of the model.
        accuracy: share of papers whose likeliest label is one of theirs, cross-validated.
        top3: share of papers that have one of the three likeliest.
        titles: `accuracy` where only titles are read.
        chance: what always naming the commonest label would reach.
        doubts: labels that look wrong, the worst first.
        covered: share of the papers' content words that the shipped embedding knows.
    """

    weights: Weights
    labels: tuple[LabelFigures, ...]
    accuracy: float
    top3: float
    titles: float
    chance: float
    doubts: tuple[Doubt, ...]
    covered: float


def train(
    examples: Sequence[Example],
    labels: Sequence[str],
    base: Weights,
    embedding: Embedding,
    name: str = "own",
    notes: Mapping[str, Any] | None = None,
    progress: Progress = lambda done, total: None,
) -> Trained:
    """Learn labels from examples.

    Args:
        examples: papers; those without any of the labels, and none rejected, teach nothing and are left out.
        labels: which to learn, ascending.
        base: the model that ships.
        embedding: the one that ships.
        name: of the model.
        notes: kept in the model file.
        progress: told of how many fits are done, and of how many.

    Raises:
        ConfigError: fewer than two labels, or not a paper without each of them.
    """
    if len(labels) < 2:
        raise ConfigError(
            f"{'one label' if labels else 'no label'} that can be learnt: two or more are needed, to be told apart"
        )
    known = set(labels)
    used = [i for i, one in enumerate(examples) if any(one.paper) and known & (one.labels | one.rejected)]
    papers = [examples[i].paper for i in used]
    has = np.array([[label in examples[i].labels for label in labels] for i in used])
    says = has.any(1, keepdims=True) | np.array([[label in examples[i].rejected for label in labels] for i in used])

    space = Space.of(papers, base, embedding)
    whole = space.features(papers)
    titles = space.features([(title or abstract, "") for title, abstract in papers])
    folds = fit.in_folds(has)
    total, done = len(labels) * (fit.FOLDS + 1), 0
    out = np.zeros((2, *has.shape), np.float32)
    coefficients = np.zeros((whole.shape[1], len(labels)), np.float32)
    biases = np.zeros(len(labels), np.float32)
    for column in range(len(labels)):
        for fold in (*range(fit.FOLDS), None):
            rows = says[:, column] & (folds != fold)
            weight, bias = fit.regression(whole[rows], has[rows, column])
            if fold is None:
                coefficients[:, column], biases[column] = weight, bias
            else:
                mine = folds == fold
                for kind, features in enumerate((whole, titles)):
                    out[kind, mine, column] = features[mine] @ weight + bias
            done += 1
            progress(done, total)

    answered = has.any(1)
    steps, scale = fit.rounded(space.folded(coefficients))
    draft = Weights(
        name=name,
        classes=tuple(labels),
        words=space.words,
        pairs=space.pairs,
        idf=space.idf,
        weights=steps,
        scale=scale,
        bias=biases,
        calibration=np.stack([fit.calibration(scores, has, says) for scores in out]),
        knots=np.tile(np.array([(0, 0), (1, 1)], np.float32), (2, 2, 1, 1)),
        thresholds=((), ()),
        notes={},
    )
    likely = np.zeros(out.shape)
    for fold in range(fit.FOLDS):  # the figures are of papers that the calibration had not seen either
        mine, rest = folds == fold, folds != fold
        curves = np.stack([fit.calibration(scores[rest], has[rest], says[rest]) for scores in out])
        for kind in (0, 1):
            likely[kind, mine] = fit.probabilities(out[kind, mine], kind, replace(draft, calibration=curves))
    figures = _figures(labels, has[answered], likely[0][answered])
    weights = replace(
        draft,
        thresholds=(
            fit.thresholds(likely[0][answered], has[answered]),
            fit.thresholds(likely[1][answered], has[answered]),
        ),
        notes={
            **(notes or {}),
            "papers": len(used),
            LEAST_KNOWN: round(min(_KNOWN * space.known, 0.6), 3),
            SUGGESTED: [one.label for one in figures if one.why],
            "cross_validated": {
                one.label: [one.papers, round(one.precision, 3), round(one.recall, 3)] for one in figures
            },
        },
    )
    order = np.argsort(-likely[0][answered], axis=1, kind="stable")
    hits = np.take_along_axis(has[answered], order, 1)
    first = likely[1][answered].argmax(1)
    return Trained(
        weights=weights,
        labels=figures,
        accuracy=float(hits[:, 0].mean()),
        top3=float(hits[:, :3].any(1).mean()),
        titles=float(has[answered][np.arange(len(first)), first].mean()),
        chance=float(has[answered].mean(0).max()),
        doubts=_doubts(used, labels, has, likely[0]),
        covered=space.covered,
    )


def _figures(labels: Sequence[str], has: NDArray[np.bool_], likely: NDArray[np.float64]) -> tuple[LabelFigures, ...]:
    given = likely >= 0.5
    result = []
    for column, label in enumerate(labels):
        papers, both, told = (
            int(x.sum()) for x in (has[:, column], has[:, column] & given[:, column], given[:, column])
        )
        precision, recall = both / told if told else 0.0, both / papers if papers else 0.0
        why = ""
        if papers < APPLY:
            why = f"{papers} papers; {APPLY} are needed"
        elif not told:
            why = "never likely enough in the test"
        elif precision < PRECISION:
            why = f"right in {precision:.0%} of the test only"
        f1 = 2 * both / (papers + told) if both else 0.0
        result.append(LabelFigures(label=label, papers=papers, precision=precision, recall=recall, f1=f1, why=why))
    return tuple(result)


def _doubts(
    used: Sequence[int], labels: Sequence[str], has: NDArray[np.bool_], likely: NDArray[np.float64]
) -> tuple[Doubt, ...]:
    others = np.where(has, 0, likely)
    best = others.argmax(1)
    found = [
        Doubt(
            example=used[paper],
            label=labels[column],
            probability=float(likely[paper, column]),
            rather=labels[best[paper]],
            rather_probability=float(others[paper].max()),
        )
        for paper, column in np.argwhere(has & (likely < _WRONG)).tolist()
        if others[paper].max() >= _RIGHT and not labels[best[paper]].startswith(f"{labels[column]}/")
    ]
    return tuple(sorted(found, key=lambda doubt: (doubt.probability - doubt.rather_probability, doubt.example)))
