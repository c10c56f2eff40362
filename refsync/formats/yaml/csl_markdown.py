"""The Markdown in which pandoc reads the texts of CSL-YAML, and the HTML in which CSL-JSON has the same markup.

Source: pandoc's manual, "Specifying bibliographic data", and csl-data.json for the tags.
"""

import re

_TAG = re.compile(
    r"<(?P<open>i|b|sub|sup|span class=[\"']nocase[\"']|span style=[\"']font-variant: ?small-caps;?[\"']|sc)>"
    r"|</(?P<close>i|b|sub|sup|span|sc)>"
)
_SPECIAL = re.compile(r"[\\*_^~$<\[\]`@&]|--|\.\.\.|^(?:[#>+-]|\d+[.)])(?=\s)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PRIVATE = 0xF0000  # where escaped characters are while markup is read
_PRIVATE_USE = re.compile("[\U000f0000-\U000f007f]")
_INLINES = (
    (re.compile(r"\*\*(?=[^\s*])([^*]{1,500}?)(?<!\s)\*\*"), "<b>", "</b>"),
    (re.compile(r"\*(?=[^\s*])([^*]{1,500}?)(?<!\s)\*"), "<i>", "</i>"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]{1,500}?)(?<!\s)_(?!\w)"), "<i>", "</i>"),
    (re.compile(r"\^((?:[^\s^]|\\ ){1,200})\^"), "<sup>", "</sup>"),
    (re.compile(r"(?<!~)~((?:[^\s~]|\\ ){1,200})~(?!~)"), "<sub>", "</sub>"),
    (re.compile(r"\[([^\[\]]{1,500})\]\{\.smallcaps\}"), '<span style="font-variant:small-caps;">', "</span>"),
    (re.compile(r"\[([^\[\]]{1,500})\]\{\.nocase\}"), '<span class="nocase">', "</span>"),
)
_MARKS = {"i": ("*", "*"), "b": ("**", "**"), "sup": ("^", "^"), "sub": ("~", "~")}


def to_markdown(text: str) -> str:
    """A text of CSL-JSON as pandoc's Markdown.

    >>> to_markdown("On <i>Posidonia</i> and CO<sub>2</sub>, a*b < c")
    'On *Posidonia* and CO~2~, a\\\\*b \\\\< c'
    """
    parts: list[str] = []
    opened: list[tuple[int, str]] = []  # where in `parts`, and the tag
    end = 0
    for found in _TAG.finditer(text):
        parts.append(_escape(text[end : found.start()], at_start=not parts))
        end = found.end()
        tag = found["open"] or found["close"]
        parts.append(_escape(found[0]))
        if found["open"]:
            opened.append((len(parts) - 1, tag))
        elif opened and opened[-1][1].split()[0] == tag:
            start, name = opened.pop()
            inner = "".join(parts[start + 1 : -1])
            if not inner.strip() or inner != inner.strip():
                continue  # Markdown has no markup around blanks
            before, after = _MARKS.get(name, ("[", "]{.nocase}" if "nocase" in name else "]{.smallcaps}"))
            if name in ("sup", "sub"):
                inner = inner.replace(" ", "\\ ")
            parts[start:] = [f"{before}{inner}{after}"]
    parts.append(_escape(text[end:], at_start=not parts))
    return "".join(parts)


def _escape(text: str, *, at_start: bool = False) -> str:
    def escaped(found: re.Match[str]) -> str:
        if found[0][0] in "#>+-0123456789" and found.start() == 0 and not found[0].startswith("--"):
            return f"{found[0][:-1]}\\{found[0][-1]}" if at_start else found[0]
        return "".join(f"\\{character}" for character in found[0])

    return _SPECIAL.sub(escaped, text)


def from_markdown(text: str) -> str:
    """A text of pandoc's Markdown with the tags of CSL-JSON.

    >>> from_markdown(r"On *Posidonia* and CO~2~, a\\*b")
    'On <i>Posidonia</i> and CO<sub>2</sub>, a*b'
    """
    if not re.search(r"[\\*_^~\[]", text):
        return text
    if _PRIVATE_USE.search(text):  # which stand for escaped characters below
        return _ESCAPED.sub(r"\1", text)
    text = _ESCAPED.sub(lambda found: chr(_PRIVATE + ord(found[1])), text)
    for pattern, before, after in _INLINES:
        text = pattern.sub(rf"{before}\1{after}", text)
    text = text.replace("\\ ", " ")
    return _PRIVATE_USE.sub(lambda found: chr(ord(found[0]) - _PRIVATE), text)
