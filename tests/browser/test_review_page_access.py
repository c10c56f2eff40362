"""What other pages and browsers may not do with the review page."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.page_checks import OpenPage
from tests.browser.served_review import Served

pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
pytest.importorskip("starlette", reason="needs the extra `review`")

from playwright.sync_api import expect


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[str]:
    """The address of another server on this machine: another origin of the same site."""
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "index.html").write_text(
        "<!DOCTYPE html><title>Elsewhere</title><iframe></iframe>", encoding="utf-8"
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, directory=str(tmp_path / "foreign"), **options)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()
        thread.join(10)


def test_other_origins_can_neither_read_nor_change(served: Served, open_page: OpenPage, foreign: str) -> None:
    page = open_page(served.server.address)
    token = page.locator("meta[name=refsync-token]").get_attribute("content")
    question = page.locator("#question").get_attribute("data-question")
    body = json.dumps({"do": "answer", "verdict": "same", "id": question})
    statuses: list[int] = []
    other = page.context.new_page()  # the cookie is sent: all ports share their cookies
    other.on("response", lambda response: statuses.append(response.status))
    other.goto(foreign)
    statuses.clear()
    attack = """async ([to, body, headers, mode]) => {
      try { return await (await fetch(to, {method: "POST", body, headers, mode, credentials: "include"})).text() }
      catch { return "" }
    }"""
    headers = {"Content-Type": "application/json", "X-Refsync-Token": token}
    assert other.evaluate(attack, [f"{served.origin}/do", body, headers, "cors"]) == ""
    assert other.evaluate(attack, [f"{served.origin}/do", body, {}, "no-cors"]) == ""
    assert (
        other.evaluate("to => fetch(to, {credentials: 'include'}).then(a => a.text(), () => '')", served.origin) == ""
    )
    with other.expect_response(f"{served.origin}/") as framed:
        other.evaluate("to => { document.querySelector('iframe').src = to }", f"{served.origin}/")
    assert framed.value.status == 403
    with other.expect_response(f"{served.origin}/do") as sent:
        other.evaluate(
            """to => { const form = document.createElement("form"); form.method = "post"; form.action = to;
                       document.body.append(form); form.submit() }""",
            f"{served.origin}/do",
        )
    assert sent.value.status == 403
    assert set(statuses) == {403}
    assert served.lines() == []


def test_a_foreign_host_name_is_refused(served: Served, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    rebound = served.server.address.replace("127.0.0.1", "rebound.test")
    answer = page.goto(rebound)
    assert answer
    assert answer.status == 421
    assert page.goto(served.server.address)  # the token was not used up
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_address_opens_once_and_a_wrong_token_is_refused(served: Served, open_page: OpenPage) -> None:
    page = open_page(address := served.server.address)
    stranger = open_page(address, own_context=True)
    expect(stranger.locator("body")).to_contain_text("used before")
    answer = page.evaluate(
        """() => {
          const headers = {"Content-Type": "application/json", "X-Refsync-Token": "guessed"};
          return fetch("/do", {method: "POST", headers, body: "{}"}).then(answer => answer.status);
        }"""
    )
    assert answer == 403
    assert served.lines() == []
