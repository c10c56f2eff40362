"""What the tests ask of a page in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]


def axe_faults(page: "Page") -> list[str]:
    """The faults that axe-core finds, from minor to critical, each with the place of the first."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [
        f"{fault['impact']}: {fault['help']} ({fault['id']}), {len(fault['nodes'])} times, first in "
        f"{fault['nodes'][0]['html'][:200]}: {fault['nodes'][0].get('failureSummary', '')}"
        for fault in found
    ]


def scrolls_sideways(page: "Page") -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def beyond(page: "Page") -> list[str]:
    """What stands, in part, right of the window: on paper it would be cut off."""
    script = """
    [...document.body.querySelectorAll("*")].filter(element => {
      const box = element.getBoundingClientRect();
      return box.width && box.right > document.documentElement.clientWidth + 1;
    }).map(element => element.outerHTML.slice(0, 120))
    """
    return list(page.evaluate(script))
