"""The review page: a session behind a small server on this machine. `serve` is all that the command line needs."""
