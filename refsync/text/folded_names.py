"""Single authors, in all the parts that a comparison of two names asks for."""

from dataclasses import dataclass

from refsync.text.fold import fold
from refsync.text.names import GROUP_NAME, is_initials, parse_printed_name, split_names


@dataclass(frozen=True, slots=True)
class FoldedName:
    """One name in all its parts, folded; `full_words` the family name's with its particles, `letters` all of it."""

    family: str
    full_words: tuple[str, ...]
    given: str
    initials: tuple[str, ...]
    group: bool

    @property
    def full_family(self) -> str:
        return "".join(self.full_words)

    @property
    def letters(self) -> str:
        return self.full_family + self.given


def fold_names(value: str) -> tuple[list[FoldedName], bool]:
    """The names of an author field with what a comparison of two of them asks for, and whether there are more."""
    names, truncated = split_names(value)
    found = [_parts(name) for name in names]
    return [person for person in found if person.family], truncated


def _parts(value: str) -> FoldedName:
    name = parse_printed_name(value)
    family, given = fold(name.family).split(), fold(name.given).split()
    if is_initials(name.given):
        initials = tuple("".join(given))
    else:
        initials = tuple(letter for word in name.given.split() for letter in _letters(word))
    return FoldedName(
        "".join(family), (*fold(name.prefix).split(), *family), "".join(given), initials, bool(GROUP_NAME.search(value))
    )


def _letters(word: str) -> str:
    """The initials that a part of a given name stands for: all of `JA`, the first of each part of `Jean-Paul`."""
    parts = fold(word).split()
    return "".join(parts) if is_initials(word) else "".join(part[0] for part in parts)
