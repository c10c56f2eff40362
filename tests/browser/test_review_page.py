"""The review page in a real browser: every view at two widths and colour schemes, and work by keyboard and mouse."""

import json

import pytest

from tests.browser import sample_review
from tests.browser.page_checks import OpenPage, axe_violations, scrolls_sideways
from tests.browser.served_review import Served

pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
pytest.importorskip("starlette", reason="needs the extra `review`")

from playwright.sync_api import Page, expect


def at(page: Page, title: str) -> None:
    """Go to the question about a title, by its place in the list of the queue."""
    page.keyboard.press("o")
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def violations(page: Page) -> list[str]:
    return [*axe_violations(page), *(["it scrolls sideways"] if scrolls_sideways(page) else [])]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_no_view_has_an_accessibility_violation(served: Served, open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page(served.server.address, width=width, scheme=scheme)
    found = {"cluster": violations(page)}
    at(page, "Lichens")
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    found["pair, editing"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found["help"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    page.goto(served.origin + "/?show=answered")
    found["answered"] = violations(page)
    page.goto(served.origin + "/areas/p1")
    found["areas"] = violations(page)
    page.goto(served.origin + "/values")
    expect(page.get_by_role("heading", level=1)).to_have_text("Otters of the southern fjords")
    found["values"] = violations(page)
    if width > 400:  # the rest has no layout of its own for narrow windows, nor colours of its own
        page.keyboard.press("o")
        expect(page.get_by_role("dialog")).to_be_visible()
        found["list"] = violations(page)
        page.goto(served.origin + "/values?show=rejected")
        found["no values"] = violations(page)
        page.goto(served.origin + "/?show=versions")
        found["versions"] = violations(page)
        page.goto(served.origin + "/?find=nowhere")
        found["nothing"] = violations(page)
        page.goto(served.origin + "/nowhere")
        found["missing"] = violations(page)
    assert {view: faults for view, faults in found.items() if faults} == {}


def test_text_of_records_stays_text(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address, own_context=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    at(page, "script")
    assert page.locator("td", has_text=sample_review.HOSTILE).count()
    page.keyboard.press("f")
    page.keyboard.press("l")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    assert sample_review.HOSTILE in page.locator("form.edit:not([hidden]) textarea").input_value()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("m")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    page.keyboard.press("u")
    page.goto(served.origin + "/areas/p2")
    expect(page.get_by_role("heading", level=1)).to_have_text(sample_review.HOSTILE)
    page.goto(served.origin + "/?find=" + sample_review.HOSTILE.replace("&", "%26").replace("#", "%23"))
    assert page.locator("script, img").count() == 1  # the page's own script
    assert all(url.startswith(served.origin) and not url.endswith("/x") for url in asked)
    assert page.title() not in ("run", "1")


def test_a_cluster_of_three_is_one_question(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)  # groups come first
    heads = page.get_by_role("region", name="The records side by side").locator("thead .side")
    assert [head.locator(".id").inner_text() for head in heads.all()] == ["key2", "key3", "key4"]
    expect(page.get_by_role("button", name="Merge 1 and 3; 2 stays separate")).to_be_visible()  # a veto: 1 and 2
    page.get_by_role("button", name="All one paper").click()
    expect(page.get_by_role("button", name="Merge all 3")).to_be_visible()
    page.keyboard.press("Shift+Digit2")  # the second record belongs to another paper
    expect(page.get_by_role("button", name="Merge 1 and 3; 2 stays separate")).to_be_visible()
    page.keyboard.press("y")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    kinds = {frozenset(line["keys"]): line["kind"] for line in served.lines()}
    assert kinds.pop(frozenset({"key2", "key4"})) == "same"
    assert set(kinds.values()) == {"not-duplicate"}


def test_values_are_chosen_by_keys_and_clicks(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    at(page, "Lichens")
    row = page.locator("tr[data-field=journal]")
    for _ in range(page.locator("tr.row").count()):
        page.keyboard.press("ArrowDown")
        if row.evaluate("row => row === document.activeElement"):
            break
    page.keyboard.press("2")
    page.keyboard.press("b")  # not a list, so this is refused; the keys do not wait for responses
    expect(page.get_by_role("alert").filter(has_text="one value")).to_be_visible()
    expect(row.locator("td.merged")).to_contain_text("Ann. Moss")
    page.keyboard.press("1")
    expect(row.locator("td.merged")).to_contain_text("Annals of Moss")
    row.locator("td.side").nth(1).click()
    expect(row.locator("td.merged")).to_contain_text("Ann. Moss")
    page.locator("tr[data-field=keywords] td.merged").hover()
    page.locator("tr[data-field=keywords]").get_by_role("button", name="Both for").click()
    expect(page.locator("tr[data-field=keywords] td.merged")).to_contain_text("harbours")
    page.keyboard.press("m")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    fields = served.lines()[0]["value"]["fields"]
    assert fields["keywords"] == {"union": True}
    assert set(fields["journal"]) == {"from"}


def test_an_edit_that_could_not_be_sent_is_still_there(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    edit = page.locator("form.edit:not([hidden]) textarea")
    edit.fill("Otters and seals")
    page.route("**/do", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="refsync has ended")).to_be_visible()
    assert edit.input_value() == "Otters and seals"
    page.unroute("**/do")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("tr[data-field=title] td.merged")).to_contain_text("Otters and seals")
    expect(page.get_by_role("alert").filter(has_text="refsync has ended")).to_be_hidden()


def test_versions_say_which_is_the_preprint(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    page.goto(served.origin + "/?show=versions")
    choice = page.get_by_label("How the two relate as versions")
    assert choice.input_value() == "preprint-of 1"
    choice.select_option("preprint-of 0")
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("v")
    expect(page.locator("[data-filter=versions] .count")).to_have_text("0")
    (line,) = served.lines()
    assert (line["kind"], line["value"]["relation"], line["keys"]) == ("version-of", "preprint-of", ["key6", "key5"])


def test_areas_are_accepted_and_rejected_by_keys(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    page.keyboard.press("a")
    expect(page.get_by_role("link", name="Areas")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Robots that walk on moss")
    assert page.locator("h1 mark, .abstract mark").all_inner_texts()
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Accept cs.RO").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Shift+Digit2")
    expect(page.get_by_role("button", name="Reject q-bio.PE")).to_have_attribute("aria-pressed", "true")
    assert served.lines()[-1]["value"] == {"accepted": ["cs.RO"], "rejected": ["q-bio.PE"]}
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Reject q-bio.PE")).to_have_attribute("aria-pressed", "false")
    assert served.lines()[-1]["value"] == {"accepted": ["cs.RO"]}


def test_values_are_accepted_and_rejected_by_keys(served: Served, open_page: OpenPage) -> None:
    def states() -> list[str]:
        rows = json.loads((served.session.path.parent / "plan.json").read_bytes())["fills"]
        return [row["state"] for row in rows]

    page = open_page(served.server.address)
    page.keyboard.press("a")
    expect(page.get_by_role("link", name="Areas")).to_have_attribute("aria-current", "page")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Otters of the southern fjords")
    expect(page.locator("#progress")).to_have_text("0 of 3 answered")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Accept DOI")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Shift+Digit2")
    expect(page.get_by_role("button", name="Reject volume")).to_have_attribute("aria-pressed", "true")
    assert states() == ["accepted", "accepted", "rejected", "pending"]
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Reject volume")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("m")  # all pending values; then the next record
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="All answered")).to_be_visible()
    assert states() == ["accepted", "accepted", "accepted", "rejected"]
    page.get_by_role("navigation", name="Filter").get_by_role("link", name="Accepted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Otters of the southern fjords")


def test_the_list_leads_back_to_the_question_that_is_shown(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    at(page, "Otters")
    expect(page.locator("#question h1")).to_be_focused()


def test_answers_by_others_are_shown(served: Served, open_page: OpenPage) -> None:
    page = open_page("about:blank", own_context=True)
    page.clock.install()
    page.goto(served.server.address)
    at(page, "Lichens")
    page.keyboard.press("n")
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    other = sample_review.sample_session(served.session.path.parent)
    other.by = "bob"
    others = {item.members[0]: item for item in other.select("uncertain")}
    other.answer(others[2], "not-duplicate")
    page.clock.fast_forward(5_000)
    expect(page.locator("#progress")).to_have_text("2 of 3 answered")
    page.keyboard.press("u")  # undoes what was answered here, and nothing else
    expect(page.locator("#progress")).to_have_text("1 of 3 answered")
    assert {line["by"] for line in served.lines()} == {"bob"}


def test_filter_search_and_history(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    page.get_by_role("navigation", name="Filter").get_by_role("link", name="Merges").click()
    expect(page.locator("#question")).to_contain_text("Kelp under ice")
    page.keyboard.press("/")
    page.keyboard.type("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing found")
    page.go_back()
    expect(page.locator("#question")).to_contain_text("Kelp under ice")


def test_focus_is_visible_and_follows_the_order_of_the_page(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    page.locator("a.skip").focus()
    seen: list[str] = []
    for _ in range(60):
        what = page.evaluate(
            """() => {
              const at = document.activeElement, style = getComputedStyle(at);
              if (at === document.body) return null;
              const box = at.getBoundingClientRect();
              const visible = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
              const marked = style.outlineStyle !== "none" || style.boxShadow !== "none" || at.matches("tr.here");
              return [at.ariaLabel || at.textContent.trim() || at.id, visible && marked];
            }"""
        )
        if what is None or (seen and what[0] == seen[0]):
            break
        assert what[1], f"the focus on {what[0]!r} is not visible"
        seen.append(what[0])
        page.keyboard.press("Tab")
    order = ("Skip", "Areas", "Merges", "Search", "Evidence by field", "Paper B", "Merge 1 and 3", "No duplicates")
    places = [next((i for i, text in enumerate(seen) if part in text), -1) for part in order]
    assert places == sorted(places), seen
    assert places[0] == 0


def test_roles_and_names_for_screen_readers(served: Served, open_page: OpenPage) -> None:
    page = open_page(served.server.address)
    at(page, "Lichens")
    for role, name in (
        ("navigation", "What is reviewed"), ("navigation", "Filter"), ("navigation", "Queue"), ("search", None),
        ("main", None), ("progressbar", "Answered"), ("group", "Answer"), ("heading", "Are these one paper?"),
        ("columnheader", "merged"), ("rowheader", "title"), ("button", "Take title of record 2"), ("status", None),
    ):  # fmt: skip
        assert page.get_by_role(role, **({"name": name} if name else {})).count(), (role, name)  # type: ignore[arg-type]
    assert "[differs:" in page.locator("tr[data-field=title] td.side").first.inner_text()
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_have_text("not duplicates; 12 papers")
