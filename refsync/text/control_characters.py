"""Text without the characters that a terminal would interpret."""


def without_controls(text: str) -> str:
    """The text with spaces for control characters, which a terminal would interpret, and for lone surrogates.

    >>> without_controls("moss\\x1b[31m and\\tferns")
    'moss [31m and ferns'
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)
