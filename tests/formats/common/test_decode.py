"""Every byte of a file is kept, in any encoding."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import RefsyncError, SourceError
from refsync.formats.bibtex import format as bibtex
from refsync.formats.bibtex.scan import scan
from refsync.formats.common.decode import decode, decode_file, detect_encoding, encode_like
from refsync.formats.pages import listing
from refsync.formats.registry import detect
from refsync.formats.tables import delimited

CAFE = "@misc{x,\n title={Café}}"


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (CAFE.encode(), "UTF-8", CAFE),
        (codecs.BOM_UTF8 + CAFE.encode(), "UTF-8", CAFE),
        (CAFE.encode("utf-16"), "UTF-16", CAFE),
        (codecs.BOM_UTF16_BE + CAFE.encode("utf-16-be"), "UTF-16", CAFE),
        (CAFE.encode("latin-1"), "Latin-1", CAFE),
        ("Café – “x”".encode("cp1252"), "Windows-1252", "Café – “x”"),
        (b"\x80\x81\xe9", "Windows-1252", "€\x81é"),
        ("ü, ü and ".encode() + b"\xe9", "UTF-8", "ü, ü and é"),
        (codecs.BOM_UTF8 + b"caf\xe9", "UTF-8", "café"),
        ("café".encode("utf-16") + b"\0\xd8", "UTF-16", "café\ufffd"),
    ],
)
def test_text_and_the_way_back(data: bytes, name: str, text: str) -> None:
    decoded = decode_file(data, "a.bib")
    assert (decoded.encoding.name, decoded.text) == (name, text)
    assert decode(data, "a.bib") == text
    assert encode_like(decoded.exact, data) == data
    assert len(decoded.exact) == len(decoded.text)


@given(st.one_of(st.binary(min_size=1), st.lists(st.sampled_from(["é", "ü", "中", "\U0001f600", "a", "{", "\n"]))
                 .map(lambda parts: "".join(parts).encode() + b"\xe9 \xc3")))  # fmt: skip
def test_any_bytes_come_back(data: bytes) -> None:
    try:
        decoded = decode_file(data, "x")
    except SourceError:
        return
    assert encode_like(decoded.exact, data) == data
    assert decoded.encoding.decode(data) == decoded.exact
    decoded.text.encode()  # no surrogate is left


def test_a_legacy_encoding_is_noted_where_it_shows() -> None:
    (problem,) = decode_file(CAFE.encode("latin-1"), "a.bib").problems
    assert (problem.line, problem.column, problem.kind) == (2, 12, "note")
    assert problem.message == "not UTF-8; read as Latin-1 ('é' here)"


def test_a_byte_of_another_encoding_is_reported_with_its_position_and_matched_as_its_letter() -> None:
    data = (
        "@misc{ü,\n author={Müller äöüß},\n title={Caf".encode()
        + b"\xe9 na\xefve}}\n@misc{k\xe9y, n\xf6te={x}, n\xf6te={y}}"
    )
    snapshot = bibtex.read(data, "a.bib")
    assert [record.id for record in snapshot.records] == ["ü", "kéy"]
    assert snapshot.records[0].fields == {"author": "Müller äöüß", "title": "Café naïve"}
    assert snapshot.records[1].fields == {"nöte": "x", "nöte-2": "y"}
    positions = [(p.line, p.column) for p in snapshot.problems if p.kind == "encoding"]
    assert positions == [(3, 12), (4, 8)]
    assert any("0xe9 is no UTF-8, as the rest" in p.message for p in snapshot.problems)
    assert all(p.message.isprintable() for p in snapshot.problems)


def test_many_stray_bytes_are_summarised() -> None:
    problems = decode_file("ü".encode() * 200 + b"\n\xe9" * 150, "a.bib").problems
    assert len(problems) == 21
    assert problems[-1].message.startswith("130 more lines")


@pytest.mark.parametrize("read", [bibtex.read, delimited.read, listing.read])
def test_other_formats_read_it_too(read: object) -> None:
    assert callable(read)
    text = {
        bibtex.read: CAFE,
        delimited.read: "title,year\nCafé,2000\n",
        listing.read: f"Café society and its mosses\n\n{'We drink café and count the mosses on its wall. ' * 8}\n",
    }[read]
    snapshot = read(text.encode("latin-1"), "a")
    assert snapshot.records[0].fields["title"].startswith("Café")
    assert [problem.kind for problem in snapshot.problems] == ["note"]


def test_what_the_encoding_cannot_hold_is_refused() -> None:
    with pytest.raises(RefsyncError, match=r"a.bib: Latin-1 has no code for '中' \(U\+4E2D\).*line 2, column 1.*iconv"):
        encode_like("é\n中", "é".encode("latin-1"), "a.bib")
    with pytest.raises(RefsyncError, match="U\\+2013"):
        encode_like("é–", "é".encode("latin-1"))  # Windows-1252 would have it, but nothing shows that the file is in it
    assert encode_like("é–", "é’".encode("cp1252")) == b"\xe9\x96"
    assert detect_encoding(b"ascii").name == "UTF-8"


def test_invalid_utf16_is_refused() -> None:
    with pytest.raises(SourceError, match="ends inside a character"):
        decode("ab".encode("utf-16") + b"x", "a.bib")


_SOUP = [b"@misc{", b"k", b",", b"a=", b"{x}", b'"', b"}", b"\n", b" ", b"\xa0", b"\x85", b"\xe9", b"%", b"@comment"]


@given(st.lists(st.sampled_from([*_SOUP, b"@", b"\x1c", b"\xc2\xa0"]), max_size=30))
def test_the_text_that_is_shown_and_the_one_that_is_edited_have_the_same_blocks(parts: list[bytes]) -> None:
    data = b"".join(parts) + "üöäüöäüöäüöäüöäüöäüöäüöä".encode() + b"\xe9"
    decoded = decode_file(data, "x")
    assert decoded.encoding.mixed
    shape = [[(b.kind, b.start, b.end, b.key_start, b.key_end) for b in scan(text)]
             for text in (decoded.text, decoded.exact)]  # fmt: skip
    assert shape[0] == shape[1]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - Käfer und 苔\nER  - \n",
        "@book{k, title = {Käfer und 苔}}\n",
        "title,year\nKäfer und 苔,2020\n",
    ],
)
def test_utf_16_with_and_without_its_mark(codec: str, text: str) -> None:
    data = text.encode(codec)
    form = detect(data, "refs.txt")
    snapshot = form.read(data, "refs.txt")
    assert [record.get("title") for record in snapshot.records] == ["Käfer und 苔"]
    assert encode_like(text, data) == data


def test_mac_roman_is_recognised_by_its_letters() -> None:
    text = "Müller, Pérez et Größe: naïve façade, l\u2019été"
    decoded = decode_file(text.encode("mac-roman"), "x")
    assert decoded.text == text
    assert encode_like(text, text.encode("mac-roman")) == text.encode("mac-roman")
    assert [problem.message[:26] for problem in decoded.problems] == ["not UTF-8; read as Mac Rom"]
    for other in ("Müller – Pérez, l\u2019été “Größe” Škoda", "Dvořák?", "Łukasz’s “x”"):
        assert "Mac" not in detect_encoding(other.encode("cp1252", "replace")).name
