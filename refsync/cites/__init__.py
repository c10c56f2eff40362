"""Where documents cite: found in LaTeX, Markdown, Quarto, Typst, reStructuredText and Org, and rewritten by token."""

from refsync.cites.documents import NO_CITES, Cites, read_cites
from refsync.cites.rewrite_documents import Moved, left_behind, move_cites
from refsync.cites.scan import Cite, rewrite, scan, syntax_of

__all__ = [
    "NO_CITES",
    "Cite",
    "Cites",
    "Moved",
    "left_behind",
    "move_cites",
    "read_cites",
    "rewrite",
    "scan",
    "syntax_of",
]
