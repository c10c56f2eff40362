"""Each figure as a file: drawings that other programs open, and numbers that are those of the page."""

import csv
import io
import json
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace

import pytest

from refsync.classify.model import Area, Tagging
from refsync.planning.plan import Plan
from refsync.report.figure_tables import FIGURES, table_of
from tests.report.helpers import EVIL, figures, paper, plan_of

pytest.importorskip("vl_convert", reason="needs the extra `report`")
from refsync.report.figure_files import figure_file


def sample() -> Plan:
    records = [
        paper("scopus.ris", 1, year="2020", journal="Moss", doi="10.5555/1", volume="1"),
        paper("embase.ris", 1, year="2020", journal="Moss", doi="10.5555/1", abstract="Moss grows."),
        paper("embase.ris", 2, "Rain on tin roofs of barns", year="2021", journal=EVIL),
    ]
    plan = plan_of(records)
    tagging = Tagging((Area("cs.CV", 0.9, True),), "cs.CV", False, ())
    return replace(plan, entries=tuple(replace(entry, tagging=tagging) for entry in plan.entries))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_an_svg_of_its_own(plan: Plan, name: str) -> None:
    svg = figure_file(name, figures(plan), "svg")
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert float(root.attrib["width"]) > 100
    for word in (b"var(", b"currentColor", b"<script", b"<image", b"href"):
        assert word not in svg
    assert any((element.text or "").strip() for element in root.iter())


@pytest.mark.parametrize("name", ["prisma", "years"])
def test_a_figure_is_a_picture_and_a_document(plan: Plan, name: str) -> None:
    png = figure_file(name, figures(plan), "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">II", png, 16)
    assert width > 600
    at, pixels = 8, b""
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + data) == struct.unpack_from(">I", png, at + 8 + size)[0]
        pixels += data if kind == b"IDAT" else b""
        at += size + 12
    assert len(zlib.decompress(pixels)) == height * (4 * width + 1)
    assert figure_file(name, figures(plan), "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("name", FIGURES)
def test_the_numbers_are_the_same_as_csv_and_json(plan: Plan, name: str) -> None:
    table = table_of(name, figures(plan))
    assert table.rows
    rows = list(csv.reader(io.StringIO(figure_file(name, figures(plan), "csv").decode(), newline="")))
    assert rows[0] == [*table.columns]
    assert len(rows) == len(table.rows) + 1
    assert {len(row) for row in rows} == {len(table.columns)}
    result = json.loads(figure_file(name, figures(plan), "json"))
    assert (result["schema"], result["figure"]) == ("refsync.figure/1", name)
    assert [[cell if cell is None else str(cell) for cell in row] for row in result["rows"]] == [
        [cell if cell is None else str(cell) for cell in row] for row in table.rows
    ]


def test_numbers_of_areas_and_venues(plan: Plan) -> None:
    assert table_of("areas", figures(plan)).rows == (("cs.CV", "Computer Vision and Pattern Recognition", 2),)
    assert ("Moss", 1) in table_of("venues", figures(plan)).rows


def test_a_text_that_a_spreadsheet_would_compute_stays_text() -> None:
    plan = plan_of([paper("a", 1, journal='=HYPERLINK("http://example.org")')])
    assert b"\n=" not in figure_file("venues", figures(plan), "csv")
    assert b"'=HYPERLINK" in figure_file("venues", figures(plan), "csv")
