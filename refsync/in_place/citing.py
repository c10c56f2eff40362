"""What becomes of the citations of keys that go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citing:
    """The options about documents that cite.

    Attributes:
        paths: the documents, as they were named.
        rewrite: whether their citations are changed.
        ids: whether replaced keys stay as aliases; None where the kind of file decides.
    """

    paths: tuple[str, ...]
    rewrite: bool
    ids: bool | None


NOT_CITING = Citing((), False, None)
