"""Access to the page: who may see it, and who may change data."""

import pytest

from tests.review.web.client import Client


def test_without_the_address_nothing_is_shown(stranger: Client) -> None:
    for path in ("/", "/state", "/list", "/static/review.js", f"/q/{stranger.session.questions[0].id}", "/areas/p1"):
        status, _, text = stranger.ask("GET", path)
        assert status == 403, path
        assert "Mosses" not in text
    assert stranger.ask("GET", "/start?token=guessed")[0] == 403
    assert stranger.ask("GET", "/start?token=%ff%00")[0] == 403
    assert stranger.ask("GET", "/start")[0] == 403


def test_the_address_works_once_and_gives_a_cookie_that_scripts_and_other_sites_cannot_use(stranger: Client) -> None:
    path = stranger.start_path
    status, headers, _ = stranger.ask("GET", path, Sec_Fetch_Site="none")
    assert (status, headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in headers["set-cookie"].split(";")}
    assert "token" not in headers["location"]
    assert stranger.ask("GET", path)[0] == 403
    stranger.cookie = headers["set-cookie"].partition(";")[0]
    assert "Which of these are one paper?" in stranger.get("/")


def test_only_its_own_host_is_answered(client: Client) -> None:
    port = client.server.port
    assert client.ask("GET", "/", Host=f"localhost:{port}")[0] == 303
    for host in (f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{port}", None):
        assert client.ask("GET", "/", Host=host)[0] in {400, 421}, host


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},  # another port of this machine
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": None},
        {"X_Refsync_Token": "guessed"},
        {"X_Refsync_Token": None},
        {"Cookie": None},
        {"Cookie": "refsync-review-1=x"},
        {"Content_Type": "text/plain"},
        {"Content_Length": "99999999"},
    ],
)
def test_other_pages_cannot_act(client: Client, headers: dict[str, str | None]) -> None:
    asked = client.session.questions[0]
    status, _, _ = client.ask("POST", "/do", {"do": "answer", "id": asked.id, "verdict": "same"}, **headers)
    assert status in {403, 413, 415}
    assert client.lines() == []


def test_looking_changes_nothing(client: Client) -> None:
    asked = client.session.questions[0]
    assert client.ask("GET", f"/do?do=answer&id={asked.id}&verdict=same")[0] in {404, 405}
    assert client.ask("PUT", "/do")[0] == 405
    assert client.lines() == []


def test_every_answer_has_the_headers_that_keep_the_page_to_itself(client: Client) -> None:
    for path in ("/", "/static/review.css", "/nowhere", "/start"):
        _, headers, _ = client.ask("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
