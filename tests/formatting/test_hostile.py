"""Hostile files take linear time."""

import pytest

from refsync.formatting.format_text import format_text
from refsync.formatting.settings import FormatSettings
from tests.time_bounds import seconds_at_most

SETTINGS = FormatSettings(
    preset="bibtex-tidy",
    wrap=80,
    sort=("author", "note"),
    strip_enclosing_braces=True,
    remove_braces=("title", "note"),
    protect_capitals=True,
    title_case="sentence",
    drop_all_caps=True,
    max_authors=2,
    encode_urls=True,
    unescape_urls=True,
    bare_dois=True,
    keys="{auth}{year}",
)
NUMBER = 4_000


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title = {" + "{" * NUMBER + "x" + "}" * NUMBER + "}}",
        "@misc{a, title = {" + "{a} " * NUMBER + "}}",
        "@misc{a, author = {" + "A and " * NUMBER + "B}}",
        "@misc{a, pages = {" + "1-" * NUMBER + "}}",
        "@misc{a, title = {" + " " * NUMBER + "\n" + " " * NUMBER + "x}}",
        "@misc{a, title = {" + "\n" * NUMBER + "x}}",
        "@misc{a, note = {" + "$" * NUMBER + "}}",
        "@misc{a, url = {http://x.org/" + "é" * NUMBER + "\\_" * NUMBER + "}}",
        "@misc{a, doi = {" + "doi:" * NUMBER + "}}",
        "@misc{a, note = " + "{x} # " * NUMBER + "{y}}",
        "@misc{a" + ", note = {x}" * NUMBER + "}",
        "@misc{a" + ", % c\n note = {x}" * NUMBER + "}",
        "@misc{a}" * NUMBER,
        "@misc{a, crossref = {b}}@misc{b, crossref = {a}}" * (NUMBER // 10),
        "@misc{a}\n" + "% c\n\n" * NUMBER + "@misc{b}",
        "@comment{x}\n" * NUMBER,
        "@misc{" * NUMBER,
        "\n" * NUMBER + "<" * NUMBER,
    ],
    ids=lambda text: text[:30].strip() or "space",
)
def test_linear_time(text: str) -> None:
    with seconds_at_most(4):
        format_text("x.bib", text, SETTINGS)
