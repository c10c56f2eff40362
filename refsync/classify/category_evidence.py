"""What a record says of its categories besides its text: arXiv's own, the venue, the keywords."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear
from refsync.classify.fields import DOMAINS
from refsync.classify.model import Model, is_long_enough
from refsync.classify.paper import Paper
from refsync.classify.taxonomy import canonical

STATED = 8.0  # log likelihood ratio of a category that the record itself states
VENUE_WEIGHT = 0.3  # of the words of a venue's name, relative to those of a title
KEYWORDS_WEIGHT = 0.3  # of the record's own keywords
_AREAS = frozenset((*DOMAINS, *DOMAINS.values()))
_MAX_LENGTH = 500  # characters of a venue and of the keywords that are read


def category_evidence(
    papers: Sequence[Paper], model: Model, log_ratios: NDArray[np.float64] | None = None
) -> NDArray[np.float64] | None:
    """(N, C) log likelihood ratios of the model's classes; None where no record says anything.

    Args:
        papers: what the records say.
        model: the model of arXiv's categories.
        log_ratios: (C,) of a library's shares of classes to the model's own.
    """
    if log_ratios is None and not any(paper.venue or paper.keywords or paper.categories for paper in papers):
        return None
    column = {name: number for number, name in enumerate(model.classes)}
    result = np.zeros((len(papers), len(model.classes)))
    for row, paper in enumerate(papers):
        for code in paper.categories:
            if (number := column.get(canonical(code.strip()))) is not None:
                result[row, number] += STATED
        if paper.venue:
            result[row] += VENUE_WEIGHT * _of_words(model, paper.venue[:_MAX_LENGTH])
        if paper.keywords:
            result[row] += KEYWORDS_WEIGHT * _of_words(model, _own_keywords(paper.keywords, column)[:_MAX_LENGTH])
    return result if log_ratios is None else result + log_ratios


def _own_keywords(keywords: str, classes: dict[str, int]) -> str:
    """The keywords without areas: these may be what a model gave the record before."""
    words = keywords.split(", ")
    return ", ".join(word for word in words if not (canonical(word) in classes or word in _AREAS or ":" in word))


@lru_cache(maxsize=8192)
def _of_words(model: Model, text: str) -> NDArray[np.float64]:
    """(C,) how much more the words of a text speak for each class than no words do."""
    (vector,) = model.vectors(linear.Texts.of([(text, "")]))
    if not is_long_enough(vector):
        return np.zeros(len(model.classes))
    curve = model.weights.calibration[1].astype(np.float64)
    gains = curve[0] * (model.scores_of([vector])[0].astype(np.float64) - model.weights.bias)
    return np.asarray(gains - gains.mean(), np.float64)
