"""A library of JabRef after a merge: its program sees changed entries, and no changed settings, encoding or order."""

from pathlib import Path

import pytest

from refsync.cli import main

META = """\
@Comment{jabref-meta: databaseType:bibtex;}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:Bogs\\;0\\;1\\;0x8a8a8aff\\;\\;\\;;
}

@Comment{jabref-meta: saveActions:enabled;
date[normalize_date]
;}

@Comment{jabref-meta: saveOrderConfig:specified;author;false;year;true;}
"""
LIBRARY = """\
% Encoding: {encoding}

@Comment{{jabref-entrytype: bog: req[title] opt[]}}

@Article{{Zoe2001,
  author    = {{Zo\u00eb, Ann}},
  title     = {{Water retention of moss}},
  journal   = {{Bogs}},
  year      = {{2001}},
  pages     = {{1--9}},
  groups    = {{Bogs}},
  timestamp = {{2001-02-03}},
}}

@Book{{Poe1990,
  author    = {{Poe, Ed}},
  title     = {{Kelp in noise}},
  publisher = {{Sea}},
  year      = {{1990}},
}}

@Article{{Zoe2001a,
  author  = {{Zo\u00eb, A.}},
  title   = {{Water Retention of Moss}},
  journal = {{Bogs}},
  year    = {{2001}},
  pages   = {{1--9}},
  doi     = {{10.5555/bogs.1}},
}}

"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("encoding", "codec"), [("UTF-8", "utf-8"), ("ISO8859_1", "latin-1"), ("Cp1252", "cp1252")])
def test_a_merge_changes_entries_only(newline: str, encoding: str, codec: str, tmp_path: Path) -> None:
    text = (LIBRARY.format(encoding=encoding) + META).replace("\n", newline)
    path = tmp_path / "library.bib"
    path.write_bytes(text.encode(codec))
    assert main(["dedupe", str(path), "--write", "--quiet"]) == 0
    after = path.read_bytes().decode(codec)
    assert "Zoe2001a" not in after
    assert "10.5555/bogs.1" in after
    start, end = text.index("@Article{Zoe2001,"), text.index("@Comment{jabref-meta: databaseType")
    assert after.startswith(text[:start])
    assert after.endswith(text[end:])
    assert after.count("\n") == after.count(newline)
    assert after.index("Zoe2001,") < after.index("Poe1990")
    assert "groups    = {Bogs}" in after
    book = text[text.index("@Book") : text.index("@Article{Zoe2001a")]
    assert book in after
    assert main(["undo", "--in", str(tmp_path)]) == 0
    assert path.read_bytes() == text.encode(codec)
