"""The layout of entries, and which fields they have in which order."""

from typing import Any

import pytest

from tests.formatting.formatted import formatted, result

MIXED = '@ARTICLE (moss2001,Title="Moss", year =2001 ,\n note={x})\n'


@pytest.mark.parametrize(
    ("settings", "after"),
    [
        ({"type_case": "lower"}, MIXED.replace("ARTICLE", "article")),
        ({"field_case": "upper"}, MIXED.replace("Title", "TITLE").replace("year", "YEAR").replace("note", "NOTE")),
        ({"entry_braces": True}, MIXED.replace(" (", "{").replace("})", "}}")),
        ({"trailing_commas": "add"}, MIXED.replace("})", "},)")),
        ({"align": 0}, MIXED.replace('="M', ' = "M').replace("=2", "= 2").replace("={", " = {")),
        ({"align": "auto"}, '@ARTICLE (moss2001,Title = "Moss", year  = 2001 ,\n note  = {x})\n'),
        ({"indent": 2}, '@ARTICLE (moss2001,\n  Title="Moss",\n  year =2001,\n  note={x}\n)\n'),
        ({"indent": "tab"}, '@ARTICLE (moss2001,\n\tTitle="Moss",\n\tyear =2001,\n\tnote={x}\n)\n'),
        ({"sort_fields": ("year", "note")}, '@ARTICLE (moss2001,year =2001, note={x} ,\n Title="Moss")\n'),
        ({"drop_fields": ("TITLE",)}, "@ARTICLE (moss2001, year =2001 ,\n note={x})\n"),
        ({"keep_fields": ("title",)}, '@ARTICLE (moss2001,Title="Moss")\n'),
        ({}, MIXED),
        (
            {"preset": "minimal"},
            '@article{moss2001,\n  title = "Moss",\n  year = 2001,\n  note = {x},\n}\n',
        ),
        (
            {"preset": "bibtex-tidy"},
            '@article{moss2001,\n  title         = "Moss",\n  year          = 2001,\n  note          = {x}\n}\n',
        ),
        (
            {"preset": "minimal", "align": "keep", "indent": "keep"},
            '@article{moss2001,title="Moss", year =2001 ,\n note={x},}\n',
        ),
    ],
)
def test_each_setting_changes_what_it_names(settings: dict[str, Any], after: str) -> None:
    assert formatted(MIXED, **settings) == after


def test_line_ends_of_the_file_are_used() -> None:
    text = "@misc{a, title={x}}\r\n@misc{b, title={y}}\r\n"
    after = formatted(text, preset="minimal")
    assert after.count("\r\n") == after.count("\n") > 4


COMMENTED = """\
@misc{a, % the key
  % about the title
  title = {T}, % beside it
  note = {},
  % about the year
  year = 1999 % before the comma
  ,
  doi = {10.1/x}
  % at the end
}
"""


@pytest.mark.parametrize(
    "settings",
    [
        {"indent": 4},
        {"sort_fields": ("doi", "year", "note", "title")},
        {"drop_empty_fields": True},
        {"drop_fields": ("title", "year", "note", "doi")},
        {"preset": "minimal", "sort_fields": ("year",)},
        {"entry_braces": True, "trailing_commas": "add"},
    ],
)
def test_comments_between_fields_stay(settings: dict[str, Any]) -> None:
    after = formatted(COMMENTED, **settings)
    for comment in ("the key", "about the title", "beside it", "about the year", "before the comma", "at the end"):
        assert f"% {comment}\n" in after


def test_comments_move_with_the_field_that_follows() -> None:
    after = formatted(COMMENTED, sort_fields=("year", "title"))
    assert (
        "  % about the year\n  year = 1999, % before the comma\n  % about the title\n  title = {T}, % beside it\n"
        in after
    )


def test_fields_without_a_value_are_dropped_on_request() -> None:
    text = '@misc{a, title = {T}, note = {}, month = " ", key = , doi = {x}}\n'
    assert formatted(text, drop_empty_fields=True) == "@misc{a, title = {T}, doi = {x}}\n"


def test_a_repeated_field_with_another_value_stays() -> None:
    text = "@misc{a, year = 1999, year = {1999}, title = {T}, title = {U}}\n"
    outcome = result(text, drop_repeated_fields=True)
    assert outcome.after == "@misc{a, year = 1999, title = {T}, title = {U}}\n"
    assert ["a second `title`" in note.message for note in outcome.notes] == [True]


@pytest.mark.parametrize(
    "entry", ["@misc{a, title = {T},, note = {x}}", "@misc{a, title = {T} note = {x}}", "@misc{, title = {T}}"]
)
def test_an_entry_with_faults_stays_and_is_reported(entry: str) -> None:
    text = f"@misc{{b, title={{U}}}}\n{entry}\n"
    outcome = result(text, preset="minimal")
    assert entry in outcome.after
    assert "@misc{b,\n  title = {U},\n}\n" in outcome.after
    assert len(outcome.notes) == 1
    assert (outcome.notes[0].line, "left as it is" in outcome.notes[0].message) == (2, True)
