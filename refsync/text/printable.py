"""Text that a terminal can show."""


def printable(text: str) -> str:
    """The text with spaces for control characters, which a terminal would obey, and for lone surrogates.

    >>> printable("moss\\x1b[31m and\\tferns")
    'moss [31m and ferns'
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)
