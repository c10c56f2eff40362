"""Vetoes: rules that keep two records from being merged however alike they look. They override the pair model.

Each is one that people who deduplicate by hand apply, and has one entry in `VETOES`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from refsync.dedup.meetings import of_the_rest
from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.pair_support import (
    broken_off,
    dated,
    misdated,
    mistyped,
    one_article,
    one_book,
    one_bound,
    one_range,
    one_spot,
    one_volume,
    other_addition,
    shared_name,
    sure_place,
    whole_place,
)
from refsync.dedup.profile import Profile
from refsync.dedup.titles import numbers, numbers_differ, opposed
from refsync.dedup.venue_kinds import is_meeting, is_periodical
from refsync.dedup.versions import awaited, is_other_event, is_set

Strength = Literal["never", "ask", "doubt"]
Rule = Callable[[Profile, Profile, PairFacts], bool]

_OTHER_EXTENT = 1.5  # times as many pages: not the front matter, nor another count of the same book
_NEAR = 0.9  # titles less alike are two, not one in two spellings


@dataclass(frozen=True, slots=True)
class Veto:
    """One rule.

    Attributes:
        name: in JSON results, in the order in which the rules are reported.
        meaning: what `refsync explain` and the review say of a pair that it applies to.
        strength: `never`: the pair is not merged, and a person is asked only where everything else agrees. `ask`: a
            person is asked where the pair is likely. `doubt`: so too, but a third record that is the same paper as
            both settles it.
        applies: the rule itself, symmetric in the two profiles.
        waived: of strength `ask` or `doubt`, but no hindrance where `evidence = "loose"`.
        asked_alone: of strength `never`, but a person is asked where nothing else contradicts.
    """

    name: str
    meaning: str
    strength: Strength
    applies: Rule
    asked_alone: bool = False
    waived: bool = False


def applying_vetoes(a: Profile, b: Profile, facts: PairFacts) -> tuple[str, ...]:
    """The names of the vetoes that apply to two profiles, in the order of the table; symmetric in the two."""
    return tuple([name for name, applies in _RULES if applies(a, b, facts)])


def _notice(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if a.notice == b.notice != "" and facts.page_differs and not facts.identity:
        return True  # two notices about one paper
    if a.notice == b.notice:
        return facts.difference.kind == "notice" and not (facts.range_equal and facts.author >= 0.8)
    if {a.notice, b.notice} == {"review", ""} and _one_review(facts):
        return False
    if {a.notice, b.notice} & {"correction", "retraction"}:
        return not (facts.locator and facts.identity and facts.author >= 0.9)
    # some databases add `Letter:` or `- Reply` to the title of the one thing on that page
    return not (facts.locator and facts.author >= 0.8)


def _one_review(facts: PairFacts) -> bool:
    """A review under the name of its book: a journal does not print books, so both are the reviewer's piece."""
    placed = facts.journals and facts.venue >= 0.7 and facts.year_gap == 0 and facts.author >= 0.9
    return placed and not (facts.conflict or facts.generic)


def _generic_title(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not facts.generic or sure_place(a, b, facts):
        return False
    lexical = a.generic or b.generic or facts.people < 2
    if not (a.generic or b.generic) and {a.form, b.form} <= {"book", "volume", "thesis"} and facts.publisher >= 0.8:
        return not (facts.year_gap == 0 and facts.author >= 0.9 and not facts.conflict)  # a textbook's title
    # a title that many pieces share: a column, unless both are in one place
    return lexical or not (facts.year_gap == 0 and facts.venue >= 0.7 and not facts.conflict and facts.author >= 0.9)


def _no_title(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return facts.title < 0 and not facts.identity


def _thin(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A short title without any support by authors; two words by one person in a periodical, maybe a column."""
    if facts.identity or facts.locator or facts.abstract >= 0.9 or facts.isbn_equal:
        return False
    same = a.title_key == b.title_key and a.year == b.year and a.venue == b.venue and a.authors == b.authors
    if same and a.digest == b.digest:  # a verbatim copy
        if sum(map(bool, (a.publisher, a.url, a.venue, a.locator, a.year, a.month))) >= 3:
            return False
        if a.authors.families and a.venue and a.volume and a.number:
            return False
    if facts.author < 0:
        if facts.publisher >= 0.5 and facts.year_gap == 0 and facts.title_equal:
            return False
        cited = facts.difference.kind == "typed" and facts.year_gap == 0  # with people and year after the title
        return facts.abstract < 0 and not cited and min(len(a.title_key), len(b.title_key)) < 30
    placed = (a.volume and b.volume) or (a.locator and b.locator)
    few_words = min(a.title.count(" "), b.title.count(" ")) < (2 if placed else 3)
    column = not facts.generic and facts.people == 1 and few_words
    return column and {a.kind, b.kind} <= {"", "article"} and (is_periodical(a.venue) or is_periodical(b.venue))


def _numbers(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not (facts.titles_differ and a.title and b.title) or whole_place(facts) or facts.difference.kind == "typed":
        return False
    if one_bound(a, b, facts):
        return False
    differ = facts.difference.kind == "number" or numbers_differ(a.title, b.title)
    return differ and not dated(a, b)


def _opposites(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not facts.titles_differ or whole_place(facts):
        return False
    left, right = Counter(a.title.split()), Counter(b.title.split())
    return opposed(list(left - right), list(right - left))


def _titles(a: Profile, b: Profile, facts: PairFacts) -> bool:
    # same authors and near-equal abstracts under different titles are two papers more often than one renamed
    supported = facts.identity and (facts.locator or facts.abstract >= 0.9)
    return facts.titles_differ and facts.title < 0.6 and not facts.contained and not supported


def _words(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if facts.difference.kind != "swapped" or _words_settled(a, b, facts) or mistyped(facts):
        return False
    return not (facts.abstract >= 0.9 and facts.title >= 0.9)


def _subtitle(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if is_other_event(a, b, facts):
        return True
    if facts.difference.kind not in {"subtitle", "extra", "form"} or _words_settled(a, b, facts):
        return False
    if facts.difference.kind == "form":
        return True
    if facts.difference.kind == "subtitle" and one_book(a, b, facts):
        return False
    if one_article(facts):
        return False
    return not (facts.abstract >= 0.95 or one_volume(a, b, facts) or broken_off(facts))


def _chapter(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return bool(a.chapter and b.chapter and a.chapter != b.chapter) and not facts.range_equal


def _pages(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if {a.form, b.form} == {"article"} and not facts.identity and not facts.volume_equal and facts.abstract < 0.6:
        return bool(facts.page_differs and a.pages.last and b.pages.last and a.pages.last != b.pages.last)
    if facts.identity or not {a.form, b.form} <= {"chapter", "paper", "draft", "book"}:
        return False
    if not (a.pages.first and b.pages.first):  # folios and the like are compared as they are
        return a.form == b.form and a.form != "book" and bool(a.locator and b.locator and a.locator != b.locator)
    ranges = a.pages.last and b.pages.last
    return bool(facts.page_differs and ranges and a.pages.last != b.pages.last)


def _part(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A book and its introduction under the same title; a volume of a set and another one."""
    forms = {a.form, b.form}
    if other_addition(a, b):
        return True
    if forms & {"book", "volume"} and forms & {"chapter", "paper", "article"}:
        whole, part = (a, b) if a.form in {"book", "volume"} else (b, a)
        # a source that gives the book's title for the chapter's has another `booktitle`
        within = part.form == "chapter" and (part.book or part.chapter) and part.pages.last and not one_spot(facts)
        printed = part.form == "article" and bool(whole.isbns and part.venue and part.pages.last) and not facts.identity
        return (
            bool(within)
            or printed
            or part.book == whole.title
            or facts.difference.kind in {"subtitle", "extra", "part"}
        )
    if facts.difference.kind == "part" or (
        forms <= {"book", "volume"} and of_the_rest(a.title) != of_the_rest(b.title)
    ):
        return True
    if forms <= {"book", "volume"} and facts.isbn_differs and facts.difference.kind in {"subtitle", "extra"}:
        return not one_book(a, b, facts)
    if forms <= {"book", "volume"} and is_set(a) != is_set(b) and (b if is_set(a) else a).volume.isdigit():
        return not facts.identity  # a set by its years or volumes, and one of them
    # an ISBN may be that of the set
    return forms <= {"book", "volume", "report", "thesis"} and facts.volume_differs


def _meeting(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Proceedings of a meeting of another year. They may appear a year late, if something says which meeting it was."""
    if facts.year_gap < 1 or facts.identity or facts.isbn_equal or not {a.form, b.form} <= {"book", "volume"}:
        return False
    if {a.form, b.form} != {"volume"} and not (is_meeting(a.title) and is_meeting(b.title)):
        return False
    return facts.year_gap > 1 or not (numbers(a.title) and numbers(a.title) == numbers(b.title))


def _set(a: Profile, b: Profile, facts: PairFacts) -> bool:
    forms = {a.form, b.form}
    if not forms <= {"book", "volume"} or facts.identity:
        return False
    return is_set(a) != is_set(b) and not (facts.isbn_equal and facts.title_equal)


def _form(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Forms that are not one publication, where nothing places both at one spot."""
    forms = {a.form, b.form}
    if len(forms) == 1 or "" in forms or facts.identity or facts.locator or one_spot(facts):
        return False
    if forms <= {"article", "paper"} or forms <= {"book", "volume"} or forms <= {"web", "software", "dataset"}:
        return False
    return not (facts.venue >= 0.8 or a.forthcoming or b.forthcoming or awaited(a, b, facts))


def _address(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if not (a.url and b.url) or a.url == b.url:
        return False
    forms = {a.form, b.form}
    if forms <= {"web", "software", "dataset", "news"}:
        return True
    # two documents of one site, of types that say nothing
    one_site = a.url.split("/")[0] == b.url.split("/")[0]
    return one_site and forms <= {"web", ""} and facts.difference.kind in {"subtitle", "extra", "swapped"}


def _date(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if facts.identity or facts.locator or facts.year_gap > 0:
        return False
    months = bool(a.month and b.month and a.month != b.month)
    days = bool(a.day and b.day and a.day != b.day)
    forms = {a.form, b.form}
    return (months or days) and forms <= {"news", "web", "talk", "article", "draft", ""}


def _arxiv(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return bool(a.arxiv and b.arxiv and a.arxiv != b.arxiv) and not facts.identity


def _identifier(a: Profile, b: Profile, facts: PairFacts) -> bool:
    return {a.form, b.form} == {"patent"} and bool(a.identifier and b.identifier and a.identifier != b.identifier)


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
    if facts.year_gap <= 0:
        return False
    # a year later in another place is another form of the work, a year later in one place a source's slip
    later = facts.year_gap == 1 and 0 <= facts.venue < 0.7
    one_title = facts.title_equal or facts.difference.kind == "spelling"
    slip = facts.range_equal and facts.venue >= 0.8 and one_title and facts.author >= 0.9
    if {a.form, b.form} <= {"book", "volume", "thesis", "report", ""} and not (
        facts.identity or facts.isbn_equal or misdated(a, b, facts)
    ):
        return True  # most often another edition
    if {a.form, b.form} == {"paper"} and facts.volume_differs:
        return not (facts.identity or facts.range_equal)  # the same title in two volumes of a series, year after year
    if misdated(a, b, facts) or (awaited(a, b, facts) and facts.title_equal and facts.author >= 0.9):
        return False
    # a year later and nothing that places both: a reprint, or the next of a series
    later |= not (facts.venue >= 0.5 or facts.volume_equal or facts.page_equal)
    later &= facts.abstract < 0.9
    return (facts.year_gap > 2 or later) and not (facts.identity or facts.locator or slip or facts.isbn_equal)


def _edition(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if a.edition and b.edition and a.edition != b.edition:
        return True
    books = a.kind in {"book", "volume"} and b.kind in {"book", "volume"}
    return books and bool(a.isbns and b.isbns) and not set(a.isbns) & set(b.isbns) and facts.year_gap > 1


def _extent(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """The printed notes of a workshop and its proceedings, a short and a long form of one book."""
    if not (a.extent and b.extent) or facts.identity or facts.isbn_equal or not {a.form, b.form} <= {"book", "volume"}:
        return False
    few, many = sorted((int(a.extent), int(b.extent)))
    return many > _OTHER_EXTENT * few


def _type(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """A thesis is not the article made of it, a volume or book not a paper in it."""
    kinds = {a.kind, b.kind}
    if len(kinds) == 1 or "" in kinds or one_spot(facts):
        return False
    if kinds == {"book", "article"} and facts.identity and facts.title_equal and facts.author >= 0.9:
        return facts.year_gap > 0  # one DOI: one of the types is wrong
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
    if facts.author < 0 or supported:
        return False
    if len(a.authors.families) == len(b.authors.families) == 1 and min(a.title.count(" "), b.title.count(" ")) < 3:
        return not shared_name(a, b)  # a title that many works have, by two people whose names have letters in common
    return facts.author < 0.4 or (facts.author < 0.65 and not shared_name(a, b))


def _places(a: Profile, b: Profile, facts: PairFacts) -> bool:
    elsewhere = facts.volume_differs and 0 <= facts.venue < 0.7 and not facts.identity and not facts.page_equal
    # one text in two journals (a guideline, a talk's abstract) is two papers; of one volume, a name translated
    elsewhere |= (
        {a.form, b.form} == {"chapter"} and facts.words_differ and 0 <= facts.venue < 0.5 and not facts.range_equal
    )
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
            "thin",
            "a short title alone, without authors, abstract, place or identifier, is no identity", "ask", _thin,),
        Veto(
            "numbers", "the titles count differently (parts, phases, years)", "never", _numbers, asked_alone=True
        ),
        Veto("opposites", "the titles differ by opposites", "never", _opposites),
        Veto("titles", "the titles differ too much for what else agrees", "ask", _titles),
        Veto("words", "words of the titles are exchanged, and neither place nor identifier agrees", "never", _words),
        Veto(
            "subtitle",
            "one title has additional words, and neither place nor identifier agrees",
            "doubt", _subtitle, waived=True,
        ),
        Veto("chapter", "different chapters", "never", _chapter),
        Veto("part", "one is a part of the other, or another volume of it", "never", _part),
        Veto("meeting", "proceedings of two years", "never", _meeting),
        Veto("set", "one is a set of volumes, the other is not said to be", "ask", _set),
        Veto("pages", "different pages of a book or proceedings", "never", _pages),
        Veto("form", "two forms of publication, and nothing places both at one spot", "ask", _form),
        Veto("address", "two addresses on the web", "never", _address),
        Veto("date", "two dates", "ask", _date),
        Veto("arxiv", "two arXiv numbers", "ask", _arxiv),
        Veto("patent", "two patent numbers", "never", _identifier),
        Veto("doi", "different DOIs of one registrant, and another field differs too", "ask", _doi, waived=True),
        Veto("issue", "the same title in two issues of one volume", "ask", _issue),
        Veto("years", "the years are too far apart for what else agrees", "ask", _years),
        Veto("edition", "different editions", "never", _edition),
        Veto("extent", "the numbers of pages of two books differ by far", "ask", _extent),
        Veto("type", "one is a thesis, a book or a volume, the other a paper", "ask", _type),
        Veto("report number", "reports with different numbers", "ask", _report_number),
        Veto("authors", "the authors differ", "ask", _authors),
        Veto("places", "volume and pages both differ, or the journals or books do", "doubt", _places, waived=True),
    )
}  # fmt: skip
"""All vetoes, by name, in the order in which they are reported."""

_RULES = tuple((veto.name, veto.applies) for veto in VETOES.values())


def meaning(name: str) -> str:
    """What a veto says of a pair, for people; the name itself where it is another version's."""
    return VETOES[name].meaning if name in VETOES else name


def names_of(*strengths: Strength) -> frozenset[str]:
    """The names of the vetoes of these strengths."""
    return frozenset(veto.name for veto in VETOES.values() if veto.strength in strengths)


def _first(p: Profile) -> str:
    return p.authors.families[0] if p.authors.families else ""


def _words_settled(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether words that only one title has need no explanation, or titles differ so much that others explain it."""
    if _titles(a, b, facts) or one_bound(a, b, facts) or one_range(facts):
        return True
    if a.notice == b.notice == "correction" and facts.locator and facts.author >= 0.8:
        return True  # databases name the corrected paper in their own ways
    # a page of a supplement holds several abstracts
    if facts.identity or facts.difference.kind in {"equal", "spelling", "typed"}:
        return True
    if numbers_differ(a.title, b.title):
        return False
    if facts.difference.kind == "swapped" and _first(a) != _first(b) and facts.title < _NEAR:
        return False  # of two short papers on one page, under two titles, each by its own first author
    placed = facts.locator and facts.venue >= 0.3 and facts.title >= (0.75 if facts.range_equal else 0.85)
    return placed and (facts.author >= 0.8 or facts.author < 0)
