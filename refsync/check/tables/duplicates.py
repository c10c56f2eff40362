"""RS0 and RS1: comments of refsync, duplicates."""

from refsync.check.rule import Rule

TABLE = (
    Rule(
        code="RS001",
        severity="note",
        title="comment that hides nothing",
        why="A comment `% refsync: ignore[CODE]` names a code that does not exist, is not directly above an entry, or "
        "hides no finding any more: it only looks as if something were checked there.",
        remedy="Delete the comment or the code, or move it to the line above the entry.",
    ),
    Rule(
        code="RS002",
        severity="error",
        title="comment without codes",
        why="A comment `% refsync: ignore` without codes in brackets hides every finding in the entry, also those that "
        "are not known yet, such as a key that is used twice.",
        remedy="Name the codes: `% refsync: ignore[RS103]`. Write `% refsync: ignore-all` if all of them are meant.",
    ),
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
        code="RS105",
        severity="error",
        title="one identifier on two papers",
        why="Two entries that are different papers give the same DOI or arXiv number, or two books the same title and "
        "ISBN: one of them was copied by mistake, and its link leads to the other paper.",
        remedy="Look the identifier up and correct the entry that has the wrong one. If both are one paper, see "
        "`refsync explain FILE --pair KEY KEY`.",
    ),
)
