"""`refsync report`, and the page of `refsync evaluate`."""

import json
import re
import shutil
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.report.figure_tables import FIGURES
from tests.report.helpers import FILES, SAMPLE, Page


def test_the_page_of_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    for name in FILES:
        shutil.copy(SAMPLE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["report", *FILES, "-o", "report.html"]) == 0
    written = Path("report.html").read_bytes()
    assert len(written) < 700_000
    assert main(["undo"]) == 0
    assert not Path("report.html").exists()
    page = Page(written)
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "img"}
        for name in ("src", "href", "xlink:href", "action", "data"):
            value = attributes.get(name) or "#"
            assert value.startswith("#") or ("download" in attributes and value.startswith("data:"))
    assert not re.search(r"url\(|@import|https?://", page.style)
    assert b"xmlns" not in written
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = [attributes for tag, attributes in page.tags if tag == "a"]
    assert {(link["href"] or "")[1:] for link in links if "download" not in link} <= targets
    files = {link["download"]: link["href"] or "" for link in links if "download" in link}
    assert {name.partition(".")[0] for name in files if name} == {*FIGURES}
    assert {name.partition(".")[2] for name in files if name} == {"svg", "png", "csv", "json"}
    for name in FIGURES:
        svg, png = (b64decode(files[f"{name}.{form}"].partition(",")[2]) for form in ("svg", "png"))
        assert svg.startswith(b"<svg ")
        assert png.startswith(b"\x89PNG")
    # for screen readers
    assert [tag for tag, _ in page.tags].count("h1") == 1
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(drawings) == 3
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    inside = [page.tags[place + 1] for place, (tag, _) in enumerate(page.tags) if tag == "svg"]
    assert inside == [("g", {"aria-hidden": "true"})] * 3  # elements of the drawing have no names
    assert [tag for tag, _ in page.tags].count("table") == [tag for tag, _ in page.tags].count("caption")
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    assert all("aria-label" in attributes for tag, attributes in page.tags if tag == "figure")
    assert "Whispering Caches" in page.text


def test_the_figures_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE / "coauthor.bib"), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "refsync.report/1"
    assert result["flow"]["read"] == 3
    assert result["model"] is None
    assert (result["prisma"]["identified"], result["prisma"]["screened"]) == (3, result["flow"]["papers"])
    assert [one["records"] for one in result["databases"]] == [3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "-o report.html"),
        (["-o", "report.pdf"], "ending in .html or .htm"),
        (["-o", "nowhere/report.html"], "no folder nowhere"),
    ],
)
def test_wrong_usage_is_refused(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE / "coauthor.bib"), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_dependency_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert main(["report", str(SAMPLE / "coauthor.bib"), "-o", str(tmp_path / "r.html")]) == 2
    assert "pip install 'refsync[report]'" in capsys.readouterr().err
    for name in ("prisma.svg", "prisma.csv"):  # these need no drawing library
        path = tmp_path / name
        assert main(["report", str(SAMPLE / "coauthor.bib"), "--figure", "prisma", "-o", str(path), "-q"]) == 0
        assert b"Records screened" in path.read_bytes() or b"records screened" in path.read_bytes()


def test_a_labelled_library_shows_the_model(tmp_path: Path) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    texts = {
        "cs.CV": "Segmentation of images with a convolutional network for object detection and video",
        "math.NT": "Prime numbers, elliptic curves, modular forms and zeros of zeta functions over number fields",
    }
    rows = [
        (area, f"{text} {i} {'moss slate rain barn'.split()[i % 4]}") for i in range(40) for area, text in texts.items()
    ]
    table = tmp_path / "labelled.csv"
    table.write_text(
        "id,title,primary_category\n" + "".join(f'{i},"{text}",{area}\n' for i, (area, text) in enumerate(rows)),
        encoding="utf-8",
    )
    for command, heading in (("report", "Report on a library"), ("evaluate", "Report on an area model")):
        page = tmp_path / f"{command}.html"
        assert main([command, str(table), "-o", str(page)]) == 0
        text = Page(page.read_bytes()).text
        assert heading in text
        assert "Coverage against accuracy" in text
        assert page.read_bytes().count(b"<svg") >= 2
        assert page.read_bytes().count(b'download="calibration.') == 4


def test_one_figure_as_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    inputs = [str(SAMPLE / name) for name in FILES]
    for form, start in (("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF-"), ("csv", b"phase,"), ("json", b"{")):
        path = tmp_path / f"prisma.{form}"
        assert main(["report", *inputs, "--figure", "prisma", "-o", str(path), "-q"]) == 0
        assert path.read_bytes().startswith(start)
    capfdbinary.readouterr()
    assert main(["report", *inputs, "--figure", "overlap", "-o", "-", "-q"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"<svg ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--figure", "prisma"], "add -o prisma.svg"),
        (["--figure", "prisma", "-o", "prisma.html"], "ending in .svg"),
        (["--figure", "areas", "-o", "areas.csv", "--profile", "screening"], "there is no figure areas"),
    ],
)
def test_a_figure_that_cannot_be_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(SAMPLE / "coauthor.bib"), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not [*tmp_path.glob("*.*")]


def test_without_areas_the_page_has_none_and_venues_come_first(tmp_path: Path) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    page = tmp_path / "report.html"
    assert main(["report", str(SAMPLE / "coauthor.bib"), "--profile", "screening", "-o", str(page), "-q"]) == 0
    parsed = Page(page.read_bytes())
    assert "area" not in parsed.text.lower()
    ids = [attributes["id"] for tag, attributes in parsed.tags if tag == "h2" and attributes.get("id")]
    assert ids.index("venues") < ids.index("spread")


def test_notes_are_not_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "export.csv"
    table.write_text("Article Title,Source Title\nMoss,Slate\n", encoding="utf-8")
    assert main(["report", str(table), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["problems"]["total"], result["notes"]["total"], result["flow"]["problems"]) == (0, 1, 0)
