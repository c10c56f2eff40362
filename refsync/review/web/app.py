"""The addresses of the review page. Every request sees the current state of the decisions file."""

import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from refsync.errors import RefsyncError
from refsync.review.session import Session
from refsync.review.web.actions import Actions
from refsync.review.web.guard import Secrets
from refsync.review.web.question_view import filter_query, question_url
from refsync.review.web.rendering import Page
from refsync.review.web.requested_filter import requested_filter, requested_search, requested_value_filter
from refsync.review.web.view import View

ASSETS = {
    "review.css": "text/css; charset=utf-8",
    "review.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""The only files served under /static/, with their media types."""


def make_app(session: Session, secrets: Secrets, stop: Callable[[], None]) -> Starlette:
    """The pages of a session; `stop` ends the server."""
    pages = _Pages(session, View(session, secrets.page_token), stop)
    routes = [
        Route("/", pages.start),
        Route("/q/{id}", pages.question),
        Route("/areas", pages.areas),
        Route("/areas/{id}", pages.paper),
        Route("/values", pages.values),
        Route("/values/{id}", pages.record),
        Route("/list", pages.listing),
        Route("/state", pages.state),
        Route("/do", pages.act, methods=["POST"]),
        Route("/end", pages.end, methods=["POST"]),
        Route("/static/{name}", _asset),
    ]
    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        404: pages.missing,
        405: pages.missing,
        RefsyncError: pages.failed,
    }
    return Starlette(routes=routes, exception_handlers=handlers)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return Response("refsync: no such file\n", 404, media_type="text/plain")
    data = files("refsync.review.web").joinpath("static", name).read_bytes()
    return Response(data, headers={"Content-Type": ASSETS[name]})


class _Pages:
    """The responses to requests."""

    def __init__(self, session: Session, view: View, stop: Callable[[], None]) -> None:
        self.session, self.view, self.stop = session, view, stop
        self.actions = Actions(session, view)

    async def start(self, request: Request) -> Response:
        """Redirects to the first question of the filter."""
        self.session.refresh()
        if self.session.values and not (self.session.questions or request.query_params):
            return RedirectResponse("/values", 303)  # a plan that only proposes values
        which, search = requested_filter(request.query_params), requested_search(request.query_params)
        if "show" not in request.query_params and not self.session.progress("uncertain").open:
            which = "versions" if self.session.progress("versions").open else "uncertain"
        question = self.session.next_open("", which, search)
        if question is None and (search or which == "answered"):
            question = next(iter(self.session.select(which, search)), None)
        if question is None:
            return self._respond(request, self.view.questions.no_questions(which, search))
        return RedirectResponse(question_url(question, which, search), 303)

    async def question(self, request: Request) -> Response:
        """One question."""
        self.session.refresh()
        which, search = requested_filter(request.query_params), requested_search(request.query_params)
        try:
            question = self.session.question(request.path_params["id"])
        except KeyError:
            return await self.missing(request, None)
        return self._respond(request, self.view.questions.question(question, which, search))

    async def areas(self, request: Request) -> Response:
        """Redirects to the first paper without an answer about its areas."""
        self.session.refresh()
        paper = self.session.next_paper("")
        if paper is None:
            return self._respond(request, self.view.areas.no_papers())
        return RedirectResponse(f"/areas/{paper.id}", 303)

    async def paper(self, request: Request) -> Response:
        """One paper and its likely areas."""
        self.session.refresh()
        try:
            paper = self.session.paper(request.path_params["id"])
        except KeyError:
            return await self.missing(request, None)
        return self._respond(request, self.view.areas.paper(paper))

    async def values(self, request: Request) -> Response:
        """Redirects to the first record with a pending value."""
        values = self.session.values
        if not values:
            return await self.missing(request, None)
        self.session.refresh()
        which, search = requested_value_filter(request.query_params), requested_search(request.query_params)
        proposals = values.next_open("", which, search, self.session.skipped)
        if proposals is None and (search or which != "pending"):
            proposals = next(iter(values.select(which, search)), None)
        if proposals is None:
            return self._respond(request, self.view.values.no_values(which, search))
        return RedirectResponse(f"/values/{proposals.id}?{filter_query(which, search)}", 303)

    async def record(self, request: Request) -> Response:
        """One record and the values proposed for it."""
        values = self.session.values
        if not values:
            return await self.missing(request, None)
        self.session.refresh()
        try:
            proposals = values.record(request.path_params["id"])
        except KeyError:
            return await self.missing(request, None)
        which, search = requested_value_filter(request.query_params), requested_search(request.query_params)
        return self._respond(request, self.view.values.record(proposals, which, search))

    async def listing(self, request: Request) -> Response:
        """The queue as a list."""
        self.session.refresh()
        search, current = requested_search(request.query_params), request.query_params.get("here", "")
        tab = request.query_params.get("tab")
        if tab == "areas":
            return HTMLResponse(self.view.areas.listing(current))
        if tab == "values" and self.session.values:
            value_filter = requested_value_filter(request.query_params)
            return HTMLResponse(self.view.values.listing(value_filter, search, current))
        return HTMLResponse(self.view.questions.listing(requested_filter(request.query_params), search, current))

    async def state(self, request: Request) -> Response:
        """The revision of the session: whether somebody else has answered since."""
        self.session.refresh()
        return JSONResponse({"revision": self.session.revision})

    async def end(self, request: Request) -> Response:
        """Ends the server."""
        self.stop()
        return JSONResponse({"message": self.view.farewell()})

    async def missing(self, request: Request, error: Exception | None) -> Response:
        """The address does not exist."""
        return self._respond(request, self.view.missing(), 404)

    async def failed(self, request: Request, error: Exception) -> Response:
        """An error that the user can fix, as text."""
        return Response(f"refsync: {error}\n", 409, media_type="text/plain")

    async def act(self, request: Request) -> Response:
        """Does what a person chose, and returns the next page to show."""
        try:
            self.session.refresh()
            page = self.actions.perform(dict(json.loads(await request.body())))
        except RefsyncError as error:
            return JSONResponse({"error": str(error)}, 409)
        except KeyError as error:
            return JSONResponse({"error": f"there is no {error}; reload the page"}, 404)
        except RecursionError:
            return JSONResponse({"error": "invalid request: nested too deeply"}, 400)
        except (ValueError, TypeError, IndexError) as error:
            return JSONResponse({"error": f"invalid request: {error}"}, 400)
        return JSONResponse(page.as_json())

    def _respond(self, request: Request, page: Page, status: int = 200) -> Response:
        if request.headers.get("x-part"):
            return JSONResponse(page.as_json(), status)
        return HTMLResponse(self.view.document(page), status)
