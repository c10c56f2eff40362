"""No rule takes more than linear time on a hostile value."""

import pytest

from refsync.check.entries import BibFile
from refsync.check.rule_table import RULES
from refsync.check.run_rules import DUPLICATES, run_rules
from refsync.formats.bibtex.format import read
from tests.time_bounds import seconds_at_most

HOSTILE = (
    ",",
    ", ",
    " and ",
    "a. ",
    "&",
    "&#1",
    "<i ",
    "~",
    "et ",
    "et~al, ",
    "$",
    "{}",
    "\\url{",
    "A",
    ";",
    "1--",
    "x.",
    "-",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_the_length_of_values(piece: str) -> None:
    value = piece * (60_000 // len(piece))
    value += "}" * (value.count("{") - value.count("}"))
    names = (
        "author",
        "title",
        "edition",
        "month",
        "pages",
        "url",
        "doi",
        "isbn",
        "year",
        "date",
        "urldate",
        "file",
        "note",
    )
    text = "@misc{k, " + ", ".join(f"{name}={{{value}}}" for name in names) + ", crossref={k}}\n"
    file = BibFile(read(text.encode(), "refs.bib"), text)
    with seconds_at_most(2):
        run_rules([file], set(RULES) - DUPLICATES)
