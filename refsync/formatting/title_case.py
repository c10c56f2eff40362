"""Letter case of titles in LaTeX: text in braces, commands and math stay as they are."""

import re
from collections.abc import Callable, Iterator

_TOKEN = re.compile(r"\\.|\$(?:[^$\\]|\\.)*\$|[{}]|\s+|[^\\${}\s]+|.", re.DOTALL)
_ROMAN = re.compile(r"M{0,4}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ENDS_A_SENTENCE = re.compile(r"[:?!.][)\]'\"»”’]*\Z")
_ENDS_IN_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)\Z")  # its argument may be the next letter
_SMALL_WORDS = frozenset(
    "a an and as at but by de der des die du el en et for from in into la le les nor of on onto or over per the to und "
    "upon van via von vs with without y".split()
)


def sentence_case(title: str) -> str:
    """The title with small letters, except at the start of a sentence and in words with a capital inside.

    Names of people and places in plain letters lose their capital: put them in braces.

    >>> sentence_case("Deep Learning for {Berlin}: A GPT-4 and X-Ray View")
    'Deep learning for {Berlin}: A GPT-4 and X-ray view'
    """
    return _changed(title, lambda word, starts, last: word if starts else _lowered(word))


def title_case(title: str) -> str:
    """The title with capitals, except in articles, short prepositions and conjunctions.

    >>> title_case("deep learning of the {iPhone} in a world")
    'Deep Learning of the {iPhone} in a World'
    """
    return _changed(title, _capitalised)


def without_all_capitals(title: str) -> str:
    """A title all in capitals in title case; any other value, and one of a single word, is unchanged.

    >>> without_all_capitals("JOURNAL OF TEA, PART II"), without_all_capitals("NASA")
    ('Journal of Tea, Part II', 'NASA')
    """
    words = [word for word, plain in _words(title) if plain and not word.isspace()]
    letters = "".join(words)
    if any(letter.islower() for letter in letters) or sum(len(word) > 1 and word.isupper() for word in words) < 2:
        return title

    def lowered(word: str, starts: bool, last: bool) -> str:
        core = word.strip("().,:;!?'\"")
        if any(letter.isdigit() for letter in word) or _ROMAN.fullmatch(core):
            return word
        return _capitalised(word.lower(), starts, last)

    return _changed(title, lowered)


def _changed(title: str, change: Callable[[str, bool, bool], str]) -> str:
    """The title with each word outside of braces, commands and math changed.

    `change` gets a word, whether it starts a sentence, and whether it is the last.
    """
    words = [*_words(title)]
    last = max((i for i, (word, _) in enumerate(words) if not word.isspace()), default=0)
    pieces = []
    starts = True
    for i, (word, plain) in enumerate(words):
        if word.isspace():
            pieces.append(word)
            continue
        pieces.append(change(word, starts, i == last) if plain else word)
        starts = _ENDS_A_SENTENCE.search(word[-20:]) is not None or (not any(map(str.isalnum, word)) and starts)
    return "".join(pieces)


def _words(title: str) -> Iterator[tuple[str, bool]]:
    """The runs without white space outside braces, and the white space; with whether a run is plain letters."""
    run: list[str] = []
    plain, depth = True, 0
    for found in _TOKEN.finditer(title):
        token = found[0]
        if token.isspace() and not depth:
            word = "".join(run)
            if run:
                yield word, plain
            yield token, True
            plain = _ENDS_IN_COMMAND.search(word[-40:]) is None if run else plain
            run = []
            continue
        if token in "{}" or token[0] in "\\$":
            plain = False
            depth = max(0, depth + (token == "{") - (token == "}"))
        run.append(token)
    if run:
        yield "".join(run), plain


def _lowered(word: str) -> str:
    return "-".join(_lowered_part(part) for part in word.split("-"))


def _lowered_part(part: str) -> str:
    letters = [letter for letter in part if letter.isalpha()]
    if not letters or any(letter.isupper() for letter in letters[1:]) or any(map(str.isdigit, part)):
        return part
    if len(letters) == 1 and letters[0] != "A":  # vitamin C, X-ray
        return part
    return part.lower()


def _capitalised(word: str, starts: bool, last: bool) -> str:
    core = word.strip("().,:;!?'\"")
    if any(letter.isupper() for letter in word) or (core.lower() in _SMALL_WORDS and not starts and not last):
        return word
    for position, letter in enumerate(word):
        if letter.isalnum():
            upper = letter.upper()
            return word[:position] + (upper if len(upper) == 1 else letter) + word[position + 1 :]
    return word
