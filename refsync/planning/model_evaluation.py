"""An area model compared with the areas that labelled papers have. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from refsync.classify.area_answers import trained_on
from refsync.classify.evaluate import Evaluation, evaluate
from refsync.classify.model import Model
from refsync.classify.own_areas import FINGERPRINT_DIGITS
from refsync.classify.settings import AreaSettings
from refsync.dedup.profile import fingerprint
from refsync.planning.run_models import Progress, no_progress, paper_of, tag_papers
from refsync.records import Record

REASONS_LEFT_OUT = {
    "trained_on": "that the model was trained on",
    "no_known_area": "without an area that the model knows",
    "no_text": "without text",
}


@dataclass(frozen=True, slots=True)
class LabelledEvaluation:
    """The figures of a model on labelled papers.

    Attributes:
        evaluation: the figures; None where no paper could be used.
        left_out: how many papers were not used, by reason (a key of `REASONS_LEFT_OUT`).
    """

    evaluation: Evaluation | None
    left_out: dict[str, int]

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why papers were left out, for people, and how many for each reason."""
        return tuple((REASONS_LEFT_OUT[reason], count) for reason, count in self.left_out.items() if count)


def evaluate_model(
    model: Model,
    records: Sequence[Record],
    known_areas: Sequence[Sequence[str]],
    settings: AreaSettings,
    progress: Progress = no_progress,
    *,
    include_trained_on: bool = False,
) -> LabelledEvaluation:
    """Compare the areas that a model finds with those that papers have.

    Args:
        model: the model to evaluate.
        records: the papers.
        known_areas: the areas of each paper, all of them classes of the model; none where they are not known.
        settings: of the decision rule.
        progress: called while papers are tagged.
        include_trained_on: also use papers that the model was trained on.
    """
    papers = [paper_of(record) for record in records]
    training_papers = frozenset() if include_trained_on else trained_on(model.weights.notes)
    known = [
        bool(training_papers) and fingerprint(record)[:FINGERPRINT_DIGITS] in training_papers for record in records
    ]
    used = [i for i, areas in enumerate(known_areas) if areas and any(papers[i][:2]) and not known[i]]
    left_out = {
        "trained_on": sum(known),
        "no_known_area": sum(not areas for areas in known_areas),
        "no_text": sum(not any(paper[:2]) for paper in papers),
    }
    if not used:
        return LabelledEvaluation(None, left_out)
    chosen = [papers[i] for i in used]
    taggings = tag_papers(model, chosen, settings, progress)
    evaluation = evaluate(
        model.probabilities([paper[:2] for paper in chosen]), taggings, [known_areas[i] for i in used], model.classes
    )
    return LabelledEvaluation(evaluation, left_out)
