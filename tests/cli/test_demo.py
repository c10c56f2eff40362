"""`refsync demo`: the bundled sample."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES

pytestmark = pytest.mark.usefixtures("sample_folder")


def test_demo(capsys: pytest.CaptureFixture[str], sample_folder: Path) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "records read" in out
    assert "@inproceedings{brandt2023whisper" in out
    assert Path.cwd() == sample_folder
    assert main(["demo", "-o", "kept"]) == 0
    assert {"library.bib", *FILES} <= {path.name for path in Path("kept").iterdir()}
