"""Versions: records of one work that are not one publication (a preprint and its published form, two editions)."""

import re
from collections.abc import Mapping

from refsync.dedup.meetings import GENERAL_WORDS, acronyms, other_meeting, other_track
from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.pair_support import misdated, other_addition, other_extent, other_printing
from refsync.dedup.profile import Profile
from refsync.dedup.relations import CONFERENCE, EDITION, PREPRINT, VARIANT
from refsync.dedup.title_words import EVENT_WORDS, SMALL_WORDS
from refsync.dedup.titles import numbers_differ
from refsync.dedup.venue_kinds import is_periodical

_FORMS = ("dataset software web talk draft preprint report thesis paper chapter article book volume").split()
_RANK: Mapping[str, int] = {form: rank for rank, form in enumerate(_FORMS)}
"""From the forms that are written down first to those that people cite: a version is one of the later form."""

_PUBLISHED = frozenset({"article", "paper", "chapter", "book", "volume"})
_EARLIER = frozenset({"preprint", "draft", "talk", "report", "thesis"})
_MATERIAL = frozenset({"dataset", "software", "web"})
_WRITTEN = _PUBLISHED | _EARLIER
_REVISED = 8  # years within which an earlier form becomes a published one; theses and reports may take longer
_SLOW = 40
_BRIEF = 6  # pages of a review
_YEARLY = re.compile(r"\b(?:proceedings|workshop|conference|symposium|congress|meeting|colloquium|tagung)\b")
_OF_TALKS = EVENT_WORDS | SMALL_WORDS | {"presented", "given", "paper", "poster", "lecture", "slides", "presentation"}
_PUBLISHED_AGAIN = re.compile(r"\.pub\d+$")  # of Cochrane reviews


def relation(a: Profile, b: Profile, facts: PairFacts) -> tuple[str, bool]:
    """How one record relates to the other, and whether `a` is the one that the relation's name describes.

    An empty relation where they are no versions of one work (they may be the same, or have nothing in common).
    """
    if not _one_work(a, b, facts):
        return "", True
    name = _relation(a, b, facts)
    return (name, _describes(a, b)) if name else ("", True)


def _relation(a: Profile, b: Profile, facts: PairFacts) -> str:
    x, y = _by_form(a, b)
    forms = {a.form, b.form}
    at_one_place = (
        (facts.identity and not (forms == {"paper", "article"} and facts.year_gap > 0 and facts.venue < 0.5))
        or (facts.locator and (facts.volume_equal or facts.venue > 0.3 or facts.range_equal))
        or (facts.range_equal and facts.venue >= 0.7 and facts.year_gap <= 2)
        or (_one_venue(facts) and not other_track(a.venue, b.venue))
        or (facts.volume_equal and facts.year_gap == 0 and facts.abstract >= 0.95)
        or bool(a.url and a.url == b.url and "/" in a.url and facts.year_gap <= 0 and not _numbered_report(a, b))
    )
    if marked_differently(a, b, facts) and not (facts.locator and facts.identity):
        return PREPRINT if x.form == "preprint" and y.form in _PUBLISHED else VARIANT
    if facts.difference.kind == "number" and forms <= _MATERIAL | {""}:
        return VARIANT  # two releases
    if len(forms) == 2:
        if "" in forms or (at_one_place and not forms & _MATERIAL and "preprint" not in forms):
            return ""
        if x.form == "preprint" and y.form in _PUBLISHED | {"thesis"}:
            return PREPRINT
        if forms == {"paper", "article"}:
            if a.kind == b.kind == "article" and not is_periodical(y.venue) and facts.year_gap <= 0:
                return ""  # of a source that types all as articles; `VLD` may be the meeting's name too
            other = elsewhere(facts) or facts.year_gap > 1 or _other_pages(a, b, facts)
            return CONFERENCE if other else ""
        if x.form in _EARLIER and (y.form in _PUBLISHED or y.form in _EARLIER):
            if awaited(a, b, facts):
                return ""
            return VARIANT
        if x.form in _MATERIAL and y.form != "" and (y.form not in _MATERIAL or facts.title_equal):
            return VARIANT
        if forms in ({"paper", "chapter"}, {"article", "chapter"}):
            other = elsewhere(facts) or facts.year_gap > 1 or _other_pages(a, b, facts)
            return VARIANT if other else ""
        if forms & {"book", "volume"} and forms & {"article", "paper", "chapter"}:
            other = facts.year_gap > 0 and not _part_of(a, b) and not _about(x, y)
            return VARIANT if other else ""
        return ""
    return _same_form(a, b, facts, at_one_place=at_one_place)


def _same_form(a: Profile, b: Profile, facts: PairFacts, *, at_one_place: bool) -> str:
    form = a.form
    if a.arxiv and b.arxiv and a.arxiv != b.arxiv and not facts.identity:
        return VARIANT
    if form in {"software", "dataset"} or (a.version and b.version):
        differ = bool(a.version and b.version and a.version != b.version) or facts.doi_differs
        return VARIANT if differ or facts.year_gap > 0 else ""
    if form in {"book", "volume"}:
        if a.edition != b.edition and a.edition and b.edition:
            return EDITION
        if a.translators and b.translators and a.translators != b.translators:
            return VARIANT
        if facts.isbn_equal or facts.volume_differs or is_set(a) != is_set(b):
            return ""
        if form == "volume" and facts.year_gap > 0 and (_YEARLY.search(a.title) or not (a.edition or b.edition)):
            return ""  # the proceedings of another year
        other_publisher = 0 <= facts.publisher < 0.5
        if facts.year_gap > 1 or other_printing(a, b, facts) or (facts.year_gap == 1 and facts.isbn_differs):
            return EDITION
        if facts.year_gap == 1 and a.edition != b.edition and (other_publisher or other_extent(a, b)):
            return EDITION
        return ""
    if form == "article" and _updated(a, b, facts):
        return VARIANT
    if at_one_place:
        return ""
    if form == "paper":
        later = facts.year_gap > 1 or (facts.year_gap == 1 and 0 <= facts.venue < 0.5)
        return VARIANT if later or other_meeting(a.venue, b.venue) else ""
    if form == "chapter":
        if a.forthcoming != b.forthcoming and facts.publisher >= 0.5:
            return ""  # the book was given another title before it appeared
        if facts.publisher >= 0.8 and facts.year_gap == 0 and facts.page_differs:
            return ""  # two chapters of one book, whose title a source gave for theirs
        return VARIANT if 0 <= facts.venue < 0.5 and not _short(a, b) else ""
    if form == "article":
        return VARIANT if facts.other_journal and not (facts.generic or facts.volume_equal) else ""
    if form == "report":
        if a.identifier and b.identifier:
            return VARIANT if a.identifier != b.identifier else ""
        return VARIANT if facts.year_gap > 0 and not misdated(a, b, facts) else ""
    if form in {"talk", "draft"}:  # given again, or written anew
        given_again = form == "talk" and (bool(a.month and b.month and a.month != b.month) or _elsewhere_given(a, b))
        return VARIANT if facts.year_gap > 0 or given_again else ""
    return ""


def _about(piece: Profile, book: Profile) -> bool:
    """Whether a later piece under a book's title is about the book: a review of a few pages, or a chapter."""
    if piece.year < book.year:
        return False
    first, last = piece.pages.first, piece.pages.last
    brief = first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < _BRIEF
    return brief or piece.form == "chapter"


def _elsewhere_given(a: Profile, b: Profile) -> bool:
    """Whether the notes of two talks name two meetings."""
    left, right = (" ".join(w for w in p.announced.split() if w not in _OF_TALKS) for p in (a, b))
    return min(len(left.split()), len(right.split())) > 1 and other_meeting(left, right)


def _other_pages(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether both have a range of pages, and no end in common."""
    return bool(facts.page_differs and a.pages.last and b.pages.last and a.pages.last != b.pages.last)


def _updated(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether one is a later state of the other: a review that is brought up to date under its number."""
    if a.doi and b.doi and a.doi != b.doi and _PUBLISHED_AGAIN.sub("", a.doi) == _PUBLISHED_AGAIN.sub("", b.doi):
        return True
    return "cochrane" in a.venue and facts.venue >= 0.7 and facts.year_gap > 0 and not facts.identity


def is_set(p: Profile) -> bool:
    """Whether a book is said to be several volumes, by their numbers or their years."""
    return p.years or "-" in p.volume


def awaited(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether one is the other before it appeared: an unpublished text that names its venue, or is said to appear."""
    if a.form == b.form:
        return False
    x, y = _by_form(a, b)
    if x.form not in _EARLIER or x.form == "talk" or facts.year_gap > 1 or _numbered_report(a, b):
        return False
    return x.forthcoming or y.forthcoming or _announced(x, y)


def _numbered_report(a: Profile, b: Profile) -> bool:
    """Whether only one is a report, and has a number of its own: it stays one though the paper made of it appeared."""
    return a.form != b.form and any(p.form == "report" and p.identifier for p in (a, b))


def _announced(earlier: Profile, later: Profile) -> bool:
    """Whether an unpublished text names the venue in which the other appeared."""
    named = {word for word in later.venue.split() if len(word) > 4 and word not in GENERAL_WORDS}
    if earlier.form != "draft":
        return False
    said = set(re.findall(r"[^\W\d_]+", earlier.announced))  # `isipta07` names the meeting ISIPTA
    return not named.isdisjoint(said | earlier.other_words) or not acronyms(later.venue).isdisjoint(said)


def _grown(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether a work was given another subtitle on its way from an earlier form to the published one."""
    forms = {a.form, b.form}
    if len(forms) == 2 and forms & {"software", "web", "dataset"} and not forms & {"", "book", "volume"}:
        return facts.main_equal and facts.author >= 0.5
    if facts.author < 0.8 or "" in forms:
        return False
    few_words = min(len(a.title.split()), len(b.title.split()))
    if forms <= {"book", "volume"} and facts.main_equal and facts.year_gap > 1 and few_words > 2:
        return facts.author >= 0.9 and facts.publisher >= 0.5 and not (facts.volume_differs or _part_of(a, b))
    if facts.year_gap > 5:
        return False
    if "thesis" in forms and len(forms) == 2 and facts.main_equal and few_words > 1 and facts.year_gap <= 3:
        return facts.author >= 0.9 and not forms & {"chapter"}
    if _short(a, b):
        return False
    if "thesis" in forms and len(forms) == 2 and facts.author >= 0.9 and len(a.title.split()) > 2:
        return not forms & {"chapter"}
    if not facts.main_equal:
        return False
    if forms & {"thesis", "report", "preprint", "draft"} and len(forms) == 2:
        return not forms & {"chapter"} or facts.people > 1
    return facts.people > 1 and facts.author >= 0.9 and forms <= {"paper", "article"} and facts.year_gap <= 4


def _material_of(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether one is the data or code of the other, and names it: `Replication data for: On moss`."""
    forms = {a.form, b.form}
    if not facts.titles_differ or not forms & {"software", "dataset"} or not forms & _WRITTEN:
        return False
    short, long = sorted((a.title, b.title), key=len)
    return len(short.split()) > 3 and f" {short} " in f" {long} " and facts.author >= 0.9 and 0 <= facts.year_gap <= 3


def _numbered_release(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether the titles name two releases of one thing, not two parts or two volumes."""
    return bool(a.version and b.version and a.version != b.version) and facts.author >= 0.7


def _short(a: Profile, b: Profile) -> bool:
    return min(len(a.title.split()), len(b.title.split())) < 3


def elsewhere(facts: PairFacts) -> bool:
    """Whether the venues or the years are not the same."""
    return 0 <= facts.venue < 0.7 or (facts.year_gap > 0 and facts.venue < 0.85)


def marked_differently(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether the title of only one of the two says that it is a form of the other (`extended version`)."""
    return facts.difference.kind == "form" or a.marker != b.marker or is_other_event(a, b, facts)


def is_other_event(a: Profile, b: Profile, facts: PairFacts) -> bool:
    """Whether one is a talk, poster or abstract of the other, and not only called so by one source."""
    if facts.difference.kind != "event":
        return False
    return facts.year_gap != 0 or a.form != b.form or other_meeting(a.venue, b.venue) or facts.other_journal


def _one_venue(facts: PairFacts) -> bool:
    return facts.venue >= 0.8 and facts.year_gap <= 0 and not facts.conflict


def _part_of(a: Profile, b: Profile) -> bool:
    """Whether one is a chapter or paper of the other."""
    return (a.book != "" and a.book == b.title) or (b.book != "" and b.book == a.title)


def _by_form(a: Profile, b: Profile) -> tuple[Profile, Profile]:
    """The one of the earlier form first; in any order where that is not known."""
    later = _RANK.get(a.form, len(_RANK)) > _RANK.get(b.form, len(_RANK))
    return (b, a) if later else (a, b)


def _describes(a: Profile, b: Profile) -> bool:
    """Whether `a` is the earlier or lesser form of the two."""
    left, right = _order(a), _order(b)
    return left < right if left != right else a.digest < b.digest


def _order(p: Profile) -> tuple[object, ...]:
    return (_RANK.get(p.form, len(_RANK)), p.year or 9999, p.edition, -len(p.title_key), p.title_key)


def _one_work(a: Profile, b: Profile, facts: PairFacts) -> bool:
    if facts.generic or a.notice != b.notice or facts.title < 0 or other_addition(a, b):
        return False
    if _material_of(a, b, facts):
        return True
    if facts.difference.kind == "subtitle" and not _grown(a, b, facts):
        return False
    if facts.difference.kind == "number" and not _numbered_release(a, b, facts):
        return False
    if facts.difference.kind not in {"equal", "spelling", "typed", "form", "event", "subtitle", "number"}:
        return False
    forms = {a.form, b.form}
    editions = forms <= {"book", "volume"}
    slow = forms & {"thesis", "report", "software", "web", "dataset"} or len(forms) == 1 or len(a.title.split()) > 3
    limit = 200 if editions else _SLOW if slow else _REVISED
    if facts.year_gap > limit:
        return False
    numbered = facts.difference.kind not in {"typed", "form", "number"}
    if facts.title < 1 and numbered and numbers_differ(a.title, b.title):
        return False
    return facts.author >= 0.7 or (facts.author < 0 and (facts.abstract >= 0.6 or len(a.title_key) >= 30))
