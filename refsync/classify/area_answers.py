"""What overrides the model: people's answers about a paper's areas, and labels that may only be suggested."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from refsync.classify.model import LISTED, Area, Band, Tagging
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaAnswer, AreaSettings
from refsync.classify.tagger import Tagger

SUGGESTED_ONLY = "suggested_only"  # the note of an own model that lists the labels that it may only suggest
TRAINED_ON = "trained_on"  # the note that lists the papers that it was trained on
PREFIX = "area:"
"""Put before an own area among the keywords, so that a prediction never looks like the user's own label."""


def is_own(notes: Mapping[str, Any]) -> bool:
    """Whether a model was trained on a user's labels, by the notes in its file."""
    return SUGGESTED_ONLY in notes


def suggested_only(notes: Mapping[str, Any]) -> frozenset[str]:
    """The labels that a model may only suggest."""
    return _listed(notes, SUGGESTED_ONLY)


def trained_on(notes: Mapping[str, Any]) -> frozenset[str]:
    """The beginnings of the fingerprints of the papers that a user's own model was trained on."""
    return _listed(notes, TRAINED_ON) if is_own(notes) else frozenset()


def _listed(notes: Mapping[str, Any], name: str) -> frozenset[str]:
    """A list in the notes of a model file, which may be anybody's."""
    listed = notes.get(name)
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()


def prefix_for(settings: AreaSettings, notes: Mapping[str, Any], label_fields: Collection[str]) -> str:
    """The prefix of a written area: the configured one, else `PREFIX` for an own model that writes to a label field."""
    return settings.prefix or (PREFIX if is_own(notes) and settings.field in label_fields else "")


def withhold_suggested_only(tagging: Tagging, only_suggested: Collection[str]) -> Tagging:
    """The same areas, where none that may only be suggested is applied."""
    if not any(area.applied and area.area in only_suggested for area in tagging.areas):
        return tagging
    areas = [replace(area, applied=area.applied and area.area not in only_suggested) for area in tagging.areas]
    return _with_areas(tagging, areas)


def apply_answer(tagging: Tagging, answer: AreaAnswer, model: Tagger, paper: Paper, settings: AreaSettings) -> Tagging:
    """The areas of a paper after people's answers: accepted areas come first, at probability 1.

    Rejected areas and the areas below them are left out; the next most likely ones take their places.
    """
    count = len(answer.rejected) + len(answer.accepted) + LISTED
    unrestricted = replace(settings, min_accuracy=0.0, min_probability=0.0, max_areas=count, fallback="abstain")
    (candidates,) = model.tag([paper], unrestricted)
    applied = {area.area for area in tagging.areas if area.applied}
    accepted = [Area(area, 1.0, applied=True) for area in sorted(answer.accepted)]
    listed = {area.area: area for area in (*tagging.areas, *candidates.areas)}
    rest = [
        replace(area, applied=area.area in applied)
        for area in sorted(listed.values(), key=lambda area: -area.probability)
        if area.area not in answer.accepted and not any(_is_within(area.area, rejected) for rejected in answer.rejected)
    ]
    count = max(LISTED, len(accepted) + sum(area.applied for area in rest))
    return _with_areas(tagging, [*accepted, *rest][:count])


def _is_within(area: str, ancestor: str) -> bool:
    return area == ancestor or area.startswith(f"{ancestor}/")


def _with_areas(tagging: Tagging, areas: list[Area]) -> Tagging:
    """The tagging with other areas, and the values derived from them."""
    primary = next((area.area for area in areas if area.applied), None)
    same_first = [area.area for area in areas[:1]] == [area.area for area in tagging.areas[:1]]
    unsure: Band = "abstained" if tagging.band == "abstained" else "unsure"
    return replace(
        tagging,
        areas=tuple(areas),
        primary=primary,
        abstained=primary is None,
        because=tagging.because if same_first else (),
        band="sure" if primary else unsure,
    )
