"""The table of rules: what each code stands for, why it matters and how to mend it.

Codes are stable: one that was given out is never given to another rule. Selected by default is what is certain and
harmful, and, as notes, what a person should look at; the rest is opt-in.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "note"]

FAMILIES = {
    "RS1": "Duplicates",
    "RS2": "Keys and references",
    "RS3": "Structure",
    "RS4": "Encoding",
    "RS5": "Values",
    "RS6": "Completeness and style",
}
"""The families of rules by the beginning of their codes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code stands for. Errors fail the check; notes are told and do not.

    `default` says whether the rule is selected where nobody selects; `fix`, where it is not empty, what `--fix` does.
    `about` names what the rule needs besides the bibliography.
    """

    code: str
    severity: Severity
    title: str
    why: str
    mend: str
    default: bool = True
    fix: str = ""
    about: Literal["", "sources"] = ""


_TABLE = (
    Rule(
        "RS101",
        "error",
        "duplicate entry, by identifier",
        "Two entries are one paper and share its DOI, arXiv, PubMed or ISBN number: cited under two keys, the paper is "
        "listed twice.",
        "Keep the entry whose key you cite, move over what only the other has, and delete the other. "
        "`refsync explain FILE --pair KEY KEY` says why they are held to be one paper.",
        fix="merges entries of one file as `refsync dedupe --write` does: the first stays and gets the fields that it "
        "lacks, the others are deleted, references to their keys are repointed",
    ),
    Rule(
        "RS102",
        "error",
        "duplicate entry, by title and authors",
        "Two entries are one paper: title, authors and whatever else they have agree, though no identifier says so. "
        "Cited under two keys, the paper is listed twice.",
        "As for RS101. If they are two papers, a line `% refsync: ignore[RS102]` above the second entry says so.",
        fix="as for RS101",
    ),
    Rule(
        "RS103",
        "note",
        "perhaps a duplicate",
        "Two entries look alike, but not surely enough.",
        "Look at both with `refsync explain FILE --pair KEY KEY`. Nothing need be done if they are two papers; a line "
        "`% refsync: ignore[RS103]` above the second one ends the question.",
    ),
    Rule(
        "RS104",
        "note",
        "another version is present",
        "A preprint and its published form, or a conference paper and its journal form, both have an entry.",
        "Cite the published form where you can; keep both if you mean both.",
    ),
    Rule(
        "RS201",
        "error",
        "key used twice",
        "BibTeX stops at the second entry with a key (biber drops one), so that a citation may show another paper.",
        "Give one of the entries another key, or delete it if both are one paper.",
    ),
    Rule(
        "RS202",
        "error",
        "keys equal but for case",
        "BibTeX does not tell `Smith2020` from `smith2020` and stops at the second; biber does, but readers do not.",
        "Give one of the entries another key, or delete it if both are one paper.",
    ),
    Rule(
        "RS203",
        "error",
        "dangling reference",
        "`crossref`, `xdata`, `xref`, `related` or `entryset` names a key that no entry has, so that what should be "
        "inherited is missing.",
        "Correct the key, or add the entry that it names. Where it stands in another file, pass that file too, or name "
        'it in the configuration: `[check] library = ["refs/*.bib"]`.',
    ),
    Rule(
        "RS204",
        "error",
        "cited but missing",
        "A source cites a key that no entry has: the citation shows as a question mark.",
        "Correct the key in the source, or add the entry.",
        about="sources",
    ),
    Rule(
        "RS205",
        "note",
        "never cited",
        "No source cites this entry, nor does another entry refer to it.",
        "Nothing need be done; `refsync check --ignore RS205` is silent about it.",
        about="sources",
    ),
    Rule(
        "RS301",
        "error",
        "malformed block",
        "A part of the file is not an entry as BibTeX reads it, so that something in it is lost or misread.",
        "Look at the line named: a missing comma, brace or quote is the commonest cause.",
    ),
    Rule(
        "RS302",
        "error",
        "slip in an entry",
        "A comma is missing or one too many, a field has no value, or an entry has no key. What is meant is plain, but "
        "BibTeX skips the rest of the entry and biber may skip all of it.",
        "Look at the place named.",
        fix="adds a missing comma, takes out one too many",
    ),
    Rule(
        "RS303",
        "note",
        "field given twice",
        "BibTeX takes the first of two fields of one name and ignores the other; other programs may take the last.",
        "Delete one of them, or give it its proper name (`note`, `editor`, ...).",
        fix="deletes the second where both say the same or it is empty",
    ),
    Rule(
        "RS304",
        "note",
        "undefined macro",
        "A value is a bare word that no `@string` above it defines: BibTeX prints nothing in its place. (A style may "
        "define it, or another file of the bibliography.)",
        "Define it with an `@string` above its first use, or put the value in braces. Where another file defines it, "
        'pass that file too, or name it in the configuration: `[check] library = ["refs/*.bib"]`.',
    ),
    Rule(
        "RS401",
        "error",
        "mixed encodings",
        "Most of the file is UTF-8, but some bytes are not: they show as wrong letters or stop LaTeX.",
        "Write the letter at the place named anew in an editor that saves UTF-8.",
    ),
    Rule(
        "RS402",
        "error",
        "garbled letters",
        "The text was once decoded with the wrong encoding: `MÃ¼ller` for `Müller`, or U+FFFD where a letter was.",
        "Write the letters anew.",
    ),
    Rule(
        "RS501",
        "error",
        "malformed DOI",
        "The value of `doi` is not a DOI such as 10.1000/182, so that the link that styles make of it fails.",
        "Give the DOI alone, without address and without `doi:`.",
        default=False,
        fix="takes away an address or `doi:` before a DOI",
    ),
    Rule(
        "RS502",
        "error",
        "malformed ISBN or ISSN",
        "The number has not the digits that it should have, or its check digit is wrong: a digit is mistyped.",
        "Compare it with the book.",
        default=False,
    ),
    Rule(
        "RS503",
        "error",
        "malformed arXiv number",
        "The value of `eprint` is neither of the form 2101.00001 nor hep-th/9901001.",
        "Copy the number from the paper's page.",
        default=False,
    ),
    Rule(
        "RS504",
        "error",
        "malformed year or date",
        "Styles sort and print by the year: `year` should have four digits, `date` be of the form 2024-05-17.",
        "Correct it; what else belongs to it goes to `note` or `month`.",
        default=False,
    ),
    Rule(
        "RS505",
        "error",
        "malformed pages",
        "The range has no end, no beginning, or ends before it begins.",
        "Compare it with the paper.",
        default=False,
    ),
    Rule(
        "RS601",
        "error",
        "missing required field",
        "The entry type requires a field that the entry neither has nor inherits: styles warn and print a gap.",
        "Add it, or choose the type that fits.",
        default=False,
    ),
    Rule(
        "RS602",
        "error",
        "unescaped special character",
        "`&`, `%`, `#`, `_`, `^` or `$` stands for itself in a field that is typeset: LaTeX stops, or drops the "
        "rest of the line.",
        r"Write `\&`, `\%`, `\#`, `\_`, or set formulas between dollar signs.",
        default=False,
    ),
)

RULES = {rule.code: rule for rule in _TABLE}
"""All rules by code."""
