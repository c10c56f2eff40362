"""Word-by-word differences of two values."""

from hypothesis import given
from hypothesis import strategies as st

from refsync.review.word_diff import diff_words


def test_differences_are_words() -> None:
    one, other = diff_words("Tides of the northern harbour", "Tides of a southern harbour")
    assert [span.text for span in one if span.mark == "only"] == ["the northern"]
    assert [span.text for span in other if span.mark == "only"] == ["a southern"]


def test_words_that_differ_only_in_case_are_marked_as_such() -> None:
    one, _ = diff_words("Tides of the Northern harbour", "Tides of the northern bay")
    assert [(span.text, span.mark) for span in one if span.mark != "same"] == [
        ("Northern", "case"),
        ("harbour", "only"),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_spans_joined_are_the_values(one: str, other: str) -> None:
    left, right = diff_words(one, other)
    assert "".join(span.text for span in left) == one
    assert "".join(span.text for span in right) == other
    if one == other:
        assert all(span.mark != "only" for span in (*left, *right))


def test_the_middle_of_a_long_equal_part_is_folded() -> None:
    text = " ".join(f"word{i}" for i in range(300))
    left, _ = diff_words(f"Old {text}", f"New {text}")
    assert [span.mark for span in left] == ["only", "same", "folded"]
