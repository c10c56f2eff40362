"""What a record can be looked up by."""

from hypothesis import given
from hypothesis import strategies as st

from refsync.enrich.missing_fields import search_words


@given(st.text())
def test_query_words_have_no_punctuation(title: str) -> None:
    words = search_words(title)
    assert not set(words) & set(",|:\"'()[]{}<>&%+?!*~\\/")
    assert len(words) <= 300
