"""What each format's reader and writer keep, how fast they are, and what they say of damage.

    python benchmarks/formats.py [FILE...] [--records 5000]     a row for each file, and for generated ones
    python benchmarks/formats.py --damage                       ten kinds of damage by format
    python benchmarks/formats.py --large 1000                   files of so many MB, read piece by piece: memory, speed

Generated files are written by our own writers, those of formats that are only read by a few lines below.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.errors import SourceError
from refsync.formats.registry import detect, format_named
from refsync.records import Record

MARKS = {
    "bibtex": rb"(?m)^@\w+\{", "ris": rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)?TY {1,2}- ", "nbib": rb"(?m)^PMID- ",
    "endnotexml": rb"<record[\s>]", "pubmedxml": rb"<PubmedArticle[\s>]", "wos": rb"(?m)^PT ", "enw": rb"(?m)^%0 ",
    "csljson": rb'"type": "', "jsonl": rb'(?m)^\{"id"', "csv": rb"(?m)^k\d+,",
}  # fmt: skip
"""What stands once in each record, counted apart from the reader."""
WORDS = "moss kelp tide wall patience stone harbour winter algae drift lichen shore granite ebb current reef".split()


def generated(count: int) -> list[Record]:
    """Records of eleven fields with an abstract of 150 words each."""
    records = []
    for number in range(count):
        word = [WORDS[(number * 7 + step * step) % len(WORDS)] for step in range(150)]
        fields = {
            "author": f"Doe, Jane and Roé, Max and Poe, {word[0].title()} and {{Centre for {word[1]} and Moss}}",
            "title": " ".join(word[:9]).capitalize(),
            "journal": f"Journal of {word[2].title()}",
            "year": str(1980 + number % 45),
            "volume": str(number % 90 + 1),
            "number": str(number % 12 + 1),
            "pages": f"{number}--{number + 9}",
            "doi": f"10.1000/{word[3]}.{number}",
            "issn": "1234-5679",
            "keywords": ", ".join(dict.fromkeys(word[4:9])),
            "abstract": " ".join(word).capitalize() + ".",
        }
        records.append(Record(source="generated", index=number + 1, id=f"k{number}", type="article", fields=fields))
    return records


def nbib(records: list[Record]) -> bytes:
    lines = []
    for number, record in enumerate(records, 1):
        get = record.get
        lines += [
            f"PMID- {number}", f"TI  - {get('title')}", f"AB  - {get('abstract')}", f"JT  - {get('journal')}",
            f"DP  - {get('year')}", f"VI  - {get('volume')}", f"IP  - {get('number')}", f"PG  - {get('pages')}",
            f"LID - {get('doi')} [doi]", f"IS  - {get('issn')} (Print)",
            *(f"FAU - {name}" for name in get("author").split(" and ")),
            *(f"OT  - {word}" for word in get("keywords").split(", ")), "",
        ]  # fmt: skip
    return "\n".join(lines).encode()


def enw(records: list[Record]) -> bytes:
    tags = {"T": "title", "X": "abstract", "J": "journal", "D": "year", "V": "volume", "N": "number", "P": "pages"}
    tags |= {"R": "doi", "@": "issn", "A": "author", "K": "keywords"}
    return (
        "\n\n".join(
            "\n".join(["%0 Journal Article", *(f"%{tag} {record.get(name)}" for tag, name in tags.items())])
            for record in records
        ).encode()
        + b"\n"
    )


def wos(records: list[Record]) -> bytes:
    tags = {
        "AU": "author",
        "TI": "title",
        "SO": "journal",
        "AB": "abstract",
        "PY": "year",
        "VL": "volume",
        "IS": "number",
    }
    tags |= {"BP": "pages", "DI": "doi", "SN": "issn", "DE": "keywords"}
    body = "\n\n".join(
        "\n".join(["PT J", *(f"{tag} {record.get(name)}" for tag, name in tags.items()), "ER"]) for record in records
    )
    return f"FN Clarivate Analytics Web of Science\nVR 1.0\n{body}\n\nEF\n".encode()


def pubmedxml(records: list[Record]) -> bytes:
    parts = [
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><Journal><ISSN>{record.get('issn')}</ISSN>"
        f"<JournalIssue><Volume>{record.get('volume')}</Volume><Issue>{record.get('number')}</Issue><PubDate><Year>"
        f"{record.get('year')}</Year></PubDate></JournalIssue><Title>{record.get('journal')}</Title></Journal>"
        f"<ArticleTitle>{record.get('title')}</ArticleTitle><Pagination><MedlinePgn>{record.get('pages')}</MedlinePgn>"
        f"</Pagination><ELocationID EIdType='doi'>{record.get('doi')}</ELocationID><Abstract><AbstractText>"
        f"{record.get('abstract')}</AbstractText></Abstract><AuthorList><Author><LastName>Doé</LastName><ForeName>Jane"
        f"</ForeName></Author></AuthorList></Article><KeywordList><Keyword>moss</Keyword></KeywordList></MedlineCitation>"
        "</PubmedArticle>"
        for number, record in enumerate(records, 1)
    ]
    return ('<?xml version="1.0"?>\n<PubmedArticleSet>\n' + "\n".join(parts) + "\n</PubmedArticleSet>\n").encode()


ONLY_READ: dict[str, Callable[[list[Record]], bytes]] = {"nbib": nbib, "enw": enw, "wos": wos, "pubmedxml": pubmedxml}
WRITTEN = ("bibtex", "ris", "endnotexml", "csljson", "jsonl", "csv")


def file_of(name: str, records: list[Record]) -> bytes:
    if name in ONLY_READ:
        return ONLY_READ[name](records)
    write = format_named(name).write
    assert write is not None
    return write(records)


def row(label: str, data: bytes) -> str:
    form = detect(data, label)
    start = time.process_time()
    snapshot = form.read(data, label)
    read = time.process_time() - start
    marks = len(re.findall(MARKS[form.name], data)) if form.name in MARKS else 0
    many = len(snapshot.records)
    fields = sum(len(record.fields) for record in snapshot.records) / many
    wrote = back = ""
    if form.write and form.name != "bibtex":
        start = time.process_time()
        written = form.write(snapshot.records)
        wrote = f"{many / (time.process_time() - start):,.0f}"
        same = sum(
            one.fields == other.fields and one.type == other.type
            for one, other in zip(form.read(written, label).records, snapshot.records, strict=True)
        )
        back = f"{same:,}"
    return (
        f"| {label} | {form.name} | {marks or '-'} | {many:,} | {fields:.1f} "
        f"| {len(snapshot.problems)} | {many / read:,.0f} | {len(data) / 1e6 / read:.1f} | {wrote} | {back} |"
    )


def table(files: list[str], count: int) -> None:
    print("| file | format | counted | read | fields each | problems | read/s | MB/s | written/s | back as they were |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for file in files:
        print(row(Path(file).name, Path(file).read_bytes()), flush=True)
    records = generated(count)
    for name in (*WRITTEN, *ONLY_READ):
        print(row(f"generated.{name}", file_of(name, records)), flush=True)


FIRST_TAGS = {
    "ris": b"TI  -",
    "nbib": b"TI  -",
    "enw": b"%T",
    "wos": b"TI",
    "endnotexml": b"<title>",
    "pubmedxml": b"<ArticleTitle>",
}
ENDS = {
    "ris": b"ER  - \r\n",
    "wos": b"ER\n",
    "endnotexml": b"</record>",
    "pubmedxml": b"</PubmedArticle>",
    "jsonl": b"}\n",
}


def damages(name: str, data: bytes) -> dict[str, bytes]:
    """Ten kinds of damage to a file of three records."""
    tag = FIRST_TAGS.get(name, b'"title"')
    title_at = data.find(tag)
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    line = data[title_at : data.find(line_end, title_at)] + line_end
    unknown = {"ris": b"QQ  - odd\r\n", "nbib": b"QQ  - odd\n", "enw": b"%= odd\n", "wos": b"QQ odd\n"}.get(name)
    if unknown is None:
        unknown = b"<odd>odd</odd>" if name.endswith("xml") else b'"odd": "odd", '
    doubled = (
        line
        if name in ("ris", "nbib", "enw", "wos")
        else tag + b"Twice" + tag.replace(b"<", b"</")
        if name.endswith("xml")
        else b""
    )
    return {
        "cut off in the middle": data[: len(data) * 2 // 3],
        "end of the first record missing": data.replace(ENDS[name], b"", 1)
        if name in ENDS
        else data.replace(b"\n\n", b"\n", 1),
        "Latin-1": data.decode().encode("latin-1", "replace"),
        "mixed line ends": data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n", 9).replace(b"\r\n", b"\r", 4),
        "a NUL": data[: title_at + 12] + b"\0" + data[title_at + 12 :],
        "cut off within a character": data[: data.rindex("é".encode()) + 1],
        "a byte order mark": b"\xef\xbb\xbf" + data,
        "UTF-16 without its mark": data.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        "40 bytes of junk in a value": data[: title_at + 12] + bytes(range(128, 168)) + data[title_at + 12 :],
        "the file twice": data * 2,
        "empty": b"",
        "a web page instead": b"<!DOCTYPE html><html><title>Sign in</title><p>Please sign in</html>",
        "a tag twice": data[:title_at] + doubled + data[title_at:],
        "an unknown tag": data[:title_at] + unknown + data[title_at:],
        "a line of 10 MB": data.replace(b"shore", b"shore " * 1_700_000, 1),
    }


def damage() -> None:
    """What each reader says of each kind of damage, and a table of how many of three records it reads."""
    records = generated(3)
    names = ("ris", "nbib", "wos", "enw", "endnotexml", "pubmedxml", "csljson", "jsonl")
    rows: dict[str, list[str]] = {}
    for name in names:
        print(f"\n{name}:")
        for kind, data in damages(name, file_of(name, records)).items():
            cells = rows.setdefault(kind, [])
            try:
                snapshot = format_named(name).read(data, "f")
            except SourceError as error:
                print(f"  {kind}: refused: {error}")
                cells.append("refused")
                continue
            many, told = (
                len(snapshot.records),
                [problem for problem in snapshot.problems if problem.line or problem.fatal],
            )
            cells.append(
                f"{many}, exit code 2" if any(one.fatal for one in told) else f"{many}, told" if told else str(many)
            )
            print(f"  {kind}: {many} records, {sum(len(record.fields) for record in snapshot.records)} fields")
            for problem in snapshot.problems:
                print(f"      {problem.line}: {'(fatal) ' if problem.fatal else ''}{problem.message[:150]}")
    print(f"\n| damage | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}")
    for kind, cells in rows.items():
        print(f"| {kind} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--large", type=int, metavar="MB")
    arguments = parser.parse_args()
    if arguments.damage:
        damage()
    elif arguments.large:
        from benchmarks.large import large

        large(arguments.large)
    else:
        table(arguments.files, arguments.records)


if __name__ == "__main__":
    sys.exit(main())
