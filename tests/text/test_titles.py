"""Titles: additions of databases, main titles, parts."""

import pytest

from refsync.text.titles import fold_title, title_parts


@pytest.mark.parametrize(
    ("written", "trimmed"),
    [
        ("Rain on moss.", "Rain on moss"),
        ("[Rain on moss]. [Swedish]", "Rain on moss"),
        ("[Rain on moss]", "Rain on moss"),
        ("Rain on moss. French", "Rain on moss"),
        ("Rain on moss (in Polish)", "Rain on moss"),
        ("RETRACTED: Rain on moss", "Rain on moss"),
        ("Retracted Article: Rain on moss (Retracted article. See vol. 3, 2031", "Rain on moss"),
        ("Rain on moss.[Erratum appears in J Moss. 2031 Mar;2(3):4]", "Rain on moss"),
        ("Rain on moss (Reprinted from Old Walls, vol 2)", "Rain on moss"),
        ("Rain on moss. [Review] [52 refs]", "Rain on moss"),
        ("Rain on moss (extended abstract)", "Rain on moss"),
        ("Rain on moss (panel session): friend or foe?", "Rain on moss: friend or foe?"),
        ("Rain on moss [1]", "Rain on moss"),
        ("«Rain on moss»", "Rain on moss"),
        ("[Rain on moss] [Article in French]", "Rain on moss"),
        ("Rain on moss (in Japanese with English abstract)", "Rain on moss"),
        ("Rain on moss [see comments]", "Rain on moss"),
        ("Rain on moss [letter; comment]", "Rain on moss"),
        ("Rain on moss [published erratum appears in J Moss 2031;2(3):4]", "Rain on moss"),
        ("Rain on moss (Author reply)", "Rain on moss"),
        ("[Retracted] Rain on moss", "Rain on moss"),
        ("Rain on moss [electronic resource]", "Rain on moss"),
        ("Rain on moss [Preprint].", "Rain on moss"),
    ],
)
def test_additions_of_databases_to_a_title_are_removed(written: str, trimmed: str) -> None:
    assert fold_title(written).key == fold_title(trimmed).key


@pytest.mark.parametrize(
    ("title", "main"),
    [
        ("Rain on moss: a study", "rainonmoss"),
        ("Rain on moss - a study", "rainonmoss"),
        ("Does rain help? A study", "doesrainhelp"),
        ("Rain-fed moss", "rainfedmoss"),
        ("Does rain help?: a study", "doesrainhelp"),
        ("Regen auf Moos [Rain on the mosses]", "regenaufmoos"),
        ("Regen auf Moos = Rain on moss", "regenaufmoos"),
        ("Rain on moss [15N]", "rainonmoss15n"),
        ("Rain on mosses of > or = 5 years", "rainonmossesofor5years"),
    ],
)
def test_the_main_title_ends_at_the_subtitle(title: str, main: str) -> None:
    assert fold_title(title).main == main


def test_a_huge_title_is_cut_not_scanned() -> None:
    assert len(fold_title("moss " * 20_000).key) <= 4000


def test_parts_of_a_title() -> None:
    assert title_parts("Notes on rain. On moss: a study") == [
        "notesonrain",
        "onmossastudy",
        "notesonrainonmoss",
        "astudy",
    ]
    assert title_parts("Rain on moss") == []
