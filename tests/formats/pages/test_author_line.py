"""Lines of people, and lines that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.pages.author_line import people_in

FIRST = st.sampled_from(["Ann", "Jean-Luc", "J. P.", "María José", "Иван", "Zoë", "R.", "Yu-Chen"])
LAST = st.sampled_from(["Roe", "van der Poe", "O'Moe", "McNoe", "Łoś", "Петров", "de la Goe", "Nguyễn"])


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Roe | Ed Poe", "Ann Roe;Ed Poe"),
        ("Ann Roe · Ed Poe", "Ann Roe;Ed Poe"),
        ("Ann Roe, Ed Poe, and Mia Moe", "Ann Roe;Ed Poe;Mia Moe"),
        ("Ann Roe, Ed Poe und Mia Moe", "Ann Roe;Ed Poe;Mia Moe"),
        ("By Ann Roe, Ed Poe", "Ann Roe;Ed Poe"),
        ("Ann Roe1,2, Ed Poe2,*, Mia Moe", "Ann Roe;Ed Poe;Mia Moe"),
        ("Roe A(1), Poe E(2)(3).", "Roe, A;Poe, E"),
        ("ROE AB, POE E", "ROE, AB;POE, E"),
        ("Roe, A., Poe, E.", "Roe, A.;Poe, E."),
        ("A Roe, E Poe…", "A Roe;E Poe;others"),
        ("Ann Roe, +3 authors, Ed Poe", "Ann Roe;Ed Poe;others"),
        ("Ann Roe et al.", "Ann Roe;others"),
        ("Ann RoeEd PoeMia Moe", "Ann Roe;Ed Poe;Mia Moe"),
        ("Ann Roe+2 authorsEd Poe", "Ann Roe;Ed Poe"),
        ("Ann Roe (Kelp University), Ed Poe (Moss, Inc.)", "Ann Roe;Ed Poe"),
        ("Ann Roe (Annie), Wei Li (李伟), Can Xu", "Ann Roe (Annie);Wei Li (李伟);Can Xu"),
        ("王苔, 李蘚", "王苔;李蘚"),
        ("Ann Roe, Kelp Collaboration, Ed Poe", "Ann Roe;Kelp Collaboration;Ed Poe"),
    ],
)
def test_people(line: str, names: str) -> None:
    assert ";".join(people_in(line).texts) == names


@pytest.mark.parametrize(
    "line",
    [
        "Kelp in Noise",
        "Lions, Tigers, and Bears",
        "Machine Learning, Deep Learning, Neural Networks",
        "Login | Register",
        "About Us | Contact Us",
        "New Orleans, United States",
        "MossConf 2024, Long Papers, and More",
        "Kelp, Moss, Lichen",
        "kelp, quiet moss, old lichen",
        "What Does Kelp Hear?",
        "BiLSTM Kelp, GPT Moss, and CNN Lichen",
        "Organizers: Ann Roe, Ed Poe, Mia Moe",
        "",
        "·",
    ],
)
def test_no_people(line: str) -> None:
    assert people_in(line).names == ()


@given(
    st.lists(st.builds("{} {}".format, FIRST, LAST), min_size=3, max_size=9),
    st.sampled_from([" | ", " · ", ", ", "; "]),
)
def test_all_names_are_found_in_order(names: list[str], separator: str) -> None:
    people = people_in(separator.join(names))
    assert (list(people.names), people.sure) == (names, True)
