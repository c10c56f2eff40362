"""Kinds of works that BibTeX and BibLaTeX have no entry type for: newspaper articles, posts, talks, preprints.

They are in `entrysubtype`, with BibLaTeX's words or the names of Zotero's item types.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind's usual entry type, and its types in CSL and RIS."""

    type: str
    csl: str
    ris: str = ""


KINDS = {
    "newspaper": Kind("article", "article-newspaper", "NEWS"),
    "magazine": Kind("article", "article-magazine", "MGZN"),
    "blogPost": Kind("online", "post-weblog", "BLOG"),
    "forumPost": Kind("online", "post"),
    "presentation": Kind("unpublished", "speech", "SLIDE"),
    "preprint": Kind("misc", "article"),
}
_WORDS = {word.lower(): word for word in KINDS} | {
    "newspaperarticle": "newspaper", "newspaper article": "newspaper", "magazinearticle": "magazine",
    "magazine article": "magazine", "blog": "blogPost", "blog post": "blogPost", "weblog": "blogPost",
    "forum post": "forumPost", "talk": "presentation", "slides": "presentation", "posted-content": "preprint",
}  # fmt: skip
_TYPES = {"preprint": frozenset({"misc", "article", "online", "unpublished"})}
KIND_OF_CSL = {kind.csl: word for word, kind in KINDS.items()}
KIND_OF_RIS = {kind.ris: word for word, kind in KINDS.items() if kind.ris}


def kind_of(type_: str, fields: Mapping[str, str]) -> str:
    """The kind that `entrysubtype` names, if it is one of this entry type; else an empty string."""
    word = _WORDS.get(fields.get("entrysubtype", "").strip().lower(), "")
    return word if word and type_ in _TYPES.get(word, {KINDS[word].type}) else ""
