"""A whole review in a real browser, by keyboard, with `refsync review` started as users start it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser import uncertain_pairs
from tests.browser.page_checks import OpenPage

pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
pytest.importorskip("starlette", reason="needs the extra `review`")

from playwright.sync_api import Page, expect

from tests.paths import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


class Reviewing:
    """`refsync review` on the library, started and ended as users do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.running: subprocess.Popen[str] | None = None
        uncertain_pairs.write_library(folder)

    def start(self) -> str:
        """The address that it prints."""
        command = [sys.executable, "-m", "refsync", "review", "library.bib", "--no-browser"]
        self.running = subprocess.Popen(
            [*command, "--port", str(self.port)], cwd=self.folder, env=ENVIRONMENT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8")  # fmt: skip
        assert self.running.stdout
        address = next(line for line in self.running.stdout if line.startswith("http")).strip()
        self.port = urlsplit(address).port or 0
        return address

    def end(self) -> str:
        """What it prints when Ctrl-C ends it."""
        if not self.running:
            return ""
        self.running.send_signal(signal.SIGINT)
        output, _ = self.running.communicate(timeout=20)
        assert self.running.returncode == 0
        self.running = None
        return output

    def decisions(self) -> list[dict[str, Any]]:
        text = (self.folder / "refsync-decisions.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Reviewing]:
    reviewing = Reviewing(tmp_path)
    yield reviewing
    reviewing.end()


def progress(page: Page, answered: int, of: int = uncertain_pairs.PAIRS) -> None:
    expect(page.locator("#progress")).to_have_text(f"{answered} of {of} answered")


def test_thirty_pairs_by_keyboard(review: Reviewing, open_page: OpenPage) -> None:
    page = open_page(review.start())
    asked: list[str] = []

    def answer(keys: str, before: int = 0) -> None:
        for key in keys:
            asked.append(page.locator("#question").get_attribute("data-question") or "")
            page.keyboard.press(key)
            progress(page, len(asked) - before, uncertain_pairs.PAIRS - before)

    progress(page, 0)
    answer("mnvmnvmnvm")
    assert len(review.decisions()) == 10

    # an edited field appears in the merged record
    page.keyboard.press("f")  # it is equal on both sides, and folded
    row = page.locator("tr[data-field=journal]")
    for _ in range(page.locator("tr.row").count()):
        page.keyboard.press("ArrowDown")
        if row.evaluate("row => row === document.activeElement"):
            break
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Letters of the Coast")
    page.keyboard.press("Control+Enter")
    expect(row.locator("td.merged")).to_contain_text("Letters of the Coast")
    assert len(review.decisions()) == 10  # a draft is not an answer yet
    answer("m")

    # undo removes the answer and shows the question again
    page.keyboard.press("u")
    progress(page, 10)
    assert page.locator("#question").get_attribute("data-question") == asked.pop()
    answer("m")
    assert review.decisions()[-1]["value"]["fields"] == {"journal": {"text": "Letters of the Coast", "markup": "latex"}}  # type: ignore[index]

    page.reload()
    progress(page, 11)
    answer("nvmn")

    # the server ends in the middle: the page reports it and keeps the question; another server continues
    at = page.locator("#question").get_attribute("data-question")
    assert "15 answers given; 15 questions left" in review.end()
    kept = review.decisions()
    page.keyboard.press("m")
    expect(page.get_by_role("alert").filter(has_text="refsync has ended")).to_be_visible()
    assert page.locator("#question").get_attribute("data-question") == at
    new_address = review.start()
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="works once")).to_be_visible()  # another server, another address
    assert review.decisions() == kept
    page.goto(new_address)
    progress(page, 0, of=15)
    assert page.locator("#question").get_attribute("data-question") == at
    answer("mnvmnvmnvmnvmnv", before=15)
    expect(page.get_by_role("heading", name="All answered")).to_be_visible()

    assert len(set(asked)) == len(asked) == uncertain_pairs.PAIRS
    decisions = review.decisions()
    assert len({(line["a"], line["b"]) for line in decisions}) == uncertain_pairs.PAIRS
    found = subprocess.run(
        [sys.executable, "-m", "refsync", "dedupe", "library.bib", "--format", "json"],
        cwd=review.folder, env=ENVIRONMENT, capture_output=True, check=True,
    )  # fmt: skip
    result = json.loads(found.stdout)
    kinds = [line["kind"] for line in decisions]
    assert (len(result["clusters"]), len(result["versions"])) == (kinds.count("same"), kinds.count("version-of"))
    assert result["review"] == []
