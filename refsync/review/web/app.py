"""What the page asks for and does. Every request sees the file of decisions as it is at that moment."""

import contextlib
import json
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from refsync.dedup.merge import Choice
from refsync.errors import RefsyncError
from refsync.review.proposed_values import SHOWN, Gaps, Shown
from refsync.review.session import FILTERS, Filter, Outcome, Session
from refsync.review.web.guard import Keys
from refsync.review.web.view import Page, View

ASSETS = {
    "review.css": "text/css; charset=utf-8",
    "review.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""All that can be had under /static/: what is not in this table does not exist."""

_VERDICTS = {"same", "not-duplicate", "version-of"}


def make_app(session: Session, title: str, keys: Keys, stop: Callable[[], None]) -> Starlette:
    """The page of a session; `stop` ends the server."""
    pages = _Pages(session, View(session, title, keys.page), stop)
    routes = [
        Route("/", pages.start),
        Route("/q/{id}", pages.question),
        Route("/areas", pages.areas),
        Route("/areas/{id}", pages.paper),
        Route("/values", pages.values),
        Route("/values/{id}", pages.gaps),
        Route("/list", pages.listing),
        Route("/state", pages.state),
        Route("/do", pages.act, methods=["POST"]),
        Route("/end", pages.end, methods=["POST"]),
        Route("/static/{name}", _asset),
    ]
    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        404: pages.nothing,
        405: pages.nothing,
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
    """The answers to requests."""

    def __init__(self, session: Session, view: View, stop: Callable[[], None]) -> None:
        self.session, self.view, self.stop = session, view, stop

    async def start(self, request: Request) -> Response:
        """Where there is something to answer."""
        self.session.refresh()
        if self.session.values and not (self.session.questions or request.query_params):
            return RedirectResponse("/values", 303)  # a plan of values alone
        which, search = _asked(request)
        if "show" not in request.query_params and not self.session.progress("uncertain").open:
            which = "versions" if self.session.progress("versions").open else "uncertain"
        found = self.session.next_open("", which, search)
        if found is None and (search or which == "answered"):
            found = next(iter(self.session.select(which, search)), None)
        if found is None:
            return self._give(request, self.view.nothing(which, search))
        return RedirectResponse(f"/q/{found.id}?{_query(which, search)}", 303)

    async def question(self, request: Request) -> Response:
        """One question."""
        self.session.refresh()
        which, search = _asked(request)
        try:
            question = self.session.question(request.path_params["id"])
        except KeyError:
            return await self.nothing(request, None)
        return self._give(request, self.view.question(question, which, search))

    async def areas(self, request: Request) -> Response:
        """The first paper whose areas nobody told."""
        self.session.refresh()
        paper = self.session.next_paper("")
        if paper is None:
            return self._give(request, self.view.no_papers())
        return RedirectResponse(f"/areas/{paper.id}", 303)

    async def paper(self, request: Request) -> Response:
        """One paper and its likely areas."""
        self.session.refresh()
        try:
            paper = self.session.paper(request.path_params["id"])
        except KeyError:
            return await self.nothing(request, None)
        return self._give(request, self.view.paper(paper))

    async def values(self, request: Request) -> Response:
        """The first record with a value that waits for an answer."""
        if not self.session.values:
            return await self.nothing(request, None)
        self.session.refresh()
        which, search = _value_filter(request.query_params.get("show")), request.query_params.get("find", "")[:200]
        found = self.session.values.next_open("", which, search, self.session.skipped)
        if found is None and (search or which != "pending"):
            found = next(iter(self.session.values.select(which, search)), None)
        if found is None:
            return self._give(request, self.view.no_values(which, search))
        return RedirectResponse(f"/values/{found.id}?{_query(which, search)}", 303)

    async def gaps(self, request: Request) -> Response:
        """One record and the values that are proposed."""
        try:
            self.session.refresh()
            gaps = self._gaps(request.path_params["id"])
        except KeyError:
            return await self.nothing(request, None)
        which, search = _value_filter(request.query_params.get("show")), request.query_params.get("find", "")[:200]
        return self._give(request, self.view.gaps(gaps, which, search))

    def _gaps(self, name: str) -> Gaps:
        if not self.session.values:
            raise KeyError(name)
        return self.session.values.named(name)

    async def listing(self, request: Request) -> Response:
        """The queue as a list."""
        self.session.refresh()
        which, search = _asked(request)
        here = request.query_params.get("here", "")
        if request.query_params.get("tab") == "areas":
            return HTMLResponse(self.view.papers(here))
        if request.query_params.get("tab") == "values" and self.session.values:
            shown = _value_filter(request.query_params.get("show"))
            return HTMLResponse(self.view.value_listing(shown, search, here))
        return HTMLResponse(self.view.listing(which, search, here))

    async def state(self, request: Request) -> Response:
        """Whether somebody else answered meanwhile."""
        self.session.refresh()
        return JSONResponse({"said": self.session.said})

    async def end(self, request: Request) -> Response:
        """The review is over."""
        self.stop()
        return JSONResponse({"message": self.view.farewell()})

    async def nothing(self, request: Request, error: Exception | None) -> Response:
        """There is no such page."""
        return self._give(request, self.view.missing(), 404)

    async def failed(self, request: Request, error: Exception) -> Response:
        """What the user can mend, in words."""
        return Response(f"refsync: {error}\n", 409, media_type="text/plain")

    async def act(self, request: Request) -> Response:
        """Do what a person chose, and give what is to be looked at next."""
        try:
            self.session.refresh()
            page = self._done(dict(json.loads(await request.body())))
        except RefsyncError as error:
            return JSONResponse({"error": str(error)}, 409)
        except KeyError as error:
            return JSONResponse({"error": f"there is no {error}; load the page again"}, 404)
        except (ValueError, TypeError, IndexError) as error:
            return JSONResponse({"error": f"not understood: {error}"}, 400)
        return JSONResponse(page.as_json())

    def _done(self, said: dict[str, Any]) -> Page:
        session = self.session
        what, name = said["do"], said.get("id", "")
        which, search = _filter(said.get("show")), str(said.get("find") or "")
        if what in {"undo", "redo"}:
            outcome = session.undo() if what == "undo" else session.redo()
            return self._look_at(outcome, said)
        if what in {"value", "skip-value"}:
            return self._judge_values(self._gaps(name), said)
        if what == "area":
            paper = session.paper(name)
            verdicts = {str(area): _flag(flag) for area, flag in dict(said["areas"]).items()}
            if not set(verdicts) <= {*session.library.areas, *(area.area for area in paper.areas)}:
                raise ValueError("the model knows no such area")
            outcome = session.judge(paper, verdicts)
            following = session.next_paper(paper.id) if said.get("next") else paper
            return self.view.paper(following or paper, outcome.message)
        if what == "skip-paper":
            paper = session.paper(name)
            message = session.skip(paper).message
            return self.view.paper(session.next_paper(paper.id) or paper, message)
        question = session.question(name)
        match what:
            case "answer":
                if said["verdict"] not in _VERDICTS:
                    raise ValueError("no such answer")
                outcome = session.answer(question, said["verdict"])
                return self._go_on(outcome, which, search)
            case "skip":
                return self._go_on(session.skip(question), which, search)
            case "forget":
                outcome = session.forget(question)
            case "choose":
                outcome = session.choose(question, str(said["field"]), self._choice(said, question.members))
            case "group":
                place, number = int(said["place"]), int(said["number"])
                if not (0 <= place < len(question.members) and 0 <= number < len(question.members)):
                    raise ValueError("no such record")
                outcome = session.group(question, place, number)
            case "relate":
                outcome = session.relate(question, str(said["relation"]), forward=bool(said["forward"]))
            case _:
                raise ValueError("no such action")
        return self.view.question(question, which, search, outcome.message)

    def _choice(self, said: dict[str, Any], members: tuple[int, ...]) -> Choice | int | None:
        if said.get("both"):
            return Choice(union=True)
        if isinstance(text := said.get("text"), str):
            markup = said.get("markup")
            return Choice(text=text, markup="latex" if markup == "latex" else "text")
        if said.get("place") is None:
            return None
        place = int(said["place"])
        if not 0 <= place < len(members):
            raise ValueError("no such record")
        return place

    def _go_on(self, outcome: Outcome, which: Filter, search: str) -> Page:
        """The next question, or the end."""
        following = self.session.next_open(outcome.id, which, search)
        if following is None or following.id == outcome.id:
            if which in {"answered", "merges"} or (following and self.session.standing(following).state != "answered"):
                return self.view.question(self.session.question(outcome.id), which, search, outcome.message)
            return self.view.nothing(which, search, outcome.message)
        return self.view.question(following, which, search, outcome.message)

    def _judge_values(self, gaps: Gaps, said: dict[str, Any]) -> Page:
        """Accept, reject or skip values that are proposed for a record."""
        which, search = _value_filter(said.get("show")), str(said.get("find") or "")
        if said["do"] == "skip-value":
            message = self.session.skip(gaps).message
        else:
            verdicts = {int(number): _flag(flag) for number, flag in dict(said["values"]).items()}
            message = self.session.decide(gaps, verdicts).message
            if not said.get("next"):
                return self.view.gaps(gaps, which, search, message)
        assert self.session.values
        following = self.session.values.next_open(gaps.id, which, search, self.session.skipped)
        if following is None and (which != "pending" or self.session.values.is_open(gaps)):
            return self.view.gaps(gaps, which, search, message)
        return self.view.gaps(following, which, search, message) if following else self.view.no_values(
            which, search, message)  # fmt: skip

    def _look_at(self, outcome: Outcome, said: dict[str, Any]) -> Page:
        """What was done or undone, so that it is seen."""
        which, search = _filter(said.get("show")), str(said.get("find") or "")
        with contextlib.suppress(KeyError):
            gaps, shown = self._gaps(outcome.id), _value_filter(said.get("show"))
            return self.view.gaps(gaps, shown, search, outcome.message)
        try:
            return self.view.paper(self.session.paper(outcome.id), outcome.message)
        except KeyError:
            return self.view.question(self.session.question(outcome.id), which, search, outcome.message)

    def _give(self, request: Request, page: Page, status: int = 200) -> Response:
        if request.headers.get("x-part"):
            return JSONResponse(page.as_json(), status)
        return HTMLResponse(self.view.whole(page), status)


def _asked(request: Request) -> tuple[Filter, str]:
    return _filter(request.query_params.get("show")), request.query_params.get("find", "")[:200]


def _value_filter(name: object) -> Shown:
    return next((one for one in SHOWN if one == name), "pending")


def _filter(name: object) -> Filter:
    return next((one for one in FILTERS if one == name), "uncertain")


def _query(which: Filter | Shown, search: str) -> str:
    return urlencode({"show": which} | ({"find": search} if search else {}))


def _flag(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError("an area or value is accepted, rejected or neither")
    return value
