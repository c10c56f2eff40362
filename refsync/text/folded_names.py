"""Names of authors, split into the folded parts that comparisons of two names use."""

from dataclasses import dataclass

from refsync.text.fold import fold
from refsync.text.names import GROUP_NAME, is_initials, parse_printed_name, split_names


@dataclass(frozen=True, slots=True)
class FoldedName:
    """One folded name."""

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
    """The folded names of an author field, and whether the field says that there are more."""
    names, truncated = split_names(value)
    folded = [_folded(name) for name in names]
    return [name for name in folded if name.family], truncated


def _folded(value: str) -> FoldedName:
    name = parse_printed_name(value)
    family, given = fold(name.family).split(), fold(name.given).split()
    if is_initials(name.given):
        initials = tuple("".join(given))
    else:
        initials = tuple(letter for word in name.given.split() for letter in _letters(word))
    return FoldedName(
        family="".join(family),
        full_words=(*fold(name.prefix).split(), *family),
        given="".join(given),
        initials=initials,
        group=bool(GROUP_NAME.search(value)),
    )


def _letters(word: str) -> str:
    """The initials that a part of a given name stands for: all of `JA`, the first of each part of `Jean-Paul`."""
    parts = fold(word).split()
    return "".join(parts) if is_initials(word) else "".join(part[0] for part in parts)
