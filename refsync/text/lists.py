"""Lists of words in one field: keywords, groups, tags."""

import re
from collections.abc import Iterable

_SIGN = re.compile(r"[;,{}]|\\.", re.DOTALL)


def split_words(value: str) -> list[str]:
    """The parts of a list: between semicolons where there are some, else between commas; braces protect both.

    >>> split_words("kelp; Cell Line, Tumor"), split_words("{cold, dark}, kelp")
    (['kelp', 'Cell Line, Tumor'], ['{cold, dark}', 'kelp'])
    """
    cuts = _cuts(value)
    at = cuts[";"] or cuts[","]
    parts = (value[start + 1 : end] for start, end in zip([-1, *at], [*at, len(value)], strict=True))
    return [part.strip() for part in parts if part.strip()]


def separator_of(value: str) -> str:
    """The sign that separates the parts of a list: a semicolon if there is one outside braces, else a comma."""
    return ";" if _cuts(value)[";"] else ","


def join_words(words: Iterable[str]) -> str:
    """Words as one list that `split_words` splits into them again, each once; with commas if none has one.

    >>> join_words(["kelp", "moss"]), join_words(["Cell Line, Tumor", "moss"]), join_words(["Cell Line, Tumor"])
    ('kelp, moss', 'Cell Line, Tumor; moss', '{Cell Line, Tumor}')
    """
    listed = list(dict.fromkeys(word for word in (" ".join(word.split()) for word in words) if word))
    listed = [f"{{{word}}}" if _cuts(word)[";"] else word for word in listed]
    if not any(_cuts(word)[","] for word in listed):
        return ", ".join(listed)
    return "; ".join(listed) if len(listed) > 1 else f"{{{listed[0]}}}"


def without_braces(word: str) -> str:
    """A word without braces around all of it, which protect its commas."""
    inner = word[1:-1]
    return inner.strip() if word[:1] == "{" and word[-1:] == "}" and not set("{}") & set(inner) else word


def _cuts(value: str) -> dict[str, list[int]]:
    """The places of separators outside braces."""
    cuts: dict[str, list[int]] = {";": [], ",": []}
    if ";" not in value and "," not in value:
        return cuts
    depth = 0
    for found in _SIGN.finditer(value):
        sign = found[0]
        if sign in cuts:
            if not depth:
                cuts[sign].append(found.start())
        elif len(sign) == 1:
            depth = max(0, depth + (1 if sign == "{" else -1))
    return cuts
