from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.areas.library import SUBJECTS, library


@pytest.fixture(scope="package")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library, more papers without labels, and the model trained on the library."""
    place = tmp_path_factory.mktemp("own")
    (place / "refs.bib").write_text(library(), encoding="utf-8")
    (place / "new.bib").write_text(library(12, seed=2, labels=dict.fromkeys(SUBJECTS, "unread")), encoding="utf-8")
    assert main(["train", str(place / "refs.bib"), "-o", str(place / "own.npz"), "-q"]) == 0
    return place
