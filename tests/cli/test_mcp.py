"""The command line of `refsync mcp`; tests/mcp/ has the server."""

import pytest

from refsync.cli import main


def test_a_folder_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "no-such-folder"]) == 2
    assert "no-such-folder is not a folder" in capsys.readouterr().err


def test_another_version_of_the_sdk_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("refsync.cli.mcp.version", lambda _: "1.30.0")
    assert main(["mcp"]) == 2
    assert "needs version 2 of the package mcp, and 1.30.0 is installed" in capsys.readouterr().err
