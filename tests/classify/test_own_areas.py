"""Training own areas: deterministic."""

import numpy as np

from refsync.classify import own_areas
from refsync.classify.embedding import load_embedding
from refsync.classify.model import Model, load_model
from refsync.classify.model_file import write
from refsync.classify.own_areas import MIN_PRECISION_TO_APPLY, lower_bound
from tests.cli.areas.library import SUBJECTS


def test_the_same_library_gives_the_same_model() -> None:
    rng = np.random.default_rng(3)
    examples = [
        own_areas.Example((" ".join(rng.choice(SUBJECTS[label], 8)), ""), frozenset([label]))
        for label in SUBJECTS
        for _ in range(8)
    ]
    base, embedding = load_model().weights, load_embedding()
    models = [own_areas.train(examples, list(SUBJECTS), base, embedding).weights for _ in range(2)]
    assert write(models[0]) == write(models[1])
    found = Model(models[0]).probabilities([one.paper for one in examples]).argmax(1)
    assert [list(SUBJECTS)[place] for place in found] == [*(one.labels for one in examples)] or (
        np.mean([list(SUBJECTS)[place] in one.labels for place, one in zip(found, examples, strict=True)]) > 0.9
    )


def test_one_lucky_hit_is_no_precision() -> None:
    assert lower_bound(1, 1) < MIN_PRECISION_TO_APPLY < lower_bound(10, 10)
    assert lower_bound(6, 10) < 0.6 < lower_bound(80, 100)
    assert lower_bound(0, 0) == 0
