"""The PRISMA 2020 flow diagram as SVG, with the boxes, words and arrows of the statement. Pure, without a library.

Numbers that are not known stay blank (`n = `), to be filled in by hand. Colours are the variables of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from refsync.report.prisma import Prisma

MOST_SOURCES = 12  # of each kind, by name
MOST_REASONS = 8
_CHARACTERS = 40  # of a line in a box, in the widest of usual fonts
_LINE, _PADDING, _GAP = 17, 10, 26
_SIDE, _BOX, _BETWEEN = 34, 310, 46  # widths: the bar of the phase, a box, the room of an arrow
_LEFT = _SIDE + 14
_RIGHT = _LEFT + _BOX + _BETWEEN
_HEAD = 34
_SPACES = "\u00a0\u2003"
WIDTH = _RIGHT + _BOX + 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A box of the flow, what leaves it to the right, and the phase that it belongs to."""

    phase: str
    box: tuple[str, ...]
    aside: tuple[str, ...] = ()


def prisma_svg(numbers: Prisma) -> str:
    """The diagram as an SVG document."""
    parts: list[str] = []
    y = float(_HEAD + 16)
    tops: dict[str, float] = {}
    ends: dict[str, float] = {}
    rows = _rows(numbers)
    for number, row in enumerate(rows):
        left, right = _lines(row.box), _lines(row.aside)
        height = max(_height(left), _height(right) if right else 0)
        tops.setdefault(row.phase, y)
        parts.append(_box(_LEFT, y, height, left))
        if right:
            parts.append(_box(_RIGHT, y, height, right))
            parts.append(_arrow(_LEFT + _BOX, y + height / 2, _RIGHT, y + height / 2))
        if number + 1 < len(rows):
            parts.append(_arrow(_LEFT + _BOX / 2, y + height, _LEFT + _BOX / 2, y + height + _GAP))
        ends[row.phase] = y + height
        y += height + _GAP
    total = y - _GAP + 2
    for phase, top in tops.items():
        parts.append(_phase(phase, top, ends[phase]))
    title = "Identification of studies via databases and registers"
    head = (
        f'<rect x="{_LEFT}" y="1" width="{_RIGHT + _BOX - _LEFT}" height="{_HEAD}" rx="6" fill="var(--head)"/>'
        f'<text x="{(_LEFT + _RIGHT + _BOX) / 2:g}" y="{_HEAD / 2 + 6:g}" text-anchor="middle" font-weight="600" '
        f'fill="var(--on-head)">{title}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{total:g}" viewBox="0 0 {WIDTH} {total:g}">'
        f'<g font-family="Arial, Helvetica, sans-serif" font-size="12.5">{head}{"".join(parts)}</g></svg>'
    )


def _rows(numbers: Prisma) -> list[_Row]:
    waiting = (f"  Of these not screened yet{_n(numbers.unscreened)}",) if numbers.unscreened else ()
    removed = (
        "Records removed before screening:",
        f"  Duplicate records removed{_n(numbers.duplicates)}",
        f"  Records marked as ineligible by automation tools{_n(numbers.automation)}",
        f"  Records removed for other reasons{_n(numbers.other)}",
    )
    excluded = (
        "Reports excluded:",
        *(f"  {name}{_n(count)}" for name, count in _cut(numbers.reasons, "other reasons")),
    )
    return [
        _Row("Identification", ("Records identified from:", *_sources(numbers)), removed),
        _Row(
            "Screening",
            (f"Records screened{_n(numbers.screened)}", *waiting),
            (f"Records excluded{_n(numbers.excluded)}",),
        ),
        _Row(
            "Screening",
            (f"Reports sought for retrieval{_n(numbers.sought)}",),
            (f"Reports not retrieved{_n(numbers.not_retrieved)}",),
        ),
        _Row("Screening", (f"Reports assessed for eligibility{_n(numbers.assessed)}",), excluded),
        _Row(
            "Included",
            (
                f"Studies included in review{_n(numbers.studies)}",
                f"Reports of included studies{_n(numbers.reports)}",
            ),
        ),
    ]


def _sources(numbers: Prisma) -> list[str]:
    lines = []
    for kind, counts in (("Databases", numbers.databases), ("Registers", numbers.registers)):
        lines.append(f"  {kind}{_n(sum(count for _, count in counts))}")
        lines += [f"    {name}{_n(count)}" for name, count in _cut(counts, "others", MOST_SOURCES)]
    return lines


def _cut(counts: Sequence[tuple[str, int]] | None, rest: str, most: int = MOST_REASONS) -> list[tuple[str, int | None]]:
    """The counts by name, the last ones together where there are too many; blank reasons where nothing is known."""
    if counts is None:
        return [(f"Reason {number}", None) for number in (1, 2, 3)]
    if len(counts) <= most:
        return [*counts] or ([("none", 0)] if rest == "other reasons" else [])
    return [*counts[: most - 1], (rest, sum(count for _, count in counts[most - 1 :]))]


def _n(count: int | None) -> str:
    return f" (n = {count:,})" if count is not None else " (n = \u2003)"


def _lines(texts: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of a box with their indents; long texts are broken between words, and long words cut."""
    lines: list[tuple[int, str]] = []
    for text in texts:
        indent = len(text) - len(text.lstrip(" "))
        line = ""
        before, sep, count = text.strip(" ").rpartition(" (n = ")
        words = [*before.split(" "), f"(n = {count}".replace(" ", "\u00a0")] if sep else text.split()
        for word in words:
            short = word if len(word) <= _CHARACTERS - indent else word[: _CHARACTERS - indent - 1] + "…"
            if line and len(line) + 1 + len(short) > _CHARACTERS - indent:
                lines.append((indent, line))
                line = short
            else:
                line = f"{line} {short}".strip(" ")
        lines.append((indent, line))
    return lines


def _height(lines: Sequence[tuple[int, str]]) -> int:
    return _LINE * len(lines) + 2 * _PADDING


def _box(x: float, y: float, height: float, lines: Sequence[tuple[int, str]]) -> str:
    texts = "".join(
        f'<text x="{x + _PADDING + 7 * indent}" y="{y + _PADDING + 13 + _LINE * number:g}">{_text(line)}</text>'
        for number, (indent, line) in enumerate(lines)
    )
    return (
        f'<rect x="{x}" y="{y:g}" width="{_BOX}" height="{height:g}" rx="3" fill="var(--box)" stroke="var(--edge)"/>'
        f'<g fill="currentColor">{texts}</g>'
    )


def _text(line: str) -> str:
    return escape("".join(letter if letter.isprintable() or letter in _SPACES else " " for letter in line))


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with a head; drawn as two shapes, because not every program draws markers."""
    down = x1 == x2
    tip = f"M{x2:g} {y2:g}l-4 -8h8z" if down else f"M{x2:g} {y2:g}l-8 -4v8z"
    end = f"V{y2 - 6:g}" if down else f"H{x2 - 6:g}"
    return (
        f'<path d="M{x1:g} {y1:g}{end}" stroke="var(--edge)" stroke-width="1.3" fill="none"/>'
        f'<path d="{tip}" fill="var(--edge)"/>'
    )


def _phase(name: str, top: float, end: float) -> str:
    """The bar of a phase at the left, with its name from bottom to top."""
    size = 13 if end - top > 12 * len(name) * 0.6 + 12 else 10
    middle = (top + end) / 2
    return (
        f'<rect x="1" y="{top:g}" width="{_SIDE}" height="{end - top:g}" rx="6" fill="var(--phase)"/>'
        f'<text transform="translate({_SIDE / 2 + 1 + size / 3:g} {middle:g}) rotate(-90)" text-anchor="middle" '
        f'font-size="{size}" font-weight="600" fill="var(--on-phase)">{name}</text>'
    )
