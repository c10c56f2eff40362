"""Capitals that BibTeX must keep: `change.case$` in its styles lower-cases all of a title but the first letter."""

import re
from collections.abc import Iterator

_MARKUP = re.compile(r"[\\{}$]")
_SPLIT = re.compile(r"(\s+)")
_CORE = re.compile(r"[^\W_](?:[^\s{}$\\]|\\[&%_#])*")
_SCRIPT_COMMAND = re.compile(r"\\text(?:sub|super)script\{")
_MATH = re.compile(r"\$(?:[^$\\]|\\.)*\$", re.DOTALL)
_WITH_SCRIPTS = re.compile(r"((?:[\w–-]|\\text(?:sub|super)script\{[\w+–-]*\})+)([.,;:?!)]*)")
_WORD_PART = re.compile(r"[-–—/+&\\_]+")
_SMALL_WORDS = frozenset(
    "with from into over under upon than that then this between through towards toward without against among during "
    "across after before about beyond when where which while within versus onto using their your have does".split()
)
_UNITS = re.compile(r"\\[A-Za-z]+|\\.|\$(?:[^$\\]|\\.)*\$|[{}]", re.DOTALL)


def protect_capitals(title: str) -> str:
    r"""The LaTeX title with braces around the words that BibTeX would wrongly lower-case.

    It protects words with a capital after their first letter (`{ImageNet}`, `{GPT-4}`, `{3D}`), single capitals except
    `A`, math and commands with capitals (`{$L_p$}`), and in a title in sentence case also capitalised words after the
    first (names). A title all in capitals is unchanged, as is text in braces. The function is idempotent.
    BibTeX itself keeps the first letter of the title and that after a colon and a space.

    >>> protect_capitals("Training GANs: A short survey of the Berlin school")
    'Training {GANs}: A short survey of the {Berlin} school'
    """
    if title == title.lower():
        return title
    plain = [word for word in (_letters(word) for word in title.replace("{", "").replace("}", "").split()) if word]
    if len(plain) > 2 and all(word.isupper() for word in plain):
        return title
    names = _is_sentence_case(plain)
    pieces: list[str] = []
    keeps_first = True
    for chunk, is_word in _chunks(title):
        if is_word:
            pieces.append(_protected(chunk, names=names, keeps_first=keeps_first))
            keeps_first = chunk.rstrip("}").endswith(":")
        else:
            pieces.append(chunk)
    return "".join(pieces)


def _chunks(title: str) -> Iterator[tuple[str, bool]]:
    """Runs without white space outside braces and math, and the white space between them."""
    if not _MARKUP.search(title):
        for number, piece in enumerate(_SPLIT.split(title)):
            yield piece, number % 2 == 0
        return
    start = 0
    depth = position = 0
    in_space = False
    units = {found.start(): found.end() for found in _UNITS.finditer(title)}
    while position < len(title):
        end = units.get(position, position + 1)
        character = title[position]
        if end == position + 1 and character in "{}":
            depth = max(0, depth + (1 if character == "{" else -1))
        space = depth == 0 and end == position + 1 and character.isspace()
        if space != in_space:
            if position > start:
                yield title[start:position], not in_space
            start, in_space = position, space
        position = end
    if position > start:
        yield title[start:position], not in_space


def _protected(chunk: str, *, names: bool, keeps_first: bool) -> str:
    if ("{" in chunk or "}" in chunk) and not ("$" in chunk and _braces_in_math_only(chunk)):
        scripts = _WITH_SCRIPTS.fullmatch(chunk)
        plain = _SCRIPT_COMMAND.sub("", scripts[1]).replace("}", "") if scripts else ""
        needed = scripts and _needs_braces(plain, names=names, first=keeps_first)
        return f"{{{scripts[1]}}}{scripts[2]}" if scripts and needed else chunk
    if "$" in chunk:
        return _UNITS.sub(lambda found: f"{{{found[0]}}}" if _is_capital_math(found[0]) else found[0], chunk)
    core = _CORE.search(chunk)
    if core is None or re.search(r"\\[^&%_#]", chunk):
        return f"{{{chunk}}}" if re.fullmatch(r"\\[A-Za-z]+", chunk) and chunk != chunk.lower() else chunk
    start, end = core.span()
    while end > start and not chunk[end - 1].isalnum():
        end -= 1
    word = chunk[start:end]
    if not _needs_braces(word, names=names, first=keeps_first and start == 0):
        return chunk
    return f"{chunk[:start]}{{{word}}}{chunk[end:]}"


def _braces_in_math_only(chunk: str) -> bool:
    return chunk.count("$") == 2 and not set("{}") & set(_MATH.sub("", chunk))


def _is_capital_math(unit: str) -> bool:
    return unit[0] == "$" and unit != unit.lower()


def _needs_braces(word: str, *, names: bool, first: bool) -> bool:
    parts = [part for part in _WORD_PART.split(word) if part]
    for number, part in enumerate(parts):
        capital = part != part.lower()
        if any(letter.isupper() for letter in part[1:]) or (capital and any(letter.isdigit() for letter in part)):
            return True
        if not capital:
            continue
        kept = first and number == 0
        if (len(part) == 1 and part != "A" and not (kept and len(parts) == 1)) or (names and not kept and part != "A"):
            return True
    return False


def _is_sentence_case(words: list[str]) -> bool:
    """Whether most of the words that title case would capitalise, except the first, start with a small letter."""
    capitalisable = [word for word in words[1:] if len(word) > 3 and word.lower() not in _SMALL_WORDS]
    small = sum(word[0].islower() for word in capitalisable)
    return small * 2 > len(capitalisable)


def _letters(word: str) -> str:
    return "".join(character for character in word if character.isalpha())
