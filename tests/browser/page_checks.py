"""Checks of a page in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]


def axe_violations(page: "Page") -> list[str]:
    """The accessibility violations that axe-core finds, of every impact, each with its first element."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [
        f"{violation['impact']}: {violation['help']} ({violation['id']}), {len(violation['nodes'])} times, first in "
        f"{violation['nodes'][0]['html'][:200]}: {violation['nodes'][0].get('failureSummary', '')}"
        for violation in violations
    ]


def scrolls_sideways(page: "Page") -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def elements_beyond_margin(page: "Page") -> list[str]:
    """Elements that extend beyond the right edge of the window: on paper they would be cut off."""
    script = """
    [...document.body.querySelectorAll("*")].filter(element => {
      const box = element.getBoundingClientRect();
      return box.width && box.right > document.documentElement.clientWidth + 1;
    }).map(element => element.outerHTML.slice(0, 120))
    """
    return list(page.evaluate(script))
