"""Zotero's Extra field: lines of `Name: value` for what an item type has no field for, and free text.

Names are those that Zotero and Better BibTeX read there: `Citation Key`, `DOI`, `PMID`, `arXiv`, ..., and `tex.NAME`
for BibTeX's own fields: `tex.name: text`, or `tex.name= LaTeX` for a value that only LaTeX can say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CITATION_KEY = "Citation Key"
IDENTIFIERS = ("DOI", "ISBN", "ISSN", "PMID", "PMCID", "arXiv")
"""Identifiers that have a line of their own where the item type has no field for them."""

_LABELS = {label.lower(): label for label in (CITATION_KEY, *IDENTIFIERS)}
_LABELLED = re.compile(r"\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*?)\s*\Z")
_TEX = re.compile(r"\s*tex\.(?:([^\s=]+?)\s*(:(?=\s)|=)|([^\s:=]+)(:))\s*(.*?)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extra:
    """The field taken apart; the first line of a name counts, later ones stay in `text`.

    Attributes:
        labels: `Citation Key` and identifiers.
        tex: BibTeX's fields as text.
        latex: BibTeX's fields in LaTeX.
        text: all other lines.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    tex: Mapping[str, str] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def parse_extra(value: str) -> Extra:
    """Take an Extra field apart. Nothing is lost: what is no known line is text."""
    labels: dict[str, str] = {}
    tex: dict[str, str] = {}
    latex: dict[str, str] = {}
    rest: list[str] = []
    for line in value.splitlines():
        if found := _TEX.match(line):
            name, target = (found[1] or found[3]).lower(), latex if found[2] == "=" else tex
            if found[5] and name not in tex and name not in latex:
                target[name] = found[5]
                continue
        elif (found := _LABELLED.match(line)) and found[2]:
            label = _LABELS.get(found[1].lower(), "")
            if label and label not in labels:
                labels[label] = found[2]
                continue
        rest.append(line)
    return Extra(labels, tex, latex, "\n".join(rest).strip())


def format_extra(extra: Extra) -> str:
    """The field as one text: free text first, as people read it, unless a line of it would be taken for another."""
    lines = [f"{label}: {value}" for label, value in extra.labels.items()]
    lines += [f"tex.{name}: {value}" for name, value in sorted(extra.tex.items())]
    lines += [f"tex.{name}= {value}" for name, value in sorted(extra.latex.items())]
    if extra.text:
        lines.insert(0 if is_free_text(extra.text) else len(lines), extra.text)
    return "\n".join(lines)


def is_free_text(value: str) -> bool:
    """Whether a text can stand in Extra as it is, and be read back as text."""
    return bool(value.strip()) and parse_extra(value) == Extra(text=value.strip())


def add_lines(value: str, lines: Sequence[str]) -> str:
    """An Extra field with more lines at its end."""
    return "\n".join([value.rstrip(), *lines] if value.strip() else lines)
