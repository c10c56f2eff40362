"""Run the deduplicator and the area model on records, with people's remembered answers as constraints. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refsync.classify.labels import labels_of
from refsync.classify.paper import Paper
from refsync.classify.settings import NO_ANSWER, AreaAnswer, AreaSettings
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from refsync.text.latex import latex_to_text

if TYPE_CHECKING:  # finding duplicates needs no area model
    from refsync.classify.model import Tagging
    from refsync.classify.tagger import Tagger

VENUE_FIELDS = ("journal", "journaltitle", "booktitle", "shortjournal", "series")
_ARXIV_FIELDS = ("primaryclass", "eprintclass")

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, how much of it is done, and its total."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def find_duplicates(
    records: Sequence[Record],
    settings: DedupSettings,
    remembered: RememberedAnswers = NO_REMEMBERED_ANSWERS,
    progress: Progress = no_progress,
    known: int = 0,
) -> Deduplication:
    """The deduplicator's result, constrained by people's answers.

    An answer about two records holds for all records that are merged with them.

    Args:
        records: what was read.
        settings: those of the deduplicator.
        remembered: the answers about these records.
        progress: called as the stages proceed.
        known: how many of the first records are a library that is not compared with itself.
    """
    model = pair_model(remembered)
    deduplication = deduplicate(
        records,
        settings,
        known=known,
        must_link=remembered.must_link,
        cannot_link=(*remembered.cannot_link, *remembered.versions),
        progress=progress,
        model=model,
    )
    return with_answers(deduplication, remembered)


def with_answers(deduplication: Deduplication, remembered: RememberedAnswers) -> Deduplication:
    """The result without the links that answers settle, and with the versions that people named."""
    related = {(min(a, b), max(a, b)): Link((a, b), 1.0, relation, ()) for a, b, relation in remembered.relations}
    answered_versions = tuple(related.get(pair, Link(pair, 1.0, "version-of", ())) for pair in remembered.versions)
    answered = {*remembered.must_link, *remembered.cannot_link, *remembered.versions}
    paper = {i: cluster.members[0] for cluster in deduplication.clusters for i in cluster.members}
    unrelated = {frozenset(paper.get(i, i) for i in pair) for pair in remembered.cannot_link}
    return replace(
        deduplication,
        versions=(
            *(
                link
                for link in deduplication.versions
                if _pair(link) not in answered and frozenset(paper.get(i, i) for i in link.members) not in unrelated
            ),
            *answered_versions,
        ),
        review=tuple(link for link in deduplication.review if _pair(link) not in answered),
    )


def pair_model(remembered: RememberedAnswers) -> PairModel:
    """The pair model, with the calibration that was learned from answers if there is one."""
    return shipped(remembered.calibration) if remembered.calibration else shipped()


def tag_papers(
    model: "Tagger",
    papers: Sequence[Paper],
    settings: AreaSettings,
    progress: Progress = no_progress,
    answers: Sequence[AreaAnswer] = (),
) -> "list[Tagging]":
    """The areas of papers, constrained by people's answers.

    Args:
        model: the area model.
        papers: what is known of each paper.
        settings: those of the area model.
        progress: called with the number of papers tagged so far and their total.
        answers: one for each paper, or empty.
    """
    from refsync.classify.area_answers import apply_answer, suggested_only, withhold_suggested_only

    done = 0

    def more(number: int) -> None:
        nonlocal done
        done += number
        progress("tag", done, len(papers))

    only_suggested = suggested_only(model.notes)
    taggings = [withhold_suggested_only(tagging, only_suggested) for tagging in model.tag(papers, settings, more)]
    for place, answer in enumerate(answers):
        if answer != NO_ANSWER:
            taggings[place] = apply_answer(taggings[place], answer, model, papers[place], settings)
    return taggings


def area_answers(
    groups: Sequence[Sequence[Record]], answers_by_fingerprint: Mapping[str, AreaAnswer]
) -> list[AreaAnswer]:
    """The answer about the areas of each paper: the answers about all its records together.

    Args:
        groups: the records of each paper.
        answers_by_fingerprint: the answers about single records; if there are none, the result is empty.
    """
    if not answers_by_fingerprint:
        return []
    by_paper = [[answers_by_fingerprint.get(fingerprint(record), NO_ANSWER) for record in group] for group in groups]
    return [united_answer(answers) for answers in by_paper]


def united_answer(answers: Sequence[AreaAnswer]) -> AreaAnswer:
    """The answer about the areas of a paper, from those about its records."""
    return AreaAnswer(
        frozenset().union(*(answer.accepted for answer in answers)),
        frozenset().union(*(answer.rejected for answer in answers)),
    )


def _pair(link: Link) -> tuple[int, int]:
    """The members of a link, the smaller index first."""
    one, other = link.members
    return (min(one, other), max(one, other))


def title_and_abstract(record: Record) -> tuple[str, str]:
    """The input of the area model: the title and the abstract as plain text."""
    title, abstract = record.get("title"), record.get("abstract")
    return (latex_to_text(title), latex_to_text(abstract)) if record.markup == "latex" else (title, abstract)


def paper_of(record: Record) -> Paper:
    """The input of the area models: what a record has about its subject, as plain text."""

    def text(*names: str) -> str:
        value = record.get(*names)
        return latex_to_text(value) if record.markup == "latex" else value

    return Paper(
        title=text("title"),
        abstract=text("abstract"),
        venue=text(*VENUE_FIELDS),
        issn=text("issn"),
        keywords=", ".join(labels_of(record, ("keywords",))),
        categories=tuple(text(name) for name in _ARXIV_FIELDS if record.get(name)),
    )
