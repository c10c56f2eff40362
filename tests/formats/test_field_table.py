"""The table in `docs/formats.md` of where each field and value goes is what the writers do and the readers read back.

`PYTHONPATH=.:tests python tests/formats/test_field_table.py` prints it.
"""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from refsync.formats.common.text_record import field_text, split_keywords
from refsync.formats.registry import format_named
from refsync.records import Record
from refsync.text.latex import latex_to_text
from tests.formats.reading import through
from tests.paths import ROOT

DOCS = ROOT / "docs" / "formats.md"
COLUMNS = ("bibtex", "ris", "endnotexml", "csljson", "csv", "jsonl", "markdown")
ARTICLE = (
    "author editor translator title journal year month volume number pages eid doi url issn isbn publisher address "
    "series abstract keywords language note annote edition shorttitle shortjournal volumes urldate file pmid eprint "
    "archiveprefix howpublished type accession callnumber affiliation database version pagetotal organization "
    "origdate crossref shelf"
).split()
OF_TYPES = {
    "inproceedings": ("booktitle", "series", "eventtitle", "venue", "journal"),
    "incollection": ("booktitle", "chapter"),
    "book": ("series", "volumes"),
    "phdthesis": ("school", "type"),
    "techreport": ("institution",),
}
VALUES = {
    "author": "Doe, Jr., Jane and {Centre for Kelp} and van der Moss, Max", "editor": "Roe, Ann", "year": "2021",
    "translator": "Poe, Ann", "month": "March", "volume": "77", "number": "88", "pages": "101--115", "eid": "e17",
    "doi": "10.1000/moss", "url": "https://moss.example/1", "issn": "1234-5679", "isbn": "978-0-306-40615-7",
    "keywords": "lichen, shore", "urldate": "2020-01-02", "origdate": "1999", "pmid": "12345678",
    "eprint": "2001.00001",
}  # fmt: skip
"""What fields of these names hold; others hold words."""
BIBTEX_TYPES = "article book booklet inbook incollection inproceedings manual mastersthesis misc phdthesis".split()
BIBTEX_TYPES += "proceedings techreport unpublished".split()
SPECIAL: dict[str, tuple[str, str, dict[str, str], str]] = {
    "a type of BibLaTeX's, `@artwork`": ("artwork", "", {}, "text"),
    "a type of nobody's, `@scroll`": ("scroll", "", {}, "text"),
    **{f"the type `@{kind}`": (kind, "", {}, "text") for kind in BIBTEX_TYPES},
    "a field `shelf mark`": ("article", "shelf mark", {"shelf mark": "B 12"}, "text"),
    "a field `entrytype`": ("article", "entrytype", {"entrytype": "scroll"}, "text"),
    "a year `in press`": ("article", "year", {"year": "in press"}, "text"),
    "a month `Spring`": ("article", "month", {"month": "Spring"}, "text"),
    "a date and its day": ("article", "day", {"month": "March", "day": "7"}, "text"),
    "a range, `date = 2020-01/2020-03`": ("article", "date", {"year": "", "date": "2020-01/2020-03"}, "text"),
    "pages `1, 5--9`": ("article", "pages", {"pages": "1, 5--9"}, "text"),
    "`and others`": ("article", "author", {"author": "Doe, Jane and others"}, "text"),
    "keywords separated by `;`": ("article", "keywords", {"keywords": "lichen; shore"}, "text"),
    "an empty line in an abstract": ("article", "abstract", {"abstract": "Moss waits.\n\nSo do we."}, "text"),
    "a line break in a title": ("article", "title", {"title": "Moss\nand time"}, "text"),
    "braces in text": ("article", "annote", {"annote": "kept {as they are}"}, "text"),
    "LaTeX": ("article", "title", {"title": r"Caf{\'e} of \emph{moss}"}, "latex"),
    "braces that keep capitals": ("article", "title", {"title": "{DNA} of moss"}, "latex"),
}


def cases() -> Iterator[tuple[str, str, Record]]:
    """What a row is called, the field that it is about, and a record with it."""
    of_types = [(name, kind) for kind, names in OF_TYPES.items() for name in names]
    for name, kind in [*((name, "article") for name in ARTICLE), *of_types]:
        label = f"`{name}`" if kind == "article" else f"`{name}` of `@{kind}`"
        yield label, name, made(kind, {name: VALUES.get(name, f"Words of {name}")}, "text")
    for label, (kind, name, fields, markup) in SPECIAL.items():
        yield label, name, made(kind, fields, markup)


def made(kind: str, fields: dict[str, str], markup: str) -> Record:
    whole = {"author": "Doe, Jane", "title": "The Patience of Moss", "year": "2020", **fields}
    if kind == "article":
        whole.setdefault("journal", "Moss Letters")
    if kind == "inproceedings":
        whole.setdefault("booktitle", "Moss Days")
    if "number" in fields:
        whole.setdefault("volume", "77")
    fields = {name: value for name, value in whole.items() if value}
    return Record("a", 1, "doe2020", kind, fields, markup="latex" if markup == "latex" else "text")


def outcome(form: str, name: str, record: Record) -> str:
    """`yes` or the place in the file of what came back as it was, else what became of it."""
    (back,) = through(form, [record])
    if not name:
        return "yes" if back.type == record.type else f"`@{back.type}`"
    original, got = record.fields[name], back.fields.get(name, "")
    if form == "bibtex":
        got = field_text(back, name) if record.markup == "text" else got
        original = original.replace("--", "–") if record.markup == "text" and name == "pages" else original
    if got == original:
        return place(form, name, record)
    if other := next((key for key, value in back.fields.items() if value == original and key not in record.fields), ""):
        return f"as `{other}`"
    if got and got == latex_to_text(original):
        return "its text"
    if got.split() == original.split() or (name == "keywords" and split_keywords(got) == split_keywords(original)):
        return "its words"
    return f"`{got}`" if got else "lost"


def place(form: str, name: str, record: Record) -> str:
    """Where the value is in a file of a format that has names of its own."""
    write = format_named(form).write
    assert write
    if form not in ("ris", "endnotexml", "csljson"):
        return "yes"
    text = write([record]).decode()
    sign = re.escape(record.fields[name].split(",")[0].split("--")[0].replace("2020-01-02", "2020"))
    if form == "ris":
        found = re.findall(rf"(?m)^(\w\w)  - (?:Field: {name}: )?{sign}", text)
    elif form == "endnotexml":
        found = [
            leaf.tag if parent.tag == "record" else f"{parent.tag}/{leaf.tag}"
            for parent in ElementTree.fromstring(text).iter()
            for leaf in parent
            if re.match(rf"(?:Field: {name}: )?{sign}", leaf.text or "")
        ]
    else:
        (item,) = json.loads(text)
        custom = item.pop("custom", {})
        found = [key for key, value in item.items() if re.search(rf"\b{sign}", json.dumps(value))]
        found = ["custom"] if name in custom else found
    return f"`{found[-1]}`" if found else "yes"


def table() -> str:
    lines = [f"| | {' | '.join(COLUMNS)} |", f"|{'---|' * (len(COLUMNS) + 1)}"]
    for label, name, record in cases():
        lines.append(f"| {label} | {' | '.join(outcome(form, name, record) for form in COLUMNS)} |")
    return "\n".join(lines)


def test_the_table_is_true() -> None:
    assert table() in DOCS.read_text("utf-8")


@pytest.mark.parametrize("form", ["tsv", "parquet"])
def test_all_tables_hold_what_csv_holds(form: str) -> None:
    for label, name, record in cases():
        assert outcome(form, name, record) == outcome("csv", name, record), label


if __name__ == "__main__":
    print(table())
