"""Abbreviated words in names of journals and conferences: ISO 4 and the forms that databases use."""

from functools import lru_cache

from rapidfuzz.distance import Prefix

DIGRAPHS = ("ae", "oe")
"""Beginnings that other spellings lack: `oesophagus`, `esophagus`."""

# ISO 4 contractions that end in another letter than the word
_CONTRACTED = {"jpn": "japan", "zbl": "zentralbl", "zentbl": "zentralbl", "monbl": "monatsbl"}


def align_words(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Pairs of positions of matching words, in order; one word may match two of the other name (`anti inflammatory`).

    >>> align_words(["j", "antimoss", "res"], ["journal", "anti", "moss", "research"])
    [(0, 0), (1, 1), (1, 2), (2, 3)]
    """
    pairs: list[tuple[int, int]] = []
    i = start = 0
    while i < len(left):
        for j in range(start, len(right)):
            if left[i][0] != right[j][0] and not (left[i].startswith(DIGRAPHS) or right[j].startswith(DIGRAPHS)):
                continue
            if j + 1 < len(right) and _joined(left[i], right[j], right[j + 1]):
                pairs += ((i, j), (i, j + 1))
            elif i + 1 < len(left) and _joined(right[j], left[i], left[i + 1]):
                pairs += ((i, j), (i + 1, j))
                i += 1
            elif abbreviates(left[i], right[j]):
                pairs.append((i, j))
            else:
                continue
            start = pairs[-1][1] + 1
            break
        i += 1
    return pairs


def _joined(whole: str, first: str, second: str) -> bool:
    """Whether a word is two words of another name (`gastroenterol`, `gastro enterologica`), abbreviated or not."""
    both = first + second
    return whole.startswith(first) and Prefix.similarity(whole, both) >= max(
        len(first) + 3, min(len(whole), len(both)) - 3
    )


@lru_cache(maxsize=65536)
def abbreviates(a: str, b: str) -> bool:
    """Whether one word is the other or an abbreviation of it, in British or American spelling."""
    if _shortens(a, b):
        return True
    if "ae" in a or "ae" in b or "oe" in a or "oe" in b:  # `haematol`, `hematology`; `roentgen`, `rontgen`
        return any(
            _shortens(a.replace("ae", x).replace("oe", y), b.replace("ae", x).replace("oe", y))
            for x, y in (("e", "e"), ("a", "o"))
        )
    return False


def _shortens(a: str, b: str) -> bool:
    if a.startswith(b) or b.startswith(a):
        return True
    if a[0] != b[0]:
        return False
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if short in _CONTRACTED and long.startswith(_CONTRACTED[short]):
        return True
    # contractions: `intl` international, `natl` national
    if 2 <= len(short) <= 5 and short[-1] in {long[-1], long.rstrip("aeo")[-1:]} and is_subsequence(short, long):
        return True
    # one letter that a source lost (`reanimacin`) or added
    if len(short) > 5 and len(long) == len(short) + 1:
        head = Prefix.similarity(short, long)
        if short[head:] == long[head + 1 :]:
            return True
    # endings: `surgical` and `surgery`; but `diabetes` is not `diabetologia`
    common = Prefix.similarity(a, b)
    return common >= 5 and common >= len(long) - 3


def is_subsequence(short: str, long: str) -> bool:
    """Whether the letters of the first word are in the second in the same order."""
    rest = iter(long)
    return all(char in rest for char in short)
