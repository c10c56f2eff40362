"""What the models say of records, obeying what people answered: which are one paper, and of which areas. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refsync.classify.settings import NO_ANSWER, AreaAnswer, AreaSettings
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from refsync.text.latex import to_text

if TYPE_CHECKING:  # who only looks for duplicates needs no model
    from refsync.classify.model import Model, Tagging

Progress = Callable[[str, int, int], None]
"""Told of a stage's name, how much of it is done, and of how much."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Say nothing."""


def find_duplicates(
    records: Sequence[Record],
    settings: DedupSettings,
    remembered: RememberedAnswers = NO_REMEMBERED_ANSWERS,
    progress: Progress = no_progress,
    known: int = 0,
) -> Deduplication:
    """The deduplicator's verdicts, obeying what people answered before.

    The first `known` records are a library that is not compared with itself.
    """
    model = pair_model(remembered)
    found = deduplicate(
        records,
        settings,
        known=known,
        must_link=remembered.must_link,
        cannot_link=(*remembered.cannot_link, *remembered.versions),
        progress=progress,
        model=model,
    )
    related = {(min(a, b), max(a, b)): Link((a, b), 1.0, relation, ()) for a, b, relation in remembered.relations}
    told = tuple(related.get(pair, Link(pair, 1.0, "version-of", ())) for pair in remembered.versions)
    settled = {*remembered.must_link, *remembered.cannot_link, *remembered.versions}
    return replace(
        found,
        versions=(*(link for link in found.versions if _pair(link) not in settled), *told),
        review=tuple(link for link in found.review if _pair(link) not in settled),
    )


def pair_model(remembered: RememberedAnswers) -> PairModel:
    """The pair model, calibrated by what was learnt from answers, if anything was."""
    return shipped(remembered.calibration) if remembered.calibration else shipped()


def tag_papers(
    model: "Model",
    papers: Sequence[tuple[str, str]],
    settings: AreaSettings,
    progress: Progress = no_progress,
    answers: Sequence[AreaAnswer] = (),
) -> "list[Tagging]":
    """The areas of papers, each a title and an abstract, obeying what people answered before.

    `answers` has one for each paper, or is empty.
    """
    from refsync.classify.area_answers import apply_answer, suggested_only, withhold_suggested_only

    done = 0

    def more(number: int) -> None:
        nonlocal done
        done += number
        progress("tag", done, len(papers))

    only_suggested = suggested_only(model.weights.notes)
    taggings = [withhold_suggested_only(tagging, only_suggested) for tagging in model.tag(papers, settings, more)]
    for place, answer in enumerate(answers):
        if answer != NO_ANSWER:
            taggings[place] = apply_answer(taggings[place], answer, model, papers[place], settings)
    return taggings


def area_answers(groups: Sequence[Sequence[Record]], said: Mapping[str, AreaAnswer]) -> list[AreaAnswer]:
    """What people said of the areas of papers, each of one or more records: the answers of all of them together."""
    if not said:
        return []
    found = [[said.get(fingerprint(record), NO_ANSWER) for record in group] for group in groups]
    return [
        AreaAnswer(
            frozenset().union(*(answer.accepted for answer in mine)),
            frozenset().union(*(answer.rejected for answer in mine)),
        )
        for mine in found
    ]


def _pair(link: Link) -> tuple[int, int]:
    """Its members, the smaller index first."""
    one, other = link.members
    return (min(one, other), max(one, other))


def title_and_abstract(record: Record) -> tuple[str, str]:
    """What the classifier reads, as plain text."""
    title, abstract = record.get("title"), record.get("abstract")
    return (to_text(title), to_text(abstract)) if record.markup == "latex" else (title, abstract)
