"""White space in values."""


def collapse_whitespace(value: str) -> str:
    """The value with runs of ASCII white space as one space and none at its ends, as BibTeX reads it.

    Other spaces, such as the no-break space, stay.
    """
    if value.isprintable() and "  " not in value and value[:1] != " " != value[-1:]:
        return value
    for space in "\n\t\r\f\v":
        value = value.replace(space, " ")
    while "  " in value:  # a run of n is gone after log n rounds; a pattern takes five times as long
        value = value.replace("  ", " ")
    return value.strip(" ")
