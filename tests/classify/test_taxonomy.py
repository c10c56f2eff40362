from refsync.classify.taxonomy import ARCHIVES, GROUPS, NAMES, archive, canonical, parent, readable


def test_arxiv_has_142_categories_in_20_archives_and_8_groups() -> None:
    assert (len(NAMES), len({archive(code) for code in NAMES}), len(set(GROUPS.values()))) == (142, 20, 8)


def test_readable_names_are_unique() -> None:
    assert len({readable(code) for code in NAMES}) == len(NAMES)


def test_an_alias_is_its_category() -> None:
    assert canonical("cs.SY") == "eess.SY"
    assert readable("cs.SY") == readable("eess.SY") == "Systems and Control"


def test_other_names_are_unchanged() -> None:
    assert readable("tea") == canonical("tea") == "tea"


def test_parents_of_areas() -> None:
    assert {parent(code) for code in NAMES} == set(ARCHIVES)
    assert readable("cs") == "Computer Science"
    assert (parent("vision/segmentation/video"), parent("tea")) == ("vision/segmentation", "tea")
