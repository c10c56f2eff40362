"""The labels that people gave their papers, and which of them a model can learn.

A label comes from `keywords`, JabRef's `groups`, or the folder that a file lies in. Many are no subject: reading
states, ratings, dates, names of people and of files. They are told apart by rules, each with a reason to show.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from refsync.classify.taxonomy import NAMES, canonical
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.text.names import parse_name, split_names

FIELDS = ("keywords", "groups", "collections", "tags", "mendeley-tags")
"""Where labels are looked for if nothing else is asked for."""
CATEGORY_FIELDS = ("primaryclass", "eprintclass", "primary_category", "primary", "categories", "area", "areas", "label")
"""Where areas stand that somebody else gave: arXiv's own fields and columns of labelled tables."""

MINIMUM = 5  # papers, below which nothing can be learnt
MOST = 0.9  # share of the labelled papers, above which a label tells nothing apart

_WORKFLOW = """
    read unread reading toread tobe read done todo skim skimmed later now next new old important unimportant urgent
    interesting relevant irrelevant favorite favourite favorites favourites starred star flag flagged priority prio high
    low medium top good great best bad ok cite cited citing uncited printed print downloaded pdf fulltext have got
    missing check checked verify include included exclude excluded maybe yes no unsure pending review reviewed screening
    screened draft submitted accepted published inprogress progress imported import misc other others various general
    unsorted untagged uncategorized uncategorised inbox temp tmp test duplicate duplicates own my mine me must should
    for the in to be not and a of rank rating rated quality stage class category
"""
_WORKFLOW_WORDS = frozenset(_WORKFLOW.split())
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"(?:19|20)\d\d(?:[-/.]\d\d?){{0,2}}|\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d|q[1-4](?:\W+(?:19|20)\d\d)?|"
    rf"(?:(?:19|20)\d\d\W*)?{_MONTH}(?:\W*(?:19|20)\d\d)?|week\W*\d+",
    re.IGNORECASE,
)
_RATING = re.compile(r"[★☆⭐*+!?]+|\d+(?:\W*(?:/\W*\d+|stars?|points?))?|(?:prio|priority|rank|rating)\W*\w?\d*", re.I)
_FILE = re.compile(
    r"\S+\.(?:bib|pdf|ris|enl|xml|csv|txt|tex|docx?|html?|sav|bak)|(?:https?:|file:|www\.)\S+|[a-z]:\\.*", re.I
)
_JABREF_IMPORT = re.compile(r"imported\b.*", re.IGNORECASE)
_LEVELS = re.compile(r"\s*(?:/|>|::)\s*")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A label that is not learnt, how many papers have it, and why."""

    label: str
    papers: int
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which labels can be learnt, in alphabetical order, and which cannot."""

    learnable: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def labels_of(record: Record, fields: Sequence[str] = FIELDS) -> tuple[str, ...]:
    """The labels in these fields of a record, each once, as they are written there.

    Levels of a nested label are parted by `/`, `>` or `::` and come out with `/`.

    >>> labels_of(Record("a.bib", 1, "k", fields={"keywords": "to-read, vision > segmentation"}))
    ('to-read', 'vision/segmentation')
    """
    found: dict[str, None] = {}
    for name in fields:
        value = record.get(name)
        text = to_text(value) if record.markup == "latex" else value
        # A list that has semicolons is parted by them: `Smith, John; vision`.
        for part in text.split(";" if ";" in text else ","):
            if label := "/".join(filter(None, _LEVELS.split(" ".join(part.strip(" ,;").split())))):
                found.setdefault(label)
    return tuple(found)


def categories_of(
    record: Record, known: Collection[str], sets: Sequence[Sequence[str]] = (CATEGORY_FIELDS, FIELDS)
) -> tuple[str, ...]:
    """The areas that a labelled record has, the first one first: those in the first set of fields that has any.

    Args:
        record: a paper.
        known: the areas that a model knows; letter case and arXiv's second names for a category do not matter.
        sets: of fields.
    """
    spelled = {area.casefold(): area for area in known}
    for fields in sets:
        found: dict[str, None] = {}
        for name in fields:
            value = record.get(name)
            text = to_text(value) if record.markup == "latex" else value
            whole = [*labels_of(record, [name]), *(part.strip() for part in re.split(r"[,;]", text))]
            codes = [code for part in whole for code in part.split()] if name in CATEGORY_FIELDS else []
            for one in (*whole, *codes):
                if area := spelled.get(canonical(one).casefold()) or spelled.get(one.casefold()):
                    found.setdefault(area)
        if found:
            return tuple(found)
    return ()


def with_parents(labels: Collection[str]) -> frozenset[str]:
    """The labels and those above them.

    >>> sorted(with_parents(["vision/segmentation"]))
    ['vision', 'vision/segmentation']
    """
    return frozenset(
        "/".join(parts[:depth]) for parts in (x.split("/") for x in labels) for depth in range(1, len(parts) + 1)
    )


def one_spelling(labels: Sequence[Collection[str]]) -> list[frozenset[str]]:
    """The labels of papers, those that differ only in letter case or hyphens written as most papers have them."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for mine in labels:
        for label in mine:
            spellings[_same(label)][label] += 1
    chosen = {same: min(counts, key=lambda one: (-counts[one], one)) for same, counts in spellings.items()}
    return [frozenset(chosen[_same(label)] for label in mine) for mine in labels]


def _same(label: str) -> str:
    return re.sub(r"[\s_-]+", " ", label).casefold()


def author_names(records: Sequence[Record]) -> frozenset[str]:
    """The names of all authors and editors, in lower case: family names, and given with family names."""
    names: set[str] = set()
    for record in records:
        plain = to_text(record.get("author", "editor")) if record.markup == "latex" else record.get("author", "editor")
        for whole in split_names(plain)[0]:
            name = parse_name(whole)
            family, given = name.family.casefold(), name.given.casefold()
            names |= {family, f"{given} {family}", f"{family}, {given}", f"{given[:1]}. {family}"}
    return frozenset(names - {""})


def choose(
    labels: Sequence[Set[str]],
    words: Sequence[Set[str]],
    people: Set[str] = frozenset(),
    own: Set[str] = frozenset(),
    prefix: str = "area:",
    minimum: int = MINIMUM,
) -> Choice:
    """Which labels can be learnt.

    Args:
        labels: of each paper.
        words: the words of each paper's title and abstract, in lower case; none where there is no text.
        people: names of authors, in lower case.
        own: labels that people confirmed one by one, whatever they look like.
        prefix: what refsync puts before the areas that it adds itself.
        minimum: papers that a label needs.
    """
    having: dict[str, list[int]] = defaultdict(list)
    for paper, mine in enumerate(labels):
        for label in mine:
            having[label].append(paper)
    readable = {label: [paper for paper in papers if words[paper]] for label, papers in having.items()}
    labelled = sum(bool(mine and text) for mine, text in zip(labels, words, strict=True))
    reasons: dict[str, str] = {}
    for label, papers in readable.items():
        why = "" if label in own else _no_subject(label, prefix) or _person(label, people, [words[i] for i in papers])
        if why:
            reasons[label] = why
        elif len(papers) < minimum:
            textless = " with a title or abstract" if len(having[label]) >= minimum else ""
            reasons[label] = f"too few papers{textless}: {minimum} are needed"
    subjects = having.keys() - reasons.keys()
    for label in sorted(subjects):
        if len(subjects) > 1 and len(readable[label]) > MOST * labelled:
            reasons[label] = "on nearly every paper, so that it tells none apart"
        elif any(one.startswith(f"{label}/") and having[one] == having[label] for one in subjects):
            reasons[label] = "has the same papers as the one label below it"
    return Choice(
        learnable=tuple(sorted(having.keys() - reasons.keys())),
        left_out=tuple(
            LeftOut(label, len(having[label]), reasons[label])
            for label in sorted(reasons, key=lambda label: (-len(having[label]), label))
        ),
    )


def _no_subject(label: str, prefix: str) -> str:
    """Why a label names no subject, judged by its looks; empty if it may."""
    last = label.rsplit("/", 1)[-1]
    if prefix and label.casefold().startswith(prefix.casefold()):
        return "an area that refsync added itself, which nobody confirmed"
    if canonical(label) in NAMES:
        return "an arXiv category, which refsync adds itself; nobody confirmed it"
    if _FILE.fullmatch(label):
        return "the name of a file or an address"
    if _DATE.fullmatch(last):
        return "a date"
    if _RATING.fullmatch(last):
        return "a number or a rating"
    if _JABREF_IMPORT.fullmatch(label):
        return "says where papers came from, not what they are about"
    words = re.findall(r"[^\W_]+", last.casefold())
    if not words:
        return "has no word in it"
    if all(word in _WORKFLOW_WORDS or word.isdigit() for word in words):
        return "says what to do with a paper, not what it is about"
    return ""


def _person(label: str, people: Set[str], texts: Sequence[Set[str]]) -> str:
    """Whether it is an author's name: in full, or a family name that the papers with this label never use as a word."""
    name = label.removeprefix("@").strip().casefold()
    if label.startswith("@"):
        return "a person's name"
    if name not in people:
        return ""
    return "" if " " not in name and any(name in text for text in texts) else "a person's name"
