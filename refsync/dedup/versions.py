"""Versions: records of one work that are not one paper (a preprint and its published form)."""

from refsync.dedup.feature_columns import is_periodical
from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.profile import Profile
from refsync.dedup.titles import numbers_differ

PREPRINT, CONFERENCE, VARIANT = "preprint-of", "conference-version-of", "variant-of"


def relation(a: Profile, b: Profile, facts: PairFacts) -> tuple[str, bool]:
    """How one record relates to the other, and whether `a` is the one that the relation's name describes.

    An empty relation where they are no versions of one work (they may be the same, or have nothing in common).
    """
    if not _one_work(a, b, facts):
        return "", True
    if a.preprint != b.preprint:
        other = b if a.preprint else a
        if other.venue or other.doi or other.volume:
            return PREPRINT, a.preprint
    same_place = facts.identity or facts.locator
    kinds = {a.kind, b.kind}
    elsewhere = facts.venue < 0.7 or facts.year_gap > 0
    if kinds == {"paper", "article"} and not same_place and a.venue and b.venue and elsewhere:
        article = a if a.kind == "article" else b
        # some sources call every record an article: without a journal's name or another year it is no other form
        if facts.year_gap > 0 or article.volume or is_periodical(article.venue):
            return CONFERENCE, a.kind == "paper"
    grey = "thesis" if "thesis" in kinds else "report"
    published = kinds - {grey} if grey == "thesis" else kinds & {"article", "paper", "chapter"}
    if not same_place and facts.title_equal and facts.author >= 0.8 and grey in kinds and published:
        return VARIANT, a.kind == grey
    if (
        not same_place
        and facts.main_equal
        and not (facts.venue >= 0.7 and facts.year_gap == 0)
        and (facts.author >= 0.7 or facts.abstract >= 0.6)
    ):
        # the shorter title is the variant's
        return VARIANT, (len(a.title_key), a.title_key) < (len(b.title_key), b.title_key)
    return "", True


def _one_work(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if facts.generic or a.notice != b.notice or facts.year_gap > 6:
        return False
    if facts.title >= 0 and not facts.title_equal and numbers_differ(a.title, b.title):
        return False
    alike = facts.title_equal or facts.title >= 0.9 or facts.main_equal or (facts.contained and facts.title >= 0.7)
    people = facts.author >= 0.7 or (facts.author < 0 and facts.abstract >= 0.6)
    return alike and people
