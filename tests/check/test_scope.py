"""Which files belong together."""

import pytest

from refsync.check.scope import Scope
from refsync.check.settings import ScopeKind

NAMED = {"a.bib": {"paper.tex"}, "b.bib": {"paper.tex", "talk.tex"}, "x/c.bib": {"talk.tex"}}


@pytest.mark.parametrize(
    ("kind", "one", "other", "compared", "compiled"),
    [
        ("document", "a.bib", "b.bib", True, True),
        ("document", "a.bib", "x/c.bib", False, False),
        ("document", "a.bib", "new.bib", True, False),  # none names it
        ("document", "old.bib", "new.bib", True, False),
        ("document", "lib.bib", "new.bib", True, True),  # declared
        ("document", "lib.bib", "a.bib", True, True),
        ("document", "a.bib", "a.bib", True, True),
        ("folder", "a.bib", "b.bib", True, True),
        ("folder", "a.bib", "x/c.bib", False, False),
        ("each-file", "a.bib", "b.bib", False, False),
        ("together", "a.bib", "x/c.bib", True, True),
    ],
)
def test_files_that_are_compared_and_compiled_together(
    kind: ScopeKind, one: str, other: str, compared: bool, compiled: bool
) -> None:
    scope = Scope(kind=kind, documents=NAMED, library={"lib.bib"})
    for pair in ((one, other), (other, one)):
        assert (scope.compared(*pair), scope.compiled(*pair)) == (compared, compiled)
