"""What the doubt about a question is, in one plain sentence."""

from collections.abc import Iterable, Mapping, Sequence

from refsync.dedup.relations import RELATION_PHRASES
from refsync.dedup.results import FieldEvidence, Link, Pair
from refsync.records import Record
from refsync.review.answer_labels import listed
from refsync.review.questions import Question
from refsync.review.side_by_side import plain_text, value_of_any

VETO_FIELDS: Mapping[str, tuple[str, ...]] = {
    "titles": ("titles",),
    "words": ("titles",),
    "chapter": ("chapters",),
    "pages": ("pages",),
    "address": ("web addresses",),
    "date": ("dates",),
    "arxiv": ("arXiv numbers",),
    "patent": ("patent numbers",),
    "doi": ("DOIs",),
    "issue": ("issues",),
    "years": ("years",),
    "edition": ("editions",),
    "extent": ("numbers of pages",),
    "report number": ("report numbers",),
    "authors": ("authors",),
    "places": ("volumes", "pages"),
}
"""Vetoes because something differs, and what differs."""

VETO_CLAUSES: Mapping[str, str] = {
    "notice": "one of them is a notice about a paper, such as an erratum or a reply",
    "generic title": "other pieces share this title",
    "no title": "a title is missing",
    "thin": "little more than a short title agrees",
    "numbers": "the titles have different numbers",
    "opposites": "the titles say opposite things",
    "subtitle": "one title has more words",
    "part": "one may be a part or another volume of the other",
    "meeting": "they are proceedings of meetings of different years",
    "set": "only one is known to be a set of volumes",
    "form": "they are different kinds of publication",
    "type": "one is a thesis or a book and the other a paper",
}
"""What the other vetoes report about the records."""

_FIELD_NAMES: Mapping[str, str] = {
    "title": "titles", "author": "authors", "year": "years", "venue": "journals", "volume": "volumes",
    "number": "issues", "doi": "DOIs", "pages": "pages", "identifier": "identifiers", "abstract": "abstracts",
    "publisher": "publishers", "isbn": "ISBNs", "type": "types",
}  # fmt: skip
_ORDER = [*_FIELD_NAMES.values()]
_DIFFERENT = {"author": 0.7, "venue": 0.7, "abstract": 0.8, "publisher": 0.7, "title": 0.97}
"""Similarities below which two texts differ (a changed word matters in a title); numbers are equal or not."""

_COMPARED = ("author", "year", "pages", "doi", "abstract")
_SHORT = 60  # characters of a title that a sentence quotes


def doubt_sentence(question: Question, links: Sequence[Link], records: Sequence[Record], needed: float) -> str:
    """What the doubt is, such as `Looks 98 % alike, but the DOIs and pages differ and other pieces share this title.`.

    Args:
        question: the question.
        links: its links with their evidence.
        records: those of its members.
        needed: the probability from which pairs are merged without a question.
    """
    pairs = [pair for link in links for pair in link.evidence]
    alike = _likeness([pair.probability for pair in pairs] or [question.probability])
    reasons = _reasons(pairs, records)
    if question.kind == "merge":
        but = f", although {reasons}" if reasons else ""
        return f"Merged because {'they look' if len(records) > 1 else 'it looks'} {alike} alike{but}."
    if question.kind == "version":
        return f"{_versions(question, links)}, not merged{f': {reasons}' if reasons else ''}."
    verb = "Looks" if len(records) == 2 else "They look"
    if reasons:
        return f"{verb} {alike} alike, but {reasons}."
    if missing := _missing(records):
        return f"{verb} {alike} alike, but there is little to compare: {missing}."
    return f"{verb} {alike} alike; from {_percent(needed)} on they would have been merged without a question."


def _likeness(probabilities: Sequence[float]) -> str:
    low, high = _percent(min(probabilities)), _percent(max(probabilities))
    if low == high:
        return low
    return f"{low.removesuffix(' %')} to {high}" if low[0].isdigit() and high[0].isdigit() else f"up to {high}"


def _percent(probability: float) -> str:
    """Never 100 % or 0 %: a model is not certain."""
    if probability < 0.005:
        return "less than 1 %"
    return f"{100 * probability:.0f} %" if probability < 0.995 else "more than 99 %"


def _reasons(pairs: Sequence[Pair], records: Sequence[Record]) -> str:
    """What differs, and what else the vetoes report, as clauses."""
    vetoes = list(dict.fromkeys(veto for pair in pairs for veto in pair.vetoes))
    clauses = [_clause(veto, records) for veto in vetoes if veto not in VETO_FIELDS]
    titles_explained = any("title" in clause for clause in clauses)
    named = {name for veto in vetoes for name in VETO_FIELDS.get(veto, ())}
    named |= {name for pair in pairs for name in _differing(pair.fields) if name != "titles" or not titles_explained}
    if differing := sorted(named, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)):
        clauses.insert(0, f"the {_joined(differing)} differ")
    return _joined(clauses)


def values_differ(item: FieldEvidence) -> bool:
    """Whether the values of a field are other values, rather than one value written in two ways."""
    speaks_against = item.weight < 0 or item.field == "title"
    return item.similarity < _DIFFERENT.get(item.field, 1.0) and speaks_against


def _differing(fields: Iterable[FieldEvidence]) -> Iterable[str]:
    """The fields whose values differ and are evidence against one paper."""
    for item in fields:
        if item.field in _FIELD_NAMES and values_differ(item):
            yield _FIELD_NAMES[item.field]


def _clause(veto: str, records: Sequence[Record]) -> str:
    """A veto as a clause; one of another version's by its own name."""
    if veto == "generic title":
        titles = [" ".join(plain_text("title", record.get("title"), record.markup).split()) for record in records]
        title = next(filter(None, titles), "")
        if title and len(title) <= _SHORT and all(one.casefold() == title.casefold() for one in titles):
            return f"other pieces are also called “{title}”"
    return VETO_CLAUSES.get(veto, f"a rule keeps them separate ({veto})")


def _missing(records: Sequence[Record]) -> str:
    """The fields that cannot be compared because records lack them."""
    missing = [
        {"doi": "DOI", "author": "authors"}.get(name, name)
        for name in _COMPARED
        if not all(value_of_any(record, name) for record in records)
    ]
    if len(missing) < 2:
        return ""
    where = "one or both" if len(records) == 2 else "some"
    return f"{_joined(missing)} are missing in {where}"


def _versions(question: Question, links: Sequence[Link]) -> str:
    for link in links:
        if {*link.members} <= {*question.members} and link.relation in RELATION_PHRASES:
            earlier, later = (question.members.index(member) + 1 for member in link.members)
            return f"Linked: {earlier} is {RELATION_PHRASES[link.relation]} {later}"
    return "Linked as versions of one work"


def _joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return listed(words) if words else ""
