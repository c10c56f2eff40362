"""Figures with axes, as SVG: each is a Vega-Lite specification, drawn by vl-convert without a browser or a network.

Colours are the page's CSS variables, so that one drawing serves dark, light and paper. What stands beside names alone
(areas, venues, fields) is a table with bars on the page and needs no drawing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

from refsync.classify.evaluate import Evaluation
from refsync.dedup.results import BINS
from refsync.report.distributions import Probabilities, Years

Spec = dict[str, Any]

WIDTH = 340  # of the plot: with its axis it fits a telephone without being made smaller
_POWERS = [10**power for power in range(10)]
_INK, _LINE, _MARK = "currentColor", "var(--line)", "var(--mark)"
_SERIES = [f"var(--series-{number})" for number in range(8)]
_CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "aria": False,  # the drawing has one label, and its numbers stand in a table
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK, "titleColor": _INK, "domainColor": _LINE, "tickColor": _LINE, "gridColor": _LINE,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "titlePadding": 10,
    },
    "legend": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 11, "labelLimit": 150},
    "title": {"color": _INK, "fontSize": 11, "fontWeight": "normal", "anchor": "start"},
}  # fmt: skip


def draw(spec: Mapping[str, Any], label: str) -> Markup:
    """The drawing, ready to stand in a page.

    Args:
        spec: Vega-Lite, with its data in it.
        label: what a screen reader says.
    """
    svg = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, allowed_base_urls=[])
    opening, _, drawing = svg.partition(">")
    box = re.search(r'viewBox="([\d. -]+)"', opening)
    assert box, opening
    width = float(box[1].split()[2])
    start = Markup('<svg class="chart" viewBox="{}" style="max-width:{}px" role="img" aria-label="{}">')
    hidden = Markup('<g aria-hidden="true">') + Markup(drawing.removesuffix("</svg>")) + Markup("</g></svg>")
    return start.format(box[1], round(width * 1.25), label) + hidden


def years(figures: Years) -> Spec:
    """Papers over the years as stacked columns, by first area."""
    values = [
        {"year": period, "series": name, "papers": count, "rank": rank}
        for period, row in zip(figures.periods, figures.counts, strict=True)
        for rank, (name, count) in enumerate(zip(figures.series, row, strict=True))
        if count
    ]
    colours = [*_SERIES[: len(figures.series) - 1], "var(--none)"] if len(figures.series) > 1 else [_MARK]
    legend = {"orient": "bottom", "columns": 3, "title": None} if len(figures.series) > 1 else None
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": 200,
        "mark": "bar",
        "encoding": {
            "x": {
                "field": "year", "type": "ordinal", "title": None, "scale": {"domain": list(figures.periods)},
                "axis": {"labelAngle": -90 if len(figures.periods) > 8 or figures.step > 1 else 0},
            },
            "y": {
                "field": "papers", "type": "quantitative", "title": "papers",
                "axis": _whole(max(map(sum, figures.counts))),
            },
            "color": {
                "field": "series", "type": "nominal", "legend": legend,
                "scale": {"domain": list(figures.series), "range": colours},
            },
            "order": {"field": "rank"},
        },
    }  # fmt: skip


def probabilities(figures: Probabilities) -> Spec:
    """Pairs by probability, one row for each thing that became of them.

    All rows have one scale, a logarithmic one that begins at 0: of a thousand times more pairs that are told apart a
    few must still be seen.
    """
    outcomes = (
        ("merged", figures.merged),
        ("linked as versions", figures.versions),
        ("to review", figures.asked),
        ("told apart", figures.different),
    )
    most = max(max(counts) for _, counts in outcomes)
    rows = [_histogram(title, counts, most, figures) for title, counts in outcomes if any(counts)]
    for row in rows[:-1]:
        row["layer"][0]["encoding"]["x"]["title"] = None
    return {"vconcat": rows, "spacing": 8}


def _histogram(title: str, counts: Sequence[int], most: int, figures: Probabilities) -> Spec:
    bars = {
        "data": {"values": [{"from": i / BINS, "to": (i + 1) / BINS, "pairs": n} for i, n in enumerate(counts)]},
        "mark": {"type": "bar", "color": _MARK, "binSpacing": 1},
        "encoding": {
            "x": {"field": "from", "bin": {"binned": True, "step": 1 / BINS}, "title": "probability of being one paper",
                  "scale": {"domain": [0, 1]}, "axis": {"values": [0, 0.2, 0.4, 0.6, 0.8, 1], "grid": False}},
            "x2": {"field": "to"},
            "y": {"field": "pairs", "type": "quantitative", "title": "pairs",
                  "scale": {"type": "symlog", "domain": [0, most], "nice": False},
                  "axis": {"values": [0, 1, 3, 10, 30] if most < 100 else [0, *_POWERS], "format": ",d"}},
        },
    }  # fmt: skip
    limits = {
        "data": {"values": [{"at": figures.review}, {"at": figures.same}]},
        "mark": {"type": "rule", "color": "var(--accent)", "strokeDash": [4, 3], "strokeWidth": 1.5},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    return {"title": title, "width": WIDTH, "height": 70, "layer": [bars, limits]}


def _whole(most: int) -> Spec:
    """An axis of counts up to `most`: no halves of papers."""
    return {"values": list(range(most + 1)), "format": "d"} if most < 5 else {}


def calibration(figures: Evaluation) -> Spec:
    """How often the likeliest area is right, against its probability; the diagonal is perfect."""
    values = [{"p": one.probability, "right": one.accuracy, "papers": one.papers} for one in figures.bins]
    diagonal = {
        "data": {"values": [{"p": 0, "right": 0}, {"p": 1, "right": 1}]},
        "mark": {"type": "line", "color": "var(--none)", "strokeDash": [4, 3]},
        "encoding": _unit("p", "probability", "right", "share that is right"),
    }
    found = {
        "data": {"values": values},
        "mark": {"type": "line", "color": _MARK},
        "encoding": _unit("p", "probability", "right", "share that is right"),
    }
    size = {"field": "papers", "type": "quantitative", "scale": {"range": [20, 300]}, "legend": None}
    points = {
        **found,
        "mark": {"type": "circle", "color": _MARK, "opacity": 1},
        "encoding": {**_unit("p", "probability", "right", "share that is right"), "size": size},
    }
    return {"width": 280, "height": 280, "layer": [diagonal, found, points]}


def coverage(figures: Evaluation) -> Spec:
    """How often the likeliest area is right if only the surest papers get one."""
    return {
        "width": 280,
        "height": 280,
        "data": {"values": [{"share": one.coverage, "right": one.accuracy} for one in figures.curve]},
        "mark": {"type": "line", "color": _MARK, "point": {"filled": True, "fill": _MARK, "size": 40}},
        "encoding": _unit("share", "share of the papers that get an area", "right", "share that is right", zero=False),
    }


def _unit(x: str, x_title: str, y: str, y_title: str, *, zero: bool = True) -> Spec:
    """Two shares against each other."""
    scale: Spec = {"domain": [0, 1]} if zero else {"zero": False, "nice": True}
    return {
        "x": {"field": x, "type": "quantitative", "title": x_title, "scale": {"domain": [0, 1]}},
        "y": {"field": y, "type": "quantitative", "title": y_title, "scale": scale, "axis": {"format": ".2f"}},
    }
