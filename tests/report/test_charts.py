"""Charts: text of a record never becomes markup."""

import pytest

from tests.report.helpers import EVIL, Page


def test_an_area_with_markup_in_its_name_is_drawn_as_text() -> None:
    charts = pytest.importorskip("refsync.report.charts", reason="needs the extra `report`")
    from refsync.report.distributions import Years

    drawn = charts.draw(charts.years(Years((EVIL[:25], "no area"), ("2020",), ((3, 1),), 1, 0)), 'a "label"')
    page = Page(drawn.encode("utf-8", "replace"))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text
    assert page.tags[0][1]["aria-label"] == 'a "label"'
