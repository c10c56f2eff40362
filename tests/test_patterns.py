"""Regular expressions are right on every supported Python: none is possessive or atomic.

Python before 3.11.5 (Debian 12 has 3.11.2) matches some of those wrongly: CPython's issue gh-106052.
"""

import ast
import re
from pathlib import Path

import pytest

import refsync
from tests.syntax_trees import nodes

PACKAGE = Path(refsync.__file__).parent
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?[^\]\n]*\]")
_WRONG = re.compile(r"\(\?>|[*+?}]\+")


def offends(pattern: str) -> bool:
    """Whether a text would be a pattern with a possessive or atomic part."""
    return bool(_WRONG.search(_CLASS.sub("x", _ESCAPE.sub("x", pattern))))


@pytest.mark.parametrize(("pattern", "wrong"), [
    (r"(?>a)", True), (r"a*+", True), (r"[ab]++", True), (r"(?:ab)?+", True), (r"a{2,3}+", True), (r"\w++", True),
    (r"a\++", False), (r"[*+]+", False), (r"a+?", False), (r"\++", False), (r"[a\]*+]", False),
])  # fmt: skip
def test_the_check_itself(pattern: str, wrong: bool) -> None:
    assert offends(pattern) is wrong


def test_no_pattern_is_possessive_or_atomic() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        texts = [node for node in nodes(path) if isinstance(node, ast.JoinedStr | ast.Constant)]
        prose = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
        inside = prose | {id(part) for node in texts if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in texts:
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
            elif isinstance(node.value, str) and id(node) not in inside:
                text = node.value
            else:
                continue
            if offends(text) and not text.startswith("+++ "):  # of a diff
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}: {text[:60]!r}")
    assert found == []
