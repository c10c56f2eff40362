"""Topics near a paper. Texts are invented."""

from pathlib import Path

import numpy as np
import pytest

from refsync.classify.embedding import load_embedding
from refsync.classify.fields import FIELDS
from refsync.classify.topics import SHIPPED, load_topics, write
from refsync.errors import SourceError

VISION = (
    "Boundary-aware semantic segmentation of street scenes",
    "We present a convolutional network for semantic segmentation of images with a boundary branch.",
)
GALAXIES = (
    "Quenching of star formation in dwarf satellite galaxies",
    "We use spectroscopy of dwarf galaxies around the Milky Way to study how star formation ceases.",
)


def test_papers_get_topics_of_their_subject() -> None:
    vision, galaxies = load_topics().nearest([VISION, GALAXIES], load_embedding())
    assert vision[0].field == "Computer Science"
    assert galaxies[0].field == "Physics and Astronomy"
    assert 1 >= vision[0].probability >= vision[1].probability >= vision[2].probability > 0


def test_the_fields_of_a_paper_count() -> None:
    shares = np.full((1, len(FIELDS)), 1e-3)
    shares[0, FIELDS.index("Social Sciences")] = 1
    (topics,) = load_topics().nearest([VISION], load_embedding(), shares)
    (plain,) = load_topics().nearest([VISION], load_embedding())
    assert sum(t.probability for t in topics if t.field == "Social Sciences") > sum(
        t.probability for t in plain if t.field == "Social Sciences"
    )


def test_a_text_without_known_words_gets_none() -> None:
    found = load_topics().nearest([("", ""), ("Qrx vlom", ""), ("Deep learning", "")], load_embedding())
    assert found == [(), (), ()]
    assert load_topics().nearest([], load_embedding()) == []


def test_the_table_has_all_topics_and_reads_back(tmp_path: Path) -> None:
    topics = load_topics()
    assert len(topics.names) == len(set(topics.names)) == 4516
    assert SHIPPED.stat().st_size < 1_000_000
    (tmp_path / "t.npz").write_bytes(write(topics))
    again = load_topics(tmp_path / "t.npz")
    assert again.names == topics.names
    assert np.allclose(again.vectors, topics.vectors, atol=0.02)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"topics"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.npz").write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read"):
        load_topics(tmp_path / "t.npz")
