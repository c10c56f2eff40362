"""A server for tests that answers as Crossref, OpenAlex and arXiv do, on a loopback socket.

with services_server([Paper("Kelp in Noise", ["Doe, Jane"], doi="10.5555/kelp.1")]) as server:
    server.fail("429", retry_after="5")  # the next request
    ...  # requests to server.url("crossref"), server.url("openalex"), server.url("arxiv")
    assert [request.path for request in server.log] == ["/crossref/works/10.5555/kelp.1"]
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tests.services_server.papers import Paper
from tests.services_server.server import Fault, Request, Server

__all__ = ["Fault", "Paper", "Request", "Server", "services_server"]


@contextmanager
def services_server(papers: Iterable[Paper] = ()) -> Iterator[Server]:
    """Run a server that knows these papers."""
    server = Server(papers)
    server.start()
    try:
        yield server
    finally:
        server.stop()
