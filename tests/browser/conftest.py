"""A real browser for the tests: Debian's chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.page_checks import Open

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ADDRESS = "REFSYNC_CHROMIUM"  # another browser than the `chromium` on the path


@pytest.fixture(scope="package")
def browser() -> "Iterator[Browser]":
    """One browser for all tests of this folder; closed after them, for it keeps an event loop in this thread."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
    path = os.environ.get(ADDRESS) or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip(f"needs chromium: `apt-get install chromium`, or its path in {ADDRESS}")
    rebound = "--host-resolver-rules=MAP rebound.test 127.0.0.1"  # a name that somebody points at this machine
    arguments = ["--disable-dev-shm-usage", rebound, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture
def opened(browser: "Browser") -> Iterator[Open]:
    """Opens a page in a window of its own, 1280 pixels wide and light unless told otherwise.

    The test fails where a script failed in the page.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(address: str, *, width: int = 1280, scheme: str = "light", **options: Any) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        context.set_default_timeout(5_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
