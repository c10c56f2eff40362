"""The order of entries, the lines between them, and the comments that belong to them."""

import pytest

from tests.formatting.formatted import formatted, result

LIBRARY = """\
% Encoding: UTF-8

% about b
@misc{b, title = {B}, author = {Roe, R.}, year = 2001, publisher = press}
@string{press = "The Press"}
@misc{a, title = {A}, author = {Doe, J.}, year = 1999} % beside a


@article{C, title = {C}, author = {Doe, A.}, year = 2001}

@comment{jabref-meta: groups}
"""


def keys(text: str) -> list[str]:
    return [line.split("{")[1].split(",")[0] for line in text.splitlines() if line.startswith(("@misc", "@article"))]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (("key",), "abC"),
        (("-key",), "Cba"),
        (("year", "author"), "aCb"),
        (("-year", "key"), "bCa"),
        (("author",), "Cab"),
        (("type", "key"), "Cab"),
        (("publisher",), "baC"),
        (("-publisher",), "baC"),
    ],
)
def test_entries_in_order(sort: tuple[str, ...], order: str) -> None:
    after = formatted(LIBRARY, sort=sort)
    assert "".join(keys(after)) == order
    assert after.startswith("% Encoding: UTF-8\n\n@string{press")
    assert "% about b\n@misc{b," in after
    assert "year = 1999} % beside a\n" in after
    assert after.endswith("@comment{jabref-meta: groups}\n")


def test_blank_lines() -> None:
    text = "\n\n@string{a = 1}\n@string{b = 2}\n@misc{x}@misc{y}\n\n\n\n% z\n\n@misc{z}\n\n\n"
    one = "@string{a = 1}\n@string{b = 2}\n\n@misc{x}\n\n@misc{y}\n\n% z\n\n@misc{z}\n"
    assert formatted(text, blank_lines=1) == one
    assert formatted(one, blank_lines=0) == "@string{a = 1}\n@string{b = 2}\n@misc{x}\n@misc{y}\n% z\n\n@misc{z}\n"
    assert formatted("", blank_lines=1) == ""


def test_comments_are_tidied_or_removed_on_request() -> None:
    text = "@misc{x}  % beside\n\n   note to self   \n\n@comment{c}\n@misc{y}\n@comment{jabref-meta: g}\n"
    assert formatted(text, tidy_comments=True) == (
        "@misc{x} % beside\n\n   note to self\n@comment{c}\n@misc{y}\n@comment{jabref-meta: g}\n".replace(
            "   note", "note"
        )
    )
    assert formatted(text, strip_comments=True, blank_lines=0) == "@misc{x}\n@misc{y}\n@comment{jabref-meta: g}\n"


def test_parents_come_after_their_children() -> None:
    text = "@book{a}\n@incollection{b, crossref = {A}}\n@inbook{c, crossref = b}\n@misc{d}\n"
    after = formatted(text, sort=("key",))
    starts = [after.index(f"{{{key}") for key in "abcd"]
    assert sorted("abcd", key=lambda key: starts["abcd".index(key)]) == ["c", "d", "b", "a"]


def test_a_circle_of_parents_ends() -> None:
    assert formatted("@misc{b, crossref={a}}\n@misc{a, crossref={b}}\n", sort=("key",)).count("@misc") == 2


def test_of_entries_with_one_key_the_first_stays_the_first() -> None:
    text = "@misc{a, year = 2001}\n@misc{b, year = 2000}\n@misc{A, year = 1999}\n"
    assert formatted(text, sort=("year",)) == "@misc{b, year = 2000}\n@misc{a, year = 2001}\n@misc{A, year = 1999}\n"


@pytest.mark.parametrize(
    "text",
    [
        '@string{p = "One"}\n@misc{b, note = p}\n@string{p = "Two"}\n@misc{a, note = p}\n',
        '@misc{b, month = jan}\n@string{jan = "J."}\n@misc{a, month = jan}\n',
    ],
)
def test_the_order_stays_where_macros_depend_on_it(text: str) -> None:
    outcome = result(text, sort=("key",))
    assert outcome.after == text
    assert "the order of the entries stays" in outcome.notes[0].message


def test_numbers_in_titles_count_as_numbers() -> None:
    text = "@misc{a, title = {Part 10}}\n@misc{b, title = {Part 9}}\n"
    assert keys(formatted(text, sort=("title",))) == ["b", "a"]


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", ">>>>>>> theirs", "||||||| base"])
def test_a_file_with_conflict_markers_stays(marker: str) -> None:
    text = f"@misc{{a, title={{T}}}}\n{marker}\n@misc{{b, title={{U}}}}\n"
    outcome = result(text, preset="minimal")
    assert outcome.after == text
    assert outcome.damage is not None
    assert (outcome.damage.line, outcome.damage.fatal) == (2, True)


@pytest.mark.parametrize(
    "text", ["@misc{a, title={T}\n@misc{b, title={U}}\n", "@misc{a, title={T}}\n@misc{b, title={U\n"]
)
def test_a_damaged_file_stays(text: str) -> None:
    outcome = result(text, preset="minimal", sort=("key",))
    assert outcome.after == text
    assert outcome.damage is not None


@pytest.mark.parametrize("header", ["@comment h", "% h", "h"])
@pytest.mark.parametrize("above", ["@comment x", "% x"])
@pytest.mark.parametrize("blank", [None, 0, 1])
def test_the_header_stays_apart_from_the_comment_below(header: str, above: str, blank: int | None) -> None:
    text = f"{header}\n\n{above}\n@misc{{b}}\n@misc{{a}}\n"
    after = formatted(text, sort=("key",), tidy_comments=True, blank_lines=blank)
    assert after.split() == f"{header} @misc{{a}} {above} @misc{{b}}".split()
    assert after.startswith(f"{header}\n\n")
