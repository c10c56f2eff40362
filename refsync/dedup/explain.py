"""Why two records are, or are not, one paper."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from refsync.dedup.judge import Verdict, one
from refsync.dedup.model import shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.results import Pair
from refsync.dedup.score import Columns
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

REASONS: Mapping[str, str] = {
    "notice": "one is a notice about a paper (an erratum, a reply, a comment, a retraction), the other is not",
    "generic title": "the title is shared by many pieces, and nothing else places both at one spot",
    "no title": "a record without a title matches only by identifier",
    "thin": "a short title alone, without authors, abstract, place or identifier, is no identity",
    "numbers": "the titles count differently (parts, phases, years)",
    "opposites": "the titles differ by opposites",
    "titles": "the titles differ too much for what else agrees",
    "words": "words of the titles are exchanged, and neither place nor identifier agrees",
    "subtitle": "one title has words more, and neither place nor identifier agrees",
    "doi": "different DOIs of one registrant, and another field differs too",
    "issue": "the same title in two issues of one volume",
    "years": "the years are too far apart",
    "edition": "different editions",
    "type": "one is a thesis, a book or a volume, the other a paper",
    "authors": "the authors are others",
    "places": "volume and pages both differ",
}
"""What each veto means, for people."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two records side by side: `sides` holds, per normalised field, what each of them says."""

    sides: Mapping[str, tuple[str, str]]
    pair: Pair
    verdict: Verdict
    relation: str
    why: str


def explain_pair(a: Record, b: Record, settings: DedupSettings) -> Explanation:
    """Compares two records alone. `pair` counts `a` as 0 and `b` as 1.

    What a whole library tells is not seen here: that a DOI stands over many titles, or that a title recurs each year.
    """
    profiles = [profile(a), profile(b)]
    columns = Columns(profiles)
    comparison = columns.compare(np.array([0]), np.array([1]))
    model = shipped()
    probability = float(model.probabilities(comparison.features)[0])
    judged = one(columns, comparison, 0, 0, 1, probability, settings)
    pair = Pair(0, 1, probability, model.evidence(comparison, 0), judged.vetoes)
    left, right = map(_shown, profiles)
    sides = {name: (left[name], right[name]) for name in left if left[name] or right[name]}
    return Explanation(
        sides, pair, judged.verdict, judged.relation, _why(pair, judged.verdict, judged.relation, settings)
    )


def _shown(p: Profile) -> dict[str, str]:
    return {
        "title": p.title,
        "author": " ".join(
            f"{f} {i}".strip() + ";" for f, i in zip(p.authors.families, p.authors.initials, strict=True)
        )
        + (" and others" if p.authors.truncated else ""),
        "year": str(p.year or ""),
        "venue": p.venue,
        "volume": p.volume,
        "number": p.number,
        "pages": "-".join(part for part in (p.pages.first, p.pages.last) if part),
        "doi": p.doi,
        "arxiv": p.arxiv,
        "pmid": p.pmid,
        "pmcid": p.pmcid,
        "isbn": " ".join(p.isbns),
        "edition": p.edition,
        "type": p.kind,
        "abstract": p.abstract,
    }


def _why(pair: Pair, verdict: Verdict, relation: str, settings: DedupSettings) -> str:
    chance = f"the fields give {pair.probability:.1%}"
    if pair.vetoes:
        held = "; ".join(REASONS.get(veto, veto) for veto in pair.vetoes)
        if verdict == "version":
            return f"{relation}: {chance}; {held}"
        return f"held apart: {held} ({chance})"
    if relation:
        return f"{relation}: two forms of one work ({chance})"
    needed = {
        "same": f"at least {settings.same:.0%} is asked for a merge",
        "maybe": f"below the {settings.same:.0%} of a merge",
    }
    strongest = max(pair.fields, key=lambda f: abs(f.weight), default=None)
    most = f"; most by {strongest.field} ({strongest.weight:+.1f})" if strongest else "; no field can be compared"
    return f"{chance}; {needed.get(verdict, f'below the {settings.review:.0%} of a question')}{most}"
