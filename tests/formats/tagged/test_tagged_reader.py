"""What the tagged formats share: recognition by content, truncated files, nothing to read."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.tagged import enw, nbib, wos
from tests.formats.samples.tagged import ENW, NBIB, WOS


@pytest.mark.parametrize(
    ("text", "name"), [(NBIB, "nbib"), (WOS, "wos"), (WOS[WOS.index("PT") :], "wos"), (ENW, "enw")]
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_content_determines_the_format(text: str, name: str, mark: str) -> None:
    assert detect((mark + text).encode(), "export.txt").name == name


def test_a_last_record_that_is_cut_off() -> None:
    cut = enw.read((ENW + ENW[:60]).encode(), "a.enw")
    assert [(problem.line, problem.fatal, problem.kind) for problem in cut.problems] == [(25, True, "damage")]
    whole = enw.read((ENW + ENW.rstrip()).encode(), "a.enw")
    assert [(problem.fatal, problem.kind) for problem in whole.problems] == [(False, "note")]
    twice = nbib.read(f"{NBIB}\n{NBIB[: NBIB.index('AID')]}".encode(), "a.nbib")
    assert [(problem.line, problem.fatal) for problem in twice.problems] == [(35, True)]
    alone = wos.read(WOS[: WOS.index("PD MAR")].encode(), "a.txt")
    assert [(problem.line, problem.fatal) for problem in alone.problems] == [(3, True)]


@pytest.mark.parametrize("form", [nbib.FORMAT, wos.FORMAT, enw.FORMAT])
@pytest.mark.parametrize("data", [b"", b"<html><body>Sign in</body></html>", b"\0\1\2" * 40])
def test_nothing_to_read(form, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError):
        form.read(data, "a")
