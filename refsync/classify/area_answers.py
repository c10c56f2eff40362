"""What stands above the model: people's answers about a paper's areas, and labels that may only be suggested."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from refsync.classify.model import LISTED, Area, Band, Model, Tagging
from refsync.classify.settings import AreaAnswer, AreaSettings

SUGGESTED = "suggested_only"  # where an own model notes the labels that it may only suggest
PREFIX = "area:"
"""Before an own area among the keywords, so that a guess never looks like the user's own label."""


def is_own(notes: Mapping[str, Any]) -> bool:
    """Whether a model was trained on a user's labels, by the notes in its file."""
    return SUGGESTED in notes


def suggested_only(notes: Mapping[str, Any]) -> frozenset[str]:
    """The labels that a model may only suggest."""
    listed = notes.get(SUGGESTED)
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()


def prefix_for(settings: AreaSettings, notes: Mapping[str, Any], label_fields: Collection[str]) -> str:
    """What is written before an area: as configured, and for an own model's in a field of labels never nothing."""
    return settings.prefix or (PREFIX if is_own(notes) and settings.field in label_fields else "")


def held_back(tagging: Tagging, only_suggested: Collection[str]) -> Tagging:
    """The same areas, those not applied that may only be suggested."""
    if not any(area.applied and area.area in only_suggested for area in tagging.areas):
        return tagging
    areas = [replace(area, applied=area.applied and area.area not in only_suggested) for area in tagging.areas]
    return _with(tagging, areas)


def settled(
    tagging: Tagging, answer: AreaAnswer, model: Model, paper: tuple[str, str], settings: AreaSettings
) -> Tagging:
    """The areas of a paper about which people said something: what they accepted comes first, at probability 1.

    What they rejected is not among the areas, nor is what stands below it; the next likely ones take its place.
    """
    more = len(answer.rejected) + len(answer.accepted) + LISTED
    whole = replace(settings, min_accuracy=0.0, min_probability=0.0, max_areas=more, fallback="abstain")
    (wide,) = model.tag([paper], whole)
    applied = {area.area for area in tagging.areas if area.applied}
    told = [Area(area, 1.0, applied=True) for area in sorted(answer.accepted)]
    listed = {area.area: area for area in (*tagging.areas, *wide.areas)}
    rest = [
        replace(area, applied=area.area in applied)
        for area in sorted(listed.values(), key=lambda area: -area.probability)
        if area.area not in answer.accepted and not any(_within(area.area, one) for one in answer.rejected)
    ]
    count = max(LISTED, len(told) + sum(area.applied for area in rest))
    return _with(tagging, [*told, *rest][:count])


def _within(area: str, above: str) -> bool:
    return area == above or area.startswith(f"{above}/")


def _with(tagging: Tagging, areas: list[Area]) -> Tagging:
    """The tagging with other areas, and all that follows from them."""
    primary = next((area.area for area in areas if area.applied), None)
    same = [area.area for area in areas[:1]] == [area.area for area in tagging.areas[:1]]
    unsure: Band = "abstained" if tagging.band == "abstained" else "unsure"
    return replace(
        tagging,
        areas=tuple(areas),
        primary=primary,
        abstained=primary is None,
        because=tagging.because if same else (),
        band="sure" if primary else unsure,
    )
