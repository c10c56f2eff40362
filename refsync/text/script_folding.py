"""Tables for folding: what is optional in each script or written in more than one way.

Many sources leave out the points of Hebrew and Arabic, the tatweel, the nukta of Devanagari and accents; forms of
alef, yeh, kaf and heh differ between keyboards; digits of every script are digits.
"""

import re
import unicodedata

OPTIONAL_MARKS = re.compile(
    "["
    "\u0300-\u036f"  # accents
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"  # Arabic
    "\u093c"  # nukta
    "]"
)
LETTER_FORMS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ς": "σ",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "\u0901": "\u0902",  # candrabindu
    }
)
# `हिन्दी` is also written `हिंदी`; a Thai `แ` is also typed as two `เ`
_SPELLINGS = ((re.compile("\u0928\u094d(?=[\u0915-\u0939])"), "\u0902"), (re.compile("เเ"), "แ"))
GREEK_NAMES = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        str.split(
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon "
            "phi chi psi omega"
        ),
        strict=True,
    )
)
_QUOTES = frozenset("'`´‘’‚‛′‵ʹʻʼʽʾʿˈˮ׳")  # within words: apostrophes and their transliterations
_SIGNS = frozenset("™℠®©")


class WordCharacters(dict[int, str]):
    """A translation table that computes the value of a character when it is first used.

    Letters, digits and marks stay, quotes and invisible characters (the soft hyphen) go, all others separate words.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if char in _QUOTES or category == "Cf":
            value = ""
        elif category == "Nd":
            value = str(unicodedata.decimal(char))
        else:
            value = char if category[0] in "LMN" else " "
        self[code] = value
        return value


class AsciiForms(dict[str, str]):
    """A table of characters with their folded form in ASCII, computed on first use; one without such a form stays."""

    def __missing__(self, char: str) -> str:
        value = "" if char in _SIGNS or char in _QUOTES else fold_letters(char).translate(WORD_CHARACTERS)
        self[char] = value = value if value.isascii() else char
        return value


WORD_CHARACTERS = WordCharacters()
ASCII_FORMS = AsciiForms()


def fold_letters(value: str) -> str:
    """The text in compatibility form, without case and optional marks, with one form of each letter."""
    value = unicodedata.normalize("NFKC", value).casefold()
    value = OPTIONAL_MARKS.sub("", unicodedata.normalize("NFKD", value)).translate(LETTER_FORMS)
    for spelling, usual in _SPELLINGS:
        value = spelling.sub(usual, value)
    return value
