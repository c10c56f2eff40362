"""The review page in a real browser: every view at both widths and colour schemes, and what others may not do."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coast
import pytest
from chromium import Open, axe_faults, scrolls_sideways

pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
pytest.importorskip("starlette", reason="needs the extra `review`")

from playwright.sync_api import Page, expect

from refsync.review.session import Session
from refsync.review.web.server import Server


@dataclass
class Served:
    server: Server
    session: Session

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def lines(self) -> list[dict[str, Any]]:
        path = self.session.path
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    session = coast.session(tmp_path)
    server = Server(session, "a.bib")
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,))
    thread.start()
    assert ready.wait(10)
    yield Served(server, session)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


def at(page: Page, title: str) -> None:
    """Go to the question about a title, by its place in the list of the queue."""
    page.keyboard.press("o")
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def seen(page: Page) -> list[str]:
    return [*axe_faults(page), *(["it scrolls sideways"] if scrolls_sideways(page) else [])]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark"), (1280, "dark"), (400, "light")])
def test_no_view_has_a_fault(served: Served, opened: Open, width: int, scheme: str) -> None:
    page = opened(served.server.address, width=width, scheme=scheme)
    faults: dict[str, list[str]] = {}
    at(page, "Lichens")
    faults["pair"] = seen(page)
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    faults["editing"] = seen(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    faults["help"] = seen(page)
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.get_by_role("dialog")).to_be_visible()
    faults["list"] = seen(page)
    page.keyboard.press("Escape")
    at(page, "Otters")
    faults["cluster"] = seen(page)
    page.keyboard.press("m")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    page.goto(served.origin + "/?show=answered")
    faults["answered"] = seen(page)
    page.goto(served.origin + "/?show=versions")
    faults["versions"] = seen(page)
    page.goto(served.origin + "/?find=nowhere")
    faults["nothing"] = seen(page)
    page.goto(served.origin + "/areas/p1")
    faults["areas"] = seen(page)
    page.goto(served.origin + "/nowhere")
    faults["missing"] = seen(page)
    assert {view: found for view, found in faults.items() if found} == {}
