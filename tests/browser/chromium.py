"""What the tests ask of a page in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

_GRAVE = {"serious", "critical"}


def axe_faults(page: "Page") -> list[str]:
    """The serious and critical faults that axe-core finds, each with the place of the first."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{fault['impact']}: {fault['help']} ({fault['id']}), {len(fault['nodes'])} times, first in "
        f"{fault['nodes'][0]['html'][:200]}: {fault['nodes'][0].get('failureSummary', '')}"
        for fault in found
        if fault["impact"] in _GRAVE
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
