"""The labels that people gave their papers, and which of them a model can learn.

A label comes from `keywords`, JabRef's `groups`, or the folder of a file. Many labels name no subject: reading states,
ratings, dates, names of people and of files. Rules recognise them, each with a reason to show.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from refsync.classify.fields import DOMAIN_NAMES, DOMAINS
from refsync.classify.taxonomy import NAMES, canonical
from refsync.records import Record
from refsync.text.control_characters import without_controls
from refsync.text.latex import latex_to_text
from refsync.text.lists import split_words, without_braces
from refsync.text.names import parse_name, split_names

LABEL_FIELDS = ("keywords", "groups", "collections", "tags", "mendeley-tags")
"""The fields that labels are read from by default."""
CATEGORY_FIELDS = ("primaryclass", "eprintclass", "primary_category", "primary", "categories", "area", "areas", "label")
"""The fields of areas that others assigned: arXiv's own fields and columns of labelled tables."""

MIN_PAPERS = 5  # with a label, below which it cannot be learnt
MAX_SHARE = 0.9  # of the labelled papers, above which a label distinguishes nothing

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
    """A label that is not learnt, how many papers have it, and the reason."""

    label: str
    papers: int
    why: str


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """The labels that can be learnt, in alphabetical order, and those that cannot."""

    learnable: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def labels_of(record: Record, fields: Sequence[str] = LABEL_FIELDS) -> tuple[str, ...]:
    """The labels in these fields of a record, each once, as they are written there.

    Levels of a nested label are separated by `/`, `>` or `::`; in the result by `/`.

    >>> labels_of(Record("a.bib", 1, "k", fields={"keywords": "to-read, vision > segmentation"}))
    ('to-read', 'vision/segmentation')
    """
    found: dict[str, None] = {}
    for name in fields:
        value = record.get(name)
        # Where there are semicolons they separate the labels: `Smith, John; vision`.
        for word in split_words(value):
            part = latex_to_text(word) if record.markup == "latex" else without_braces(word)
            if label := "/".join(filter(None, _LEVELS.split(" ".join(without_controls(part).strip(" ,;").split())))):
                found.setdefault(label)
    return tuple(found)


def categories_of(
    record: Record, known: Collection[str], sets: Sequence[Sequence[str]] = (CATEGORY_FIELDS, LABEL_FIELDS)
) -> tuple[str, ...]:
    """The areas of a labelled record, its main one first, from the first set of fields that has any.

    Args:
        record: a paper.
        known: the areas that a model knows; letter case and arXiv's alternative codes of a category do not matter.
        sets: the sets of fields, in the order tried.
    """
    spelled = {area.casefold(): area for area in known}
    for fields in sets:
        found: dict[str, None] = {}
        for field in fields:
            value = record.get(field)
            text = latex_to_text(value) if record.markup == "latex" else value
            whole = [*labels_of(record, [field]), *(part.strip() for part in re.split(r"[,;]", text))]
            codes = [code for part in whole for code in part.split()] if field in CATEGORY_FIELDS else []
            for name in (*whole, *codes):
                if area := spelled.get(canonical(name).casefold()) or spelled.get(name.casefold()):
                    found.setdefault(area)
        if found:
            return tuple(found)
    return ()


def with_parents(labels: Collection[str]) -> frozenset[str]:
    """The labels and their ancestors.

    >>> sorted(with_parents(["vision/segmentation"]))
    ['vision', 'vision/segmentation']
    """
    return frozenset(
        "/".join(parts[:depth])
        for parts in (label.split("/") for label in labels)
        for depth in range(1, len(parts) + 1)
    )


def split_joined(labels: Sequence[Collection[str]]) -> list[frozenset[str]]:
    """The labels of papers, where a label with commas whose parts are all labels elsewhere becomes these.

    Lists with two separators (`moss; ferns, lichens`) are split at the first one only.

    >>> [sorted(found) for found in split_joined([{"ferns, lichens"}, {"ferns"}, {"lichens"}, {"Smith, John"}])]
    [['ferns', 'lichens'], ['ferns'], ['lichens'], ['Smith, John']]
    """
    known = {_spelling_key(label) for found in labels for label in found}
    return [frozenset(part for label in found for part in _parts(label, known)) for found in labels]


def _parts(label: str, known: Set[str]) -> tuple[str, ...]:
    parts = tuple(filter(None, (part.strip() for part in label.split(","))))
    return parts if len(parts) > 1 and all(_spelling_key(part) in known for part in parts) else (label,)


def similar_labels(labels: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The labels that look like one: singular and plural, other separators of words, `and` for `&`.

    >>> similar_labels(["Adversarial Attack", "adversarial-attacks", "dog", "DOGS", "glass"])
    (('Adversarial Attack', 'adversarial-attacks'), ('DOGS', 'dog'))
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for label in sorted(labels):
        groups[_singular_key(label)].append(label)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _singular_key(label: str) -> str:
    words = _spelling_key(label).replace("&", " and ").replace("-", " ").split()
    return " ".join(map(_singular, words))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def unify_spellings(labels: Sequence[Collection[str]], *, plurals: bool = False) -> list[frozenset[str]]:
    """The labels of papers, where labels that differ only in letter case or hyphens get their most common spelling.

    With `plurals` those that look like one otherwise do too (see `similar_labels`).
    """
    key_of = _singular_key if plurals else _spelling_key
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for paper_labels in labels:
        for label in paper_labels:
            spellings[key_of(label)][label] += 1
    chosen = {key: min(counts, key=lambda label: (-counts[label], label)) for key, counts in spellings.items()}
    return [frozenset(chosen[key_of(label)] for label in paper_labels) for paper_labels in labels]


def _spelling_key(label: str) -> str:
    return re.sub(r"[\s_-]+", " ", label).casefold()


def author_names(records: Sequence[Record]) -> frozenset[str]:
    """The names of all authors and editors, in lower case: family names, and full names in several forms."""
    names: set[str] = set()
    for record in records:
        plain = (
            latex_to_text(record.get("author", "editor"))
            if record.markup == "latex"
            else record.get("author", "editor")
        )
        for full_name in split_names(plain)[0]:
            name = parse_name(full_name)
            family, given = name.family.casefold(), name.given.casefold()
            names |= {family, f"{given} {family}", f"{family}, {given}", f"{given[:1]}. {family}"}
    return frozenset(names - {""})


def choose_labels(
    labels: Sequence[Set[str]],
    words: Sequence[Set[str]],
    people: Set[str] = frozenset(),
    confirmed: Set[str] = frozenset(),
    prefix: str = "area:",
    minimum: int = MIN_PAPERS,
) -> LabelChoice:
    """The labels that can be learnt, and why the others cannot.

    Args:
        labels: of each paper.
        words: the words of each paper's title and abstract, in lower case; none where there is no text.
        people: names of authors, in lower case.
        confirmed: labels that people confirmed one by one; they are accepted whatever they look like.
        prefix: of the areas that refsync adds itself.
        minimum: how many papers a label needs.
    """
    papers_of: dict[str, list[int]] = defaultdict(list)
    for paper, paper_labels in enumerate(labels):
        for label in paper_labels:
            papers_of[label].append(paper)
    readable = {label: [paper for paper in papers if words[paper]] for label, papers in papers_of.items()}
    labelled = sum(bool(paper_labels and text) for paper_labels, text in zip(labels, words, strict=True))
    reasons: dict[str, str] = {}
    for label, papers in readable.items():
        reason = ""
        if label not in confirmed:
            reason = _not_a_subject(label, prefix) or _person_name(label, people, [words[i] for i in papers])
        if reason:
            reasons[label] = reason
        elif len(papers) < minimum:
            textless = " with a title or abstract" if len(papers_of[label]) >= minimum else ""
            reasons[label] = f"too few papers{textless}: {minimum} are needed"
    subjects = papers_of.keys() - reasons.keys()
    for label in sorted(subjects):
        if len(subjects) > 1 and len(readable[label]) > MAX_SHARE * labelled:
            reasons[label] = "on nearly every paper, so it distinguishes nothing"
        elif any(other.startswith(f"{label}/") and papers_of[other] == papers_of[label] for other in subjects):
            reasons[label] = "has the same papers as the only label below it"
    return LabelChoice(
        learnable=tuple(sorted(papers_of.keys() - reasons.keys())),
        left_out=tuple(
            LeftOut(label, len(papers_of[label]), reasons[label])
            for label in sorted(reasons, key=lambda label: (-len(papers_of[label]), label))
        ),
    )


def _not_a_subject(label: str, prefix: str) -> str:
    """Why the form of a label shows that it names no subject; empty if it may name one."""
    last = label.rsplit("/", 1)[-1]
    if prefix and label.casefold().startswith(prefix.casefold()):
        return "an area that refsync added itself, which nobody confirmed"
    own = label.rsplit(":", 1)[-1].strip()  # with any prefix: that of an earlier run may have been another
    if canonical(own) in NAMES:
        return "an arXiv category, which refsync adds itself; nobody confirmed it"
    if own in DOMAINS or own in DOMAIN_NAMES:
        return "a field of all sciences, which refsync adds itself; nobody confirmed it"
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


def _person_name(label: str, people: Set[str], texts: Sequence[Set[str]]) -> str:
    """Whether a label is an author's name: in full, or a family name that its papers never use as a word."""
    name = label.removeprefix("@").strip().casefold()
    if label.startswith("@"):
        return "a person's name"
    if name not in people:
        return ""
    return "" if " " not in name and any(name in text for text in texts) else "a person's name"
