"""Which categories a paper's fields allow."""

import numpy as np
import pytest

from refsync.classify.fields import FIELDS
from refsync.classify.gate import support_of
from refsync.classify.taxonomy import NAMES

CATEGORIES = tuple(NAMES)


def support(**shares: float) -> dict[str, float]:
    """The support of all categories, given fields by the beginning of their names."""
    row = np.zeros((1, len(FIELDS)))
    for name, share in shares.items():
        (column,) = [i for i, field in enumerate(FIELDS) if field.startswith(name.replace("_", " "))]
        row[0, column] = share
    return dict(zip(CATEGORIES, support_of(row, CATEGORIES)[0].tolist(), strict=True))


def test_computer_science_allows_its_categories() -> None:
    allowed = support(Computer=0.9, Medicine=0.1)
    assert all(allowed[code] == 1 for code in CATEGORIES if code.startswith(("cs.", "eess.", "stat.", "math.")))


@pytest.mark.parametrize("field", ["Medicine", "Veterinary", "Social", "Arts", "Dentistry", "Psychology", "Nursing"])
def test_other_sciences_close_computer_science(field: str) -> None:
    closed = support(**{field: 0.95, "Computer": 0.05})
    assert all(closed[code] < 0.5 for code in CATEGORIES if code.startswith(("cs.", "eess.", "q-fin.", "hep-")))


def test_categories_between_the_sciences_stay_open() -> None:
    assert support(Medicine=1.0)["physics.med-ph"] == 1
    assert support(Social=1.0)["physics.soc-ph"] == 1
    assert support(Neuroscience=1.0)["q-bio.NC"] == 1
    assert support(Economics=1.0)["econ.GN"] == 1


def test_every_field_alone_gives_numbers_from_0_to_1() -> None:
    values = support_of(np.eye(len(FIELDS)), CATEGORIES)
    assert values.shape == (len(FIELDS), len(CATEGORIES))
    assert values.min() >= 0
    assert values.max() == 1
    assert values.max(axis=0).min() == 1, "no category is closed to all fields"
