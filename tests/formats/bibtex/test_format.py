"""BibTeX files read into records, and their problems."""

import pytest

from refsync.errors import SourceError
from refsync.formats.bibtex.format import FORMAT, read, sniff
from refsync.records import Record
from tests.formats.reading import only_record


def one(text: str) -> Record:
    (record,) = read(text.encode(), "a.bib").records
    return record


def problems(text: str) -> list[tuple[int, int, str]]:
    return [(p.line, p.column, p.message) for p in read(text.encode(), "a.bib").problems]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{Kelp}", "Kelp"),
        ('"Kelp"', "Kelp"),
        ("1999", "1999"),
        ("{ Kelp\r\n   and\tmoss }", "Kelp and moss"),
        ("{Kelp\u00a0and}", "Kelp\u00a0and"),
        ("{{Kelp} {\\'e}}", "{Kelp} {\\'e}"),
        ("jan", "January"),
        ("JAN", "January"),
        ('10 # "~" # jan', "10~January"),
        ("pub # { Ltd}", "Kelp Press Ltd"),
        ("{}", ""),
    ],
)
def test_values_as_bibtex_reads_them(value: str, expected: str) -> None:
    record = one(f'@string{{PUB = "Kelp " # {{Press}}}}\n@misc{{k, f = {value}}}')
    assert record.fields == {"f": expected}


def test_a_record_has_the_fields_of_its_entry() -> None:
    record = one("\ufeff% mine\n\n@InProceedings{Key:1, Title = {A}, AUTHOR = {B}}")
    assert record == Record("a.bib", 1, "Key:1", "inproceedings", {"title": "A", "author": "B"}, markup="latex", line=3)


def test_an_entry_without_key_is_named_by_its_index() -> None:
    records = read(b"@misc{k, a={x}}\n@misc{, a={y}}\n@misc{a={z}}", "a.bib").records
    assert [record.id for record in records] == ["k", "#2", "#3"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_at_every_kind_of_end(end: str) -> None:
    snapshot = read(f"x{end}{end}@misc{{k,{end} a={{{end}y}}}}{end} @misc{{l, a=b}}".encode(), "a.bib")
    assert [record.line for record in snapshot.records] == [3, 6]
    assert [(p.line, p.column) for p in snapshot.problems] == [(6, 13)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@misc{k, a={x}, A={y}}", (1, 17, "a second `a`, which BibTeX ignores: y")),
        ("@misc{k, a={x}} @misc{k, a={y}}", (1, 17, "the key `k` is already used by the entry in line 1")),
        ("@misc{k, a={x}}\n@misc{k, a={y}}", (2, 1, "the key `k` is already used by the entry in line 1")),
        ("@misc{k, a=acm, b=acm}",
         (1, 12, "the macro `acm` is not defined (used 2 times); its name is used as its value")),
        ("@misc{k, a={x}}\n@misc{l, b={x} c}", (2, 16, "expected `,` or `}` after the value of `b`, found `c}`")),
        (
            "@misc{k, a={x},\n@misc{l, title={y}}}\n@misc{m, a={z}}",
            (2, 1, "expected a field name or `}`, found `@misc{l,`"),
        ),
        (
            "@misc{k, a={x\n@misc{l, title={y}\n}}, b={z}}\n@misc{m, a={z}}",
            (2, 1, "this looks like an entry, but stands inside another; is a brace above it not closed?"),
        ),
        ("@misc{k, a={x}}\r@article l,\r b={y}}\r", (2, 1, "this looks like an entry, but no `{` follows `@article`")),
        ("@misc{k, a={x}}\n @misc[l, b={y}]\n", (2, 2, "this looks like an entry, but no `{` follows `@misc`")),
        ("@misc{k, a={x}}\n@{l, b={y}}\n", (2, 1, "this looks like an entry, but it has no type")),
    ],
)  # fmt: skip
def test_faults_are_problems_with_their_positions(text: str, expected: tuple[int, int, str]) -> None:
    assert expected in problems(text)


def test_problems_say_whether_something_was_lost() -> None:
    text = b"@misc{k, a=acm b={x}}\n@misc{k, a={y}}\n@misc{l, a b}\n"
    assert [(p.line, p.kind) for p in read(text, "a.bib").problems] == [
        (1, "note"), (1, "note"), (2, "repeated-id"), (3, "damage"),
    ]  # fmt: skip


def test_records_before_a_cut_are_kept_and_the_run_is_not_whole() -> None:
    snapshot = read(b"@misc{k, a={x}}\n@misc{l, a={x", "a.bib")
    assert [record.id for record in snapshot.records] == ["k"]
    (problem,) = snapshot.problems
    assert problem.fatal
    assert (problem.line, problem.message) == (2, "the file ends inside this entry; it looks truncated")


def test_free_text_with_an_at_is_no_entry() -> None:
    assert problems("@doe, see a = b\n@doe and co, 3 = 3\n%@misc a, b={x}}\nx @misc a, b={x}}\n@misc{k, a={x}}") == []


def test_what_is_in_comments_is_not_missed() -> None:
    assert problems("% @misc{a, title={x}}\n@comment{\n@misc{b, title={x}}\n}\n@misc{k, title={x}}") == []


@pytest.mark.parametrize("data", [b"Dear diary, mail me@home.example\n", b"@misc{k", b"\0@misc{k, a={x}}", b"\xff@"])
def test_files_without_anything_to_read_are_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data, "a.bib")


@pytest.mark.parametrize("data", [b"", b"% an empty library\n", b"@string{a={x}}", b"IEEE names\n@string{a={x}}"])
def test_a_library_may_be_empty(data: bytes) -> None:
    assert read(data, "a.bib").records == ()


@pytest.mark.parametrize(
    ("head", "least", "most"),
    [
        (b"@misc{k,", 0.9, 1),
        (b"% hello\n\n  @ Article (k,", 0.9, 1),
        (b"@string{a={x}}", 0.5, 0.9),
        (b"@misc{\n title", 0.3, 0.5),
        (b"title,author\nKelp,me@home.example", 0, 0),
        (b"Daily papers\n\nKelp @ home", 0, 0),
        (b"", 0, 0),
    ],
)
def test_sniffing(head: bytes, least: float, most: float) -> None:
    assert least <= sniff(head) <= most
    assert FORMAT.sniff is sniff


def test_bibtex_of_the_cochrane_library() -> None:
    text = "Record #1 of 1\n@article{Doe20,\nauthor = {Doe, J and Roe, M},\ntitle = {Moss},\nYear = {2020}\n}\n"
    record = only_record(text, "citation-export.bib")
    assert (record.id, record.get("author"), record.get("year")) == ("Doe20", "Doe, J and Roe, M", "2020")
