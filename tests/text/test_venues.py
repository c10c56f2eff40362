"""Names of journals and conferences."""

import pytest

from refsync.text.venues import fold_venue, is_preprint, venue_similarity


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("J. Moss Res.", "Journal of Moss Research"),
        ("Ann Moss Fern Biol", "Annals of Moss and Fern Biology"),
        ("Archives of Rain & Stone", "Archives of rain and stone"),
        (
            "Proc. 12th Int. Conf. on Very Old Walls, 2031",
            "Proceedings of the International Conference on Very Old Walls",
        ),
        ("VOW", "Very Old Walls"),
        ("The Wall Journal (Online)", "Wall Journal"),
        ("Moss Biology. 12 (3) (pp 4-5), 2031. Date of Publication: 2031.", "Moss Biology"),
        ("Moss Biology. Conference: 3rd Meeting of the Wall Society. Turku.", "Moss Biology"),
        ("Moosblatt = Moss Letters", "Moss Letters"),
        ("Moosblatt und Farnblatt / Moss and Fern Letters", "Moss Fern Lett"),
        ("Archives of Old Walls : official journal of the Wall Society", "Arch. Old Walls"),
        ("Fern : journal of the Royal Society of Ferns and Mosses", "Fern"),
        ("American Journal of Moss - Advances in Rain Research", "Adv Rain Res"),
        ("OWL Old Wall Letters", "Old wall letters"),
        ("BJFR Br J Fernology", "British Journal of Fernology"),
        ("OWL-Old Wall Letters", "OWL"),
        ("Paediatric Mosses", "Pediatr. Mosses"),
        ("Roentgen Walls", "Röntgen Walls"),
        ("Jpn. J. Moss", "Japanese Journal of Moss"),
        ("Zbl. Moosk.", "Zentralblatt für Mooskunde"),
        ("Bull Acad Natl Mousse", "Bulletin de l'Académie nationale de mousse"),
        ("Annales d’archéologie", "Ann. Archeol."),
        ("Bryo-Ecological Letters", "Bryoecol Lett"),
        ("Antimoss Agents", "Anti-Moss Agents"),
        ("Revista espa?ola de musgos", "Revista Española de Musgos"),
        ("Acta Moss Supplementum", "Acta Moss"),
        ("Moss Research Part C: Walls", "Moss Res C Walls"),
        ("ACM Transactions on Very Old Walls", "Transactions on Very Old Walls"),
        ("Журнал мхов", "ЖУРНАЛ МХОВ"),
        ("苔蘚学报", "苔蘚 学报"),
    ],
)
def test_names_of_one_venue(a: str, b: str) -> None:
    assert venue_similarity(fold_venue(a), fold_venue(b)) >= 0.7


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Moss Research", "Cloud Physics"),
        ("Diabetes", "Diabetologia"),
        ("", "Moss Research"),
        ("Journal of Moss", "Journal of Rain"),
        ("British Journal of Moss", "Journal of Moss"),
        ("Clinical Moss", "Moss"),
        ("International Journal of Moss", "International Journal of Rain"),
        ("American Journal of Moss", "American Journal of Rain"),
        ("Moss", "Moss Today"),
        ("Journal of Moss/Rain", "Rain"),
        ("Open Moss Letters", "Moss Letters"),
        ("OWL Open Access", "Old Wall Letters"),
        ("Part D", "D"),
        ("Hygiene of Walls", "Hydrogen on Walls"),
        ("Журнал мхов", "Журнал дождей"),
    ],
)
def test_names_of_different_venues(a: str, b: str) -> None:
    assert venue_similarity(fold_venue(a), fold_venue(b)) < 0.6


def test_preprint_servers() -> None:
    assert is_preprint(fold_venue("arXiv preprint arXiv:2101.00001"))
    assert is_preprint("", "10.1101/2031.01.01.1234")
    assert not is_preprint(fold_venue("Journal of Moss"), "10.5555/moss.1")


@pytest.mark.parametrize(
    ("a", "b"),
    [("", ""), ("moss / fern", "fern / moss"), ("j old walls", "old walls journal"), ("owl", "old wall letters")],
)
def test_order_makes_no_difference(a: str, b: str) -> None:
    assert venue_similarity(a, b) == venue_similarity(b, a)
