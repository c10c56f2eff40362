"""Citation keys by a template, in place."""

import pytest

from refsync.errors import ConfigError
from refsync.formatting.settings import FormatSettings
from tests.formatting.formatted import formatted, result

TEMPLATE = "{auth}{year}{title}"
TEXT = """\
@misc{old, author = {Doe, Jane}, year = 2001, title = {The Kelp}, crossref = {book1}}
@misc{old2, author = {Doe, Jim}, year = 2001, title = {Kelp Again}, note = {as in \\cite{old}}}
@book{book1, author = {Roe, Ann}, year = 1999, title = {Moss}}
"""


def test_keys_and_references() -> None:
    outcome = result(TEXT, keys=TEMPLATE)
    assert {*outcome.keys} == {"doe2001kelp", "doe2001kelpa", "roe1999moss"}
    assert outcome.keys[2] == "roe1999moss"
    assert "crossref = {roe1999moss}" in outcome.after
    assert f"\\cite{{{outcome.keys[0]}}}" in outcome.after


def test_keys_stay_when_entries_are_added_or_moved() -> None:
    first = formatted(TEXT, keys=TEMPLATE)
    new = "@misc{n, author = {Doe, Jo}, year = 2001, title = {Kelp Once More}}\n"
    after = result(new + first, keys=TEMPLATE)
    assert after.keys[0] == "doe2001kelpb"
    assert after.after.endswith(first)


def test_values_that_the_template_uses_are_the_formatted_ones() -> None:
    text = '@misc{x, author = {M{\\"u}ller, A.}, year = {1999}, title = {{KELP}}}\n'
    after = formatted(text, keys="{auth}{year}", characters="unicode", numerals="bare", sort=("key",))
    assert after.startswith("@misc{muller1999, author = {Müller, A.}, year = 1999")


def test_an_entry_without_key_gets_one_and_is_formatted() -> None:
    assert formatted("@misc{, title={Kelp}, year=1999}\n", keys=TEMPLATE, indent=1) == (
        "@misc{kelp1999,\n title={Kelp},\n year=1999\n}\n"
    ) or formatted("@misc{, title={Kelp}, year=1999}\n", keys=TEMPLATE).startswith("@misc{1999kelp,")


def test_two_entries_of_one_key_get_two_keys_and_references_mean_the_first() -> None:
    text = "@misc{k, title={Kelp}}\n@misc{k, title={Moss}}\n@misc{c, title={Child}, crossref={k}}\n"
    after = formatted(text, keys="{title}")
    assert "@misc{kelp," in after
    assert "@misc{moss," in after
    assert "crossref={kelp}" in after


def test_a_template_with_the_old_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="at every run again"):
        FormatSettings(keys="{key}x")
