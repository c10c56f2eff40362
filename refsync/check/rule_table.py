"""The table of rules: what each code means, why it matters and how to fix it.

Codes are stable: a code that was published is never given to another rule. The default selection has what is certain
and harmful, and, as notes, what a person should read; the other rules are opt-in.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The meaning of a code. Errors fail the check; notes are reported and do not.

    Attributes:
        code: such as `RS101`.
        severity: whether a finding fails the check.
        title: the rule in a few words.
        why: why a finding matters.
        remedy: what the user can do.
        default: whether the rule is in the default selection.
        fix: what `--fix` does; empty where it does nothing.
        needs: what the rule needs besides the bibliography.
    """

    code: str
    severity: Severity
    title: str
    why: str
    remedy: str
    default: bool = True
    fix: str = ""
    needs: Literal["", "documents"] = ""


_TABLE = (
    Rule(
        code="RS101",
        severity="error",
        title="duplicate entry, by identifier",
        why="Two entries describe the same paper and share its DOI, arXiv, PubMed or ISBN number: cited under "
        "two keys, the paper is listed twice.",
        remedy="Keep the entry whose key you cite, copy what only the other entry has, and delete the other. "
        "`refsync explain FILE --pair KEY KEY` shows why they count as the same paper.",
        fix="merges entries of one file as `refsync dedupe --write` does: the first stays and gets the fields that it "
        "lacks, the others are deleted, references to their keys are updated",
    ),
    Rule(
        code="RS102",
        severity="error",
        title="duplicate entry, by title and authors",
        why="Two entries describe the same paper: title, authors and their other fields agree, although no identifier "
        "confirms it. Cited under two keys, the paper is listed twice.",
        remedy="As for RS101. If they are two papers, write `% refsync: ignore[RS102]` on a line above the second "
        "entry.",
        fix="as for RS101",
    ),
    Rule(
        code="RS103",
        severity="note",
        title="possible duplicate",
        why="Two entries look alike, but the evidence is not sufficient.",
        remedy="Compare them with `refsync explain FILE --pair KEY KEY`. If they are two papers, nothing needs to be "
        "done; a line `% refsync: ignore[RS103]` above the second entry hides the note.",
    ),
    Rule(
        code="RS104",
        severity="note",
        title="another version is present",
        why="A preprint and its published form, or a conference paper and its journal form, both have an entry.",
        remedy="Cite the published form where you can; keep both if you mean both.",
    ),
    Rule(
        code="RS201",
        severity="error",
        title="key used twice",
        why="BibTeX stops at the second entry with a key (biber drops one), so a citation may show another paper.",
        remedy="Give one of the entries another key, or delete it if both are the same paper.",
    ),
    Rule(
        code="RS202",
        severity="error",
        title="keys that differ only in case",
        why="BibTeX does not distinguish `Smith2020` from `smith2020` and stops at the second; biber does, but readers "
        "do not.",
        remedy="Give one of the entries another key, or delete it if both are the same paper.",
    ),
    Rule(
        code="RS203",
        severity="error",
        title="dangling reference",
        why="`crossref`, `xdata`, `xref`, `related` or `entryset` names a key that no entry has, so the fields to "
        "inherit are missing.",
        remedy="Correct the key, or add the entry that it names. If that entry is in another file, pass that file too, "
        'or name it in the configuration: `[check] library = ["refs/*.bib"]`.',
    ),
    Rule(
        code="RS204",
        severity="error",
        title="cited but missing",
        why="A document cites a key that no entry has: the citation is printed as a question mark.",
        remedy="Correct the key in the document, or add the entry.",
        needs="documents",
    ),
    Rule(
        code="RS205",
        severity="note",
        title="never cited",
        why="No document cites this entry, and no other entry refers to it.",
        remedy="Nothing needs to be done; `refsync check --ignore RS205` hides the notes.",
        needs="documents",
    ),
    Rule(
        code="RS301",
        severity="error",
        title="malformed block",
        why="A part of the file is not an entry as BibTeX reads it, so something in it is lost or misread.",
        remedy="Check the reported line: the most common cause is a missing comma, brace or quote.",
    ),
    Rule(
        code="RS302",
        severity="error",
        title="slip in an entry",
        why="A comma is missing or superfluous, a field has no value, or an entry has no key. The meaning is clear, "
        "but BibTeX skips the rest of the entry and biber may skip all of it.",
        remedy="Correct the reported place.",
        fix="adds a missing comma, removes a superfluous one",
    ),
    Rule(
        code="RS303",
        severity="note",
        title="field given twice",
        why="BibTeX uses the first of two fields with the same name and ignores the other; other programs may use the "
        "last.",
        remedy="Delete one of them, or rename it to the field that is meant (`note`, `editor`, ...).",
        fix="deletes the second where both have the same value or it is empty",
    ),
    Rule(
        code="RS304",
        severity="note",
        title="undefined macro",
        why="A value is a bare word that no `@string` above it defines: BibTeX prints nothing in its place. (A style "
        "may define it, or another file of the bibliography.)",
        remedy="Define it with an `@string` above its first use, or put the value in braces. If another file defines "
        'it, pass that file too, or name it in the configuration: `[check] library = ["refs/*.bib"]`.',
    ),
    Rule(
        code="RS305",
        severity="error",
        title="unresolved conflict of a merge",
        why="The version control system left its markers (`<<<<<<<`, `=======`, `>>>>>>>`) in the file: both sides of "
        "the conflict are in it, and the markers are read as text or stop BibTeX.",
        remedy="Choose between the two sides and delete the markers. No command of refsync edits the file until then.",
    ),
    Rule(
        code="RS401",
        severity="error",
        title="mixed encodings",
        why="Most of the file is UTF-8, but some bytes are not: they show as wrong letters or stop LaTeX.",
        remedy="Retype the letter at the reported place in an editor that saves UTF-8.",
    ),
    Rule(
        code="RS402",
        severity="error",
        title="garbled letters",
        why="The text was once decoded with the wrong encoding: `MÃ¼ller` for `Müller`, or U+FFFD where a letter was.",
        remedy="Retype the letters.",
    ),
    Rule(
        code="RS501",
        severity="error",
        title="malformed DOI",
        why="The value of `doi` is not a DOI such as 10.1000/182, so the link that styles make from it is broken.",
        remedy="Write the DOI alone, without URL and without `doi:`.",
        default=False,
        fix="removes a URL or `doi:` before a DOI",
    ),
    Rule(
        code="RS502",
        severity="error",
        title="malformed ISBN or ISSN",
        why="The number has too few or too many digits, or its check digit is wrong: a digit is mistyped.",
        remedy="Compare it with the book.",
        default=False,
    ),
    Rule(
        code="RS503",
        severity="error",
        title="malformed arXiv number",
        why="The value of `eprint` is neither of the form 2101.00001 nor hep-th/9901001.",
        remedy="Copy the number from the paper's page.",
        default=False,
    ),
    Rule(
        code="RS504",
        severity="error",
        title="malformed year or date",
        why="Styles sort and print by the year: `year` should have four digits, `date` be of the form 2024-05-17.",
        remedy="Correct it; move additional information to `note` or `month`.",
        default=False,
    ),
    Rule(
        code="RS505",
        severity="error",
        title="malformed pages",
        why="The range has no end, no beginning, or ends before it begins.",
        remedy="Compare it with the paper.",
        default=False,
    ),
    Rule(
        code="RS601",
        severity="error",
        title="missing required field",
        why="The entry type requires a field that the entry neither has nor inherits: styles warn and print a gap.",
        remedy="Add it, or choose the type that fits.",
        default=False,
    ),
    Rule(
        code="RS602",
        severity="error",
        title="unescaped special character",
        why="`&`, `%`, `#`, `_`, `^` or `$` is unescaped in a field that is typeset: LaTeX stops, or drops the rest of "
        "the line.",
        remedy=r"Write `\&`, `\%`, `\#`, `\_`, or put formulas between dollar signs.",
        default=False,
    ),
)

RULES = {rule.code: rule for rule in _TABLE}
"""All rules by code."""
