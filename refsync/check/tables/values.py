"""RS4 to RS6: encoding, values, completeness and style."""

from refsync.check.rule import Rule

TABLE = (
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
