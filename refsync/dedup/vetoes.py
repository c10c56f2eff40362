"""Vetoes: rules that keep two records from being merged however alike they look. They override the pair model.

Each is one that people who deduplicate by hand apply, and has one entry in `VETOES`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from refsync.dedup.feature_columns import is_periodical
from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.profile import Profile
from refsync.dedup.titles import numbers, numbers_differ, opposed

Strength = Literal["never", "ask", "doubt"]
Rule = Callable[[Profile, Profile, PairFacts], bool]

_NEAR = 0.94  # titles this near by three people or more differ by a word that one source left out
_EVENT_FORMS = frozenset("tutorial panel demo demonstration poster talk keynote abstract session".split())


@dataclass(frozen=True, slots=True)
class Veto:
    """One rule.

    Attributes:
        name: in JSON results, in the order in which the rules are reported.
        meaning: what `refsync explain` and the review say of a pair that it applies to.
        strength: `never`: the pair is not merged, and a person is asked only where everything else agrees. `ask`: a
            person is asked where the pair is likely. `doubt`: so too, but a third record that is the same paper as
            both settles it.
        applies: the rule itself, symmetric in the two profiles; None where the whole library decides.
        asked_alone: of strength `never`, but a person is asked where nothing else contradicts.
    """

    name: str
    meaning: str
    strength: Strength
    applies: Rule | None
    asked_alone: bool = False


def applying_vetoes(a: Profile, b: Profile, facts: PairFacts) -> tuple[str, ...]:
    """The names of the vetoes that apply to two profiles, in the order of the table; symmetric in the two."""
    return tuple(veto.name for veto in _PAIR_RULES if veto.applies and veto.applies(a, b, facts))


def _notice(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if a.notice == b.notice:
        return False
    if {a.notice, b.notice} & {"correction", "retraction"}:
        return not (facts.locator and facts.identity and facts.author >= 0.9)
    # some databases add `Letter:` or `- Reply` to the title of the one thing on that page
    return not (facts.locator and facts.author >= 0.8)


def _generic_title(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return facts.generic and not _sure_place(a, b, facts)


def _no_title(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return facts.title < 0 and not facts.identity


def _thin(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A short title without any support by authors; two words by one person in a periodical, maybe a column."""
    if facts.identity or facts.locator or facts.abstract >= 0.9:
        return False
    if facts.author < 0:
        return facts.abstract < 0 and min(len(a.title_key), len(b.title_key)) < 30
    column = not facts.generic and facts.people == 1 and min(a.title.count(" "), b.title.count(" ")) < 2
    return column and {a.kind, b.kind} <= {"", "article"} and (is_periodical(a.venue) or is_periodical(b.venue))


def _numbers(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not (facts.titles_differ and a.title and b.title) or _whole_place(facts):
        return False
    return numbers_differ(a.title, b.title) and not _dated(a, b)


def _opposites(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not facts.titles_differ or _whole_place(facts):
        return False
    left, right = Counter(a.title.split()), Counter(b.title.split())
    return opposed(list(left - right), list(right - left))


def _titles(a: Profile, b: Profile, facts: PairFacts) -> bool:
    # same authors and near-equal abstracts under different titles are two papers more often than one renamed
    supported = facts.identity and (facts.locator or facts.abstract >= 0.9)
    return facts.titles_differ and facts.title < 0.6 and not facts.contained and not supported


def _words(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not (facts.words_left and facts.words_right) or _words_settled(a, b, facts):
        return False
    return not (facts.abstract >= 0.9 and facts.title >= 0.9)


def _subtitle(a: Profile, b: Profile, facts: PairFacts) -> bool:
    more = facts.words_left + facts.words_right
    if bool(facts.words_left) == bool(facts.words_right) or _words_settled(a, b, facts):
        return False
    if _EVENT_FORMS.issuperset(more) and not facts.conflict:
        return True  # a paper and the tutorial, panel or demonstration of it
    return not (facts.abstract >= 0.95 or _one_volume(a, b, facts) or _broken_off(facts))


def _doi(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not facts.doi_differs or facts.identity or a.doi.split("/", 1)[0] != b.doi.split("/", 1)[0]:
        return False
    elsewhere = facts.page_differs or facts.volume_differs or facts.issue_differs
    return elsewhere or facts.generic or facts.year_gap > 0 or not facts.title_equal


def _issue(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A column in two issues of one volume, where nothing else would distinguish them."""
    different = a.number.isdigit() and b.number.isdigit() and a.number != b.number
    supported = facts.page_equal or facts.identity or facts.abstract >= 0.9
    return different and a.volume == b.volume != "" and facts.venue >= 0.7 and not supported


def _years(a: Profile, b: Profile, facts: PairFacts) -> bool:
    # a year later in another place is another form of the work, a year later in one place a source's slip
    later = facts.year_gap == 1 and 0 <= facts.venue < 0.7
    return (facts.year_gap > 2 or later) and not (facts.identity or facts.locator)


def _edition(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if a.edition and b.edition and a.edition != b.edition:
        return True
    books = a.kind in {"book", "volume"} and b.kind in {"book", "volume"}
    return books and bool(a.isbns and b.isbns) and not set(a.isbns) & set(b.isbns) and facts.year_gap > 1


def _type(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A thesis is not the article made of it, a volume or book not a paper in it."""
    kinds = {a.kind, b.kind}
    if len(kinds) == 1 or "" in kinds:
        return False
    if "thesis" in kinds:
        return not kinds & {"report", "book"}
    return bool(kinds & {"volume", "book"}) and bool(kinds & {"paper", "chapter", "article"})


def _report_number(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Two reports of one institute with one title: a revised and the first one. Sources write more or less of it."""
    if not a.kind == b.kind == "report" or facts.identity:
        return False
    left, right = set(a.number.split("-")), set(b.number.split("-"))
    return bool(a.number and b.number) and not (left <= right or right <= left)


def _authors(a: Profile, b: Profile, facts: PairFacts) -> bool:
    supported = (facts.identity and facts.title >= 0.9) or (facts.locator and facts.title >= 0.95)
    return 0 <= facts.author < 0.4 and not supported


def _places(a: Profile, b: Profile, facts: PairFacts) -> bool:
    elsewhere = facts.volume_differs and 0 <= facts.venue < 0.7 and not facts.identity and not facts.page_equal
    # one text in two journals (a guideline, a talk's abstract) is two papers; of one volume, a name translated
    elsewhere |= facts.other_journal and not (facts.identity or facts.locator or facts.volume_equal)
    # one abstract at two meetings, one speech in two journals; two abstracts of a supplement with one DOI
    volumes = facts.volume_differs and not facts.identity
    return elsewhere or (facts.page_differs and (volumes or 0 <= facts.abstract < 0.6))


VETOES: Mapping[str, Veto] = {
    veto.name: veto
    for veto in (
        Veto(
            "notice",
            "one is a notice about a paper (an erratum, a reply, a comment, a retraction), the other is not",
            "never", _notice, asked_alone=True,
        ),
        Veto(
            "generic title",
            "the title is shared by many pieces, and nothing else places both at one spot",
            "never", _generic_title, asked_alone=True,
        ),
        Veto("no title", "a record without a title matches only by identifier", "ask", _no_title),
        Veto(
            "thin", "a short title alone, without authors, abstract, place or identifier, is no identity", "ask", _thin
        ),
        Veto(
            "numbers", "the titles count differently (parts, phases, years)", "never", _numbers, asked_alone=True
        ),
        Veto("opposites", "the titles differ by opposites", "never", _opposites),
        Veto("titles", "the titles differ too much for what else agrees", "ask", _titles),
        Veto("words", "words of the titles are exchanged, and neither place nor identifier agrees", "doubt", _words),
        Veto(
            "subtitle",
            "one title has additional words, and neither place nor identifier agrees",
            "doubt", _subtitle,
        ),
        Veto("doi", "different DOIs of one registrant, and another field differs too", "ask", _doi),
        Veto("issue", "the same title in two issues of one volume", "ask", _issue),
        Veto("years", "the years are too far apart", "ask", _years),
        Veto("edition", "different editions", "never", _edition),
        Veto("type", "one is a thesis, a book or a volume, the other a paper", "never", _type),
        Veto("report number", "reports with different numbers", "ask", _report_number),
        Veto("authors", "the authors differ", "ask", _authors),
        Veto("places", "volume and pages both differ", "doubt", _places),
        Veto(
            "copies",
            "no paper of this library has more than two copies, and only title, people and year join these three or "
            "more",
            "ask", None,
        ),
    )
}  # fmt: skip
"""All vetoes, by name, in the order in which they are reported."""

_PAIR_RULES = tuple(veto for veto in VETOES.values() if veto.applies)


def meaning(name: str) -> str:
    """What a veto says of a pair, for people; the name itself where it is another version's."""
    return VETOES[name].meaning if name in VETOES else name


def names_of(*strengths: Strength) -> frozenset[str]:
    """The names of the vetoes of these strengths."""
    return frozenset(veto.name for veto in VETOES.values() if veto.strength in strengths)


def _sure_place(a: Profile, b: Profile, facts: PairFacts) -> bool:
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


def _whole_place(facts: PairFacts) -> bool:
    """Whether place and text agree so that a number in a title may be a slip.

    Two parts do not share a range of pages; two abstracts may share a page.
    """
    ranged = facts.range_equal and facts.locator and facts.author >= 0.8 and facts.title >= 0.95
    ranged |= facts.locator and facts.author >= 0.8 and facts.abstract >= 0.95
    return ranged or (facts.identity and (facts.locator or facts.abstract >= 0.9))


def _words_settled(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether words that only one title has need no explanation, or titles differ so much that others explain it."""
    if _titles(a, b, facts):
        return True
    # a page of a supplement holds several abstracts
    people = facts.range_equal or facts.author >= 0.8 or facts.author < 0
    return facts.identity or (facts.locator and people) or _misspelt(facts)


def _dated(a: Profile, b: Profile) -> bool:
    """One title names the year, the other does not: `(MOSS 2031)` after the name of a meeting."""
    left, right = numbers(a.title), numbers(b.title)
    extra = (left - right) or (right - left)
    return not (left - right and right - left) and all(year in {str(a.year), str(b.year)} for year in extra)


def _misspelt(facts: PairFacts) -> bool:
    """Few letters apart by the same people, and nothing contradicts: one source misspells the title."""
    sure = facts.people > 1 or facts.year_gap == 0
    return facts.misspelt and facts.author >= 0.9 and sure and not facts.conflict


def _broken_off(facts: PairFacts) -> bool:
    """The beginning of the other title by the same people, in no other journal or year."""
    sure = facts.people > 1 or facts.year_gap == 0
    if facts.title >= _NEAR and facts.people > 2 and facts.author >= 0.97 and facts.year_gap == 0:
        return not (facts.conflict or facts.other_journal)
    contradicted = facts.conflict or facts.other_journal
    return facts.truncated and facts.author >= 0.9 and sure and facts.year_gap <= 0 and not contradicted


def _one_volume(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """The same people in one volume of one journal, pages unknown: one source left out the subtitle."""
    if facts.author < 0.9 or facts.venue < 0.7 or facts.year_gap != 0:
        return False
    begins = a.title_key.startswith(b.title_key) or b.title_key.startswith(a.title_key)
    return (begins or facts.title >= 0.9) and not facts.conflict
