"""Running the page: a socket on this machine, an address with a token, an end by Ctrl-C or from the page."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from refsync.errors import ConfigError
from refsync.review.session import Session
from refsync.review.web.app import make_app
from refsync.review.web.guard import Guard, Keys

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket of this machine alone; port 0 takes any that is free.

    Raises:
        ConfigError: the port is taken or not allowed.
    """
    # with the protocol named asyncio sends small answers at once, instead of 40 ms later (Nagle's algorithm)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"port {port} cannot be had: {reason}", hint="--port 0 takes any free one") from None
    return listening


class Server:
    """The page of one session. `address` opens it, once; `run` serves until `stop`, Ctrl-C or the page ends it."""

    def __init__(self, session: Session, title: str, port: int = 0) -> None:
        """Binds the port.

        Raises:
            ConfigError: the port cannot be had.
        """
        self.keys = Keys()
        self.socket = listen(port)
        self.port: int = self.socket.getsockname()[1]
        app = Guard(make_app(session, title, self.keys, self.stop), self.port, self.keys)
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
            proxy_headers=False, ws="none", timeout_graceful_shutdown=2, http="h11",
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # Ctrl-C is no error

    @property
    def address(self) -> str:
        """With the token that opens the page once."""
        return f"http://{HOST}:{self.port}/start?token={self.keys.once}"

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until told to end.

        Args:
            ready: called when requests can come; they are answered from then on.

        Raises:
            KeyboardInterrupt: Ctrl-C ended it; everything is closed then.
        """
        self.socket.listen(128)  # what comes before the loop runs waits
        ready()
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.socket.close()

    def stop(self) -> None:
        """End soon."""
        self._server.should_exit = True
