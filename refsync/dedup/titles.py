"""What titles say beyond their similarity: notices about a paper, parts, generic titles, words that differ."""

import re
from collections import Counter
from functools import lru_cache

_NOTICES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"^(?:{start})\b"), re.compile(rf"\b(?:{end})$"))
    for kind, start, end in (
        (
            "correction",
            r"(?:the |an? )?(?:errat(?:um|a)|corrigend(?:um|a))|addend(?:um|a)|"
            r"(?:author |publisher )?corrections?(?= (?:to|for)\b|$)|(?:author|publisher) correction|correction notice",
            r"errat(?:um|a)|corrigend(?:um|a)|vol \w+ pgs? \w+(?: \w+)? (?:19|20)\d\d|"
            # how databases cite what is corrected: `(Journal (2009) 360 (542-544))`
            r"\S+ (?:19|20)\d\d \d{1,4} (?:\w+ )?\w*\d \w*\d",
        ),
        (
            "retraction",
            r"retraction(?: notice| note)?(?= (?:to|of|for)\b|$)|notice of (?:retraction|withdrawal)|"
            r"expression of concern|withdrawal(?= of\b)|retraction note",
            r"retraction(?: notice| note)|expression of concern",
        ),
        (
            "reply",
            r"(?:authors?s?|the authors?s?|in) (?:reply|response)|reply(?= to\b| by\b|$)|re(?= )|response to (?:the )?"
            r"(?:letter|comment|commentary|editor|reviewers?|correspondence)|rejoinder",
            r"(?:authors? |authors |in )?reply|rejoinder|authors? response|response to letter",
        ),
        (
            "comment",
            r"comments?(?= on\b|$)|invited commentary|commentary(?= on\b|$)|letter(?= to\b|$| regarding\b)|"
            r"discussion(?= of\b|$)|editorial comment",
            r"comments?|letter|letter to the editor|editorial comment|invited commentary|discussion",
        ),
        (
            "introduction",
            r"(?:guest )?editorial(?: comment| note)?(?= \w)|guest editors? (?:introduction|foreword|preface)",
            r"guest editors? (?:introduction|foreword|preface)|guest editorial",
        ),
        ("review", r"book reviews?|review of(?= \S+ by\b)", r"book reviews?"),
    )
)

_NOTICE_STARTS = re.compile(
    "the|an? |errat|corrigend|addend|author|publisher|correction|retract|notice|expression|withdraw|in re|reply|re |re$"
    "|response|rejoinder|comment|invited|letter|discussion|editorial|guest|book|review"
)
_NOTICE_ENDS = re.compile(  # how the last word of one begins
    r"\w*\d|errat|corrigend|retract|notice|note|concern|reply|rejoinder|response|letter|comment|editor|discussion|"
    "introduction|foreword|preface|editorial|review"
)
_GENERIC = frozenset(
    re.sub(r"\W", "", title)
    for title in """
    abstract|abstracts|acknowledgements|acknowledgment|acknowledgements to reviewers|announcement|announcements|
    author index|articles|reports|features|columns|departments|authors reply|
    book review|book reviews|calendar|case report|case reports|comment|commentary|comments|
    conclusion|conclusions|contents|correction|corrections|correspondence|corrigendum|cover|discussion|editor note|
    editorial|editorial board|editorial comment|editorial note|editorials|editors choice|editors comments|editors note|
    editors notes|editors introduction|epilogue|errata|erratum|foreword|forward|front matter|guest editorial|
    guest editors introduction|highlights|image|in brief|in memoriam|in reply|in this issue|index|interview|
    introduction|introduction to the issue|introduction to the special issue|introduction to the special section|
    introductory remarks|invited commentary|keynote|keynote address|letter|letter from the editor|letter to editor|
    letter to the editor|letters|letters to the editor|masthead|message from the chairs|
    message from the editor|miscellaneous|news|news and views|newsletter|note|notes|obituary|opening remarks|overview|
    panel|panel discussion|perspective|poster|posters|poster abstracts|preface|presidential address|program|
    proceedings|prologue|publisher note|publishers note|recent publications|references|reply|reply to the editor|
    report|research highlights|response|results|review|reviews|session introduction|special issue|
    summary|supplement|supplementary material|table of contents|the authors reply|title|title page|tutorial|untitled|
    no title|unknown|viewpoint|welcome|welcome message|workshop|workshop report|workshop summary|
    avantpropos|éditorial|introduction générale|préface|note de lecture|comptes rendus|vorwort|einleitung|
    buchbesprechung|buchbesprechungen|nachruf|geleitwort|prólogo|introducción|introduccion|presentación|
    prefazione|introduzione|apresentação|editoriale|предисловие|введение|рецензия|от редакции|от редактора|хроника|
    前言|社论|编者按|卷首语|序言|目录|書評|はじめに|巻頭言|مقدمة|افتتاحية
    """.split("|")
)
_GENERIC_START = re.compile(
    "editorialintroduction|editorialpreface|editorialnote|editorialcomment|editorsnote|editorscomment|"
    "editorsintroduction|lettertotheeditor|letterfromtheeditor|fromtheeditor|messagefromthe|bookreviewcolumn|"
    "bookreviewsection|forewordtothe|prefacetothe|"
    "introductionto(?:the)?(?:special|minitrack|track|proceedings|workshop|issue)|"
    "guesteditor|calls?forpapers|titleforeword|titlepreface|listofreviewers|reviewersfor|remarksfromthe|publicationinformation|"
    "societyinformation|informationforauthors|instructionsforauthors|backcover|frontcover|tableofcontents"
)
_GENERIC_ENDS = (
    "smessage", "column", "newsletter", "pressnews", "bookreviews", "editorscomment", "editorscomments",
    "editorsnote", "editorsnotes", "editorsintroduction", "guesteditorial",
)  # fmt: skip
_MISSPELT, _LONGEST = 8, max(map(len, _GENERIC)) + 2  # letters of a title that may be a generic one misspelt
_PLACEHOLDER = frozenset("na none null notitle untitled unknown".split())

_ROMAN = {r: i for i, r in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)}
_NUMBER_WORDS = {
    word: i
    for i, words in enumerate(
        (
            "one first",
            "two second two twice",
            "three third",
            "four fourth",
            "five fifth",
            "six sixth",
            "seven seventh",
            "eight eighth",
            "nine ninth",
            "ten tenth",
            "eleven eleventh",
            "twelve twelfth",
        ),
        1,
    )
    for word in words.split()
}
_PART = re.compile(
    r"\b(?:part|pt|chapter|section|vol|volume|phase|type|grade|stage|case|study|experiment|paper|no|number|teil|partie|parte|часть|class|group|level|version|report|edition|i+|version)\b"
)
_DIGITS = re.compile(r"\d+")
_LETTERS = frozenset("abcdefgh")
_LETTER_PART = re.compile(
    r"\b(?:part|section|type|group|class|case|study|experiment|paper|teil|hepatitis|influenza|vitamin)s? ([a-h])\b"
)

_PAIRS = """
    adult/adolescent adults/adolescents adult/child adults/children adult/pediatric adult/paediatric
    adolescents/children adolescent/child men/women male/female males/females boys/girls mother/father
    mothers/fathers acute/chronic chronic/episodic benign/malignant upper/lower left/right anterior/posterior
    proximal/distal medial/lateral superior/inferior internal/external maternal/fetal rat/mouse rats/mice human/mouse
    humans/mice with/without before/after pre/post in/ex vitro/vivo short/long increase/decrease increased/decreased
    increases/decreases high/low higher/lower positive/negative primary/secondary invasive/noninvasive hot/cold
    summer/winter spring/autumn north/south east/west northern/southern eastern/western urban/rural early/late
    first/second supervised/unsupervised static/dynamic linear/nonlinear symmetric/asymmetric online/offline
    local/global discrete/continuous deterministic/stochastic homogeneous/heterogeneous forward/backward
    systolic/diastolic hypo/hyper hypotension/hypertension hypoglycemia/hyperglycemia hypothyroidism/hyperthyroidism
    efficacy/safety prevention/treatment insulin/glucagon smokers/nonsmokers arterial/venous cis/trans
"""
_OPPOSITES: dict[str, set[str]] = {}
for _x, _y in (pair.split("/") for pair in _PAIRS.split()):
    _OPPOSITES.setdefault(_x, set()).add(_y)
    _OPPOSITES.setdefault(_y, set()).add(_x)


def notice(text: str) -> str:
    """Which notice about another paper a folded title announces: correction, reply...; empty for a paper.

    >>> notice("erratum to on moss"), notice("on moss reply"), notice("correction of scoliosis")
    ('correction', 'reply', '')
    """
    starts = _NOTICE_STARTS.match(text)
    if not starts and not _NOTICE_ENDS.match(text, text.rfind(" ") + 1):
        return ""  # most titles; the patterns below are searched at every word
    for kind, start, end in _NOTICES:
        if (starts and start.match(text)) or end.search(text):
            return kind
    return ""


def is_generic(key: str) -> bool:
    """Whether a title (its folded letters) says too little to identify a paper: `Editorial`, `Book review`, `x`."""
    if key in _GENERIC or key in _PLACEHOLDER or (len(key) < 3 and key.isascii()):
        return True
    if (len(key) < 60 and _GENERIC_START.match(key)) or (len(key) < 60 and key.endswith(_GENERIC_ENDS)):
        return True
    return _MISSPELT <= len(key) <= _LONGEST and _misspelt_generic(key)


@lru_cache(maxsize=65536)
def _misspelt_generic(key: str) -> bool:
    """Whether a title is a generic one with a letter wrong, exchanged, missing or too many: `Editoiral comment`."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    limit = 1 if len(key) < 14 else 2
    return extractOne(key, _GENERIC, scorer=OSA.distance, score_cutoff=limit) is not None


@lru_cache(maxsize=65536)
def numbers(text: str) -> Counter[str]:
    """The numbers in a folded title: digits, number words, roman numerals, letters of parts (`part b`).

    The result is shared: not to be changed.
    """
    found: Counter[str] = Counter()
    words = text.split()
    for i, word in enumerate(words):
        if word in _NUMBER_WORDS:
            found[str(_NUMBER_WORDS[word])] += 1
        elif word in _ROMAN and (len(word) > 1 or i == len(words) - 1 or (i > 0 and _PART.fullmatch(words[i - 1]))):
            # a lone `i`, `v` or `x` is a numeral only at the end or after `part`: else a pronoun or a symbol
            found[str(_ROMAN[word])] += 1
        else:
            for digits in () if word.isalpha() else _DIGITS.findall(word):
                found[digits.lstrip("0") or "0"] += 1
    if not _LETTERS.isdisjoint(words):
        for match in _LETTER_PART.finditer(text):
            found[match[1]] += 1
    return found


def numbers_differ(a: str, b: str) -> bool:
    """Whether two folded titles count differently: each has a number the other lacks, or one is another part.

    `Moss: phase I/II trial` and `Moss: phase II trial` do not differ; `Moss, part II` and `Moss` do.
    """
    if _designators_differ(a, b):
        return True
    left, right = numbers(a), numbers(b)
    if left == right:
        return False
    only_left, only_right = left - right, right - left
    if only_left and only_right:
        # one side may split what the other glues: `90 2` and `902`
        return "".join(left.elements()) != "".join(right.elements())
    longer, shorter = (a, b) if only_left else (b, a)
    extra = only_left or only_right
    last = longer.split()[-1]
    ends = longer.startswith(shorter) and (last in _ROMAN or (last.isdigit() and len(last) <= 2) or last in extra)
    return ends or bool(re.search(r"\b(?:part|pt|teil|partie|parte|часть) \w+$", longer) and longer.startswith(shorter))


def both_count(a: str, b: str) -> bool:
    """Whether each of two folded titles has a number that the other lacks: `Moss, part I` and `Moss, part II`."""
    left, right = numbers(a), numbers(b)
    return bool(left - right and right - left) or _designators_differ(a, b)


def _designators_differ(a: str, b: str) -> bool:
    """Whether only Roman numerals or single letters differ: `module I: guide` and `module II: guide`."""
    left, right = a.split(), b.split()
    if len(left) != len(right):
        return False
    pairs = [(x, y) for x, y in zip(left, right, strict=True) if x != y]
    return len(pairs) == 1 and all(
        word in _ROMAN or (len(word) == 1 and word.isascii() and word.isalpha()) for word in pairs[0]
    )


def words_swapped(a: str, b: str) -> tuple[list[str], list[str]]:
    """The words that only one of two folded titles has, spelling variants and compounds left out."""
    left, right = Counter(a.split()), Counter(b.split())
    only_left, only_right = list((left - right).elements()), list((right - left).elements())
    if not only_left or not only_right:
        return only_left, only_right
    joined_left, joined_right = "".join(a.split()), "".join(b.split())
    # numbers are compared as numbers: `4th` and `fourth`
    only_left = [word for word in only_left if word not in joined_right and not _near(word, only_right)]
    only_right = [
        word for word in only_right if word not in joined_left and not _near(word, list((left - right).elements()))
    ]
    if numbers(a) == numbers(b):
        return [word for word in only_left if not numbers(word)], [word for word in only_right if not numbers(word)]
    return only_left, only_right


def _near(word: str, others: list[str]) -> bool:
    """Whether a word is a spelling of one of the others: same start (abbreviation) or few letters changed."""
    from rapidfuzz.distance import OSA

    for other in others:
        short, long = sorted((word, other), key=len)
        if len(short) >= 3 and long.startswith(short):
            return True
        if min(len(short), 8) >= 4 and OSA.distance(word, other) <= (1 if len(short) < 7 else 2):
            return True
    return False


def opposed(left: list[str], right: list[str]) -> bool:
    """Whether words that only one title has are opposites (`adult` and `adolescent`, `with` and `without`)."""
    return any(not _OPPOSITES[word].isdisjoint(right) for word in left if word in _OPPOSITES)
