"""Citations in reStructuredText, by the roles of sphinxcontrib-bibtex: `:cite:p:`a,b``, `:footcite:`a``.

The keys that a `bibliography` directive lists are cited too; its option `:all:` cites all entries. Literal blocks and
comments are skipped.
"""

import re
from collections.abc import Iterator

from refsync.cites.pandoc import role_keys
from refsync.cites.token import EVERYTHING, Token, blank, spaces

_NOT_TEXT = re.compile(r"``(?:[^\r\n]|(?:\r\n?|\n)(?![ \t]*[\r\n]))+?``")
_ROLE = re.compile(r":(?:foot)?(?:full)?cite(?::[a-z]+)?:`([^`]+)`")
_BLOCK = re.compile(
    r"(?P<literal>\.\.\s+(?:code|code-block|sourcecode|parsed-literal|highlight|raw|math|literalinclude)::)"
    r"|(?P<list>\.\.\s+bibliography::)|(?P<comment>\.\.\s+(?![\w:+.-]+::|\[|_|\|)\S|\.\.\s*\Z)"
)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_INDENT = re.compile(r"[ \t]*")


def find(text: str) -> Iterator[Token]:
    """The citation keys of a reStructuredText document, in order."""
    live, listed = _split_blocks(text)
    found = [token for role in _ROLE.finditer(blank(live, _NOT_TEXT)) for token in role_keys(text, *role.span(1))]
    return iter(sorted([*found, *listed], key=lambda token: token.start))


def spelled(token: Token, key: str) -> str | None:
    """How to write another key in place of a token; None where the syntax cannot represent it."""
    return None if re.search(r"[\s,;{}`]", key) else key


def _split_blocks(text: str) -> tuple[str, list[Token]]:
    """The text without literal blocks and comments, and the keys that `bibliography` directives list."""
    kept: list[str] = []
    listed: list[Token] = []
    skipping = listing = -1  # the indent of the block's first line; deeper lines belong to the block
    position = 0
    for line in _LINE.findall(text):
        bare = line.strip()
        indent = len(_INDENT.match(line)[0])  # type: ignore[index]  # matches the empty string
        if bare and indent <= skipping:
            skipping = -1
        if bare and indent <= listing:
            listing = -1
        if skipping >= 0:
            kept.append(spaces(line))
        else:
            block = _BLOCK.match(bare)
            kept.append(spaces(line) if block and block.lastgroup == "comment" else line)
            if block and block.lastgroup == "list":
                listing = indent
            elif block or (bare.endswith("::") and not bare.startswith("..")):
                skipping = indent
            elif listing >= 0 and bare.startswith(":all:"):
                listed.append(Token(EVERYTHING, position + indent, position + indent + 5, "role"))
            elif listing >= 0 and not bare.startswith(":"):
                listed += [
                    Token(key[0], position + key.start(), position + key.end(), "role")
                    for key in re.finditer(r"\S+", line)
                ]
        position += len(line)
    return "".join(kept), listed
