"""Versions: records of one work that are not one paper (a preprint and its published form)."""

from refsync.dedup.feature_columns import is_periodical
from refsync.dedup.profile import Profile
from refsync.dedup.titles import numbers_differ
from refsync.dedup.vetoes import Look

PREPRINT, CONFERENCE, VARIANT = "preprint-of", "conference-version-of", "variant-of"


def relation(a: Profile, b: Profile, x: Look) -> tuple[str, bool]:
    """How one record relates to the other, and whether `a` is the one that the relation's name describes.

    An empty relation where they are no versions of one work (they may be the same, or have nothing in common).
    """
    if not _one_work(a, b, x):
        return "", True
    if a.preprint != b.preprint:
        other = b if a.preprint else a
        if other.venue or other.doi or other.volume:
            return PREPRINT, a.preprint
    same_place = x.identity or x.locator
    kinds = {a.kind, b.kind}
    if kinds == {"paper", "article"} and not same_place and a.venue and b.venue and (x.venue < 0.7 or x.year_gap > 0):
        article = a if a.kind == "article" else b
        # some sources call every record an article: without a journal's name or another year it is no other form
        if x.year_gap > 0 or article.volume or is_periodical(article.venue):
            return CONFERENCE, a.kind == "paper"
    grey = "thesis" if "thesis" in kinds else "report"
    published = kinds - {grey} if grey == "thesis" else kinds & {"article", "paper", "chapter"}
    if not same_place and x.title_equal and x.author >= 0.8 and grey in kinds and published:
        return VARIANT, a.kind == grey
    if (
        not same_place
        and x.main_equal
        and not (x.venue >= 0.7 and x.year_gap == 0)
        and (x.author >= 0.7 or x.abstract >= 0.6)
    ):
        # the shorter title is the variant's
        return VARIANT, (len(a.title_key), a.title_key) < (len(b.title_key), b.title_key)
    return "", True


def _one_work(a: Profile, b: Profile, x: Look) -> bool:
    if x.generic or a.notice != b.notice or x.year_gap > 6:
        return False
    if x.title >= 0 and not x.title_equal and numbers_differ(a.title, b.title):
        return False
    alike = x.title_equal or x.title >= 0.9 or x.main_equal or (x.contained and x.title >= 0.7)
    people = x.author >= 0.7 or (x.author < 0 and x.abstract >= 0.6)
    return alike and people
