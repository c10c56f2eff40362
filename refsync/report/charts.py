"""Figures with axes, as SVG: each is a Vega-Lite specification, drawn by vl-convert without a browser or a network.

Colours are CSS variables of the page, so that one drawing serves dark mode, light mode and print. Distributions over
names (areas, venues, fields) are tables with bars and need no drawing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

from refsync.classify.evaluate import Evaluation
from refsync.dedup.results import BINS
from refsync.planning.databases import DatabaseCounts
from refsync.report.counts import Flow, Overlap
from refsync.report.distributions import Probabilities, Years
from refsync.report.field_coverage import Completeness

Spec = dict[str, Any]

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML and HTML cannot contain."""
MOST_BARS = 30  # of one figure
WIDTH = 340  # of the plot; with its axis it fits the width of a phone
_POWERS = [10**power for power in range(10)]
_INK, _LINE, _MARK = "currentColor", "var(--line)", "var(--mark)"
_SERIES = [f"var(--series-{number})" for number in range(8)]
_COUNTS: Spec = {"grid": False, "tickCount": 5, "tickMinStep": 1, "format": ",d"}
_CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "aria": False,  # the drawing has one label, and its numbers are in a table
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK, "titleColor": _INK, "domainColor": _LINE, "tickColor": _LINE, "gridColor": _LINE,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "titlePadding": 10,
    },
    "legend": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 11, "labelLimit": 150},
    "title": {"color": _INK, "fontSize": 11, "fontWeight": "normal", "anchor": "start"},
}  # fmt: skip


def draw(spec: Mapping[str, Any], label: str) -> Markup:
    """The drawing as SVG markup for the page.

    Args:
        spec: a Vega-Lite specification with its data.
        label: the text for screen readers.
    """
    return embedded(to_svg(spec), label)


def to_svg(spec: Mapping[str, Any]) -> str:
    """The drawing as an SVG document whose colours are variables of the page."""
    return vl_convert.vegalite_to_svg({**_drawable(spec), "config": _CONFIG}, allowed_base_urls=[])


def _drawable(value: Any) -> Any:
    """A specification without characters that XML cannot contain: measuring such a text ends the process."""
    if isinstance(value, str):
        return NOT_XML.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {name: _drawable(item) for name, item in value.items()}
    return [*map(_drawable, value)] if isinstance(value, list | tuple) else value


def embedded(svg: str, label: str) -> Markup:
    """An SVG document as part of the page, with one label for screen readers."""
    opening, _, drawing = svg.partition(">")
    box = re.search(r'viewBox="([\d. -]+)"', opening)
    assert box, opening
    width = float(box[1].split()[2])
    start = Markup('<svg class="chart" viewBox="{}" style="max-width:{}px" role="img" aria-label="{}">')
    hidden = Markup('<g aria-hidden="true">') + Markup(drawing.removesuffix("</svg>")) + Markup("</g></svg>")
    return start.format(box[1], round(width * 1.25), label) + hidden


def bars(counts: Sequence[tuple[str, int]], title: str) -> Spec:
    """Bars with their numbers, in the order given: the first `MOST_BARS`."""
    values = [{"name": name, "count": count, "rank": rank} for rank, (name, count) in enumerate(counts[:MOST_BARS])]
    y = {"field": "name", "type": "nominal", "title": None, "sort": {"field": "rank"},
         "axis": {"labelLimit": 260, "domain": False, "ticks": False}}  # fmt: skip
    x = {"field": "count", "type": "quantitative", "title": title, "axis": _COUNTS}
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": {"step": 20},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "color": _MARK, "height": {"band": 0.7}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": _INK, "fontSize": 11},
                "encoding": {"text": {"field": "count", "format": ",d"}},
            },
        ],
    }


def databases(counts: Sequence[DatabaseCounts]) -> Spec:
    """One bar for each database: its records that are kept, and its duplicates within and between databases."""
    parts = (
        ("kept", "kept"),
        ("within", "duplicates within"),
        ("between", "duplicates between"),
        ("present", "present"),
    )
    values = [
        {"database": item.database, "rank": rank, "part": label, "order": order, "records": number}
        for rank, item in enumerate(counts[:MOST_BARS])
        for order, (name, label) in enumerate(parts)
        if (number := getattr(item, name))
    ]
    used = [label for _, label in parts if any(value["part"] == label for value in values)]
    colours = dict(zip((label for _, label in parts), (_MARK, _SERIES[1], _SERIES[6], "var(--none)"), strict=True))
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": {"step": 24},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": {"field": "database", "type": "nominal", "title": None, "sort": {"field": "rank"},
                  "axis": {"labelLimit": 260, "domain": False, "ticks": False}},
            "x": {"field": "records", "type": "quantitative", "title": "records", "axis": _COUNTS},
            "color": {"field": "part", "type": "nominal", "legend": {"orient": "bottom", "title": None},
                      "scale": {"domain": used, "range": [colours[label] for label in used]}},
            "order": {"field": "order"},
        },
    }  # fmt: skip


def fields(items: Sequence[Completeness], counts: Flow) -> Spec:
    """Two bars for each field: the share of records, and of papers after merging, that have it."""
    values = [
        {"field": item.field, "rank": rank, "of": of, "share": number / whole if whole else 0}
        for rank, item in enumerate(items)
        for of, number, whole in (("records", item.records, counts.read), ("papers", item.papers, counts.papers))
    ]
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": {"step": 12},
        "mark": "bar",
        "encoding": {
            "y": {"field": "field", "type": "nominal", "title": None, "sort": {"field": "rank"},
                  "axis": {"labelLimit": 260, "domain": False, "ticks": False}},
            "yOffset": {"field": "of", "sort": ["records", "papers"]},
            "x": {"field": "share", "type": "quantitative", "title": "share that has the field",
                  "scale": {"domain": [0, 1]}, "axis": {"format": "%", "grid": False}},
            "color": {"field": "of", "type": "nominal", "legend": {"orient": "bottom", "title": None},
                      "scale": {"domain": ["records", "papers"], "range": ["var(--none)", _MARK]}},
        },
    }  # fmt: skip


def overlap(figures: Overlap, folder: str = "") -> Spec:
    """The combinations of sources as in an UpSet plot: dots for the sources that have the papers, bars for how many.

    `folder` is left out at the start of their names.
    """
    names = [
        *(source.removeprefix(folder) for source in figures.sources),
        *([f"{figures.rest} others"] if figures.rest else []),
    ]
    dots = [
        {"row": row, "source": name, "has": has}
        for row, (having, _) in enumerate(figures.rows)
        for name, has in zip(names, having, strict=True)
    ]
    y: Spec = {"field": "row", "type": "ordinal", "title": None, "axis": None}
    axis = {"orient": "top", "labelAngle": -90, "labelLimit": 180, "domain": False, "ticks": False}
    x = {"field": "source", "type": "nominal", "title": None, "sort": names, "axis": axis}
    matrix = {
        "data": {"values": dots},
        "width": {"step": 26},
        "height": {"step": 22},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "transform": [{"filter": "datum.has"}],
                "mark": {"type": "line", "color": _MARK, "strokeWidth": 2},
                "encoding": {"detail": {"field": "row"}, "order": {"field": "source", "sort": names}},
            },
            {
                "mark": {"type": "circle", "size": 110, "opacity": 1},
                "encoding": {"color": {"condition": {"test": "datum.has", "value": _MARK}, "value": _LINE}},
            },
        ],
    }
    counts = {
        "data": {"values": [{"row": row, "papers": papers} for row, (_, papers) in enumerate(figures.rows)]},
        "width": 220,
        "height": {"step": 22},
        "encoding": {
            "y": y,
            "x": {
                "field": "papers",
                "type": "quantitative",
                "title": "papers",
                "axis": {**_COUNTS, "tickCount": 4},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "color": _MARK, "height": {"band": 0.6}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": _INK, "fontSize": 11},
                "encoding": {"text": {"field": "papers", "format": ",d"}},
            },
        ],
    }
    return {"hconcat": [matrix, counts], "spacing": 12}


def years(figures: Years) -> Spec:
    """Stacked columns: papers over the years, by first area."""
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
                "axis": _count_axis(max(map(sum, figures.counts))),
            },
            "color": {
                "field": "series", "type": "nominal", "legend": legend,
                "scale": {"domain": list(figures.series), "range": colours},
            },
            "order": {"field": "rank"},
        },
    }  # fmt: skip


def probabilities(figures: Probabilities) -> Spec:
    """Histograms: pairs by probability, one row per outcome.

    All rows share one symmetric log scale, so that small counts are visible beside the many pairs judged different.
    """
    outcomes = (
        ("merged", figures.merged),
        ("linked as versions", figures.versions),
        ("to review", figures.asked),
        ("different", figures.different),
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


def _count_axis(most: int) -> Spec:
    """An axis of counts up to `most`, with whole numbers only."""
    return {"values": list(range(most + 1)), "format": "d"} if most < 5 else {}


def calibration(figures: Evaluation) -> Spec:
    """Calibration: how often the most likely area is right, by its probability; the diagonal is perfect."""
    values = [{"p": item.probability, "right": item.accuracy, "papers": item.papers} for item in figures.bins]
    diagonal = {
        "data": {"values": [{"p": 0, "right": 0}, {"p": 1, "right": 1}]},
        "mark": {"type": "line", "color": "var(--none)", "strokeDash": [4, 3]},
        "encoding": _share_axes("p", "probability", "right", "share that is right"),
    }
    line = {
        "data": {"values": values},
        "mark": {"type": "line", "color": _MARK},
        "encoding": _share_axes("p", "probability", "right", "share that is right"),
    }
    size = {"field": "papers", "type": "quantitative", "scale": {"range": [20, 300]}, "legend": None}
    points = {
        **line,
        "mark": {"type": "circle", "color": _MARK, "opacity": 1},
        "encoding": {**_share_axes("p", "probability", "right", "share that is right"), "size": size},
    }
    return {"width": 280, "height": 280, "layer": [diagonal, line, points]}


def coverage(figures: Evaluation) -> Spec:
    """Accuracy by coverage: how often the most likely area is right if only the most certain areas are applied."""
    return {
        "width": 280,
        "height": 280,
        "data": {"values": [{"share": point.coverage, "right": point.accuracy} for point in figures.curve]},
        "mark": {"type": "line", "color": _MARK, "point": {"filled": True, "fill": _MARK, "size": 40}},
        "encoding": _share_axes(
            "share", "share of the papers that get an area", "right", "share that is right", zero=False
        ),
    }


def _share_axes(x: str, x_title: str, y: str, y_title: str, *, zero: bool = True) -> Spec:
    """The encoding of two shares as x and y."""
    scale: Spec = {"domain": [0, 1]} if zero else {"zero": False, "nice": True}
    return {
        "x": {"field": x, "type": "quantitative", "title": x_title, "scale": {"domain": [0, 1]}},
        "y": {"field": y, "type": "quantitative", "title": y_title, "scale": scale, "axis": {"format": ".2f"}},
    }
