"""Records as text: names of a list that is marked as cut off."""

import pytest

from refsync.formats.common.text_record import creator_names
from refsync.records import Record


@pytest.mark.parametrize(
    ("value", "families"),
    [
        ("Roe, Ann & others", ["Roe", "others"]),
        (r"Roe, Ann \& others", ["Roe", "others"]),
        ("Ann Roe and Poe, Ed & others", ["Roe", "Poe", "others"]),
        ("Roe, Ann et al.", ["Roe", "others"]),
        ("Poe, Ed and Roe, Ann, et al", ["Poe", "Roe", "others"]),
        ("Roe, Ann and {et al.}", ["Roe", "others"]),
        ("Roe, Ann {et al.}", ["Roe", "others"]),
        ("Metal, Ann", ["Metal"]),
        ("Ann Etal", ["Etal"]),
        (r"{Roe \& Others}", ["Roe & Others"]),
    ],
)
def test_a_list_says_in_many_ways_that_there_are_more(value: str, families: list[str]) -> None:
    record = Record("a.bib", 1, "k", fields={"author": value}, markup="latex")
    assert [name.family for name in creator_names(record, "author")] == families
