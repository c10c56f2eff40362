"""Author lists and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.names import MAX_NAMES, parse_authors, parse_name


@pytest.mark.parametrize(
    "field",
    [
        "Doe, J. A. and Roe, M.",
        "JA Doe and M Roe",
        "Doe JA, Roe M",
        "Doe J.A.; Roe M.",
        "Jane A. Doe and Mia Roe",
        "Doe, Jane A. and Roe, Mia",
        "Doe, J.A., Roe, M.",
        "DOE, J A and ROE, M",
        "JA Doe, M Roe",
        "Doe Jr, J. A. and Roe, M., 3rd",
        "Doe, J. A. & Roe, M.",
        "Doe, J. A., & Roe, M.",
        "Doe, J.A.|Roe, M.",
        "DOE JA, ROE M",
        "Dr. Jane Doe and Mia Roe, PhD",
        "Doe1, J. A.; Roe2*, M.",
        "Doe, J. A.； Roe, M.",
        "{Doe}, J. A. and Roe, {M.}",
        "<b>Doe</b>, J. A. AND Roe, M.",
    ],
)
def test_forms_of_one_list(field: str) -> None:
    authors = parse_authors(field)
    assert authors.families == ("doe", "roe")
    assert authors.initials == ("j", "m")


@pytest.mark.parametrize(
    ("name", "family", "prefix"),
    [
        ("Jane van der Roe", "Roe", "van der"),
        ("van der Roe, Jane", "Roe", "van der"),
        ("Roe, Jane van der", "Roe", "van der"),
        ("Jane Moss-Fern", "Moss-Fern", ""),
        ("de la Roe J", "Roe", "de la"),
        ("Roe, M bin", "Roe", "bin"),
        ("JA DOE", "DOE", ""),
        ("LI W", "LI", ""),
        ("Jane Doe, PhD", "Doe", ""),
        ("И. И. Мхов", "Мхов", ""),
        ("王 苔", "王", ""),
    ],
)
def test_particles_and_hyphens(name: str, family: str, prefix: str) -> None:
    parsed = parse_name(name)
    assert (parsed.family, parsed.prefix) == (family, prefix)


@pytest.mark.parametrize(
    "field", ["Doe, J. and others", "J Doe, ...", "J Doe, …", "Doe J, et al.", "Doe, J.; et al", "Doe J и др."]
)
def test_cut_lists_say_so(field: str) -> None:
    authors = parse_authors(field)
    assert authors.families == ("doe",)
    assert authors.truncated


@pytest.mark.parametrize("field", ["Moss Study Group", "Group, Moss Study", "The Moss Consortium"])
def test_groups_have_only_a_family_name(field: str) -> None:
    assert parse_name(field).given == ""


def test_scripts_without_spaces() -> None:
    for field in (
        "王苔 and 李蘚",
        "王, 苔 and 李, 蘚",
        "王 苔; 李 蘚",
        "王苔、李蘚",
        "王苔，李蘚",
        "王苔；李蘚",
        "王苔, 李蘚",
    ):
        assert parse_authors(field).families == ("王苔", "李蘚")
    assert parse_authors("김이끼, 이숲, 박비").families == ("김이끼", "이숲", "박비")
    assert parse_authors("محمد، علي; حسن، ر").families == ("محمد", "حسن")


def test_three_full_names_in_a_sentence() -> None:
    assert parse_authors("Jane Doe, Mia Roe and Ann Poe").families == ("doe", "roe", "poe")
    assert parse_authors("Doe Moss, Jane Mia and Roe, Ann").families == ("doemoss", "roe")


def test_names_that_full_stops_part() -> None:
    assert parse_authors("Doe J, Roe M. Poe A. B. Moss-Fern E.").families == ("doe", "roe", "poe", "mossfern")
    assert parse_authors("J. A. Doe").families == ("doe",)


def test_swapped_names_share_their_words() -> None:
    assert set(parse_authors("Doe, Jane").words) == set(parse_authors("Jane, Doe").words)


def test_five_thousand_names_are_cut() -> None:
    authors = parse_authors(" and ".join(f"Moss{i}, A." for i in range(5000)))
    assert len(authors.families) == MAX_NAMES
    assert authors.truncated


@pytest.mark.parametrize("field", ["", "?", ";;", " and ", "...", "[Anonymous]", "No authors listed"])
def test_no_names(field: str) -> None:
    assert parse_authors(field).families == ()


def letters_of(text: str) -> list[str]:
    return sorted(char for char in text if char.isalnum())


@given(
    st.lists(st.sampled_from("Doe van der Group J. JA Jr Moss-Fern , ; 王苔 é phd Team".split()), max_size=7).map(
        " ".join
    )
)
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    name = parse_name(text)
    assert letters_of(name.family + name.given + name.prefix + name.suffix) == letters_of(text)


@given(st.text(max_size=60))
def test_any_name_is_parsed(text: str) -> None:
    name = parse_name(text)
    assert letters_of(name.family + name.given + name.prefix + name.suffix) == letters_of(text)
    authors = parse_authors(text)
    assert len(authors.families) == len(authors.initials)
