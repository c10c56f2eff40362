"""`refsync report`, and the page of `refsync evaluate`."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from tests.report.helpers import FILES, SAMPLE, Page


def test_the_page_of_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    for name in FILES:
        shutil.copy(SAMPLE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["report", *FILES, "-o", "report.html"]) == 0
    written = Path("report.html").read_bytes()
    assert len(written) < 150_000
    assert main(["undo"]) == 0
    assert not Path("report.html").exists()
    page = Page(written)
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "img"}
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", page.style)
    assert b"xmlns" not in written
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    assert links <= targets
    # for screen readers
    assert [tag for tag, _ in page.tags].count("h1") == 1
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(drawings) == 2
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    inside = [page.tags[place + 1] for place, (tag, _) in enumerate(page.tags) if tag == "svg"]
    assert inside == [("g", {"aria-hidden": "true"})] * 2  # elements of the drawing have no names
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
