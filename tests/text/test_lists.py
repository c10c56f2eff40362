import pytest

from refsync.text.lists import split_words


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("kelp, cold ,  north", ["kelp", "cold", "north"]),
        ("Cell Line, Tumor; kelp;", ["Cell Line, Tumor", "kelp"]),
        ("{cold, dark}, kelp", ["{cold, dark}", "kelp"]),
        ("{a; b}, c", ["{a; b}", "c"]),
        (r"a\,b, c", [r"a\,b", "c"]),
        ("a}, b", ["a}", "b"]),
        ("", []),
    ],
)
def test_parts_of_a_list(value: str, parts: list[str]) -> None:
    assert split_words(value) == parts


def test_hostile_lists_take_linear_time() -> None:
    assert len(split_words("{" * 300_000 + "," * 300_000)) == 1
    assert len(split_words("a," * 300_000)) == 300_000
