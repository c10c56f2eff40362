"""Classifying candidate pairs: the model's probability, the vetoes that override it, version relations; one verdict."""

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from refsync.dedup.comparison_vectors import ComparisonVectors, PairComparer
from refsync.dedup.feature_columns import Ints
from refsync.dedup.merge_rules import satisfies_rules
from refsync.dedup.pair_facts import PairFacts, compared_facts, complete_facts, pair_facts
from refsync.dedup.pair_model import PairModel, evidence_values, field_evidence
from refsync.dedup.profile import Profile
from refsync.dedup.results import FieldEvidence
from refsync.dedup.settings import DedupSettings
from refsync.dedup.title_difference import ideographic
from refsync.dedup.titles import numbers
from refsync.dedup.versions import relation
from refsync.dedup.vetoes import VETOES, applying_vetoes, names_of
from refsync.processes import map_in_processes, split_range, useful_jobs

Verdict = Literal["same", "version", "maybe", "different"]

_NEVER, _DOUBTS = names_of("never"), names_of("doubt")
_WAIVED = frozenset(veto.name for veto in VETOES.values() if veto.waived)
_ASKED_ALONE = frozenset(veto.name for veto in VETOES.values() if veto.asked_alone) | {"subtitle", "words"}
"""Vetoes that a person is asked about where people and year agree and nothing else contradicts."""

_REASONS = {
    "type": "form", "report number": "form", "set": "form", "date": "time", "years": "time", "issue": "time",
    "places": "time", "generic title": "title", "no title": "title", "thin": "title", "titles": "title",
    "subtitle": "title",
}  # fmt: skip
"""Vetoes that one fact may bring about: they count as one reason."""

_NEAR = 0.9  # titles less alike whose words are exchanged are two works, though both have 12 pages
_CHUNK = 8_000  # pairs compared at a time: bounds memory
_WORTH = 4_000  # pairs from which other processes are worth starting


class ClassifiedPair(NamedTuple):
    """The verdict about the pair of profiles `a` and `b`, and the reasons for it.

    Attributes:
        a: the index of one profile.
        b: that of the other.
        probability: that the two are one paper.
        vetoes: the names of those that apply.
        relation: how the two are versions of one work; empty where they are not.
        forward: whether `a` is the one that the relation's name describes.
        verdict: what follows.
        supported: whether an identifier, the place in a publication or the abstract supports a merge.
        evidence: what each field contributes; None where that was not computed.
        score: the pair model's log-odds; None where the probability is theirs, or nothing was computed.
    """

    a: int
    b: int
    probability: float
    vetoes: tuple[str, ...]
    relation: str
    forward: bool
    verdict: Verdict
    supported: bool = False
    evidence: tuple[FieldEvidence, ...] | None = None
    score: float | None = None

    @property
    def cannot_link(self) -> bool:
        """Whether nothing may join the two, not even a third record; a likely pair in doubt may be joined."""
        if self.verdict == "maybe":
            return not _DOUBTS.issuperset(self.vetoes)
        return self.verdict == "version" or (self.verdict == "different" and bool(self.vetoes))


Classified = Mapping[tuple[int, int], ClassifiedPair]
"""Classified pairs by their profiles, the smaller index first."""


def classify_pairs(
    comparer: PairComparer,
    pairs: Ints,
    model: PairModel,
    settings: DedupSettings,
    different: Ints | None = None,
    *,
    evidence: bool = False,
    started: Callable[[int], None] = lambda done: None,
) -> Iterator[ClassifiedPair]:
    """Classifies candidate pairs; yields those that are not plainly different, in the order of the pairs.

    Args:
        comparer: the profiles.
        pairs: (N, 2) indices of profiles.
        model: the pair model.
        settings: thresholds.
        different: (bins,) counts of pairs judged different, by probability in bins of equal width; added to.
        evidence: whether to compute it, for pairs that are not judged different.
        started: called with how many pairs precede a part, for each part.
    """
    counts = np.zeros(1, np.int64) if different is None else different
    jobs = useful_jobs() if len(pairs) >= _WORTH else 1

    def classified(part: range, own: Ints) -> list[ClassifiedPair]:
        found = _classified(comparer, pairs[part.start : part.stop], model, settings, own)
        return [*_with_evidence(found, model)] if evidence else found[0]

    def dumped(part: range) -> bytes:
        own = np.zeros_like(counts)
        return marshal.dumps((*_plain(classified(part, own)), own.tobytes()))

    if jobs > 1:
        comparer.prepare()
        parts = split_range(len(pairs), jobs, _CHUNK)
        for part, result in zip(parts, map_in_processes(dumped, parts, jobs), strict=True):
            started(part.start)
            rows, values, own = marshal.loads(result)
            counts += np.frombuffer(own, counts.dtype)
            yield from _from_plain(rows, values)
        return
    for start in range(0, len(pairs), _CHUNK):
        started(start)
        yield from classified(range(start, start + _CHUNK), counts)


_EVIDENCE = ClassifiedPair._fields.index("evidence")


def _plain(pairs: Sequence[ClassifiedPair]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Pairs as plain tuples, in which numbers stand for evidence, and its values: several pairs have the same."""
    evidence = {id(one): one for pair in pairs for one in pair.evidence or ()}
    numbers = {name: number for number, name in enumerate(evidence)}
    known = [None if pair.evidence is None else tuple([numbers[id(each)] for each in pair.evidence]) for pair in pairs]
    rows = [(*pair[:_EVIDENCE], own, pair.score) for pair, own in zip(pairs, known, strict=True)]
    return rows, [*map(evidence_values, evidence.values())]


def _from_plain(rows: Sequence[tuple[Any, ...]], values: Sequence[tuple[Any, ...]]) -> Iterator[ClassifiedPair]:
    evidence = [field_evidence(*item) for item in values]
    for *row, known, score in rows:
        yield ClassifiedPair._make((*row, None if known is None else tuple([evidence[i] for i in known]), score))


def _with_evidence(
    found: tuple[list[ClassifiedPair], Ints, ComparisonVectors], model: PairModel
) -> Iterator[ClassifiedPair]:
    """The pairs of one part with the evidence for those that are not judged different."""
    pairs, rows, vectors = found
    shown = rows[np.array([pair.verdict != "different" for pair in pairs], np.bool_)]
    features = vectors.features[shown]
    scores = zip(
        model.all_evidence(vectors, shown),
        model.probabilities(features).tolist(),
        model.log_odds(features).tolist(),
        strict=True,
    )
    for pair in pairs:
        if pair.verdict == "different":
            yield pair
        else:
            known, probability, score = next(scores)
            own_score = None if pair.probability == probability else round(score, 4)
            yield ClassifiedPair._make((*pair[:_EVIDENCE], known, own_score))


def _classified(
    comparer: PairComparer, part: Ints, model: PairModel, settings: DedupSettings, counts: Ints
) -> tuple[list[ClassifiedPair], Ints, ComparisonVectors]:
    """The classified pairs of one part, their rows, and the comparison; those judged different are counted."""
    vectors = comparer.compare(part[:, 0], part[:, 1])
    raw, calibrated = model.both(vectors.features)
    probabilities = np.maximum(raw, calibrated)
    title = np.nan_to_num(vectors.similarity["title"])
    likely = (probabilities >= settings.review) | vectors.title_equal | vectors.main_equal | (title >= 0.9)
    likely |= np.nan_to_num(vectors.similarity["abstract"]) >= 0.7
    likely |= vectors.doi_equal & (np.nan_to_num(vectors.similarity["author"]) >= 0.9)
    bins = np.minimum((probabilities * len(counts)).astype(np.int64), len(counts) - 1)
    counts += np.bincount(bins, minlength=len(counts))
    rows = np.flatnonzero(likely)
    both = zip(raw[rows].tolist(), calibrated[rows].tolist(), strict=True)
    compared = compared_facts(vectors, rows)
    found = []
    for pair, bin_, own, facts in zip(part[rows].tolist(), bins[rows].tolist(), both, compared, strict=True):
        x, y = comparer.profiles[pair[0]], comparer.profiles[pair[1]]
        classified = _classify((pair[0], pair[1]), (x, y), complete_facts(facts, x, y), own, settings)
        counts[bin_] -= classified.verdict != "different"
        found.append(classified)
    return found, rows, vectors


def classify_pair(
    comparer: PairComparer,
    vectors: ComparisonVectors,
    row: int,
    pair: tuple[int, int],
    probabilities: tuple[float, float],
    settings: DedupSettings,
) -> ClassifiedPair:
    """Classifies the pair of profiles that one row of the comparison vectors compares.

    Of its probabilities before and after calibration the second counts only where no rule is about the pair: people's
    answers about other pairs must not override a rule.
    """
    x, y = comparer.profiles[pair[0]], comparer.profiles[pair[1]]
    return _classify(pair, (x, y), pair_facts(vectors, row, x, y), probabilities, settings)


def _classify(
    pair: tuple[int, int],
    profiles: tuple[Profile, Profile],
    facts: PairFacts,
    probabilities: tuple[float, float],
    settings: DedupSettings,
) -> ClassifiedPair:
    (a, b), (x, y), (raw, calibrated) = pair, profiles, probabilities
    vetoes = applying_vetoes(x, y, facts)
    related, forward = relation(x, y, facts) if a != b else ("", True)
    probability = raw if vetoes or related else calibrated
    verdict = _verdict(probability, vetoes, related, facts, settings)
    if verdict == "same" and not satisfies_rules(x, y, facts, settings):
        verdict = "maybe"
    return ClassifiedPair(
        a=a,
        b=b,
        probability=probability,
        vetoes=vetoes,
        relation=related,
        forward=forward,
        verdict=verdict,
        supported=facts.identity or facts.locator or facts.abstract >= 0.9,
    )


def _verdict(
    probability: float, vetoes: tuple[str, ...], related: str, facts: PairFacts, settings: DedupSettings
) -> Verdict:
    if related:
        if settings.versions == "merge" and facts.title >= 0.9 and facts.author >= 0.8:
            return "same"
        return "version"
    likely = probability >= settings.review
    if settings.evidence == "loose" and vetoes and probability >= settings.same and _WAIVED.issuperset(vetoes):
        return "maybe" if facts.isbn_differs or (facts.contradicted and facts.titles_differ) else "same"
    if settings.evidence == "strict" and not vetoes and likely and not _certain(facts):
        return "maybe"
    if not vetoes:
        if probability >= settings.same:
            return "same"
        return "maybe" if likely else "different"
    if _NEVER.intersection(vetoes):
        agree = likely and facts.locator and facts.author >= 0.8 and not (facts.generic and facts.year_gap)
        agree = agree and not _counted_apart(vetoes, facts)
        agree = agree and (facts.range_equal or facts.title >= _NEAR or "words" not in vetoes)
        return "maybe" if agree or _alone(probability, vetoes, facts, settings) else "different"
    if _settled(vetoes, facts):
        return "different"
    if "titles" in vetoes and facts.range_equal and facts.author >= 0.9 and facts.year_gap == 0 and facts.venue >= 0.5:
        return "maybe"
    at_one_doi = facts.identity and 0 <= facts.year_gap <= 1 and not facts.conflict
    if "titles" in vetoes and at_one_doi and facts.author >= 0.9:
        return "maybe"  # translated, or a DOI from the next entry
    if "titles" in vetoes and facts.abstract >= 0.7 and not ("authors" in vetoes and facts.author < 0.4):
        return "maybe"  # one text under two titles: only a person can decide
    return "maybe" if likely else "different"


def _counted_apart(vetoes: tuple[str, ...], facts: PairFacts) -> bool:
    """Whether two pieces on one page are surely two: two chapters by number and title, two parts or installments."""
    left, right = facts.difference.left, facts.difference.right
    if "chapter" in vetoes and facts.words_differ:
        return True
    if "numbers" not in vetoes or not (left and right):
        return False
    words = [word for word in left if not numbers(word)], [word for word in right if not numbers(word)]
    return not facts.range_equal or facts.issue_differs or facts.doi_differs or all(words)


def _settled(vetoes: tuple[str, ...], facts: PairFacts) -> bool:
    """Whether a question has one answer: several reasons of different kinds, or a title alone and a contradiction."""
    if facts.identity or facts.isbn_equal or facts.abstract >= 0.9:
        return False
    if "authors" in vetoes and facts.author < 0.4 and facts.words_differ:
        return True  # other people, another title: a page was copied from the neighbouring entry
    if facts.locator and (facts.volume_equal or not 0 <= facts.venue < 0.5):
        return False  # one page of one year in two venues is no place
    if "issue" in vetoes and facts.page_differs and facts.people < 2:
        return True  # two installments; of several people it may be an abstract and its paper
    if len({_REASONS.get(veto, veto) for veto in vetoes}) > 1:
        return True
    if vetoes == ("subtitle",) and (facts.contradicted or 0 <= facts.author < 0.8):
        return True  # a longer title elsewhere, or by others too, is another work's
    if "authors" in vetoes and facts.author < 0.65 and facts.venue < 0.5 and facts.publisher < 0.5:
        return True  # titles such as `Letters` are many people's
    return "thin" in vetoes and (facts.contradicted or facts.words_differ)


def _certain(facts: PairFacts) -> bool:
    """Whether title and year are equal, and more than the names of the authors, or a place or identifier agrees."""
    if facts.identity or facts.locator or facts.isbn_equal or facts.abstract >= 0.9:
        return True
    titles = facts.title_equal or facts.difference.kind == "spelling"
    return titles and facts.year_gap <= 0 and not facts.contradicted and facts.author >= 0.9


def _alone(probability: float, vetoes: tuple[str, ...], facts: PairFacts, settings: DedupSettings) -> bool:
    """A column; a review under the name of its book; a meeting's report with and without its number."""
    if (
        vetoes == ("pages",)
        and facts.title_equal
        and facts.venue >= 0.9
        and facts.year_gap == 0
        and facts.author >= 0.9
    ):
        return not facts.generic  # one chapter, whose pages one source mistook
    alone = _ASKED_ALONE.issuperset(vetoes) and probability >= settings.same and not facts.conflict
    alone = alone and facts.author >= 0.9 and facts.year_gap == 0 and not facts.other_journal
    if "numbers" in vetoes and facts.difference.left and facts.difference.right:
        return False  # two parts, two years
    if "generic title" in vetoes and 0 <= facts.venue < 0.5 and (0 <= facts.publisher < 0.5 or facts.page_differs):
        return False  # two forewords in two books
    if "words" in vetoes:
        if any(map(ideographic, (*facts.difference.left, *facts.difference.right))):
            return False  # one character is a word
        placed = facts.people > 1 and facts.venue >= 0.7 and facts.title >= 0.85
        alone = alone and (placed or (facts.people > 3 and facts.title >= 0.9))
    return alone and ("numbers" not in vetoes or facts.venue >= 0.7)
