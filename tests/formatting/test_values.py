"""Values: each setting changes what it names, and nothing else."""

import pytest

from refsync.errors import ConfigError
from refsync.formatting.journal_table import parse_journal_table
from tests.formatting.formatted import formatted, result, value


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ('"Kelp"', "braces", "{Kelp}"),
        ("{Kelp}", "quotes", '"Kelp"'),
        ('{The "Kelp" debate}', "quotes", '{The "Kelp" debate}'),
        (r"{K{\"e}lp}", "quotes", r'"K{\"e}lp"'),
        (r"{K\"elp}", "quotes", r"{K\"elp}"),
        ('"a" # mac # "b"', "braces", "{a} # mac # {b}"),
        ("1999", "braces", "1999"),
        ("mac", "braces", "mac"),
    ],
)
def test_delimiters(before: str, wanted: str, after: str) -> None:
    assert value(before, delimiters=wanted) == after


@pytest.mark.parametrize(
    ("before", "settings", "after"),
    [
        ("{1999}", {"numerals": "bare"}, "1999"),
        ('"12"', {"numerals": "bare"}, "12"),
        ("{007}", {"numerals": "bare"}, "{007}"),
        ("{١٢}", {"numerals": "bare"}, "{١٢}"),
        ("{12-3}", {"numerals": "bare"}, "{12-3}"),
        ("1999", {"numerals": "enclosed"}, "{1999}"),
        ("1999", {"numerals": "enclosed", "delimiters": "quotes"}, '"1999"'),
        ("{1999}", {"delimiters": "quotes"}, '"1999"'),
    ],
)
def test_numerals(before: str, settings: dict[str, str], after: str) -> None:
    assert value(before, "year", **settings) == after


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ("{January}", "macros", "jan"),
        ('"Sept."', "macros", "sep"),
        ("{8}", "macros", "aug"),
        ("8", "macros", "aug"),
        ("{spring}", "macros", "{spring}"),
        ("{Jan./Feb.}", "macros", "{Jan./Feb.}"),
        ("AUG", "numbers", "8"),
        ("{August}", "numbers", "8"),
        ('"10~" # jan', "macros", '"10~" # jan'),
    ],
)
def test_months(before: str, wanted: str, after: str) -> None:
    assert value(before, "month", months=wanted) == after


def test_a_month_that_the_file_defines_anew_is_no_macro() -> None:
    text = '@string{mar = "M."}\n@misc{a, month = {March}}\n@misc{b, month = {May}}\n'
    assert formatted(text, months="macros") == text.replace("{May}", "may")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{12-34}", "{12--34}"),
        ("{12 – 34, 40—45}", "{12--34, 40--45}"),
        ("{12---34}", "{12--34}"),
        ("{e7-e9}", "{e7--e9}"),
        ("{xi-xx}", "{xi--xx}"),
        ("{S1-S5 and more}", "{S1-S5 and more}"),
        ("{2-1--2-15}", "{2-1--2-15}"),
        ("{1-2-3}", "{1-2-3}"),
        ("{116-123.e2}", "{116--123.e2}"),
        ("{12-}", "{12-}"),
        ("{12--34}", "{12--34}"),
        ("first # {-34}", "first # {-34}"),
    ],
)
def test_page_ranges(before: str, after: str) -> None:
    assert value(before, "pages", page_ranges=True) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{https://doi.org/10.5555/Ab}", "{10.5555/Ab}"),
        ("{http://dx.doi.org/10.5555%2F1}", "{10.5555/1}"),
        ("{doi: 10.5555/1}", "{10.5555/1}"),
        (r"{\url{https://doi.org/10.5555/1}}", "{10.5555/1}"),
        ("{10.5555/Ab}", "{10.5555/Ab}"),
        ("{see https://doi.org/10.5555/1}", "{see https://doi.org/10.5555/1}"),
    ],
)
def test_dois(before: str, after: str) -> None:
    assert value(before, "doi", bare_dois=True) == after


@pytest.mark.parametrize(
    ("before", "settings", "after"),
    [
        ("{http://x.org/a b/é}", {"encode_urls": True}, "{http://x.org/a%20b/%C3%A9}"),
        (r"{http://x.org/a\_b?c=%20}", {"encode_urls": True}, r"{http://x.org/a\_b?c=%20}"),
        (r"{\url{http://x.org/é}}", {"encode_urls": True}, r"{\url{http://x.org/é}}"),
        ("{see x.org}", {"encode_urls": True}, "{see x.org}"),
        (r"{http://x.org/a\_b\%20{\textasciitilde}c}", {"unescape_urls": True}, "{http://x.org/a_b%20~c}"),
        (r"{\url{http://x.org/a_b}}", {"unescape_urls": True}, "{http://x.org/a_b}"),
        (r"{\url{http://x.org/é}}", {"unescape_urls": True, "encode_urls": True}, "{http://x.org/%C3%A9}"),
    ],
)
def test_urls(before: str, settings: dict[str, bool], after: str) -> None:
    assert value(before, "url", **settings) == after


@pytest.mark.parametrize(
    ("before", "settings", "after"),
    [
        (r"{R&D \& 5% of $a_b$}", {"escape": True}, r"{R\&D \& 5\% of $a_b$}"),
        ("{Müller}", {"characters": "latex"}, r"{M{\"u}ller}"),
        (r"{M{\"u}ller, \'{e}, \o}", {"characters": "unicode"}, "{Müller, é, ø}"),
        ("{{Kelp}}", {"strip_enclosing_braces": True}, "{Kelp}"),
        (r"{{\"Uber}}", {"strip_enclosing_braces": True}, r"{{\"Uber}}"),
        ("{{A} and {B}}", {"strip_enclosing_braces": True}, "{{A} and {B}}"),
        (r"{The {ImageNet} of \emph{Kelp}}", {"remove_braces": ("title",)}, r"{The ImageNet of \emph{Kelp}}"),
        ("{$x^{10}$ of {K}elp}", {"remove_braces": ("title",)}, "{$x^{10}$ of Kelp}"),
        ("{A short view of GANs}", {"protect_capitals": True}, "{A short view of {GANs}}"),
        ("{Kelp}", {"enclosing_braces": ("title",)}, "{{Kelp}}"),
        ("{{Kelp}}", {"enclosing_braces": ("title",)}, "{{Kelp}}"),
        ("{Deep Kelp of {Bergen}: A View}", {"title_case": "sentence"}, "{Deep kelp of {Bergen}: A view}"),
        ("{deep kelp of the iPhone}", {"title_case": "title"}, "{Deep Kelp of the iPhone}"),
        ("{JOURNAL OF TEA, PART II}", {"drop_all_caps": True}, "{Journal of Tea, Part II}"),
        ("{NASA}", {"drop_all_caps": True}, "{NASA}"),
    ],
)
def test_text(before: str, settings: dict[str, object], after: str) -> None:
    assert value(before, **settings) == after


@pytest.mark.parametrize("name", ["url", "doi", "file", "crossref", "bdsk-url-1", "groups"])
def test_characters_of_fields_that_are_no_text_stay(name: str) -> None:
    assert value("{a_b & é}", name, escape=True, characters="latex", wrap=5) == "{a_b & é}"


def test_braces_around_names_stay() -> None:
    assert value("{{Kelp and Moss Society}}", "author", strip_enclosing_braces=True) == "{{Kelp and Moss Society}}"
    assert value("{{Kelp and Moss} and {Roe}}", "author", remove_braces=("author",)) == "{{Kelp and Moss} and Roe}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{A and B and C}", "{A and B and others}"),
        ("{A and B}", "{A and B}"),
        ("{A and B and others}", "{A and B and others}"),
        ("{{A and B} and C}", "{{A and B} and C}"),
        ("{A\n and B\n and C}", "{A\n and B and others}"),
    ],
)
def test_most_authors(before: str, after: str) -> None:
    assert value(before, "author", max_authors=2) == after


def test_journals_by_a_table() -> None:
    table = parse_journal_table("# comment\nJournal of Tea & Coffee;J. Tea Coffee\nMoss = M.\nM.;X\n", "t.csv")
    text = (
        "@misc{a, journal = {JOURNAL of Tea \\& Coffee}}\n@misc{b, journaltitle = {Moss}}\n@misc{c, title = {Moss}}\n"
    )
    short = result(text, table, journals="abbreviate").after
    assert short == text.replace("JOURNAL of Tea \\& Coffee", "J. Tea Coffee").replace(
        "title = {Moss}}\n@", "title = {M.}}\n@"
    )
    assert "Journal of Tea \\& Coffee" in result(short, table, journals="expand").after


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"t\.csv: no names"):
        parse_journal_table("only one column\n", "t.csv")


LONG = "{" + "word " * 20 + "end}"


def test_wrapping() -> None:
    wrapped = value(LONG, wrap=40)
    assert max(map(len, wrapped.splitlines())) <= 40
    assert wrapped.split() == ["{", *LONG[1:-1].split(), "}"]
    assert value(wrapped, wrap=0) == LONG
    assert value("{one\n  two}", wrap=0) == "{one two}"
    assert value("{ \n  https://example.org/a \n}", "url", wrap=20) == "{https://example.org/a}"
    assert value("{a:\n b}", "file", wrap=0) == "{a:\n b}"
    assert value("{one\n\n  two}", wrap=0) == "{\n    one\n\n    two\n  }"
    assert value(r"{a\ " + "b" * 50 + "}", wrap=20) == r"{a\ " + "b" * 50 + "}"
    assert value('"a\n b" # mac\n # {c}', wrap=0) == '"a b" # mac # {c}'
