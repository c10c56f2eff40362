"""Whether a record of a service is the paper that was searched for. Pure; the classifier is that of deduplication."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from refsync.dedup.classify_pairs import ClassifiedPair, Verdict, classify_pair
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.pair_model import shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.relations import PREPRINT
from refsync.dedup.settings import DedupSettings
from refsync.dedup.vetoes import meaning
from refsync.enrich.services import KeyKind
from refsync.records import Record

_BATCH = 5000  # records compared together; bounds memory
_MIN_SUPPORT = (("author", 0.8), ("abstract", 0.6))  # similarities by the pair model that support an equal title
_PUBLICATION_FIELDS = ("doi", "journal", "volume", "number", "pages")
_KEY_NAMES: dict[KeyKind, str] = {"doi": "DOI", "arxiv": "arXiv number", "title": "title"}
_IDENTIFIER_ONLY = 0.95
"""The probability of a match if our record has only an identifier: that of the model for an equal title alone."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record of a service that matches one of ours.

    Attributes:
        record: the record of the service.
        profile: its profile.
        by: what it was found by.
        verdict: of the comparison with our record.
        probability: that both are one paper.
        why: the reasons, for people.
        review_reason: what a person should check before the values are used; empty if nothing.
        relation: `preprint-of` and the like if both are versions of one work.
        ours_first: whether our record is the first one of that relation.
    """

    record: Record
    profile: Profile
    by: KeyKind
    verdict: Verdict
    probability: float
    why: str
    review_reason: str = ""
    relation: str = ""
    ours_first: bool = True


def best_matches(
    lookups: Sequence[tuple[Record, Sequence[Record]]], by: KeyKind, settings: DedupSettings
) -> list[Match | None]:
    """The best match of each record among its candidates: the most probable duplicate, else a version.

    A candidate found by our identifier is the same paper unless the titles contradict it; then the identifier, or the
    service, is wrong. A candidate found by title needs the support of authors or abstract. If two candidates match our
    record but not each other, a person has to choose.

    Args:
        lookups: our records, each with the candidates that a service returned.
        by: what they were looked up by.
        settings: of the comparison of records.
    """
    matches: list[Match | None] = []
    for start in range(0, len(lookups), _BATCH):
        matches += _best_matches(lookups[start : start + _BATCH], by, replace(settings, versions="link"))
    return matches


def _best_matches(
    lookups: Sequence[tuple[Record, Sequence[Record]]], by: KeyKind, settings: DedupSettings
) -> list[Match | None]:
    profiles: list[Profile] = []
    pairs: list[tuple[int, int]] = []
    spans: list[tuple[int, int]] = []  # of each record's pairs
    candidates: list[Record] = []  # one for each pair
    for record, returned in lookups:
        ours = profile(record)
        index = len(profiles)
        spans.append((len(pairs), len(pairs) + len(returned)))
        pairs += ((index, index + number) for number in range(1, len(returned) + 1))
        candidates += map(_without_publication, returned) if by == "arxiv" and ours.preprint else returned
        profiles += (ours, *map(profile, candidates[spans[-1][0] :]))
    if not pairs:
        return [None] * len(lookups)
    comparer = PairComparer(profiles)
    comparison = comparer.compare(*np.array(pairs).T)
    model = shipped()
    raw, calibrated = model.both(comparison.features)
    matches = []
    for row, ((a, b), candidate) in enumerate(zip(pairs, candidates, strict=True)):
        similarities = {item.field: item.similarity for item in model.evidence(comparison, row)}
        agreeing = [name for name, minimum in _MIN_SUPPORT if similarities.get(name, 0.0) >= minimum]
        classified = classify_pair(
            comparer, comparison, row, (a, b), (float(raw[row]), float(calibrated[row])), settings
        )
        matches.append(_match(profiles[a], profiles[b], candidate, by, classified, agreeing))
    return [
        _best(matches[start:end], profiles[pairs[start][0]], by, settings) if start < end else None
        for start, end in spans
    ]


def _best(matches: Sequence[Match], ours: Profile, by: KeyKind, settings: DedupSettings) -> Match | None:
    same = [match for match in matches if match.verdict == "same"]
    if not same:
        versions = [match for match in matches if match.verdict == "version"]
        return max(versions, key=lambda match: match.probability, default=None)
    best = min(same, key=lambda match: (bool(match.review_reason), -match.probability))
    if by != "title" or best.review_reason:
        return best
    exact = best.profile.title_key == ours.title_key
    rivals = [
        match
        for match in same
        if match is not best
        and not (exact and match.profile.title_key != ours.title_key)
        and not _are_one_paper(best.profile, match.profile, settings)
    ]
    names = ", ".join(match.profile.doi or match.record.get("title")[:60] for match in rivals)
    return replace(best, review_reason=f"other records match as well: {names}") if rivals else best


def _without_publication(record: Record) -> Record:
    """A record of arXiv without the fields of the published version."""
    fields = {name: value for name, value in record.fields.items() if name not in _PUBLICATION_FIELDS}
    return replace(record, type="misc", fields=fields)


def _match(
    ours: Profile, theirs: Profile, record: Record, by: KeyKind, classified: ClassifiedPair, agreeing: Sequence[str]
) -> Match:
    found_by = f"found by its {_KEY_NAMES[by]}"
    if by != "title" and not ours.title_key:
        return Match(
            record=record,
            profile=theirs,
            by=by,
            verdict="same",
            probability=_IDENTIFIER_ONLY,
            why=f"{found_by}, which is all that the record has",
        )
    verdict, relation, forward = classified.verdict, classified.relation, classified.forward
    review_reason = ""
    if by == "title":
        if ours.doi and theirs.doi and ours.doi != theirs.doi:
            verdict = "different"
        elif not agreeing:
            review_reason = "neither authors nor an abstract support the title"
        elif ours.year and theirs.year and ours.year != theirs.year:  # first online? a column, a meeting's abstract?
            review_reason = f"the years differ: {ours.year} here, {theirs.year} there"
        if review_reason and agreeing and verdict == "maybe" and not {*classified.vetoes} - {"years"}:
            verdict = "same"
    elif verdict == "maybe" or (verdict == "different" and _is_prefix(ours.title_key, theirs.title_key)):
        # other differences under one identifier and one title are errors of either side; they are not copied
        reasons = "; ".join(meaning(veto) for veto in classified.vetoes) or "the fields hardly agree"
        verdict, review_reason = "same", "" if ours.title_key == theirs.title_key else reasons
    if verdict == "same" and ours.preprint and not theirs.preprint and theirs.doi not in ("", ours.doi):
        verdict, relation, forward = "version", PREPRINT, True  # the classifier needs authors, which ours may lack
    why = found_by + (f"; {' and '.join(agreeing)} agree" if agreeing else "")
    return Match(
        record=record,
        profile=theirs,
        by=by,
        verdict=verdict,
        probability=classified.probability,
        why=f"{why} (p={classified.probability:.3f})",
        review_reason=review_reason,
        relation=relation,
        ours_first=forward,
    )


def _is_prefix(title: str, other: str) -> bool:
    """Whether one title is the beginning of the other, as where a subtitle is missing."""
    return bool(title and other) and (title.startswith(other) or other.startswith(title))


def _are_one_paper(x: Profile, y: Profile, settings: DedupSettings) -> bool:
    """Whether two candidates are one paper: duplicates, without two different DOIs."""
    if x.doi and y.doi and x.doi != y.doi:
        return False
    comparer = PairComparer([x, y])
    comparison = comparer.compare(np.array([0]), np.array([1]))
    raw, calibrated = shipped().both(comparison.features)
    probabilities = float(raw[0]), float(calibrated[0])
    return classify_pair(comparer, comparison, 0, (0, 1), probabilities, settings).verdict == "same"
