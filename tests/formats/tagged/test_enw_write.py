"""EndNote's tags are written."""

from refsync.formats.tagged import enw
from refsync.records import Record

FIELDS = {
    "author": "Roe, Ann and {Centre for Kelp}", "title": "The Patience\nof Moss", "journal": "Journal of Moss",
    "year": "2020", "month": "March", "volume": "7", "number": "3", "pages": "11--19", "keywords": "moss, kelp",
    "abstract": "Moss waits.\n\n%T is no tag here.", "shelf": "B 12", "doi": "10.1000/moss",
}  # fmt: skip


def test_an_article_in_the_form_of_endnote() -> None:
    assert (
        enw.write([Record("a", 1, "roe2020", "article", FIELDS)]).decode()
        == """\
%0 Journal Article
%F roe2020
%A Roe, Ann
%A Centre for Kelp
%T The Patience of Moss
%J Journal of Moss
%D 2020
%8 2020/03//
%N 3
%V 7
%R 10.1000/moss
%X Moss waits. %T is no tag here.
%K moss
%K kelp
%P 11-19
%< Field: citation-key: roe2020
%< Field: shelf: B 12
"""
    )


def test_keys_and_labels_stay_apart() -> None:
    given = [Record("a", 1, "k1", "book", {"title": "A", "label": "red"}), Record("a", 2, "#2", "book", {"title": "B"})]
    back = enw.read(enw.write(given), "a").records
    assert [(record.id, record.get("label")) for record in back] == [("k1", "red"), ("#2", "")]


def test_a_type_that_endnote_lacks() -> None:
    (back,) = enw.read(enw.write([Record("a", 1, "k", "periodical", {"title": "Moss"})]), "a").records
    assert back.type == "periodical"
