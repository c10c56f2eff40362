"""SIGTERM ends a program that waits in a thread, as a server does; other commands are undone (`test_run.py`)."""

import json
import signal
import subprocess
import sys

import pytest

from refsync.operating_system import WINDOWS

pytest.importorskip("pygls", reason="pygls is not installed")


@pytest.mark.skipif(WINDOWS, reason="Windows ends a program without a signal")
def test_a_server_ends_though_its_input_is_open() -> None:
    params = {"capabilities": {}, "processId": None, "rootUri": None}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode()
    command = [sys.executable, "-m", "refsync", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        server.stdin.flush()
        assert server.stdout.read(15) == b"Content-Length:"
        server.send_signal(signal.SIGTERM)
        try:
            assert server.wait(30) == -signal.SIGTERM
        finally:
            server.kill()
