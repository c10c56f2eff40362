r"""Citations in pandoc's Markdown, R Markdown and Quarto: `[@a; @b]`, `@a`, `-@a`, `@{odd key}`.

Keys follow the rules of pandoc's manual. Code, comments, URLs and links are skipped, and so are `\@` and an `@` after a
letter (an e-mail address). MyST's roles (``{cite:p}`a,b` ``) and LaTeX's commands, which pandoc passes on, are found
too. In the metadata block, only fields that hold text are scanned (`nocite`, `abstract`, ...).
"""

import re
from collections.abc import Iterator

from refsync.cites import tex
from refsync.cites.token import EVERYTHING, Token, blank, spaces

_BARE = r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*"
_TOKEN = re.compile(
    rf"""(?<![^\W_])@(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<all>\*)|(?P<bare>{_BARE}))
    |\\(?P<command>[A-Za-z]+)\*?(?=[ \t]*[\[{{<(])
    |\{{cite(?::\w+)?\}}`(?P<role>[^`\r\n]+)`""",
    re.VERBOSE,
)
_NOT_TEXT = re.compile(
    r"""(?sx)
    (?P<keep>\{cite(?::\w+)?\}`[^`\r\n]+`|@\{[^{}\s]+\})
    |\\[^A-Za-z]
    |<!--.*?-->
    |(?<!`)(?P<ticks>`+(?!`))(?:(?!\r?\n[ \t]*\r?\n).)*?(?<!`)(?P=ticks)(?!`)
    |<(?:https?|mailto|ftp):[^<>\s]*>
    |https?://[^\s\[\]<>()]+
    |\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*
    |</?[A-Za-z][\w-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*/?>
    """
)
"""What is no prose. Escapes come first, so that an escaped backtick opens no code; the group `keep` is kept."""

_FENCE = re.compile(r"(?P<indent>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<marks>`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_LIST = re.compile(r"[ \t]*(?:[-*+]|\(?(?:\d+|[A-Za-z#]|@[\w-]*)[.)]|\[\^[^\]]*\]:|[:~])[ \t]")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_EXAMPLE = re.compile(r"(?m)^[ \t]*\(@([\w-]+)\)[ \t]")
_METADATA = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OTHER_FIELD = re.compile(
    r"(?m)^(?!(?:nocite|abstract|title|subtitle|description|thanks)[ \t]*:|[ \t-]).*(?:\r?\n[ \t-].*)*"
)
_CROSSREF = re.compile(r"(?:fig|tbl|eq|sec|lst):")
_QUARTO_CROSSREF = re.compile(
    r"(?:fig|tbl|lst|tip|nte|wrn|imp|cau|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|eq|sec)-", re.IGNORECASE
)


def find(text: str) -> Iterator[Token]:
    """The citation keys of a Markdown document, in order."""
    examples = {found[1] for found in _EXAMPLE.finditer(text)}
    live = blank(_without_blocks(text), _NOT_TEXT)
    for found in _TOKEN.finditer(live):
        if found["command"]:
            yield from tex.keys(live, found["command"], found.end())
            continue
        form = found.lastgroup or ""
        if form in ("bare", "braced"):
            key = found[form]
            if not (_CROSSREF.match(key) or (key in examples and form == "bare")):
                yield Token(key, *found.span(form), form)
        elif form == "all":
            yield Token(EVERYTHING, *found.span(form))
        elif form == "role":
            yield from role_keys(text, *found.span(form))


def find_quarto(text: str) -> Iterator[Token]:
    """The citation keys of a Quarto document: those of Markdown, except cross-references such as `@fig-kelp`."""
    return (token for token in find(text) if token.form != "bare" or not _QUARTO_CROSSREF.match(token.key))


def role_keys(text: str, start: int, end: int) -> Iterator[Token]:
    """The keys inside a role, `a, b` or `{see}a{p. 3}`."""
    inner = blank(text[start:end], re.compile(r"\{[^{}]*\}"))
    for key in re.finditer(r"[^\s,;]+", inner):
        yield Token(key[0], start + key.start(), start + key.end(), "role")


def spelled(token: Token, key: str) -> str | None:
    """How to write another key in place of a token; None where the syntax cannot represent it."""
    if token.form == "role":
        return None if re.search(r"[\s,;{}`]", key) else key
    if token.form == "bare":
        if re.fullmatch(_BARE, key):
            return key
        return None if re.search(r"[\s{}]", key) else f"{{{key}}}"
    if token.form == "braced":
        return None if re.search(r"[\s{}]", key) else key
    return tex.spelled(token, key)


def _without_blocks(text: str) -> str:
    """The text with code blocks and the metadata fields that hold no text blanked out."""
    lines = _LINE.findall(text)
    kept: list[str] = []
    fence = ""  # the marks that opened the current code block
    listed = blank_before = False
    for line in lines:
        bare = line.strip()
        if fence:
            inner = bare.lstrip("> \t")
            if inner.startswith(fence) and not inner.strip(fence[0]):
                fence = ""
            kept.append(spaces(line))
            continue
        if found := _FENCE.match(line):
            fence = found["marks"]
            kept.append(spaces(line))
            continue
        if not bare:
            blank_before = True
        elif _INDENTED.match(line):
            if blank_before and not listed:
                kept.append(spaces(line))
                continue
            blank_before = False
        else:
            listed = bool(_LIST.match(line)) or (listed and not blank_before)
            blank_before = False
        kept.append(line)
    text = "".join(kept)
    if head := _METADATA.match(text):
        return text[: head.start(1)] + blank(head[1], _OTHER_FIELD) + text[head.end(1) :]
    return text
