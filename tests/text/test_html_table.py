from html.parser import HTMLParser

import refsync
from refsync.text.html_table import cell, html_block, html_details, html_table

HOSTILE = "<script>alert(1)</script> & \x1b[31m \u202e' onmouseover='x"


class Parser(HTMLParser):
    """Collects tags and their attributes, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(html: str) -> None:
    parser = Parser()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    assert parser.tags <= set("div p strong span table thead tbody tr th td details summary".split())
    assert parser.attributes <= {"style"}
    assert html.replace("\n", "").isprintable()


def test_texts_are_escaped_and_tags_balanced() -> None:
    table = html_table((HOSTILE, "n"), [(HOSTILE, 1), (None, 2.5)] * 30)
    check(html_block(HOSTILE, HOSTILE, html_details(HOSTILE, table)))
    assert "and 40 more" in table


def test_cells_are_bounded_and_numbers_readable() -> None:
    assert len(cell("x" * 1000)) == 200
    assert (cell(12345), cell(0.5), cell(None)) == ("12,345", "0.500", "")


def test_results_in_a_notebook_are_such_html() -> None:
    pair = f"title = {{{HOSTILE} of Moss}}, author = {{Roe, {HOSTILE}}}, year = 2020, doi = {{10.5555/moss.7}}"
    records = refsync.read_sources(f"@misc{{one, {pair}}}\n@misc{{two, {pair}}}\n".encode(), "bibtex").records
    found = refsync.find_duplicates(records)
    plan = refsync.make_plan(records, found)
    shown = [
        plan._repr_html_(),
        refsync.explain_pair(records[0], records[1])._repr_html_(),
        refsync.library_figures(plan)._repr_html_(),
    ]
    for html in shown:
        check(html)
    assert "merged: 1" in shown[0]
    assert "<strong>same</strong>" in shown[1]
    assert "papers: 1, records: 2" in shown[2]
