"""How two titles differ, word by word."""

from refsync.dedup.title_difference import Difference, title_difference


def test_a_word_is_the_compound_of_words_that_are_left_as_often_as_it_has_them() -> None:
    assert title_difference("gogo go moss", "go go moss") == Difference("swapped", ("gogo",), ("go",))
    assert title_difference("gogo moss", "go go moss").kind == "equal"
    assert title_difference("gogo moss wall", "go go moss").right == ()
