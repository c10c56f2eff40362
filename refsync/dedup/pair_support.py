"""What supports a merge against a doubt: one spot in a publication, one volume, a title that a source cut off."""

from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.profile import Profile
from refsync.dedup.title_difference import is_spelling, near, title_difference
from refsync.dedup.titles import both_count, numbers

_NEAR = 0.94  # titles this near by three people or more differ by a word that one source left out
_FRONT_MATTER, _FRONT_SHARE = 8, 0.08  # pages, and share of a book, that front matter may have


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
    if not extra:
        return False  # letters: `app A` and `app B`
    return not (left - right and right - left) and all(year in {str(a.year), str(b.year)} for year in extra)


def shared_name(a: Profile, b: Profile) -> bool:
    """Whether any family name of one is in the other's list, also misspelt or as a given name."""
    left, right = a.authors, b.authors
    if not {*left.words, *left.families}.isdisjoint(right.families):
        return True
    if not {*right.words, *right.families}.isdisjoint(left.families):
        return True
    return any(is_spelling(x, y) or _misspelt_name(x, y) for x in left.families[:9] for y in right.families[:9])


def _misspelt_name(a: str, b: str) -> bool:
    """Whether two names differ by a letter, also the first, which some sources could not write."""
    from rapidfuzz.distance import OSA

    return min(len(a), len(b)) > 4 and OSA.distance(a, b) <= 1


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
    if not facts.volume_equal:
        return False
    begins = a.title_key.startswith(b.title_key) or b.title_key.startswith(a.title_key)
    return (begins or facts.title >= 0.9) and not facts.conflict


def one_article(facts: PairFacts) -> bool:
    """Several people on one first page of one issue of a journal, and all words of one title in the other.

    A page of a supplement may hold several abstracts, but hardly two of the same people whose titles agree so far.
    """
    if not (facts.contained and facts.page_equal and facts.volume_equal) or facts.conflict or facts.year_gap != 0:
        return False
    return facts.people > 2 and facts.author >= 0.95 and facts.venue >= 0.8


def one_spot(facts: PairFacts) -> bool:
    """The same people, title and year, and one range of pages or one series: of the types, one is wrong."""
    if not facts.title_equal or facts.author < 0.9 or facts.year_gap > 0 or facts.volume_differs:
        return False
    if facts.range_equal:
        return facts.year_gap == 0 or not 0 <= facts.venue < 0.5
    return facts.year_gap == 0 and facts.venue >= 0.8 and not facts.page_differs


def one_range(facts: PairFacts) -> bool:
    """The same people on one range of pages in one volume of a venue: one of the titles is cut or translated."""
    if not (facts.range_equal and facts.volume_equal) or facts.author < 0.9 or facts.year_gap != 0:
        return False
    likely = facts.contained or facts.truncated or facts.title >= 0.6
    return likely and not (facts.issue_differs or facts.doi_differs or 0 <= facts.abstract < 0.6)


def misdated(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A book or report of one publisher a year off; a thesis between its defence and its print by one school."""
    near = facts.title_equal or facts.difference.kind == "spelling"
    if a.form != b.form or a.form not in {"book", "volume", "thesis", "report"} or not near or facts.contradicted:
        return False
    if a.edition != b.edition or a.version != b.version or facts.author < 0.95 or a.years or b.years:
        return False
    if a.form == "report" and a.url and b.url and a.url != b.url:
        return False  # handed in anew, or revised
    if a.form == "thesis":
        return facts.publisher >= 0.5 and facts.year_gap <= 2
    return facts.publisher >= 0.8 and facts.year_gap == 1 and len(a.title.split()) > 3


def mistyped(facts: PairFacts) -> bool:
    """A title by the same people in one place that differs by letters alone, as in typing or scanning."""
    if not facts.misspelt or facts.author < 0.9 or facts.year_gap > 0 or facts.contradicted:
        return False
    left, right = facts.difference.left, facts.difference.right
    placed = facts.venue >= 0.7 or facts.page_equal or facts.people > 2
    if facts.people < 2:  # of one author, letters in short words tell the parts of a series apart
        placed = facts.venue >= 0.7 and facts.year_gap == 0 and all(len(word) > 4 for word in (*left, *right))
    elif facts.people == 2:
        placed = facts.page_equal or all(len(word) > 4 for word in (*left, *right))
    if len(left) != len(right):  # a space in the wrong place
        return placed and near("".join(left), "".join(right))
    return placed and all(near(x, y) for x, y in zip(left, right, strict=True))


def other_addition(a: Profile, b: Profile) -> bool:
    """Whether both have a part or a title addition, and not the same: `part = {1}` and `part = {2}`."""
    if not (a.addition and b.addition):
        return False
    kind = title_difference(a.addition, b.addition).kind
    return kind in {"number", "swapped"} or numbers(a.addition) != numbers(b.addition)


def one_bound(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whole books of one ISBN, year and volume by the same people: titles are given at more or less length."""
    if not {a.form, b.form} <= {"book", "volume"} or not facts.isbn_equal or facts.volume_differs:
        return False
    if both_count(_without_year(a), _without_year(b)):
        return False  # the ISBN is that of a set
    if facts.difference.kind == "swapped" and _same_start(a, b) and not facts.misspelt:
        return False  # two parts under the name of the whole
    return facts.year_gap == 0 and (facts.author >= 0.8 or facts.author < 0) and facts.title >= 0.5


def _without_year(p: Profile) -> str:
    """The title without its year, which some write with two digits."""
    return " ".join(word for word in p.title.split() if not (p.year and word in {str(p.year), str(p.year)[2:]}))


def _same_start(a: Profile, b: Profile) -> bool:
    """Whether two titles begin with the same words and end with others: `Grammar: nouns` and `Grammar: verbs`."""
    left, right = a.title.split(), b.title.split()
    same = next((i for i, (x, y) in enumerate(zip(left, right, strict=False)) if x != y), min(len(left), len(right)))
    return same > 1 and set(left[same:]).isdisjoint(right[same:])


def one_book(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A book or thesis whose subtitle one source left out: people, year and publisher agree."""
    if not {a.form, b.form} <= {"book", "volume", "thesis", "report", ""} or a.form != b.form or not facts.main_equal:
        return False
    if facts.isbn_differs and not (a.extent and b.extent and facts.publisher >= 0.5 and not other_extent(a, b)):
        return False  # else it is bound and in paper
    publishers = facts.publisher < 0 or facts.publisher >= 0.5
    return (
        facts.author >= 0.9 and facts.year_gap <= 0 and publishers and not (facts.volume_differs or facts.doi_differs)
    )


def other_printing(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Two ISBNs, and another publisher, edition or extent: two editions, not the bound and the paper one."""
    if not facts.isbn_differs:
        return False
    return a.edition != b.edition or 0 <= facts.publisher < 0.5 or other_extent(a, b)


def other_extent(a: Profile, b: Profile) -> bool:
    """Whether two books have surely not the same number of pages; sources count the front matter or not."""
    if not (a.extent and b.extent):
        return False
    few, many = sorted((int(a.extent), int(b.extent)))
    return many - few > max(_FRONT_MATTER, many * _FRONT_SHARE)
