"""How two versions of one work relate."""

from collections.abc import Mapping
from typing import Literal

Relation = Literal["preprint-of", "conference-version-of", "edition-of", "variant-of"]

PREPRINT: Relation = "preprint-of"
CONFERENCE: Relation = "conference-version-of"
EDITION: Relation = "edition-of"
VARIANT: Relation = "variant-of"

RELATION_PHRASES: Mapping[str, str] = {
    PREPRINT: "the preprint of",
    CONFERENCE: "the conference version of",
    EDITION: "another edition of",
    VARIANT: "a variant of",
}
"""What the first member of a version link is, in a sentence: `A is ... B`."""


def relation_phrase(relation: str) -> str:
    """What the first member of a version link is, also for versions of which no more is known."""
    return RELATION_PHRASES.get(relation, "a version of")
