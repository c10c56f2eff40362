"""Where documents cite: found in LaTeX, Markdown, Quarto, Typst, reStructuredText and Org, and rewritten by token."""

from refsync.cites.scan import Cite, scan, syntax_of
from refsync.cites.sources import Cites, read_cites

__all__ = ["Cite", "Cites", "read_cites", "scan", "syntax_of"]
