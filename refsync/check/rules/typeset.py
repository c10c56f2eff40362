"""Rules about values that LaTeX typesets: unescaped special characters."""

import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.scan import parts

TYPESET_FIELDS = frozenset(
    "address author booktitle booksubtitle booktitleaddon chapter edition editor eventtitle howpublished institution "
    "issuetitle journal journaltitle journalsubtitle location maintitle month note number organization pages publisher "
    "school series shortauthor shorttitle subtitle title titleaddon translator type venue volume".split()
)
"""The fields that styles print."""

# URLs, formulas and escapes are skipped; any other special character is bare.
_SPECIAL = re.compile(
    r"""\\(?:url|path|nolinkurl|href|doi|verb|cite\w*|ref|label|texttt)\*?\s*(?:\[[^\]]*\])?\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}
      | \\ensuremath\s*\{[^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*\}
      | \\\((?s:.*?)\\\) | \\begin\{math\}(?s:.*?)\\end\{math\}
      | \\?&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6});  # an HTML entity: RS605
      | \\(?s:.)
      | \$\$(?:[^$\\]|\\.)+\$\$ | \$(?:[^$\\]|\\.)+\$
      | (?:https?|ftp)://[^\s{}]+
      | (?P<bare>[&%\#_^$])""",
    re.VERBOSE,
)
_ANY = frozenset("&%#_^$")


def special_characters(entry: Entry) -> Iterator[EntryFinding]:
    """RS602: the first unescaped special character of each field that is typeset."""
    for field in entry.block.fields:
        name = field.name.lower()
        if name not in TYPESET_FIELDS or _ANY.isdisjoint(entry.record.fields[name]):
            continue
        literals = (part for part in parts(entry.text, field) if part.kind in ("braced", "quoted"))
        matches = (found for part in literals for found in _SPECIAL.finditer(entry.text, part.start, part.end))
        if bare := next((found for found in matches if found["bare"]), None):
            sign = bare["bare"]
            formula = "or set the formula between dollar signs" if sign in "_^" else ""
            remedy = " ".join(filter(None, ["" if sign == "^" else f"write `\\{sign}`", formula])).removeprefix("or ")
            yield EntryFinding("RS602", bare.start(), f"has a bare `{sign}` in `{name}`; {remedy}", f"{name}:{sign}")
