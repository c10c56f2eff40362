import pytest

from refsync.text.names import LIMIT, parse_authors, parse_name


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
    ],
)
def test_particles_and_hyphens(name: str, family: str, prefix: str) -> None:
    parsed = parse_name(name)
    assert (parsed.family, parsed.prefix) == (family, prefix)


@pytest.mark.parametrize("field", ["Doe, J. and others", "J Doe, ...", "J Doe, …", "Doe J, et al.", "Doe, J.; et al"])
def test_cut_lists_say_so(field: str) -> None:
    authors = parse_authors(field)
    assert authors.families == ("doe",)
    assert authors.truncated


@pytest.mark.parametrize("field", ["Moss Study Group", "Group, Moss Study", "The Moss Consortium"])
def test_groups_have_only_a_family_name(field: str) -> None:
    assert parse_name(field).given == ""


def test_scripts_without_spaces() -> None:
    assert parse_authors("王苔 and 李蘚").families == ("王苔", "李蘚")


def test_swapped_names_share_their_words() -> None:
    assert set(parse_authors("Doe, Jane").words) == set(parse_authors("Jane, Doe").words)


def test_five_thousand_names_are_cut() -> None:
    authors = parse_authors(" and ".join(f"Moss{i}, A." for i in range(5000)))
    assert len(authors.families) == LIMIT
    assert authors.truncated


@pytest.mark.parametrize("field", ["", "?", ";;", " and ", "..."])
def test_no_names(field: str) -> None:
    assert parse_authors(field).families == ()
