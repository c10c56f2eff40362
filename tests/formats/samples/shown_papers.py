"""The papers that the invented pages show: title, people, abstract."""

from dataclasses import dataclass

A1 = (
    "Kelp bends with the tide, and it bends no less when it is watched. We measure in twelve tanks how fast it does"
    " so, and "
    "we find that a linear model of current and light explains most of what happens. The rest, we argue, is patience."
)
A2 = (
    "We present a benchmark of quiet moss with 1,200 walls in four towns. Existing listeners reach 61.2% on it, ours"
    " 74.9%. "
    "Code and walls are available at https://example.org/moss."
)
A3 = (
    "Does lichen forget? In three seasons of field work we show that it does not, at least where the stone is old, and"
    " that "
    "its memory grows with the square root of its age. We discuss what this means for the dating of churches."
)
Shown = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The text of a page and what it shows."""

    text: str
    papers: tuple[Shown, ...]


PAPERS = (
    ("Patience: Bending Kelp with Language Models", "Jane Doe and Ann Roe", A1),
    ("Quiet Moss", "Ed Poe", A2),
    ("Does Lichen Forget?", "Mia Moe and Al Noe and Ann Roe", A3),
)
WITHOUT_ABSTRACTS = tuple((title, people, "") for title, people, _ in PAPERS)
TITLES = tuple((title, "", "") for title, _, _ in PAPERS)
WITH_INITIALS = tuple(
    (title, people, "")
    for (title, _, _), people in zip(PAPERS, ("J Doe and A Roe", "E Poe", "M Moe and A Noe and A Roe"), strict=True)
)
ONE = (PAPERS[0],)
