"""Which categories a paper's fields allow."""

import numpy as np
import pytest
from numpy.typing import NDArray

from refsync.classify.field_model import load_field_model
from refsync.classify.fields import FIELDS
from refsync.classify.gate import CATEGORIES, GATED, Gate, PaperFields, fields_of, group_of, support_of
from refsync.classify.model import load_model


def shipped_gate() -> Gate:
    gate = load_field_model().gate
    assert gate is not None
    return gate


def supports(
    shares: NDArray[np.float64], category: str, *, titles: bool = False, short: bool = False
) -> dict[str, NDArray[np.float64]]:
    """By category the support of papers with shares of fields (N, 26), whose most probable category is given."""
    count = len(shares)
    likely = np.full((count, len(CATEGORIES)), 0.05)
    likely[:, CATEGORIES.index(category)] = 0.85
    papers = PaperFields(shares, np.full(count, titles), np.full(count, short))
    return dict(zip(CATEGORIES, support_of(shipped_gate(), papers, likely).T, strict=True))


def one_field(name: str, share: float, other: str = "Computer Science") -> NDArray[np.float64]:
    """(1, 26) the rest goes to another field, but for a thousandth."""
    row = np.full((1, len(FIELDS)), 0.001 / len(FIELDS))
    row[0, FIELDS.index(name)] += share
    row[0, FIELDS.index(other)] += 0.999 - share
    return row


@pytest.mark.parametrize("titles", [False, True])
@pytest.mark.parametrize("category", ["cs.LG", "cs.CV", "cs.CY", "eess.IV", "stat.ML", "cs.DL"])
def test_computer_science_allows_its_categories(category: str, titles: bool) -> None:
    assert supports(one_field("Medicine", 0.05), category, titles=titles)[category] == 1


@pytest.mark.parametrize("titles", [False, True])
@pytest.mark.parametrize(
    "field",
    [
        *("Medicine", "Veterinary", "Social Sciences", "Arts and Humanities", "Dentistry", "Psychology", "Nursing"),
        *("Agricultural and Biological Sciences", "Chemistry", "Earth and Planetary Sciences"),
    ],
)
def test_other_sciences_close_computer_science(field: str, titles: bool) -> None:
    for category in ("cs.CL", "cs.CR", "cs.CY", "cs.LG", "eess.IV"):
        closed = supports(one_field(field, 0.99), category, titles=titles)
        assert all(closed[code][0] < 1 for code in CATEGORIES if code.startswith(("cs.", "eess.")) or code == "stat.ML")


@pytest.mark.parametrize("titles", [False, True])
@pytest.mark.parametrize("category", ["q-bio.TO", "q-bio.NC", "q-fin.PR", "stat.AP", "math.PR", "hep-th", "econ.GN"])
@pytest.mark.parametrize("field", ["Medicine", "Dentistry", "Arts and Humanities"])
def test_medicine_and_the_humanities_close_the_other_archives(field: str, category: str, titles: bool) -> None:
    shares = one_field(field, 0.98, "Nursing")
    assert supports(shares, category, titles=titles)[category] < 1


@pytest.mark.parametrize(
    ("field", "other", "category"),
    [
        ("Physics and Astronomy", "Mathematics", "hep-th"),
        ("Mathematics", "Computer Science", "math.NT"),
        ("Economics, Econometrics and Finance", "Mathematics", "econ.TH"),
        ("Mathematics", "Economics, Econometrics and Finance", "stat.ME"),
        ("Earth and Planetary Sciences", "Physics and Astronomy", "physics.geo-ph"),
    ],
)
def test_papers_get_the_categories_of_their_own_science(field: str, other: str, category: str) -> None:
    assert supports(one_field(field, 0.9, other), category)[category] == 1


def test_few_words_need_more_support() -> None:
    shares = one_field("Computer Science", 0.5, "Arts and Humanities")
    assert supports(shares, "cs.CR", titles=True, short=True)["cs.CR"] < 1


def test_every_field_alone_gives_numbers_from_0_to_1() -> None:
    for category in ("cs.CL", "hep-th"):
        values = np.stack(list(supports(np.eye(len(FIELDS)), category).values()))
        assert values.shape == (len(CATEGORIES), len(FIELDS))
        assert values.min() >= 0
        assert values.max() <= 1


def test_every_category_has_a_group_and_fields() -> None:
    assert load_model().classes == CATEGORIES
    assert {group_of(category) for category in CATEGORIES} == set(GATED)
    assert all(set(fields_of(category)) <= set(FIELDS) for category in CATEGORIES)


@pytest.mark.parametrize("wrong", [{"fields": [[0.0]]}, {"certainty": [[0.0]] * 2}, {"categories": None}])
def test_a_gate_that_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    gate = shipped_gate()
    notes = {name: getattr(gate, name).tolist() for name in ("fields", "certainty", "categories")}
    with pytest.raises((ValueError, TypeError)):
        Gate.of({"gate": notes | wrong})
    assert Gate.of({}) is None
