"""The table of journals: keys, lookups, and the file."""

from pathlib import Path

import numpy as np
import pytest

from refsync.classify.fields import FIELDS
from refsync.classify.journals import (
    SHIPPED,
    Journals,
    issn_keys,
    load_journals,
    name_keys,
    number_of,
    write,
)
from refsync.errors import SourceError


def table(**rows: int) -> Journals:
    keys = sorted(rows, key=lambda key: number_of(key.replace("_", " ")))
    numbers = np.array([number_of(key.replace("_", " ")) for key in keys], np.uint64)
    return Journals(numbers, np.array([rows[key] for key in keys], np.uint16), np.eye(3, 26, dtype=np.float16))


def test_a_journal_is_found_by_any_spelling_of_its_name() -> None:
    journals = table(willow_letters=1, willow_lett=2)
    for name in ("Willow Letters", "THE WILLOW LETTERS", "Willow letters (Oslo)", "Willow Letters: a review"):
        found = journals.find(name)
        assert found is not None, name
        assert found[1] == 1
    abbreviated = journals.find("Willow Lett.")
    assert abbreviated is not None
    assert abbreviated[2] == 1
    assert journals.find("Willow") is None
    assert journals.find("") is None


def test_the_issn_comes_first() -> None:
    journals = table(willow_letters=1, **{"1234567X": 0})
    found = journals.find("Willow Letters", "1234-567x")
    assert found is not None
    assert found[0] == 1


@pytest.mark.parametrize("text", ["", "12345678901", "1234-56", "n/a"])
def test_other_numbers_are_no_issn(text: str) -> None:
    assert issn_keys(text) == []


def test_long_names_are_cut() -> None:
    assert all(len(key) <= 300 for key in name_keys("willow " * 100_000))


def test_a_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    journals = table(willow_letters=1, oak=2)
    (tmp_path / "table.npz").write_bytes(write(journals))
    again = load_journals(tmp_path / "table.npz")
    assert np.array_equal(again.numbers, journals.numbers)
    assert np.array_equal(again.rows, journals.rows)
    assert np.array_equal(again.log_odds, journals.log_odds)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"journals"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.npz").write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read"):
        load_journals(tmp_path / "table.npz")


def test_rows_outside_the_table_are_refused(tmp_path: Path) -> None:
    journals = table(oak=2)
    wrong = Journals(journals.numbers, np.array([9], np.uint16), journals.log_odds)
    (tmp_path / "table.npz").write_bytes(write(wrong))
    with pytest.raises(SourceError, match="do not fit"):
        load_journals(tmp_path / "table.npz")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Journal of Dentistry", "Dentistry"),
        ("J Vet Intern Med", "Veterinary"),
        ("The Lancet", "Medicine"),
        ("Annals of Mathematics", "Mathematics"),
    ],
)
def test_the_shipped_table_knows_journals(name: str, field: str) -> None:
    found = load_journals().find(name)
    assert found is not None
    assert FIELDS[int(found.argmax())] == field


@pytest.mark.parametrize(
    ("title", "abbreviation"), [("Veterinary Record", "Vet. Rec."), ("Journal of Dentistry", "J Dent")]
)
def test_an_abbreviation_says_what_the_title_says(title: str, abbreviation: str) -> None:
    in_full, short = load_journals().find(title), load_journals().find(abbreviation)
    assert in_full is not None
    assert short is not None
    assert np.array_equal(in_full, short)


@pytest.mark.parametrize("name", ["PLoS ONE", "Nature", "Science", "arXiv"])
def test_journals_of_all_sciences_say_nothing(name: str) -> None:
    found = load_journals().find(name)
    assert found is None or not found.any()


def test_the_shipped_table_is_small() -> None:
    assert SHIPPED.stat().st_size <= 1_500_000


@pytest.mark.parametrize(
    ("journal", "field"),
    [
        ("Physical Review Letters", "Physics and Astronomy"),
        ("Phys. Rev. E", "Physics and Astronomy"),
        ("Optics Letters", "Physics and Astronomy"),
        ("IEEE Transactions on Image Processing", "Computer Science"),
        ("Neural Computation", "Computer Science"),
        ("The New England Journal of Medicine", "Medicine"),
        ("IEEE Transactions on Medical Imaging", "Medicine"),
        ("Veterinary Record", "Veterinary"),
    ],
)
def test_a_journal_that_medline_has_under_medicine_is_of_its_own_science(journal: str, field: str) -> None:
    found = load_journals().find(journal)
    assert found is not None
    assert FIELDS[int(found.argmax())] == field
