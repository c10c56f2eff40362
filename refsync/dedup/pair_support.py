"""What supports a merge against a doubt: one spot in a publication, one volume, a title that a source cut off."""

from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.profile import Profile
from refsync.dedup.title_difference import is_spelling
from refsync.dedup.titles import numbers

_NEAR = 0.94  # titles this near by three people or more differ by a word that one source left out


def sure_place(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether two records of a generic title are at one spot."""
    if facts.title_equal and facts.identity and facts.year_gap <= 1:
        return True
    if facts.issue_differs or facts.doi_differs:
        return False
    # several guests edit one issue together
    guests = facts.title_equal and a.title_key.startswith("guest") and facts.people > 1 and facts.author >= 0.95
    if guests and facts.venue >= 0.7 and facts.year_gap == 0 and not facts.conflict:
        return True
    people = facts.author >= 0.8 or facts.author < 0 <= facts.venue
    if facts.page_equal and not facts.volume_differs and facts.year_gap == 0 and people:
        return True
    return facts.abstract >= 0.95 and facts.author >= 0.9 and facts.year_gap == 0 and not facts.page_differs


def whole_place(facts: PairFacts) -> bool:
    """Whether place and text agree so that a number in a title may be a slip.

    Two parts do not share a range of pages; two abstracts may share a page.
    """
    ranged = facts.range_equal and facts.locator and facts.author >= 0.8 and facts.title >= 0.95
    one_sided = facts.difference.kind in {"number", "subtitle", "extra", "spelling"}
    ranged |= one_sided and facts.range_equal and facts.volume_equal and facts.author >= 0.9 and facts.title >= 0.7
    ranged |= facts.locator and facts.author >= 0.8 and facts.abstract >= 0.95
    return ranged or (facts.identity and (facts.locator or facts.abstract >= 0.9))


def dated(a: Profile, b: Profile) -> bool:
    """One title names the year, the other does not: `(MOSS 2031)` after the name of a meeting."""
    left, right = numbers(a.title), numbers(b.title)
    extra = (left - right) or (right - left)
    return not (left - right and right - left) and all(year in {str(a.year), str(b.year)} for year in extra)


def shared_name(a: Profile, b: Profile) -> bool:
    """Whether any family name of one is in the other's list, also misspelt or as a given name."""
    left, right = a.authors, b.authors
    if not {*left.words, *left.families}.isdisjoint(right.families):
        return True
    if not {*right.words, *right.families}.isdisjoint(left.families):
        return True
    return any(is_spelling(x, y) for x in left.families[:9] for y in right.families[:9])


def broken_off(facts: PairFacts) -> bool:
    """The beginning of the other title by the same people, in no other journal or year."""
    if facts.contradicted or facts.difference.kind != "subtitle":
        return False
    sure = facts.people > 1 or facts.year_gap == 0
    if facts.title >= _NEAR and facts.people > 2 and facts.author >= 0.97 and facts.year_gap == 0:
        return not (facts.conflict or facts.other_journal)
    contradicted = facts.conflict or facts.other_journal
    return facts.truncated and facts.author >= 0.9 and sure and facts.year_gap <= 0 and not contradicted


def one_volume(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """The same people in one volume of one journal, pages unknown: one source left out the subtitle."""
    if facts.author < 0.9 or facts.venue < 0.7 or facts.year_gap != 0:
        return False
    if facts.difference.kind == "extra" and not facts.volume_equal:
        return False
    begins = a.title_key.startswith(b.title_key) or b.title_key.startswith(a.title_key)
    return (begins or facts.title >= 0.9) and not facts.conflict


def one_book(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A book or thesis whose subtitle one source left out: people, year and publisher agree."""
    if not {a.form, b.form} <= {"book", "volume", "thesis", "report", ""} or a.form != b.form or not facts.main_equal:
        return False
    publishers = facts.publisher < 0 or facts.publisher >= 0.5
    return (
        facts.author >= 0.9 and facts.year_gap <= 0 and publishers and not (facts.volume_differs or facts.doi_differs)
    )
