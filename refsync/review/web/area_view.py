"""The pages of the second tab: papers whose areas the model is unsure about."""

import re
from collections.abc import Sequence

from refsync.classify.taxonomy import readable
from refsync.review.areas import Paper
from refsync.review.side_by_side import plain_text
from refsync.review.web.rendering import ListItem, Page, Renderer, record_heading


class AreaView:
    """Renders papers and their likely areas."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._session = renderer, renderer.session

    def paper(self, paper: Paper, message: str = "") -> Page:
        """A paper and its likely areas."""
        session = self._session
        names = [item.id for item in session.papers]
        at = names.index(paper.id)
        answers = session.area_answers(paper)
        probabilities = {area.area: area.probability for area in paper.areas}
        answered = sorted(answers.accepted | answers.rejected | answers.disputed)
        areas = dict.fromkeys((*probabilities, *answered))
        html = self._renderer.render(
            "paper.html.j2",
            tab="areas",
            which="uncertain",
            search="",
            paper=paper,
            title_parts=_split_at(paper.title or "(no title)", paper.because),
            abstract_parts=_split_at(paper.abstract, paper.because),
            people=plain_text("author", paper.record.get("author"), paper.record.markup),
            venue=plain_text("journal", paper.record.get("journal", "journaltitle", "booktitle"), paper.record.markup),
            year=paper.record.get("year", "date")[:4],
            members=[record_heading(session.library.records[i], n) for n, i in enumerate(paper.members)],
            areas=[(area, readable(area), probabilities.get(area)) for area in areas],
            known_areas=[(area, readable(area)) for area in session.library.areas],
            answers=answers,
            answered_by=answers.lines[-1].who if answers.lines else "",
            number=at + 1,
            total=len(names),
            previous_url=f"/areas/{names[at - 1]}" if at else "",
            next_url=f"/areas/{names[at + 1]}" if at + 1 < len(names) else "",
        )
        return Page(html, f"/areas/{paper.id}", (paper.title or "no title")[:80], message)

    def no_papers(self) -> Page:
        """The page if the model is unsure about no paper."""
        html = self._renderer.render("no_papers.html.j2", tab="areas", which="uncertain", search="")
        return Page(html, "/areas", "Areas")

    def listing(self, current: str) -> str:
        """The papers around the current one, as a list."""

        def as_item(paper: Paper) -> ListItem:
            return ListItem(
                title=paper.title[:160] or "(no title)",
                url=f"/areas/{paper.id}",
                state="answered" if self._session.area_answers(paper).answered else "open",
                probability=paper.areas[0].probability,
            )

        return self._renderer.listing(self._session.papers, current, "Areas", as_item)


def _split_at(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is one of the words."""
    if not words:
        return [(text, False)]
    ordered = sorted(words, key=len, reverse=True)
    pattern = re.compile(
        "(" + "|".join(r"(?<!\w)" + re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")", re.IGNORECASE
    )
    return [(part, number % 2 == 1) for number, part in enumerate(pattern.split(text)) if part]
