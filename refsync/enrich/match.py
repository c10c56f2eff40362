"""Whether what a service gave is the paper that was sought. Pure; the judge is that of deduplication."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from refsync.dedup.classify_pairs import ClassifiedPair, Verdict, classify_pair
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.pair_model import shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.settings import DedupSettings
from refsync.dedup.versions import PREPRINT
from refsync.dedup.vetoes import meaning
from refsync.enrich.services import By
from refsync.records import Record

_AT_ONCE = 5000  # records judged together: bounds memory
_BEARING_OUT = (("author", 0.8), ("abstract", 0.6))  # least similarities, as the pair model sees them
_OF_PUBLICATION = ("doi", "journal", "volume", "number", "pages")
_NAMED: dict[By, str] = {"doi": "DOI", "arxiv": "arXiv number", "title": "title"}
_ALONE = 0.95
"""The probability given to an identifier that is all there is: what the model says of a title alone."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record that a service gave for one of ours, with its profile.

    `relation` is `preprint-of` and the like where the two are versions of a work, then `ours_first` says whether ours
    is the one described. `unsure` says what a person should look at before it is taken; empty where nothing.
    """

    found: Record
    profile: Profile
    by: By
    verdict: Verdict
    probability: float
    why: str
    unsure: str = ""
    relation: str = ""
    ours_first: bool = True


def best_each(asked: Sequence[tuple[Record, Sequence[Record]]], by: By, settings: DedupSettings) -> list[Match | None]:
    """The match of each record among its candidates: the likeliest of those that are the same, else a version.

    Under an identifier of ours it is the same paper unless the titles speak against it: then the identifier, or the
    service, is wrong. What is found by title has to be borne out by authors or abstract, and where two are the same as
    ours and not as each other, a person has to choose.

    Args:
        asked: records of ours, each with what a service gave for it.
        by: what they were looked up by.
        settings: how sure is sure enough that two records are one paper.
    """
    found: list[Match | None] = []
    for start in range(0, len(asked), _AT_ONCE):
        found += _best_each(asked[start : start + _AT_ONCE], by, replace(settings, versions="link"))
    return found


def _best_each(asked: Sequence[tuple[Record, Sequence[Record]]], by: By, settings: DedupSettings) -> list[Match | None]:
    profiles: list[Profile] = []
    pairs: list[tuple[int, int]] = []
    spans: list[tuple[int, int]] = []  # of each record's pairs
    candidates: list[Record] = []  # one for each pair
    for ours, given in asked:
        mine = profile(ours)
        place = len(profiles)
        spans.append((len(pairs), len(pairs) + len(given)))
        pairs += ((place, place + number) for number in range(1, len(given) + 1))
        candidates += map(_preprint_alone, given) if by == "arxiv" and mine.preprint else given
        profiles += (mine, *map(profile, candidates[spans[-1][0] :]))
    if not pairs:
        return [None] * len(asked)
    columns = PairComparer(profiles)
    comparison = columns.compare(*np.array(pairs).T)
    model = shipped()
    raw, calibrated = model.both(comparison.features)
    matches = []
    for row, ((a, b), candidate) in enumerate(zip(pairs, candidates, strict=True)):
        told = {item.field: item.similarity for item in model.evidence(comparison, row)}
        agreeing = [name for name, least in _BEARING_OUT if told.get(name, 0.0) >= least]
        judged = classify_pair(columns, comparison, row, (a, b), (float(raw[row]), float(calibrated[row])), settings)
        matches.append(_match(profiles[a], profiles[b], candidate, by, judged, agreeing))
    return [
        _chosen(matches[start:end], profiles[pairs[start][0]], by, settings) if start < end else None
        for start, end in spans
    ]


def _chosen(matches: Sequence[Match], mine: Profile, by: By, settings: DedupSettings) -> Match | None:
    same = [match for match in matches if match.verdict == "same"]
    if not same:
        versions = [match for match in matches if match.verdict == "version"]
        return max(versions, key=lambda match: match.probability, default=None)
    chosen = min(same, key=lambda match: (bool(match.unsure), -match.probability))
    if by != "title" or chosen.unsure:
        return chosen
    exact = chosen.profile.title_key == mine.title_key
    rivals = [
        match
        for match in same
        if match is not chosen
        and not (exact and match.profile.title_key != mine.title_key)
        and not _alike(chosen.profile, match.profile, settings)
    ]
    named = ", ".join(match.profile.doi or match.found.get("title")[:60] for match in rivals)
    return replace(chosen, unsure=f"others are as like it: {named}") if rivals else chosen


def _preprint_alone(found: Record) -> Record:
    """The record of a paper without what arXiv tells of its published form."""
    fields = {name: value for name, value in found.fields.items() if name not in _OF_PUBLICATION}
    return replace(found, type="misc", fields=fields)


def _match(
    mine: Profile, theirs: Profile, found: Record, by: By, judged: ClassifiedPair, agreeing: Sequence[str]
) -> Match:
    if by != "title" and not mine.title_key:
        return Match(found, theirs, by, "same", _ALONE, f"found by its {_NAMED[by]}, which is all that the record says")
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
        reasons = "; ".join(meaning(veto) for veto in judged.vetoes) or "the fields hardly agree"
        verdict, unsure = "same", "" if mine.title_key == theirs.title_key else reasons
    if verdict == "same" and mine.preprint and not theirs.preprint and theirs.doi not in ("", mine.doi):
        verdict, relation, forward = "version", PREPRINT, True  # the judge asks for authors, and ours may lack them
    why = f"found by its {_NAMED[by]}" + (f"; {' and '.join(agreeing)} agree" if agreeing else "")
    return Match(
        found, theirs, by, verdict, judged.probability, f"{why} (p={judged.probability:.3f})", unsure, relation, forward
    )


def _contained(one_title: str, other: str) -> bool:
    """Whether one title is the other's beginning, as where a subtitle was left out."""
    return bool(one_title and other) and (one_title.startswith(other) or other.startswith(one_title))


def _alike(x: Profile, y: Profile, settings: DedupSettings) -> bool:
    """Whether two candidates are one paper themselves, under one DOI if both have any."""
    if x.doi and y.doi and x.doi != y.doi:
        return False
    columns = PairComparer([x, y])
    comparison = columns.compare(np.array([0]), np.array([1]))
    raw, calibrated = shipped().both(comparison.features)
    return (
        classify_pair(columns, comparison, 0, (0, 1), (float(raw[0]), float(calibrated[0])), settings).verdict == "same"
    )
