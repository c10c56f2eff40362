"""A value without its LaTeX. Most values have none, and a check of those starts fast without the LaTeX parser."""

import re

_PLAIN = re.compile(r"[A-Za-z0-9 ,.:;()/+-]*")


def plain_text(value: str) -> str:
    """The text that a value prints."""
    if "--" not in value and _PLAIN.fullmatch(value):
        return value
    from refsync.text.latex import latex_to_text

    return latex_to_text(value)
