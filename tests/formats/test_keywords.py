"""One rule for lists of keywords in readers, writers, tags and Zotero."""

import pytest

from refsync.classify.labels import labels_of
from refsync.formats.bibtex.format import read
from refsync.formats.common.text_record import split_keywords
from refsync.records import Record
from refsync.text.lists import join_words, separator_of, split_words
from refsync.zotero.items.tags import keyword_tags
from tests.formats.reading import through

LISTS = [
    ("Cell Line, Tumor; kelp", ["Cell Line, Tumor", "kelp"]),
    ("kelp, moss", ["kelp", "moss"]),
    ("{cold, dark}, kelp", ["cold, dark", "kelp"]),
    ("plants > moss, a/b", ["plants > moss", "a/b"]),
    ("{a; b}, c", ["a; b", "c"]),
    ("{Cell Line, Tumor}", ["Cell Line, Tumor"]),
    ("kelp;", ["kelp"]),
    ("", []),
]


@pytest.mark.parametrize(("value", "words"), LISTS)
@pytest.mark.parametrize("markup", ["text", "latex"])
def test_all_rooms_split_alike(value: str, words: list[str], markup: str) -> None:
    record = Record("a", 1, "k1", "book", {"title": "T", "keywords": value}, "latex" if markup == "latex" else "text")
    assert split_keywords(value) == words
    assert [tag["tag"] for tag in keyword_tags(value, record.markup)] == words
    assert len(labels_of(record, ["keywords"])) == len(words)
    for name in ("ris", "endnotexml", "csljson", "csv", "bibtex"):
        if not (name in ("ris", "endnotexml") and any(";" in word for word in words)):  # which separates there
            assert split_keywords(through(name, [record])[0].get("keywords")) == words, name


@pytest.mark.parametrize("words", [["a", "b"], ["a, b", "c"], ["a, b"], ["a; b", "c"], ["{a, b}", "c"]])
def test_joined_words_are_split_again(words: list[str]) -> None:
    assert [word.strip("{}") for word in split_words(join_words(words))] == [word.strip("{}") for word in words]


def test_the_separator_of_a_list() -> None:
    assert [separator_of(value) for value in ("a; b, c", "a, b", "{a; b}, c", "")] == [";", ",", ",", ","]


def test_latex_keywords_keep_their_words() -> None:
    (record,) = read(rb"@book{k, title={T}, keywords={M{\"u}nster, {cold, d{\'a}rk}}}", "a.bib").records
    assert split_keywords(through("ris", [record])[0].get("keywords")) == ["Münster", "cold, dárk"]
