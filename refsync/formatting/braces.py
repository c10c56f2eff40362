"""Braces within values."""

import re

from refsync.text.latex_characters import opaque_spans

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[{}]|\s+|[^\\{}\s]+|.", re.DOTALL)


def is_one_group(value: str) -> bool:
    """Whether a value is one group in braces: `{Journal of Tea}`, but not `{A} and {B}`."""
    if value[:1] != "{" or value[-1:] != "}":
        return False
    depth = 0
    for brace in re.finditer(r"\{+|\}+", value):
        depth += len(brace[0]) if brace[0][0] == "{" else -len(brace[0])
        if depth <= 0:
            return depth == 0 and brace.end() == len(value)
    return False


def without_enclosing_braces(value: str) -> str:
    r"""The value without braces around all of it, unless a command follows the brace (`{\bf x}`, `{\"u}`)."""
    depth = 0
    stripped = value.strip()
    while is_one_group(stripped[depth : len(stripped) - depth]):
        depth += 1
    while depth and stripped[depth : depth + 1] == "\\":
        depth -= 1
    return stripped[depth : len(stripped) - depth] if depth else value


def without_braces(value: str, *, names: bool = False) -> str:
    r"""The value without the braces that belong neither to a command (`\emph{x}`, `{\"u}`) nor to math.

    With `names`, groups with a comma or white space stay: `{Barnes and Noble}` is one name.

    >>> without_braces(r"The {ImageNet} of {{\"U}ber} \emph{Kelp}")
    'The ImageNet of {\\"U}ber \\emph{Kelp}'
    """
    if "{" not in value:
        return value
    opaque = opaque_spans(value)
    pieces: list[str] = []
    open_groups: list[tuple[int, bool]] = []  # the piece with the brace, and whether it stays
    after_command = False
    position = number = 0
    while position < len(value):
        while number < len(opaque) and opaque[number][1] <= position:
            number += 1
        if number < len(opaque) and opaque[number][0] == position:
            token = value[slice(*opaque[number])]
            after_command = token[:1] == "\\"
            pieces.append(token)
        else:
            token = _TOKEN.match(value, position)[0]  # type: ignore[index]  # any character matches
            if number < len(opaque):
                token = token[: opaque[number][0] - position]
            if token == "{":
                stays = after_command or value[position + 1 : position + 2] == "\\"
                open_groups.append((len(pieces), stays))
                pieces.append(token)
                after_command = False
            elif token == "}":
                if open_groups:
                    _close(pieces, *open_groups.pop(), names=names)
                else:
                    pieces.append(token)
            else:
                pieces.append(token)
                after_command = token[0] == "\\" or (after_command and token.isspace())
        position += len(token)
    return "".join(pieces)


def _close(pieces: list[str], opening: int, stays: bool, *, names: bool) -> None:
    """End a group: with its braces if they stay, else without."""
    if names and not stays:
        content = "".join(pieces[opening + 1 :])
        stays = "," in content or any(map(str.isspace, content))
    if stays:
        pieces.append("}")
    else:
        pieces[opening] = ""
