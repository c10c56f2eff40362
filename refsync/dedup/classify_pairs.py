"""Judging pairs: the model's probability, the vetoes above it, the relation of versions; and one verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from refsync.dedup.comparison_vectors import Columns, Comparison
from refsync.dedup.feature_columns import Ints
from refsync.dedup.pair_model import PairModel
from refsync.dedup.settings import DedupSettings
from refsync.dedup.versions import relation
from refsync.dedup.vetoes import CLEAR, DOUBTS, Look, vetoes

Verdict = Literal["same", "version", "maybe", "different"]

_ASKED = frozenset({"generic title", "notice", "numbers", "subtitle", "words"})
"""Vetoes that a person is asked about where people and year agree and nothing else speaks against."""

_CHUNK = 100_000  # pairs compared at a time: bounds memory


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said about the pair of profiles `a` and `b`.

    `forward` tells which of the two the relation's name describes: `a` where true. `placed` says whether an
    identifier, the place or the abstract bears the pair out, `settled` whether only the rest of the library settled it.
    """

    a: int
    b: int
    probability: float
    vetoes: tuple[str, ...]
    relation: str
    forward: bool
    verdict: Verdict
    placed: bool = False
    settled: bool = False

    @property
    def apart(self) -> bool:
        """Whether nothing may join the two, not even a third record: a likely pair in doubt is not held apart."""
        if self.verdict == "maybe":
            return not DOUBTS.issuperset(self.vetoes)
        return self.verdict == "version" or (self.verdict == "different" and bool(self.vetoes))


def judge(
    columns: Columns, pairs: Ints, model: PairModel, settings: DedupSettings, apart: Ints | None = None
) -> Iterator[Judgement]:
    """Judges pairs (two columns of indices); yields those that are not plainly different.

    Pairs that are told apart, plainly or by a rule, are added to the counts in `apart`: by probability, in as many bins
    of equal width as it has.
    """
    apart = np.zeros(1, np.int64) if apart is None else apart
    for start in range(0, len(pairs), _CHUNK):
        part = pairs[start : start + _CHUNK]
        comparison = columns.compare(part[:, 0], part[:, 1])
        raw, calibrated = model.both(comparison.features)
        probabilities = np.maximum(raw, calibrated)
        title = np.nan_to_num(comparison.similarity["title"])
        worth = (probabilities >= settings.review) | comparison.title_equal | comparison.main_equal | (title >= 0.9)
        worth |= np.nan_to_num(comparison.similarity["abstract"]) >= 0.7
        bins = np.minimum((probabilities * len(apart)).astype(np.int64), len(apart) - 1)
        apart += np.bincount(bins, minlength=len(apart))
        for row in np.flatnonzero(worth).tolist():
            judged = one(
                columns,
                comparison,
                row,
                int(part[row, 0]),
                int(part[row, 1]),
                (float(raw[row]), float(calibrated[row])),
                settings,
            )
            apart[bins[row]] -= judged.verdict != "different"
            yield judged


def one(
    columns: Columns,
    comparison: Comparison,
    row: int,
    a: int,
    b: int,
    probabilities: tuple[float, float],
    settings: DedupSettings,
) -> Judgement:
    """Judges the pair in one row of a comparison.

    Of its probabilities before and after calibration the second counts only where no rule is about the pair: people's
    answers to other pairs must not make a rule void.
    """
    x, y = columns.profiles[a], columns.profiles[b]
    look = Look.at(comparison, row)
    fired = vetoes(x, y, look)
    related, forward = relation(x, y, look) if a != b else ("", True)
    probability = probabilities[0] if fired or related else probabilities[1]
    verdict = _verdict(probability, fired, related, look, settings)
    placed = look.identity or look.locator or look.abstract >= 0.9
    return Judgement(a, b, probability, fired, related, forward, verdict, placed)


def _verdict(probability: float, fired: tuple[str, ...], related: str, look: Look, settings: DedupSettings) -> Verdict:
    if related:
        if settings.versions == "merge" and look.title >= 0.9 and look.author >= 0.8:
            return "same"
        return "version"
    likely = probability >= settings.review
    if not fired:
        if probability >= settings.same:
            return "same"
        return "maybe" if likely else "different"
    if CLEAR.intersection(fired):
        asked = likely and look.locator and look.author >= 0.8 and not (look.generic and look.year_gap)
        # a column; a review under the name of its book; a meeting's report with and without its number
        alone = _ASKED.issuperset(fired) and probability >= settings.same and not look.conflict
        alone = alone and look.author >= 0.9 and look.year_gap == 0 and not look.other_journal
        alone = alone and ("numbers" not in fired or look.venue >= 0.7)
        return "maybe" if asked or alone else "different"
    if "titles" in fired and look.abstract >= 0.7:
        return "maybe"  # one text under two titles: only a person can tell
    return "maybe" if likely else "different"
