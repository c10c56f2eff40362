from refsync.mcp.values import MOST_BYTES, MOST_ITEMS, MOST_TEXT, bounded, page


def test_texts_are_printable_and_bounded() -> None:
    assert bounded({"a\x1b": ["\x07\u202e", 1, None]}) == {"a\\x1b": ["\\x07\\u202e", 1, None]}
    assert bounded("x" * (MOST_TEXT + 5)) == "x" * MOST_TEXT + "... (5 more characters)"


def test_lists_are_bounded_and_say_what_is_left_out() -> None:
    assert bounded(list(range(MOST_ITEMS + 3)))[-1] == "... (3 more)"


def test_objects_and_lists_in_an_item_are_bounded() -> None:
    shown = bounded({"fields": {str(n): n for n in range(5000)}, "notes": ["x" * 1000] * 90})
    assert (len(shown["fields"]), shown["fields"]["..."]) == (MOST_ITEMS + 1, f"{5000 - MOST_ITEMS:,} more")
    assert 0 < len(shown["notes"]) < 30


def test_a_page_is_as_long_as_its_bytes_allow() -> None:
    shown = page("rows", ["x" * 1900] * 90, 0, 90, lambda row: row)
    assert 0 < len(shown["rows"]) < 90
    assert sum(map(len, shown["rows"])) <= MOST_BYTES
    assert shown["next_offset"] == len(shown["rows"])


def test_an_item_larger_than_a_page_is_a_page_of_its_own() -> None:
    shown = page("rows", [{str(n): "x" * 2000 for n in range(50)}, "y"], 0, 2, lambda row: row)
    assert (len(shown["rows"]), shown["next_offset"]) == (1, 1)
