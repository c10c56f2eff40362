"""RS2 and RS3: keys and references, structure."""

from refsync.check.rule import Rule

TABLE = (
    Rule(
        code="RS201",
        severity="error",
        title="key used twice",
        why="BibTeX stops at the second entry with a key (biber drops one), so a citation may show another paper. "
        "Files are compared that one document names, that `[check] scope` declares, or that `[check] library` adds.",
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
        code="RS206",
        severity="error",
        title="alias that another entry has",
        why="`ids` gives a key that is the key or an alias of another entry: biber drops the alias, so that citations "
        "of it show the other paper.",
        remedy="Remove the key from `ids`, or give the other entry another key.",
    ),
    Rule(
        code="RS207",
        severity="error",
        title="reference in another case",
        why="`crossref`, `xdata`, `xref`, `related` or `entryset` names a key in other upper and lower case than the "
        "entry writes it: BibTeX finds the entry, biber does not.",
        remedy="Write the key as the entry does.",
        fix="writes the key as the entry does",
    ),
    Rule(
        code="RS208",
        severity="note",
        title="key that the template does not give",
        why="The citation key differs from what the template in the configuration (`[export] keys`) makes of the "
        "entry.",
        remedy="Rename the key; `refsync run FILE -o FILE --keys TEMPLATE` makes all keys anew.",
        default=False,
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
)
