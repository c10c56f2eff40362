"""A real browser for the tests: Debian's chromium, driven by Playwright. One browser and one server per process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.page_checks import OpenPage
from tests.browser.served_review import Served, running_server, serve_new_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Error, Page

    from refsync.review.web.server import Server

CHROMIUM = "REFSYNC_CHROMIUM"  # names another browser than the `chromium` on the path
ARGUMENTS = (
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--in-process-gpu",
    "--renderer-process-limit=1",
    "--host-resolver-rules=MAP rebound.test 127.0.0.1",  # a foreign name that resolves to this machine
)
TIMEOUT = 5_000  # milliseconds


@pytest.fixture(scope="package")
def browser() -> "Iterator[Browser]":
    """One browser for all tests; closed after them because it keeps an event loop in this thread."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
    path = os.environ.get(CHROMIUM) or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip(f"needs chromium: `apt-get install chromium`, or its path in {CHROMIUM}")
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="package")
def shared_page(browser: "Browser") -> "Page":
    """A page for all tests that need no context of their own: a new one costs more than most tests."""
    context = browser.new_context()
    context.set_default_timeout(TIMEOUT)
    return context.new_page()


@pytest.fixture
def open_page(browser: "Browser", shared_page: "Page") -> Iterator[OpenPage]:
    """Opens a page without cookies, 1280 pixels wide and light by default.

    With `own_context` or options of a context it is a new page; tests that listen to events or set the clock need one.
    The test fails if a script failed in a page.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note_error(error: "Error") -> None:
        errors.append(str(error))

    def open_page(
        address: str, *, width: int = 1280, scheme: Any = "light", own_context: bool = False, **options: Any
    ) -> "Page":
        page = shared_page
        if own_context or options:
            context = browser.new_context(**options)
            context.set_default_timeout(TIMEOUT)
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", note_error)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media="screen")
        page.goto(address)
        return page

    shared_page.on("pageerror", note_error)
    yield open_page
    shared_page.remove_listener("pageerror", note_error)
    shared_page.unroute_all()
    shared_page.goto("about:blank")
    for other in shared_page.context.pages:
        if other != shared_page:
            other.close()
    shared_page.context.clear_cookies()
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="package")
def review_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """The server of the review page."""
    with running_server(tmp_path_factory.mktemp("review")) as server:
        yield server


@pytest.fixture
def served(review_server: "Server", tmp_path: Path) -> Served:
    """A review without answers."""
    return serve_new_session(review_server, tmp_path)
