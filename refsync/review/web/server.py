"""The server of the review page: a socket on this machine, an address with a token, an end by Ctrl-C or the page."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from refsync.errors import ConfigError
from refsync.review.session import Session
from refsync.review.web.app import make_app
from refsync.review.web.guard import Guard, Secrets

HOST = "127.0.0.1"
MAX_IDLE = 2 * 3600.0
"""Seconds without a request of a person after which the server ends; answers are saved at once, so nothing is lost."""

CHECK_IDLE = 30
"""Seconds between two checks of that."""


def listen(port: int) -> socket.socket:
    """A socket that only this machine can reach; port 0 takes any free one.

    Raises:
        ConfigError: the port is in use or not allowed.
    """
    # asyncio sends small responses at once if the protocol is named, instead of 40 ms later (Nagle's algorithm)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"port {port} cannot be used: {reason}", hint="--port 0 takes any free port") from None
    return listening


class Server:
    """Serves the page of one session. `address` opens it, once; `run` returns after `stop` or an end on the page."""

    def __init__(self, session: Session, port: int = 0) -> None:
        """Binds the port.

        Raises:
            ConfigError: the port cannot be used.
        """
        self.secrets = Secrets()
        self.ended_idle = False
        self.socket = listen(port)
        self.port: int = self.socket.getsockname()[1]
        self.guard = Guard(make_app(session, self.secrets, self.stop), self.port, self.secrets)
        config = uvicorn.Config(
            self.guard, lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
            proxy_headers=False, ws="none", timeout_graceful_shutdown=2, http="h11",
            callback_notify=self._stop_if_idle, timeout_notify=CHECK_IDLE,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # Ctrl-C is no error

    @property
    def address(self) -> str:
        """The address with the token that opens the page once."""
        return f"http://{HOST}:{self.port}/start?token={self.secrets.start_token}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until the end.

        Args:
            ready: called as soon as requests are accepted.

        Raises:
            KeyboardInterrupt: Ctrl-C ended it; the socket is closed then.
        """
        self.socket.listen(128)  # requests wait until the event loop runs
        ready()
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.socket.close()

    async def _stop_if_idle(self) -> None:
        if self.guard.idle > MAX_IDLE:
            self.ended_idle = True
            self.stop()

    def stop(self) -> None:
        """End soon."""
        self._server.should_exit = True
