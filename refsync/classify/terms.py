"""The terms of a paper's text: one tokeniser for training and for tagging.

A term is a word or two adjacent content words (`image`, `image segmentation`), folded to lower-case ASCII without
accents. Text is Unicode that may contain LaTeX, mathematics and HTML; the markup is removed and its words are kept.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

TITLE_WEIGHT = 2  # how often a title's words count where there is an abstract
MAX_CHARACTERS = 20_000  # read of a text; an abstract has about 1,400

_GREEK_NAMES = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi
    psi omega
"""
_GREEK = _GREEK_NAMES.split()
_ACCENT = re.compile(r"""\\(?:["'`^~=.]|[cvuHkr](?=\{|\s))\s*\{?\s*([A-Za-z])\s*\}?""")
_GREEK_COMMAND = re.compile(rf"\\(?:var)?(?={'|'.join(_GREEK)})", re.IGNORECASE)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|.)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_LETTERS = str.maketrans(
    {chr(0x3B1 + offset): f" {name} " for offset, name in enumerate([*_GREEK[:17], "sigma", *_GREEK[17:]])}
    | {chr(mark): None for mark in range(0x300, 0x370)}  # accents, which NFKD separates from their letters
    | {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_FOREIGN = re.compile(
    r"[\u0400-\u1cff\u2e80-\ud7ff\uf900-\ufaff\ufb1d-\ufdff]+"  # Cyrillic, Arabic, Chinese, ...
    r"|[\u0370-\u03ff\u1f00-\u1fff]{3,}"  # words of Greek; single letters are mathematics
)
_FOLD = str.maketrans(
    {chr(code): chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | dict.fromkeys("{}$")
)

_FUNCTION_WORDS = """
    a about above after again against all also although among and another any are as at be because been before being
    below between both but by can could did do does e each eg either et few for from further g had has have having
    he hence her here his how however i ie if in into is it its itself just like many may more most much must
    neither no nor not of off on once only onto or other our ours out over own per rather same s she should since so
    some such than that the their them themselves then there thereby therefore these they this those through
    throughout thus to too toward towards under until up upon us very via was we were what when where whereas
    whether which while who whom whose why will with within without would yet you your an
"""
FUNCTION_WORDS = frozenset([*_FUNCTION_WORDS.split(), *map(str, range(10_000))])
"""Words that carry no subject, and numbers and years: they are no terms."""

_OTHER_LANGUAGES = """
    der die das den dem des und ein eine einer eines einem einen von mit auf zur zum fur ist wir bei nicht werden
    wird sich nach uber durch aus le la les du un une est dans par pour sur que qui nous cette ces ce avec aux au
    plus sont ses el los las del con por para como una unos se su al lo es il della dei di che gli nel sono da dos
    em uma nao na com os van het een voor met op zijn w z jest sie och att med som en de
"""
OTHER_LANGUAGES = frozenset(_OTHER_LANGUAGES.split())
"""Function words of other languages. English texts have few of them (`de Sitter`), and arXiv has some French papers, so
a vocabulary may contain them; they do not count as known words of a text."""


def words(text: str) -> list[str]:
    r"""All words of a text in order, in lower-case ASCII, without LaTeX, HTML and addresses.

    Accents are folded, Greek letters are spelled out, hyphens separate words, and letters of other scripts are ignored.

    >>> words(r"The {S}chr\"odinger operator on $L^2$ and <i>γ</i>-rays")
    ['the', 'schrodinger', 'operator', 'on', 'l', '2', 'and', 'gamma', 'rays']
    """
    text = text[:MAX_CHARACTERS]
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if "\\" in text:
        text = _COMMAND.sub(" ", _GREEK_COMMAND.sub(" ", _ACCENT.sub(r"\1", text)))
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.lower()).translate(_LETTERS).encode("ascii", "replace").decode()
    return text.translate(_FOLD).split()


def content_words(text: str) -> list[str]:
    """The words of a text without function words.

    >>> content_words("On the segmentation of images")
    ['segmentation', 'images']
    """
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def word_pairs(content: Sequence[str]) -> list[str]:
    """Pairs of adjacent content words (bigrams).

    >>> word_pairs(["deep", "image", "segmentation"])
    ['deep image', 'image segmentation']
    """
    return [f"{first} {second}" for first, second in pairwise(content)]


def paper_terms(paper: tuple[str, str]) -> list[str]:
    """The terms of a paper (title, abstract), those of the title `TITLE_WEIGHT` times where there is an abstract.

    Training uses it as the `analyzer` of scikit-learn's vectorisers, and a model counts the same terms.

    >>> paper_terms(("Image segmentation", ""))
    ['image', 'segmentation', 'image segmentation']
    """
    title, abstract = map(content_words, paper)
    if not abstract:
        return title + word_pairs(title)
    return (title + word_pairs(title)) * TITLE_WEIGHT + abstract + word_pairs(abstract)


def foreign_share(text: str) -> float:
    """The share of characters of scripts other than Latin, and of Greek words, from 0 to 1.

    >>> foreign_share("深度学习 CNN"), foreign_share("Die Schrödinger-Gleichung für α"), foreign_share("εικόνα")
    (0.5, 0.0, 1.0)
    """
    return 0.0 if text.isascii() else sum(map(len, _FOREIGN.findall(text))) / len(text)
