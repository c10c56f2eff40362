"""Whether what a service gave is the paper that was sought. Pure; the judge is that of deduplication."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from refsync.dedup.explain import REASONS
from refsync.dedup.judge import Judgement, Verdict, one
from refsync.dedup.model import shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.score import Columns
from refsync.dedup.settings import DedupSettings
from refsync.dedup.versions import PREPRINT
from refsync.enrich.services import By
from refsync.records import Record

_BEARING_OUT = (("author", 0.8), ("abstract", 0.6))  # least similarities, as the pair model sees them
_OF_PUBLICATION = ("doi", "journal", "volume", "number", "pages")
_NAMED: dict[By, str] = {"doi": "DOI", "arxiv": "arXiv number", "title": "title"}
_ALONE = 0.95
"""The probability given to an identifier that is all there is: what the model says of a title alone."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record that a service gave for one of ours.

    `relation` is `preprint-of` and the like where the two are versions of a work, then `ours_first` says whether ours
    is the one described. `unsure` says what a person should look at before it is taken; empty where nothing.
    """

    found: Record
    by: By
    verdict: Verdict
    probability: float
    why: str
    unsure: str = ""
    relation: str = ""
    ours_first: bool = True


def best(ours: Record, candidates: Sequence[Record], by: By, settings: DedupSettings) -> Match | None:
    """The match among candidates: the likeliest of those that are the same, else a version; None where there is none.

    Under an identifier of ours it is the same paper unless the titles speak against it: then the identifier, or the
    service, is wrong. What is found by title has to be borne out by authors or abstract, and where two are the same as
    ours and not as each other, a person has to choose.
    """
    mine = profile(ours)
    if by == "arxiv" and mine.preprint:
        candidates = [_preprint_alone(found) for found in candidates]
    if by != "title" and not mine.title_key:
        why = f"found by its {_NAMED[by]}, which is all that the record says"
        return next((Match(found, by, "same", _ALONE, why) for found in candidates), None)
    theirs = [profile(found) for found in candidates]
    columns = Columns([mine, *theirs])
    settings = replace(settings, versions="link")
    matches = [
        _match(mine, other, found, by, judged, agreeing)
        for found, other, (judged, agreeing) in zip(candidates, theirs, _judged(columns, settings), strict=True)
    ]
    same = [place for place, match in enumerate(matches) if match.verdict == "same"]
    if not same:
        versions = [match for match in matches if match.verdict == "version"]
        return max(versions, key=lambda match: match.probability, default=None)
    chosen = min(same, key=lambda place: (bool(matches[place].unsure), -matches[place].probability))
    exact = theirs[chosen].title_key == mine.title_key
    rivals = [
        place
        for place in same
        if place != chosen
        and not (exact and theirs[place].title_key != mine.title_key)
        and not _alike(columns, chosen + 1, place + 1, settings)
    ]
    if by == "title" and rivals and not matches[chosen].unsure:
        named = ", ".join(theirs[place].doi or candidates[place].get("title")[:60] for place in rivals)
        return replace(matches[chosen], unsure=f"others are as like it: {named}")
    return matches[chosen]


def _preprint_alone(found: Record) -> Record:
    """The record of a paper without what arXiv tells of its published form."""
    fields = {name: value for name, value in found.fields.items() if name not in _OF_PUBLICATION}
    return replace(found, type="misc", fields=fields)


def _judged(columns: Columns, settings: DedupSettings) -> list[tuple[Judgement, list[str]]]:
    """Each candidate judged beside ours (the first profile), and what bears it out."""
    others = np.arange(1, len(columns.profiles))
    comparison = columns.compare(np.zeros_like(others), others)
    model = shipped()
    raw, calibrated = model.both(comparison.features)
    judged = []
    for row, other in enumerate(others.tolist()):
        told = {item.field: item.similarity for item in model.evidence(comparison, row)}
        agreeing = [name for name, least in _BEARING_OUT if told.get(name, 0.0) >= least]
        probabilities = (float(raw[row]), float(calibrated[row]))
        judged.append((one(columns, comparison, row, 0, other, probabilities, settings), agreeing))
    return judged


def _match(mine: Profile, theirs: Profile, found: Record, by: By, judged: Judgement, agreeing: Sequence[str]) -> Match:
    verdict, relation, forward = judged.verdict, judged.relation, judged.forward
    unsure = ""
    if by == "title":
        if mine.doi and theirs.doi and mine.doi != theirs.doi:
            verdict = "different"
        elif not agreeing:
            unsure = "neither authors nor an abstract to bear the title out"
        elif mine.year and theirs.year and mine.year != theirs.year:  # first online? a column, a meeting's abstract?
            unsure = f"the years differ: {mine.year} here, {theirs.year} there"
        if unsure and agreeing and verdict == "maybe" and not judged.vetoes:
            verdict = "same"
    elif verdict == "maybe" or (verdict == "different" and _contained(mine.title_key, theirs.title_key)):
        # what else differs under one identifier and one title is a mistake of either side, and not taken over
        reasons = "; ".join(REASONS.get(veto, veto) for veto in judged.vetoes) or "the fields hardly agree"
        verdict, unsure = "same", "" if mine.title_key == theirs.title_key else reasons
    if verdict == "same" and mine.preprint and not theirs.preprint and theirs.doi not in ("", mine.doi):
        verdict, relation, forward = "version", PREPRINT, True  # the judge asks for authors, and ours may lack them
    why = f"found by its {_NAMED[by]}" + (f"; {' and '.join(agreeing)} agree" if agreeing else "")
    return Match(
        found, by, verdict, judged.probability, f"{why} (p={judged.probability:.3f})", unsure, relation, forward
    )


def _contained(one_title: str, other: str) -> bool:
    """Whether one title is the other's beginning, as where a subtitle was left out."""
    return bool(one_title and other) and (one_title.startswith(other) or other.startswith(one_title))


def _alike(columns: Columns, a: int, b: int, settings: DedupSettings) -> bool:
    """Whether two candidates are one paper themselves, under one DOI if both have any."""
    x, y = columns.profiles[a], columns.profiles[b]
    if x.doi and y.doi and x.doi != y.doi:
        return False
    a, b = sorted((a, b))
    comparison = columns.compare(np.array([a]), np.array([b]))
    raw, calibrated = shipped().both(comparison.features)
    return one(columns, comparison, 0, a, b, (float(raw[0]), float(calibrated[0])), settings).verdict == "same"
