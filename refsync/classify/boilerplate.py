"""What publishers' pages leave in an abstract that was copied from them: buttons, counters, copyright lines."""

import re

from refsync.classify.terms import MAX_CHARACTERS

_MARKS = ("views", "altmetric", "export", "download", "©", "copyright", "(c)", "reserved", "metrics", "cite this")
_BUTTONS = re.compile(
    r"\b(?:article views(?:\s*\d[\d,.]*)?|altmetric(?:\s*[-–]|\s+\d+| attention score)?"
    r"|add to (?:favorites|library|cart)"
    r"|(?:export|download)(?: as)? (?:ris|bibtex|citations?|endnote|references?)(?: citation)?(?: and abstract)?"
    r"|cite this(?: article| paper| chapter)?(?: as)?|how to cite(?: this article)?|track citations?"
    r"|return to issue|advertisement|prev article|article next|learn about these metrics|get e-?alerts"
    r"|(?:usage|article) metrics|get permissions?|rights (?:&|and) permissions?|full text(?: with reference)?"
    r"|request (?:reuse )?(?:permissions?|reprints?)|view (?:pdf|full text|in)|download (?:pdf|full[- ]text)|open pdf"
    r"|citation and (?:abstract|references)|add description|publication date(?: \(web\))?|citations\s+\d+"
    r"|share(?: on)? (?:facebook|twitter|linkedin|reddit|wechat)|supporting info(?:rmation)? \(\d+\))(?![\w])[:|]?",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"\b(?:article views are the counter-compliant|citations are the number of other articles citing this"
    r"|the altmetric attention score is a)[^.]{0,300}(?:\.|$)",
    re.IGNORECASE,
)
# A copyright line lasts to its full stop; what it says is about the publisher.
_OWNER = (
    r"[^.\n]{0,100}(?:\.|$)(?:\s*(?:V\.|Ltd\.?|Inc\.?|KGaA[^.\n]{0,40}\.|[Pp]ublished (?:by|on)[^.\n]{0,80}(?:\.|$)))*"
)
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|\bcopyright(?:\s*(?:©|\(c\)))?|\(C\))[\s,:]*(?:by\s+)?(?:the author\S*|(?:19|20)\d\d\b){_OWNER}"
    rf"|(?:©|\bcopyright\s*(?:©|\(c\)))\s*(?=[A-Z]){_OWNER}"
    r"|\ball rights (?:are )?reserved\b\.?",
    re.IGNORECASE,
)
_CITATION = re.compile(  # `Cite this: J. Moss 2001, 3, 4, 12-15`
    r"\bCite this:\s*(?:[A-Z][\w&]{0,30}[.,]{0,2}\s+){1,8}?\(?(?:19|20)\d\d\b\)?"
    r"(?:\s*,\s*(?:\d[\w–-]{0,20}|[A-Z]\w?\b))*\.?"
)
_MIN_LEFT = 7  # words, below which what is left of a page's buttons is no abstract
_MIN_BUTTONS = 2  # different ones with a capital; a paper about citation counts may begin a sentence with one
_AROUND = " :|-–0123456789,."


def strip_boilerplate(text: str) -> str:
    """An abstract without the buttons, counters and copyright lines of the page that it was copied from.

    >>> strip_boilerplate("Altmetric - Export RIS Mosses grow on walls that face north, and ferns on those in shade.")
    'Mosses grow on walls that face north, and ferns on those in shade.'
    >>> strip_boilerplate("Cite this: J. Moss 2001, 3, 4 Article Views 120 Altmetric - © 2001 Moss Ltd.")
    ''
    >>> strip_boilerplate("Altmetric scores of mosses: (c) We cite this theorem.")
    'Altmetric scores of mosses: (c) We cite this theorem.'
    """
    text = text[:MAX_CHARACTERS]
    lowered = text.lower()
    if not any(mark in lowered for mark in _MARKS):
        return text
    short = _COPYRIGHT.sub(" ", _COUNTERS.sub(" ", text))
    buttons = {match[0].lower().strip(_AROUND) for match in _BUTTONS.finditer(short) if match[0][0].isupper()}
    if len(buttons) >= _MIN_BUTTONS:
        short = _BUTTONS.sub(lambda match: " " if match[0][0].isupper() else match[0], _CITATION.sub(" ", short))
        if len(short.split()) < _MIN_LEFT:
            return ""
    return " ".join(short.split()) if short != text else text
