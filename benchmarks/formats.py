"""What the reader and writer of each format keep, how fast they are, and what they report about damage.

    python benchmarks/formats.py [FILE...] [--records 5000]     a row for each file, and for generated files
    python benchmarks/formats.py --damage                       kinds of damage, by format
    python benchmarks/formats.py --large 1000                   memory and speed of reading files of this many MB
    python benchmarks/formats.py --pandoc FOLDER [--count 14]   CSL-JSON of .bib files compared with pandoc's

Generated files are written by the writers of refsync, those of read-only formats by functions below.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.generated_records import generated_records
from benchmarks.large import measure_large_files
from benchmarks.pandoc import print_comparison
from refsync.errors import SourceError
from refsync.formats.registry import detect, format_named
from refsync.records import Record

RECORD_PATTERNS = {
    "bibtex": rb"(?m)^@\w+\{", "ris": rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)?TY {1,2}- ", "nbib": rb"(?m)^PMID- ",
    "endnotexml": rb"<record[\s>]", "pubmedxml": rb"<PubmedArticle[\s>]", "wos": rb"(?m)^PT ", "enw": rb"(?m)^%0 ",
    "csljson": rb'"type": "', "jsonl": rb'(?m)^\{"id"', "csv": rb"(?m)^k\d+,", "cslyaml": rb"(?m)^- id:",
    "cff": rb"(?m)^- type:", "hayagriva": rb"(?m)^\S+:$", "mods": rb"<mods[\s>]", "wordxml": rb"<b:Source[\s>]",
    "refworks": rb"(?m)^RT ", "jats": rb"<article[\s>]",
}  # fmt: skip
"""What occurs once in each record, to count records independently of the reader."""


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


def refworks(records: list[Record]) -> bytes:
    tags = {"T1": "title", "AB": "abstract", "JF": "journal", "YR": "year", "VO": "volume", "IS": "number"}
    tags |= {"SP": "pages", "DO": "doi", "SN": "issn"}
    return "\n".join(
        "\n".join(
            [
                "RT Journal Article",
                *(f"A1 {name}" for name in record.get("author").split(" and ")),
                *(f"{tag} {record.get(name)}" for tag, name in tags.items()),
                "",
            ]
        )
        for record in records
    ).encode()


def jats(records: list[Record]) -> bytes:
    parts = [
        f"<article><front><journal-meta><journal-title>{record.get('journal')}</journal-title>"
        f"<issn>{record.get('issn')}</issn></journal-meta><article-meta><article-id pub-id-type='doi'>"
        f"{record.get('doi')}</article-id><title-group><article-title>{record.get('title')}</article-title></title-group><contrib-group>"
        "<contrib><name><surname>Doé</surname><given-names>Jane</given-names></name></contrib></contrib-group><pub-date>"
        f"<year>{record.get('year')}</year></pub-date><volume>{record.get('volume')}</volume><abstract>"
        f"<p>{record.get('abstract')}</p></abstract>"
        "</article-meta></front></article>"
        for record in records
    ]
    return ('<?xml version="1.0"?>\n<pmc-articleset>\n' + "\n".join(parts) + "\n</pmc-articleset>\n").encode()


READ_ONLY: dict[str, Callable[[list[Record]], bytes]] = {
    "wos": wos,
    "pubmedxml": pubmedxml,
    "refworks": refworks,
    "jats": jats,
}
WRITTEN = tuple("bibtex ris endnotexml csljson jsonl csv enw nbib cslyaml cff hayagriva mods wordxml".split())


def file_contents(name: str, records: list[Record]) -> bytes:
    if name in READ_ONLY:
        return READ_ONLY[name](records)
    write = format_named(name).write
    assert write is not None
    return write(records)


def measured_row(label: str, data: bytes) -> str:
    form = detect(data, label)
    start = time.process_time()
    snapshot = form.read(data, label)
    read = time.process_time() - start
    counted = len(re.findall(RECORD_PATTERNS[form.name], data)) if form.name in RECORD_PATTERNS else 0
    count = len(snapshot.records)
    fields = sum(len(record.fields) for record in snapshot.records) / count
    write_speed = round_trip = ""
    if form.write and form.name != "bibtex":
        start = time.process_time()
        written = form.write(snapshot.records)
        write_speed = f"{count / (time.process_time() - start):,.0f}"
        same = sum(
            one.fields == other.fields and one.type == other.type
            for one, other in zip(form.read(written, label).records, snapshot.records, strict=True)
        )
        round_trip = f"{same:,}"
    return (
        f"| {label} | {form.name} | {counted or '-'} | {count:,} | {fields:.1f} "
        f"| {len(snapshot.problems)} | {count / read:,.0f} | {len(data) / 1e6 / read:.1f} "
        f"| {write_speed} | {round_trip} |"
    )


def print_table(files: list[str], count: int) -> None:
    print("| file | format | counted | read | fields each | problems | read/s | MB/s | written/s | round trip |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for file in files:
        print(measured_row(Path(file).name, Path(file).read_bytes()), flush=True)
    records = generated_records(count)
    for name in (*WRITTEN, *READ_ONLY):
        print(measured_row(f"generated.{name}", file_contents(name, records)), flush=True)


FIRST_TAGS = {
    "ris": b"TI  -",
    "nbib": b"TI  -",
    "enw": b"%T",
    "wos": b"TI",
    "endnotexml": b"<title>",
    "pubmedxml": b"<ArticleTitle>",
    "mods": b"<title>",
    "wordxml": b"<b:Title>",
    "jats": b"<article-title>",
    "refworks": b"T1",
    "cslyaml": b"  title:",
    "cff": b"  title:",
    "hayagriva": b"  title:",
}
ENDS = {
    "ris": b"ER  - \r\n",
    "wos": b"ER\n",
    "endnotexml": b"</record>",
    "pubmedxml": b"</PubmedArticle>",
    "mods": b"</mods>",
    "wordxml": b"</b:Source>",
    "jats": b"</article>",
    "jsonl": b"}\n",
}


def damaged_copies(name: str, data: bytes) -> dict[str, bytes]:
    """A file of three records with each kind of damage."""
    tag = FIRST_TAGS.get(name, b'"title"')
    title_at = data.find(tag)
    value_at = title_at + max(12, len(tag) + 2)
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    line = data[title_at : data.find(line_end, title_at)] + line_end
    unknown = {"ris": b"QQ  - odd\r\n", "nbib": b"QQ  - odd\n", "enw": b"%= odd\n", "wos": b"QQ odd\n"}
    unknown |= {
        "refworks": b"U1 odd\n",
        "cslyaml": b"  odd: odd\n",
        "cff": b"  odd: odd\n",
        "hayagriva": b"  odd: odd\n",
    }
    unknown = unknown.get(name)
    if unknown is None:
        unknown = b"<odd>odd</odd>" if b"<" in tag else b'"odd": "odd", '
    doubled = (
        line
        if b"<" not in tag and b'"' not in tag
        else tag + b"Twice" + tag.replace(b"<", b"</")
        if b"<" in tag
        else b""
    )
    return {
        "cut off in the middle": data[: len(data) * 2 // 3],
        "end of the first record missing": data.replace(ENDS[name], b"", 1)
        if name in ENDS
        else data.replace(b"\n\n", b"\n", 1),
        "Latin-1": data.decode().encode("latin-1", "replace"),
        "mixed line ends": data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n", 9).replace(b"\r\n", b"\r", 4),
        "a NUL": data[:value_at] + b"\0" + data[value_at:],
        "cut off within a character": data[: data.rindex("é".encode()) + 1],
        "a byte order mark": b"\xef\xbb\xbf" + data,
        "UTF-16 without its mark": data.decode().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        "40 bytes of junk in a value": data[:value_at] + bytes(range(128, 168)) + data[value_at:],
        "the file twice": data * 2,
        "empty": b"",
        "a web page instead": b"<!DOCTYPE html><html><title>Sign in</title><p>Please sign in</html>",
        "a tag twice": data[:title_at] + doubled + data[title_at:],
        "an unknown tag": data[:title_at] + unknown + data[title_at:],
        "a line of 10 MB": data.replace(b"shore", b"shore " * 1_700_000, 1),
    }


def print_damage() -> None:
    """Print what each reader reports about each kind of damage, and how many of three records it reads."""
    records = generated_records(3)
    for names in DAMAGE_TABLES:
        print_damage_table(names, records)


DAMAGE_TABLES = (
    ("ris", "nbib", "wos", "enw", "endnotexml", "pubmedxml", "csljson", "jsonl"),
    ("refworks", "mods", "wordxml", "jats", "cslyaml", "hayagriva", "cff"),
)


def print_damage_table(names: tuple[str, ...], records: list[Record]) -> None:
    rows: dict[str, list[str]] = {}
    for name in names:
        print(f"\n{name}:")
        for kind, data in damaged_copies(name, file_contents(name, records)).items():
            cells = rows.setdefault(kind, [])
            try:
                snapshot = format_named(name).read(data, "f")
            except SourceError as error:
                print(f"  {kind}: refused: {error}")
                cells.append("refused")
                continue
            count = len(snapshot.records)
            reported = [problem for problem in snapshot.problems if problem.line or problem.fatal]
            fatal = any(problem.fatal for problem in reported)
            cells.append(f"{count}" + (", exit code 2" if fatal else ", reported" if reported else ""))
            print(f"  {kind}: {count} records, {sum(len(record.fields) for record in snapshot.records)} fields")
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
    parser.add_argument("--pandoc", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=14, help="how many files of FOLDER to compare")
    parser.add_argument("--examples", type=int, default=0, help="how many differences of each variable to print")
    arguments = parser.parse_args()
    if arguments.damage:
        print_damage()
    elif arguments.pandoc:
        print_comparison(arguments.pandoc, arguments.count, examples=arguments.examples)
    elif arguments.large:
        measure_large_files(arguments.large)
    else:
        print_table(arguments.files, arguments.records)


if __name__ == "__main__":
    main()
