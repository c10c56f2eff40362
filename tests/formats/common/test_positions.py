"""Lines and columns of offsets."""

import pytest

from refsync.formats.common.positions import line_column_lookup
from tests.time_bounds import seconds_at_most


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_of_the_three_ways(line_end: str) -> None:
    text = line_end.join(("ab", "", "cd"))
    place = line_column_lookup(text)
    assert [place(text.index(letter)) for letter in "abcda"] == [(1, 1), (1, 2), (3, 1), (3, 2), (1, 1)]


@pytest.mark.parametrize("text", ["\r" + "x\n" * 200_000, "\n" + "x\r" * 200_000, "x\n\r" * 150_000])
def test_time_is_linear_whichever_line_end_is_rare(text: str) -> None:
    place = line_column_lookup(text)
    with seconds_at_most(5):  # quadratic ones would take minutes
        for offset in range(0, len(text), 2):
            place(offset)
