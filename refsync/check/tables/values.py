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
        code="RS403",
        severity="note",
        title="accent apart from its letter",
        why="A letter and its accent are two characters, as they are copied from some PDFs: pdfLaTeX stops at the "
        "accent of an entry that BibTeX wrote, and a search for the letter does not find it.",
        remedy="Write one character.",
        fix="writes letter and accent as one character, except in addresses, keys and names of files",
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
        why="Styles sort and print by the year: `year` should have four digits, `date`, `urldate`, `eventdate` and "
        "`origdate` be of the form 2024-05-17.",
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
        code="RS506",
        severity="error",
        title="malformed list of names",
        why="A list of authors or editors has an empty name, more than two commas in a name, or `;`, `&` or a word "
        "such as `und` between names: BibTeX takes several people for one, and biber skips the entry.",
        remedy="Join names by ` and `: `Doe, Jane and Roe, Richard`. Put the name of a group in braces.",
    ),
    Rule(
        code="RS507",
        severity="note",
        title="name that is none",
        why="`et al.` in a list of names, or `others` before its end, is read as a person, and initials without a "
        "family name are printed as one.",
        remedy="Write `and others` for `et al.`; add the family name.",
        fix="writes `and others` for `et al.` at the end of a list",
    ),
    Rule(
        code="RS508",
        severity="note",
        title="month that is none",
        why="The value of `month` is a number above 12 or no name of a month: BibLaTeX ignores it, styles print it as "
        "it is.",
        remedy="Write the macro (`month = may`) or, for BibLaTeX, the number.",
    ),
    Rule(
        code="RS509",
        severity="error",
        title="year and date disagree",
        why="`year` and `date` name different years: BibLaTeX uses `date`, BibTeX `year`, so that the printed year "
        "depends "
        "on the program.",
        remedy="Correct the wrong one, or delete one of the two.",
    ),
    Rule(
        code="RS510",
        severity="error",
        title="malformed URL",
        why="The value of `url` has a LaTeX command or white space in it or lacks `https://`: the link is broken.",
        remedy="Write the address alone, as the browser shows it.",
        default=False,
        fix=r"removes `\url{...}` around an address",
    ),
    Rule(
        code="RS511",
        severity="error",
        title="edition that is printed wrongly",
        why="Styles add the word `edition`: to an ordinal word in BibTeX (`Second`), to an integer in BibLaTeX (`2`). "
        "Other "
        "forms are printed as `2 edition` or `second edition edition`.",
        remedy="Write the ordinal word or the integer alone.",
        default=False,
        fix="writes the word or the integer",
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
    Rule(
        code="RS603",
        severity="error",
        title="misspelt entry type",
        why="No program knows the entry type, and it differs by a letter or two from one that all know: styles warn "
        "and print "
        "the entry as `misc`, and biber prints less of it.",
        remedy="Correct the type.",
    ),
    Rule(
        code="RS604",
        severity="error",
        title="misspelt field",
        why="No program knows the field, it differs by a letter or two from one that styles print, and the entry "
        "lacks that "
        "one: what is in it is not printed.",
        remedy="Correct the name of the field. If it is a field of your own, name it differently or ignore the rule.",
    ),
    Rule(
        code="RS605",
        severity="error",
        title="HTML in a value",
        why="The value was copied from a web page with its markup: LaTeX stops at the `&` of `&amp;`, and prints "
        "`<i>` as text.",
        remedy=r"Write what is meant: `\&` for `&amp;`, `\emph{...}` for `<i>...</i>`.",
        fix=r"writes `\&` for `&amp;`, and letters for their entities",
    ),
    Rule(
        code="RS606",
        severity="note",
        title="title in capitals",
        why="All letters of the title are capitals: styles can make capitals of small letters, but not the other way "
        "round.",
        remedy="Write the title as the paper prints it, in sentence or title case.",
        default=False,
    ),
    Rule(
        code="RS607",
        severity="note",
        title="file that does not exist",
        why="`file` or `pdf` names a file that is not there: programs that open it fail.",
        remedy="Correct the path, or remove it. Paths are relative to the folder of the bibliography.",
        default=False,
    ),
    Rule(
        code="RS608",
        severity="error",
        title="command that does more than print",
        why=r"A bibliography is compiled. `\input`, `\openin`, `\write`, `\directlua`, `\usepackage`, `\catcode` and "
        r"others like them in an entry, or `^^`, read or write files, run programs or change how TeX reads the rest: "
        r"whoever wrote the entry decides what. In `@preamble`, definitions are allowed.",
        remedy="Remove it, and look where the entry comes from. What refsync itself writes from other formats has such "
        "commands as text.",
    ),
    Rule(
        code="RS609",
        severity="note",
        title="unusual command",
        why="The command is none of those for text and mathematics that refsync knows: without the package or the "
        "definition that it needs, LaTeX stops.",
        remedy="Write it with usual commands, define it in `@preamble`, or ignore the rule.",
        default=False,
    ),
)
