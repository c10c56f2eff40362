"""Strategies for records with the fields that all formats hold."""

from functools import partial
from unicodedata import normalize

from hypothesis import strategies as st

from refsync.records import Record

_LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"], include_characters=" ")
WORDS = st.text(_LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
NAME = (
    st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=9)
    .map(partial(normalize, "NFC"))  # the readers' form of names
    .filter(lambda name: name.lower() != "and")
)
PERSON = st.one_of(st.tuples(NAME, NAME).map(", ".join), st.tuples(NAME, st.just("Jr."), NAME).map(", ".join))
PEOPLE = st.lists(
    st.one_of(PERSON, st.tuples(NAME, NAME).map(lambda two: f"{{{two[0]} and {two[1]}}}")), min_size=1, max_size=4
).map(" and ".join)
WORD = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=9)
NUMBER = st.integers(1, 9999).map(str)
DATE = st.one_of(
    st.fixed_dictionaries({"year": st.integers(1000, 2099).map(str)}),
    st.fixed_dictionaries(
        {"year": st.just("2020"), "month": st.sampled_from(["January", "May", "December"])},
        optional={"day": st.integers(1, 28).map(str)},
    ),
)
COMMON = {
    "author": PEOPLE,
    "editor": PEOPLE,
    "volume": NUMBER,
    "number": NUMBER,
    "pages": st.tuples(NUMBER, NUMBER).map("--".join),
    "doi": WORD.map("10.1000/{}".format),
    "url": WORD.map("https://a.example/{}".format),
    "issn": st.just("1234-5679"),
    "isbn": st.just("978-0-306-40615-7"),
    "abstract": WORDS,
    "keywords": st.lists(WORD, min_size=1, max_size=4, unique=True).map(", ".join),
    "language": WORD,
    "address": WORDS,
    "shelf": WORDS,
}
CONTAINERS = {
    "article": ("journal", "publisher"),
    "misc": ("journal", "publisher"),
    "dataset": ("journal", "publisher"),
    "patent": ("journal", "publisher"),
    "book": ("series", "publisher"),
    "incollection": ("booktitle", "publisher"),
    "inproceedings": ("booktitle", "publisher"),
    "phdthesis": ("series", "school"),
    "techreport": ("series", "institution"),
}


@st.composite
def records(draw: st.DrawFn) -> Record:
    type_ = draw(st.sampled_from(list(CONTAINERS)))
    optional = COMMON | dict.fromkeys(CONTAINERS[type_], WORDS)
    fields = draw(st.fixed_dictionaries({"title": WORDS}, optional=optional)) | draw(DATE)
    return Record("a", 1, draw(WORD), type_, fields)
