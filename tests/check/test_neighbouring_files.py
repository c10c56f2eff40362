"""Keys and macros that another file of the folder defines."""

from pathlib import Path

import pytest

from tests.check.findings import find_places


def test_references_to_another_file_of_the_folder_are_not_dangling(capsys: pytest.CaptureFixture[str]) -> None:
    text = "@misc{a, title={Moss}, journal=jm, crossref={b}, xref={c}}"
    Path("other.bib").write_text('@string{jm = "J. Moss"}\n@proceedings{B, title={Kelp}}\n', encoding="utf-8")
    assert find_places(capsys, text, "RS203,RS304") == [("RS203", 1, 56, "a")]
