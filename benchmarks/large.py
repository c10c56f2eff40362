"""Reading files of a gigabyte: the memory beside the records, and the speed.

    python benchmarks/formats.py --large 1000

RIS of 1,000 MB (as a file, on standard input, .gz, .zst) and CSL-JSON, JSON lines of OpenAlex, dblp's XML and CSV of
half that size. Each is read twice, each time in its own process: once its entries are read one by one and dropped,
which measures the reader alone, and once by `read_sources`, which keeps all records.
"""

import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.generated_records import WORDS, generated_records
from refsync.formats.common.decompress import unpack
from refsync.formats.common.json_stream import JsonObjectReader
from refsync.formats.common.line_reader import LineReader
from refsync.formats.json import csljson
from refsync.formats.registry import format_named
from refsync.formats.tagged.ris import Grammar
from refsync.formats.tagged.tagged_reader import EntryReader
from refsync.formats.xml.elements import iter_elements
from refsync.sources import STDIN, read_sources

BLOCK = 500  # records that are written at a time


def ris_blocks() -> Iterator[bytes]:
    """Abstracts differ by block; equal ones would compress so well that refsync refuses the file as a bomb."""
    block = format_named("ris").write(generated_records(BLOCK))  # type: ignore[misc]
    rng = random.Random(7)
    words = [word.encode() for word in WORDS]
    while True:
        yield re.sub(rb"(?m)^AB  - [^\r\n]*", lambda _: b"AB  - " + b" ".join(rng.choices(words, k=150)), block)


def csl_blocks() -> Iterator[bytes]:
    block = csljson.write(generated_records(BLOCK)).strip()[1:-1]
    yield b"["
    while True:
        yield block + b",\n"


def openalex_blocks() -> Iterator[bytes]:
    lines = []
    for number, record in enumerate(generated_records(BLOCK)):
        places: dict[str, list[int]] = {}
        for place, word in enumerate(record.get("abstract").split()):
            places.setdefault(word, []).append(place)
        work = {
            "id": f"https://openalex.org/W{number}",
            "doi": f"https://doi.org/{record.get('doi')}",
            "title": record.get("title"),
            "type": "article",
            "publication_date": f"{record.get('year')}-03-09",
            "authorships": [{"author": {"display_name": name}} for name in ("Jane Doe", "Max Roé")],
            "primary_location": {"source": {"display_name": record.get("journal"), "type": "journal"}},
            "abstract_inverted_index": places,
            "referenced_works": [f"https://openalex.org/W{number + step}" for step in range(20)],
        }
        lines.append(json.dumps(work))
    block = ("\n".join(lines) + "\n").encode()
    while True:
        yield block


def dblp_blocks() -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<dblp>\n'
    parts = []
    for number, record in enumerate(generated_records(BLOCK)):
        title = record.get("title")
        parts.append(
            f'<article mdate="2024-01-01" key="journals/moss/Doe{number}"><author>J&uuml;rgen Doe 0002</author>\n'
            f"<author>Max Ro&eacute;</author>\n<title>{title} of <i>Bryum</i>.</title>\n<pages>{number}-{number + 9}"
            f"</pages>\n<year>{record.get('year')}</year>\n<volume>{record.get('volume')}</volume>\n<journal>"
            f"{record.get('journal')}</journal>\n<ee>https://doi.org/{record.get('doi')}</ee>\n"
            f"<url>db/journals/moss/moss{number}.html#Doe{number}</url>\n</article>"
            f'<www key="homepages/{number}"><author>{WORDS[number % 16]} Doe</author><title>Home Page</title></www>\n'
        )
    while True:
        yield "".join(parts).encode("ascii")


def csv_blocks() -> Iterator[bytes]:
    header, _, rows = format_named("csv").write(generated_records(BLOCK)).partition(b"\r\n")  # type: ignore[misc]
    yield header + b"\r\n"
    while True:
        yield rows


def ris_entries(stream: BinaryIO) -> Iterator[object]:
    return iter(EntryReader(LineReader(stream, "x"), Grammar(), end_tag="ER"))


def json_objects(stream: BinaryIO) -> Iterator[object]:
    return iter(JsonObjectReader(stream, "x", lambda item: "title" in item and ("type" in item or "id" in item)))


def dblp_elements(stream: BinaryIO) -> Iterator[object]:
    return (element for element in iter_elements(stream, "x", ("article", "www"), []) if element.get("key"))


def csv_lines(stream: BinaryIO) -> Iterator[object]:
    return iter(LineReader(stream, "x"))


KINDS: dict[str, tuple[Callable[[], Iterator[bytes]], bytes, Callable[[BinaryIO], Iterator[object]], float]] = {
    "ris": (ris_blocks, b"", ris_entries, 1),
    "json": (csl_blocks, b'{"type": "book", "id": "last", "title": "The last"}]\n', json_objects, 0.5),
    "jsonl": (openalex_blocks, b"", json_objects, 0.5),
    "xml": (dblp_blocks, b"</dblp>\n", dblp_elements, 0.5),
    "csv": (csv_blocks, b"", csv_lines, 0.5),
}
"""By file ending: the blocks and the end of the file, the reader of its records, and its share of the size."""


def measure_large_files(megabytes: int) -> None:
    print("| file | MB | records | reader, MB | with all records, MB | of them text, MB | records/s | MB/s |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for ending, (blocks, end, _, share) in KINDS.items():
            path = Path(folder) / f"large.{ending}"
            with path.open("wb") as file:
                for block in blocks():
                    if file.tell() > megabytes * share * 1e6:
                        break
                    file.write(block)
                file.write(end)
            size = path.stat().st_size / 1e6
            print_row(path, path.name, size)
            if ending == "ris":
                print_row(path, "large.ris on standard input", size, piped=True)
                for name, opened in (("gz", gzip.open), ("zst", _zstd_open)):
                    compressed = Path(folder) / f"large.ris.{name}"
                    with path.open("rb") as file, opened(compressed, "wb") as out:
                        while piece := file.read(1 << 20):
                            out.write(piece)
                    print_row(compressed, compressed.name, size)
                    compressed.unlink()
            path.unlink()


def _zstd_open(path: Path, mode: str) -> BinaryIO:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.ZstdFile(path, mode)  # type: ignore[no-any-return, call-overload]


def print_row(path: Path, label: str, megabytes: float, *, piped: bool = False) -> None:
    measurements = []
    for how in ("drop", "keep"):
        command = [sys.executable, __file__, how, "-" if piped else str(path), path.suffixes[0][1:]]
        if piped:
            with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as cat:
                done = subprocess.run(command, stdin=cat.stdout, capture_output=True, text=True, check=False)
        else:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:  # below 0: the signal that ended the process, 9 if memory ran out
            print(f"| {label} | {megabytes:,.0f} | exit code {done.returncode}, to {how} the records |", flush=True)
            print(done.stderr[-2000:], file=sys.stderr)
            return
        measurements.append(json.loads(done.stdout))
    dropped, kept = measurements
    print(
        f"| {label} | {megabytes:,.0f} | {kept['records']:,} | {dropped['memory']:.0f} | {kept['memory']:,.0f} "
        f"| {kept['text']:,.0f} | {kept['records'] / kept['seconds']:,.0f} | {megabytes / kept['seconds']:.1f} |",
        flush=True,
    )


def measure(how: str, path: str, ending: str) -> dict[str, float]:
    """The cost of reading one file; run in its own process."""
    for form in ("ris", "csljson", "openalex", "dblp", "csv"):  # loaded before memory is measured
        format_named(form).sniff(b"")
    list(iter_elements(b"<dblp><article key='a'/></dblp>", "x", ("article",), []))
    before, start, text, records = _peak_mb(), time.process_time(), 0, 0
    if how == "drop":
        with nullcontext(sys.stdin.buffer) if path == STDIN else open(path, "rb") as stream:
            for _, inner in unpack(stream, path, []):
                records = sum(1 for _ in KINDS[ending][2](inner))
    else:
        reading = read_sources([path])
        assert not reading.failed, reading.problems
        records = len(reading.records)
    seconds = time.process_time() - start
    memory = _peak_mb() - before
    if how == "keep":
        text = sum(len(value) for record in reading.records for value in record.fields.values())
    return {"records": records, "seconds": seconds, "memory": memory, "text": text / 1e6}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:])))
