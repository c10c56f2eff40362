"""The model against scikit-learn's own pipeline, and the decision rule, on a small invented corpus."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.classify.model import Model
from refsync.classify.model_file import IDF_STEP, Weights
from refsync.classify.settings import AreaSettings
from refsync.classify.terms import paper_terms
from refsync.errors import ConfigError
from tests.sweeps import examples

SUBJECTS = {
    "baking": "dough oven yeast flour crumb loaf sourdough rye crust hydration kneading proofing".split(),
    "gardens": "soil seeds compost roses pruning shade bulbs hedge lawn mulch weeds pollination".split(),
    "sailing": "wind hull keel mast rudder harbour tide anchor regatta sails rigging current".split(),
}
SHARED = "study methods results measured improved careful comparison new simple long".split()


def corpus() -> tuple[list[tuple[str, str]], list[str]]:
    """Ninety papers of three subjects, some of them titles alone."""
    rng = np.random.default_rng(5)
    papers, labels = [], []
    for number in range(90):
        subject = list(SUBJECTS)[number % 3]
        title = " ".join(rng.choice(SUBJECTS[subject], 3)).capitalize() + " for " + str(rng.choice(SHARED))
        abstract = " and the ".join(rng.choice(SUBJECTS[subject] + SHARED, 30)) + "." if number % 4 else ""
        papers.append((title, abstract))
        labels.append(subject)
    return papers, labels


class Pipeline:
    """Scikit-learn's pipeline, with the precision of a model file."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
        from sklearn.linear_model import SGDClassifier
        from sklearn.multiclass import OneVsRestClassifier

        self.papers, labels = corpus()
        self.count = CountVectorizer(analyzer=paper_terms).fit(self.papers)
        found = self.count.get_feature_names_out().tolist()
        self.words = sorted(term for term in found if " " not in term)
        pairs = sorted(tuple(self.words.index(word) for word in term.split()) for term in found if " " in term)
        self.pairs = np.array(pairs, np.uint16)
        terms = self.words + [f"{self.words[first]} {self.words[second]}" for first, second in pairs]
        self.count = CountVectorizer(analyzer=paper_terms, vocabulary=terms)
        counts = self.count.transform(self.papers)
        self.weigh = TfidfTransformer(sublinear_tf=True).fit(counts)
        self.weigh.idf_ = np.round(self.weigh.idf_ / IDF_STEP) * IDF_STEP
        self.classify = OneVsRestClassifier(SGDClassifier(loss="log_loss", random_state=1))
        self.classify.fit(self.weigh.transform(counts), labels)
        self.scales, self.steps = [], []
        for one in self.classify.estimators_:
            self.scales.append(np.abs(one.coef_).max() / 127)
            self.steps.append(np.round(one.coef_[0] / self.scales[-1]).astype(np.int8))
            one.coef_ = self.steps[-1][None, :] * self.scales[-1]

    def scores(self, papers: list[tuple[str, str]]) -> np.ndarray:
        return self.classify.decision_function(self.weigh.transform(self.count.transform(papers)))

    def model(self) -> Model:
        line = np.array([(0, 0), (1, 1)], np.float32)
        return Model(
            Weights(
                name="hobbies",
                classes=tuple(self.classify.classes_),
                words=tuple(self.words),
                pairs=self.pairs,
                idf=self.weigh.idf_.astype(np.float32),
                weights=np.stack(self.steps, axis=1),
                scale=np.array(self.scales, np.float32),
                bias=np.array([one.intercept_[0] for one in self.classify.estimators_], np.float32),
                calibration=np.array([[1, 0, 0, 0, 0], [0.5, 0, 0, 0, 0]], np.float32),
                knots=np.array([[line, line], [line, line]]),
                thresholds=(((0.8, 0.4), (0.9, 0.7)), ((0.8, 0.6),)),
                notes={},
            )
        )


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture(scope="module")
def model(pipeline: Pipeline) -> Model:
    return pipeline.model()


BREAD = (
    "Sourdough and rye crust",
    "We measured the hydration of the dough. The oven, the yeast and the flour matter to " * 3,
)
PAPERS = [
    BREAD,
    ("Keel and rudder", ""),
    ("", ""),
    ("Roses", "soil " * 40),
    ("A harbour garden", "The tide and the roses"),
]


def test_scores_are_those_of_scikit_learn(pipeline: Pipeline, model: Model) -> None:
    papers = pipeline.papers + PAPERS
    assert np.allclose(model.scores(papers), pipeline.scores(papers), atol=1e-5)


def test_probabilities_without_calibration_are_those_of_the_logistic_curve(pipeline: Pipeline, model: Model) -> None:
    expected = 1 / (1 + np.exp(-pipeline.scores([BREAD])[0]))
    assert model.probabilities([BREAD])[0] == pytest.approx(expected, abs=1e-5)


@settings(max_examples=examples(30))
@given(st.lists(st.sampled_from(PAPERS), max_size=6))
def test_a_tagging_does_not_depend_on_the_batch(model: Model, papers: list[tuple[str, str]]) -> None:
    assert model.tag(papers, AreaSettings()) == [model.tag([paper], AreaSettings())[0] for paper in papers]


@settings(max_examples=examples(50))
@given(st.text(), st.text(), st.integers(1, 4), st.floats(0, 1), st.floats(0, 1))
def test_every_text_gets_a_complete_tagging(
    model: Model, title: str, abstract: str, most: int, accuracy: float, probability: float
) -> None:
    rule = AreaSettings(min_accuracy=accuracy, min_probability=probability, max_areas=most)
    (tagging,) = model.tag([(title, abstract)], rule)
    given = [area.area for area in tagging.areas if area.applied]
    shown = [area.probability for area in tagging.areas]
    assert len(tagging.areas) == len({area.area for area in tagging.areas}) == 3
    assert shown == sorted(shown, reverse=True)
    assert all(0 <= one <= 1 and one == round(one, 4) for one in shown)
    assert len(given) <= most
    assert tagging.abstained == (not given)
    assert tagging.primary == (given[0] if given else None)


def test_probabilities_are_bit_identical_in_every_batch(pipeline: Pipeline, model: Model) -> None:
    papers = pipeline.papers + PAPERS
    together = model.probabilities(papers)
    assert all((model.probabilities([paper])[0] == row).all() for paper, row in zip(papers, together, strict=True))
    assert (model.probabilities(papers[7:20]) == together[7:20]).all()


def test_no_papers_give_no_taggings(model: Model) -> None:
    assert model.tag([], AreaSettings()) == []


def test_a_clear_paper_gets_its_area_and_the_reasons(model: Model) -> None:
    (tagging,) = model.tag([BREAD], AreaSettings(min_accuracy=0.8, min_probability=0.4))
    assert tagging.primary == "baking"
    assert set(" ".join(tagging.because).split()) & set(SUBJECTS["baking"])


def test_an_accuracy_out_of_reach_abstains(model: Model) -> None:
    taggings = model.tag(PAPERS, AreaSettings(min_accuracy=0.99))
    assert all(tagging.abstained and len(tagging.areas) == 3 for tagging in taggings)


def test_titles_have_their_own_thresholds(model: Model) -> None:
    title = ("Keel and rudder in the tide", "")
    assert model.tag([title], AreaSettings(min_accuracy=0.85))[0].abstained  # only papers with abstracts reach 0.85


def test_further_areas_need_the_minimum_probability(model: Model) -> None:
    mixed = ("Roses and sails", "soil roses wind keel " * 10)
    rule = {"min_accuracy": 0.0, "max_areas": 3}
    assert sum(a.applied for a in model.tag([mixed], AreaSettings(min_probability=0.0, **rule))[0].areas) == 3
    assert sum(a.applied for a in model.tag([mixed], AreaSettings(min_probability=1.0, **rule))[0].areas) == 0


@pytest.mark.parametrize(
    "text", ["", "  ", "qwx zzv brrk plmf", "Der Einfluss der Gezeiten auf das Segeln", "关于面包的研究"]
)
def test_unreadable_text_is_not_classified(model: Model, text: str) -> None:
    for paper in ((text, ""), ("", text), (text, text)):
        (tagging,) = model.tag([paper], AreaSettings(min_accuracy=0, min_probability=0))
        assert tagging.abstained
        assert tagging.because == ()


def test_progress_counts_every_paper(model: Model) -> None:
    steps: list[int] = []
    model.tag([BREAD] * 600, AreaSettings(), steps.append)
    assert sum(steps) == 600
    assert len(steps) > 1


@pytest.mark.parametrize("wrong", [{"min_accuracy": 1.5}, {"min_probability": -0.1}, {"max_areas": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        AreaSettings(**wrong)  # type: ignore[arg-type]


OUTDOORS = {"outdoors": ("gardens", "sailing")}
LENIENT = {"min_accuracy": 0.0, "min_probability": 0.0}


def test_areas_can_be_merged_and_renamed(model: Model) -> None:
    settings = AreaSettings(map={**OUTDOORS, "bread": ("baking",)}, **LENIENT)
    plain = model.probabilities(PAPERS)
    for tagging, likely in zip(model.tag(PAPERS, settings), plain, strict=True):
        found = {area.area: area.probability for area in tagging.areas}
        baking, gardens, sailing = likely
        assert found == pytest.approx({"bread": baking, "outdoors": 1 - (1 - gardens) * (1 - sailing)}, abs=1e-4)
        shown = [area.probability for area in tagging.areas]
        assert shown == sorted(shown, reverse=True)


def test_the_reasons_of_a_merged_area_are_those_of_its_most_likely_class(model: Model) -> None:
    (plain,) = model.tag([BREAD], AreaSettings(**LENIENT))
    (merged,) = model.tag([BREAD], AreaSettings(map=OUTDOORS, **LENIENT))
    assert (merged.primary, merged.because) == (plain.primary, plain.because)


def test_a_dropped_area_is_never_given_and_the_others_are_unchanged(model: Model) -> None:
    (plain,) = model.tag([BREAD], AreaSettings(**LENIENT))
    (without,) = model.tag([BREAD], AreaSettings(drop=("baking",), **LENIENT))
    assert without.areas == tuple(area for area in plain.areas if area.area != "baking")


def test_only_mapped_areas_remain(model: Model) -> None:
    settings = AreaSettings(map=OUTDOORS, only_mapped=True, min_accuracy=0.8)
    (tagging,) = model.tag([BREAD], settings)
    assert [area.area for area in tagging.areas] == ["outdoors"]
    assert tagging.abstained


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"map": {"outdoors": ("gardening",)}}, "no area `gardening`.*did you mean `gardens`"),
        ({"drop": ("tennis",)}, "no area `tennis`"),
        ({"drop": ("baking", "gardens", "sailing")}, "leaves no area"),
        ({"map": {"baking": ("gardens",)}}, "has a class of that name"),
    ],
)
def test_a_map_that_does_not_fit_the_model_is_refused(model: Model, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        model.tag([BREAD], AreaSettings(**wrong))
    assert re.search(message, f"{caught.value} {caught.value.hint}")


@pytest.mark.parametrize("wrong", [{"map": {"a": ()}}, {"map": {" ": ("baking",)}}, {"only_mapped": True}])
def test_an_empty_map_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        AreaSettings(**wrong)


def test_bands_of_certainty(model: Model) -> None:
    bread, other = model.tag([BREAD, ("Der Einfluss", "")], AreaSettings(min_accuracy=0.8, min_probability=0.4))
    assert (bread.band, other.band) == ("sure", "abstained")
    (asked,) = model.tag([BREAD], AreaSettings(min_accuracy=0.99))
    assert (asked.band, asked.abstained) == ("unsure", True)


def test_an_unsure_paper_can_get_the_parent_of_its_areas(model: Model) -> None:
    nested = Model(replace(model.weights, classes=("food/baking", "out/gardens", "out/sailing")))
    paper = ("A harbour garden", "The tide, the roses, the keel, the soil and the regatta, with seeds and mulch " * 3)
    gardens, sailing = nested.probabilities([paper])[0, 1:]
    both = 1 - (1 - gardens) * (1 - sailing)
    assert max(gardens, sailing) < both - 0.01
    rule = {"min_accuracy": 0.0, "min_probability": float(both) - 0.005}
    (without,) = nested.tag([paper], AreaSettings(**rule))
    (tagging,) = nested.tag([paper], AreaSettings(**rule, fallback="archive"))
    assert without.abstained
    assert (tagging.primary, tagging.band) == ("out", "sure")
    assert tagging.areas[0].probability == pytest.approx(both, abs=1e-4)
    assert tagging.areas[1:] == without.areas
