"""Subfields of papers, and what they depend on. Texts are invented."""

from refsync.classify.fields import FIELDS
from refsync.classify.settings import AreaSettings
from refsync.classify.subfields import FIELD_OF, SUBFIELDS, subfield_of
from refsync.classify.tagger import load_shipped
from refsync.classify.taxonomy import NAMES

VISION = (
    "Boundary-aware semantic segmentation of street scenes",
    "We present a convolutional network for semantic segmentation of images with a boundary branch, and evaluate it on "
    "pixels of object instances in urban driving scenes, with an ablation of the segmentation loss.",
)
DOGS = (
    "Dental disease in dogs and cats at a veterinary clinic",
    "We examined dogs and cats for periodontal disease in a veterinary practice and report how we treated the animals.",
)


def test_every_subfield_is_of_a_category_and_a_field() -> None:
    assert {*SUBFIELDS} <= {*NAMES}
    assert {*SUBFIELDS.values()} == {*FIELD_OF}
    assert {*FIELD_OF.values()} <= {*FIELDS}


def test_a_sure_category_tells_the_subfield_with_every_taxonomy() -> None:
    for taxonomy in ("auto", "fields", "both", "arxiv"):
        vision, dogs, empty = load_shipped(taxonomy).tag([VISION, DOGS, ("", "")], AreaSettings())
        assert vision.subfield == "Computer Vision and Pattern Recognition"
        assert dogs.subfield is None
        assert empty.subfield is None


def test_an_unsure_category_tells_none() -> None:
    (tagging,) = load_shipped("fields").tag([VISION], AreaSettings(min_accuracy=0.999))
    assert tagging.subfield is None


def test_the_subfield_is_within_the_field() -> None:
    assert subfield_of("cs.CV", "Engineering") is None
    assert subfield_of("cs.CV", "Physical Sciences") == "Computer Vision and Pattern Recognition"
    assert subfield_of("cs.CV", "Social Sciences") is None
    assert subfield_of("cs.CV", "my own name") == "Computer Vision and Pattern Recognition"
    assert subfield_of("quant-ph") is None


def test_areas_of_the_users_own_do_not_hide_it_from_fields() -> None:
    settings = AreaSettings(map={"computing": ("Computer Science",)}, only_mapped=True, min_accuracy=0.5)
    (tagging,) = load_shipped("fields").tag([VISION], settings)
    assert tagging.primary == "computing"
    assert tagging.subfield == "Computer Vision and Pattern Recognition"
