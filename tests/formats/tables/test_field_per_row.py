"""Tables with one field per row."""

from tests.formats.reading import read_table


def test_embase_by_row() -> None:
    one = [
        '"TITLE","The Patience, of Moss"', '"AUTHOR NAMES","Doe J.","Roe M.A."', '"SOURCE TITLE","Journal of Moss"',
        '"PUBLICATION YEAR","2020"', '"VOLUME","7"', '"FIRST PAGE","101"', '"LAST PAGE","115"', '"DOI","10.1000/moss"',
        '"ABSTRACT","Moss waits.\nSo do we."', '"PUI","L2000000001"',
    ]  # fmt: skip
    snapshot = read_table(
        "\ufeff" + "\r\n".join([*one, "", '"TITLE","Moss and Time"', '"ABSTRACT","It ""grows""."', ""])
    )
    record, other = snapshot.records
    assert (record.line, other.line, snapshot.problems) == (1, 13, ())
    assert (record.type, record.fields) == (
        "article",
        {
            "title": "The Patience, of Moss", "author": "Doe, J. and Roe, M.A.", "journal": "Journal of Moss",
            "year": "2020", "volume": "7", "doi": "10.1000/moss", "abstract": "Moss waits.\nSo do we.",
            "pui": "L2000000001", "pages": "101--115",
        },
    )  # fmt: skip
    assert other.fields == {"title": "Moss and Time", "abstract": 'It "grows".'}
    cut = read_table("\n".join(one[:6]) + '\n"ABSTRACT","Moss wa')
    assert [problem.fatal for problem in cut.problems] == [True]
    assert (cut.records[0].get("volume"), cut.records[0].get("abstract")) == ("7", "")
