"""Markdown lists as they are written, and read back."""

from refsync.formats.pages import markdown
from refsync.formats.registry import detect
from refsync.records import Record
from tests.formats.samples.json import CSL_FIELDS


def test_a_markdown_list() -> None:
    record = Record("a", 1, "k", "article", {**CSL_FIELDS, "title": "Old Moss_1 [a*b]"})
    bare = Record("a", 2, "#2", "misc", {"title": "Alone"})
    text = markdown.write([record, bare]).decode()
    assert text == (
        "<!-- refsync: people (year) title. venue -->\n\n"
        "- Jane van Doe, Max Roe, Centre for Kelp and Moss (2020) "
        "[Old Moss\\_1 \\[a\\*b\\]](<https://doi.org/10.1000/moss>). *Journal of Moss 7(2)*.\n- **Alone**.\n"
    )
    assert detect(text.encode(), "-").name == "markdown"
    again, alone = markdown.read(text.encode(), "a.md").records
    assert again.fields == {
        "author": "Jane van Doe and Max Roe and {Centre for Kelp and Moss}",
        "year": "2020",
        "title": "Old Moss_1 [a*b]",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "doi": "10.1000/moss",
    }
    assert alone.fields == {"title": "Alone"}
