"""Plain lists of identifiers and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.pages import markdown, plain_list

LINES = """# what to read
10.5555/kelp.1
https://doi.org/10.5555/kelp.2
arXiv:2401.00001v2
- [1] hep-th/9901001
PMID: 123456
Kelp in Noise https://arxiv.org/abs/2401.00003
2. Quiet Kelp and Its Friends
Doe, J. (2020). Kelp in noise. J. Kelp 3, 1-9. doi:10.5555/kelp.9
10.5555/a, 10.5555/b
???
"""


def test_one_paper_a_line() -> None:
    snapshot = plain_list.read(LINES.encode(), "l.txt")
    assert [(r.line, r.get("doi", "eprint", "pmid"), r.get("title")) for r in snapshot.records] == [
        (2, "10.5555/kelp.1", ""),
        (3, "10.5555/kelp.2", ""),
        (4, "2401.00001", ""),
        (5, "hep-th/9901001", ""),
        (6, "123456", ""),
        (7, "2401.00003", "Kelp in Noise"),
        (8, "", "Quiet Kelp and Its Friends"),
        (9, "10.5555/kelp.9", ""),
        (10, "10.5555/a", ""),
        (10, "10.5555/b", ""),
    ]
    assert snapshot.records[7].get("note").startswith("Doe, J. (2020)")
    assert [problem.line for problem in snapshot.problems] == [11]


@given(st.lists(st.integers(1, 10**9), min_size=1))
def test_every_doi_is_read(numbers: list[int]) -> None:
    text = "\n".join(f"10.5555/kelp.{n}" for n in numbers)
    assert plain_list.sniff(text.encode()) > 0.5
    assert [r.get("doi") for r in plain_list.read(text.encode(), "x").records] == text.split("\n")


@pytest.mark.parametrize("read", [plain_list.read, markdown.read])
@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (b"?\n!\n", "no "), (b"a\0b", "binary")])
def test_nothing_to_read(read, data: bytes, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError, match=reason):
        read(data, "x")


@given(st.text())
def test_no_text_makes_a_reader_fail(text: str) -> None:
    for form in (plain_list.FORMAT, markdown.FORMAT):
        form.sniff(text.encode())
        try:
            snapshot = form.read(text.encode(), "x")
        except SourceError:
            continue
        assert all(record.fields for record in snapshot.records)


def test_people_beside_titles() -> None:
    titles = ("Quiet Kelp and Its Friends (Second Edition)", "On the Walls of Moss Ann Roe, Ed Poe")
    text = "\n".join(("Kelp in Noise (Ann Roe, Ed Poe)", *titles))
    assert [dict(record.fields) for record in plain_list.read(text.encode(), "l.txt").records] == [
        {"title": "Kelp in Noise", "author": "Ann Roe and Ed Poe"},
        {"title": "Quiet Kelp and Its Friends (Second Edition)"},
        {"note": "On the Walls of Moss Ann Roe, Ed Poe"},
    ]


def test_parts_of_a_page_are_no_titles() -> None:
    parts = ("Cited by 12 Related articles", "Ann Roe | Ed Poe", "Quiet Kelp and Its Friends", "Abstract: We bend.")
    text = "\n".join(("Kelp in Noise", *parts, "Old Kelp at Sea"))
    snapshot = plain_list.read(text.encode(), "l.txt")
    assert [record.line for record in snapshot.records] == [1, 4, 6]
    assert [problem.line for problem in snapshot.problems] == [2, 3, 5]
    with pytest.raises(SourceError, match="most lines"):
        plain_list.read(b"Kelp in Noise\nCite Share\nSave Cite\nAnn Roe | Ed Poe\n", "l.txt")
