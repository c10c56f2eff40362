"""Lists of words in one field: keywords, groups, tags."""

import re

_SIGN = re.compile(r"[;,{}]|\\.", re.DOTALL)


def split_words(value: str) -> list[str]:
    """The parts of a list: between semicolons where there are some, else between commas; braces protect both.

    >>> split_words("kelp; Cell Line, Tumor"), split_words("{cold, dark}, kelp")
    (['kelp', 'Cell Line, Tumor'], ['{cold, dark}', 'kelp'])
    """
    cuts: dict[str, list[int]] = {";": [], ",": []}
    depth = 0
    for found in _SIGN.finditer(value):
        sign = found[0]
        if sign in cuts:
            if not depth:
                cuts[sign].append(found.start())
        elif len(sign) == 1:
            depth = max(0, depth + (1 if sign == "{" else -1))
    at = cuts[";"] or cuts[","]
    parts = (value[start + 1 : end] for start, end in zip([-1, *at], [*at, len(value)], strict=True))
    return [part.strip() for part in parts if part.strip()]
