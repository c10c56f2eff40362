"""What the readers of services, feeds, pages, lists and tables return, and how fast, on generated files.

    python benchmarks/inputs.py [RECORDS]

One row per format: records in, records out, the share of titles, authors and identifiers that were read, records and
megabytes per second (CPU time, one core).
"""

import gzip
import html
import io
import json
import random
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from refsync.records import Record
from refsync.sources import read_sources

WORDS = "kelp moss fern tide noise harbour lantern meadow river stone cloud winter signal garden bridge candle".split()
NAMES = "Doe Roe Poe Moe Coe Loe Noe Zoe".split()

Paper = dict[str, Any]


def invented_papers(count: int) -> list[Paper]:
    rng = random.Random(7)
    return [
        {
            "title": " ".join(rng.choices(WORDS, k=8)).capitalize() + f" {n}",
            "authors": [f"{rng.choice(WORDS).capitalize()} {rng.choice(NAMES)}" for _ in range(4)],
            "abstract": " ".join(rng.choices(WORDS, k=150)).capitalize() + ".",
            "doi": f"10.5555/kelp.{n}",
            "arxiv": f"24{n % 12 + 1:02}.{n:05}",
            "year": 2000 + n % 25,
            "journal": "Journal of " + rng.choice(WORDS).capitalize(),
        }
        for n in range(count)
    ]


def crossref(papers: list[Paper]) -> bytes:
    items = [
        {"DOI": p["doi"], "type": "journal-article", "title": [p["title"]], "container-title": [p["journal"]],
         "author": [dict(zip(("given", "family"), name.split(), strict=True)) for name in p["authors"]],
         "issued": {"date-parts": [[p["year"]]]}, "abstract": f"<jats:p>{p['abstract']}</jats:p>"}
        for p in papers
    ]  # fmt: skip
    return json.dumps({"status": "ok", "message-type": "work-list", "message": {"items": items}}).encode()


def openalex(papers: list[Paper]) -> bytes:
    def index(text: str) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, word in enumerate(text.split()):
            places.setdefault(word, []).append(place)
        return places

    works = [
        {"id": f"https://openalex.org/W{n}", "doi": f"https://doi.org/{p['doi']}", "title": p["title"],
         "publication_year": p["year"], "type": "article", "abstract_inverted_index": index(p["abstract"]),
         "authorships": [{"author": {"display_name": name}} for name in p["authors"]],
         "primary_location": {"source": {"display_name": p["journal"], "type": "journal"}}}
        for n, p in enumerate(papers)
    ]  # fmt: skip
    return json.dumps({"meta": {"count": len(papers)}, "results": works}).encode()


def semanticscholar(papers: list[Paper]) -> bytes:
    data = [
        {"paperId": f"{n:040x}", "externalIds": {"DOI": p["doi"], "ArXiv": p["arxiv"]}, "title": p["title"],
         "abstract": p["abstract"], "year": p["year"], "venue": p["journal"],
         "authors": [{"authorId": "1", "name": name} for name in p["authors"]]}
        for n, p in enumerate(papers)
    ]  # fmt: skip
    return json.dumps({"total": len(papers), "data": data}).encode()


def dblp_json(papers: list[Paper]) -> bytes:
    hits = [
        {"@id": "1", "info": {
            "authors": {"author": [{"@pid": "1", "text": name} for name in p["authors"]]}, "title": p["title"] + ".",
            "venue": p["journal"], "year": str(p["year"]), "type": "Journal Articles", "key": f"journals/k/{n}",
            "doi": p["doi"], "ee": f"https://doi.org/{p['doi']}", "url": f"https://dblp.org/rec/journals/k/{n}"}}
        for n, p in enumerate(papers)
    ]  # fmt: skip
    return json.dumps({"result": {"hits": {"hit": hits}}}).encode()


def dblp_xml(papers: list[Paper]) -> bytes:
    rows = (
        f'<article key="journals/k/{n}">{"".join(f"<author>{name}</author>" for name in p["authors"])}'
        f"<title>{escape(p['title'])}.</title><journal>{p['journal']}</journal><year>{p['year']}</year>"
        f"<ee>https://doi.org/{p['doi']}</ee></article>\n"
        for n, p in enumerate(papers)
    )
    return f'<?xml version="1.0"?>\n<dblp>\n{"".join(rows)}</dblp>'.encode()


def atom(papers: list[Paper]) -> bytes:
    rows = (
        f"<entry><id>http://arxiv.org/abs/{p['arxiv']}v1</id><title>{p['title']}</title>"
        f"<published>{p['year']}-01-01T00:00:00Z</published><summary>{p['abstract']}</summary>"
        f"{''.join(f'<author><name>{name}</name></author>' for name in p['authors'])}</entry>\n"
        for p in papers
    )
    return f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n{"".join(rows)}</feed>'.encode()


def rss(papers: list[Paper]) -> bytes:
    rows = (
        f"<item><title>{p['title']}</title><link>https://arxiv.org/abs/{p['arxiv']}</link><dc:creator>"
        f"{', '.join(p['authors'])}</dc:creator><description>arXiv:{p['arxiv']}v1 Announce Type: new\n"
        f"Abstract: {p['abstract']}</description></item>\n"
        for p in papers
    )
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0"?>\n<rss {spaces} version="2.0"><channel>\n{"".join(rows)}</channel></rss>'.encode()


def page(papers: list[Paper]) -> bytes:
    found = [
        {"paper": {"id": p["arxiv"], "title": p["title"], "summary": p["abstract"], "publishedAt": f"{p['year']}-01-01",
                   "authors": [{"name": name} for name in p["authors"]]}}
        for p in papers
    ]  # fmt: skip
    props = html.escape(json.dumps({"papers": found}))
    return f'<!doctype html>\n<html><body><div data-props="{props}"></div></body></html>'.encode()


def arxiv_list(papers: list[Paper]) -> bytes:
    rows = (
        f"<dt><a href='/abs/{p['arxiv']}'>arXiv:{p['arxiv']}</a></dt><dd><div class='list-title'>"
        f"<span class='descriptor'>Title:</span> {p['title']}</div><div class='list-authors'>"
        f"{', '.join(f'<a>{name}</a>' for name in p['authors'])}</div><p>{p['abstract']}</p></dd>\n"
        for p in papers
    )
    return f"<!DOCTYPE html>\n<html><body><dl>{''.join(rows)}</dl></body></html>".encode()


def rows(papers: list[Paper]) -> list[list[str]]:
    header = ["Article Title", "Authors", "Publication Year", "Source Title", "DOI", "Abstract"]
    return [
        header,
        *([p["title"], "; ".join(p["authors"]), str(p["year"]), p["journal"], p["doi"], p["abstract"]] for p in papers),
    ]


def csv(papers: list[Paper]) -> bytes:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows(papers)).encode()


def tsv(papers: list[Paper]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in rows(papers)).encode()


def parquet(papers: list[Paper]) -> bytes:
    from refsync.formats.tables.parquet import write

    return write([
        Record(source="x", index=n, id=f"k{n}", type="article",
               fields={"title": p["title"], "author": " and ".join(p["authors"]), "doi": p["doi"],
                       "abstract": p["abstract"], "year": str(p["year"])})
        for n, p in enumerate(papers)
    ])  # fmt: skip


def spreadsheet(papers: list[Paper]) -> bytes:
    space = "http://schemas.openxmlformats.org"
    office = f"{space}/officeDocument/2006/relationships"
    main = f"{space}/spreadsheetml/2006/main"

    def link(kind: str, target: str) -> str:
        row = f'<Relationship Id="r" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{space}/package/2006/relationships">{row}</Relationships>'

    def cells(row: list[str]) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)

    body = "".join(f"<row>{cells(row)}</row>" for row in rows(papers))
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="r"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"/>',
        "_rels/.rels": link("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": link("worksheet", "a.xml"),
        "xl/a.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def dois(papers: list[Paper]) -> bytes:
    return "\n".join(p["doi"] for p in papers).encode()


def titles(papers: list[Paper]) -> bytes:
    return "\n".join(p["title"] for p in papers).encode()


def reading_list(papers: list[Paper]) -> bytes:
    items = (
        f"- [{p['title']}](https://arxiv.org/abs/{p['arxiv']}), {', '.join(p['authors'])}, {p['year']}\n"
        for p in papers
    )
    return f"# Kelp\n\n{''.join(items)}".encode()


def zipped(papers: list[Paper]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/a.csv", csv(papers))
    return stream.getvalue()


GENERATORS: dict[str, Callable[[list[Paper]], bytes]] = {
    "crossref.json": crossref,
    "openalex.json": openalex,
    "semanticscholar.json": semanticscholar,
    "dblp.json": dblp_json,
    "dblp.xml": dblp_xml,
    "arxiv-atom.xml": atom,
    "arxiv.rss": rss,
    "papers.html": page,
    "arxiv-list.html": arxiv_list,
    "table.csv": csv,
    "table.tsv": tsv,
    "table.xlsx": spreadsheet,
    "table.parquet": parquet,
    "dois.txt": dois,
    "titles.txt": titles,
    "reading.md": reading_list,
    "table.csv.gz": lambda papers: gzip.compress(csv(papers)),
    "tables.zip": zipped,
}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    papers = invented_papers(count)
    print("| file | read as | in | out | titles | authors | identifiers | records/s | MB/s |")
    print("|---" * 9 + "|")
    read_sources([])
    with TemporaryDirectory() as folder:
        for name, generate in GENERATORS.items():
            path = Path(folder, name)
            path.write_bytes(generate(papers))
            start = time.process_time()
            reading = read_sources([str(path)])
            spent = time.process_time() - start
            out = reading.records
            right = [record.get("title") == p["title"] for record, p in zip(out, papers, strict=False)]
            authors = [record.get("author").count(" and ") == 3 for record in out]
            known = [bool(record.get("doi", "eprint")) for record in out]
            shares = (f"{sum(found) / count:.0%}" for found in (right, authors, known))
            form = reading.snapshots[0].format if reading.snapshots else reading.problems[0].message
            speed = f"{len(out) / spent:,.0f} | {path.stat().st_size / 1e6 / spent:.1f}"
            print(f"| {name} | {form} | {count:,} | {len(out):,} | {' | '.join(shares)} | {speed} |")


if __name__ == "__main__":
    main()
