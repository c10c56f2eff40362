"""Citations in LaTeX, Markdown, Quarto, Typst, reStructuredText and Org documents: found, and rewritten by token."""

from refsync.cites.attribution import cited_by_source, documents_naming, processors
from refsync.cites.documents import NO_CITES, Cites, read_cites
from refsync.cites.rewritten_documents import RenamedKeys, RewrittenDocument, outdated_citations, rewrite_documents
from refsync.cites.scan import Cite, rewrite, scan, syntax_of

__all__ = [
    "NO_CITES",
    "Cite",
    "Cites",
    "cited_by_source",
    "documents_naming",
    "RenamedKeys",
    "RewrittenDocument",
    "outdated_citations",
    "processors",
    "rewrite_documents",
    "read_cites",
    "rewrite",
    "scan",
    "syntax_of",
]
