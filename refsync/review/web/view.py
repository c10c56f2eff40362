"""All pages of a session."""

from refsync.review.session import Session
from refsync.review.web.area_view import AreaView
from refsync.review.web.question_view import QuestionView
from refsync.review.web.rendering import Page, Renderer
from refsync.review.web.value_view import ValueView


class View:
    """Renders the pages of one session: `questions`, `areas` and `values` are its tabs."""

    def __init__(self, session: Session, token: str) -> None:
        """Pages whose requests carry the token."""
        self.session, self._renderer = session, Renderer(session, token)
        self.questions = QuestionView(self._renderer)
        self.areas = AreaView(self._renderer)
        self.values = ValueView(self._renderer)

    def document(self, page: Page) -> str:
        """A page with its frame."""
        return self._renderer.document(page)

    def missing(self) -> Page:
        """The page for an address that does not exist."""
        return Page(self._renderer.render("missing.html.j2", tab="", which="uncertain", search=""), "/", "Not found")

    def farewell(self) -> str:
        """The message at the end of the review."""
        return f"The review has ended. Your answers are in {self.session.saved_in}. You can close this page."
