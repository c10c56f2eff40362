"""Text that a terminal can show."""

from unicodedata import category


def printable(text: str) -> str:
    """The text for a terminal or an annotation: control characters and bytes that are not UTF-8 as escapes.

    >>> print(printable("moss\\x1b[31m"))
    moss\\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character.isprintable() or category(character) == "Zs":
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
