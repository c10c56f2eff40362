"""Libraries of papis in a folder, and what is in one."""

import os
from collections.abc import Mapping
from pathlib import Path

MOSS = """\
author: Roe, Ann B. and Elm, Zoe
author_list:
- affiliation: []
  family: Roe
  given: Ann B.
- family: Elm
  given: Zoe
doi: 10.5555/moss
files:
- moss.pdf
journal: Journal of Mosses   # as on the page
pages: 11-19
papis_id: 11aa
publisher: Moss Press
ref: Roe2020
tags: [moss, shore]
title: 'The Patience of Moss: How Long It Waits'
type: article
volume: 7
year: 2020
"""
AGAIN = """\
abstract: |
  Moss is patient.

  We measure it.
author: Roe, Ann and Elm, Zoe
collections: [walls]
doi: 10.5555/moss
files: [moss.pdf, supplement/data.csv]
journal: J. Mosses
notes: notes.tex
issue: 010
papis_id: 22bb
ref: roe20
shelf: {room: 2}
tags: walls, Moss
title: The Patience of Moss, How Long It Waits
type: article
volume: 7
year: '2020'
"""
KELP = "author: Poe, Ed\nfiles: [gone.pdf]\nref: Poe2021\ntitle: Deep neural networks for image recognition of kelp\n"
FILES = {
    "roe-2020/info.yaml": MOSS,
    "roe-2020/moss.pdf": "first",
    "roe-again/info.yaml": AGAIN,
    "roe-again/moss.pdf": "second",
    "roe-again/supplement/data.csv": "1,2\n",
    "roe-again/notes.tex": "mine",
    "roe-again/unlisted.txt": "kept",
    "ünder/kelp é/info.yaml": KELP,
}
"""Two documents of one paper, and one of another."""


def write_library(folder: Path, files: Mapping[str, str | bytes] = FILES) -> Path:
    """A library with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def content_of(folder: Path) -> dict[str, bytes | None]:
    """Each file with its bytes, and each folder and link with None, without the journal."""
    found: dict[str, bytes | None] = {}
    for at, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".refsync"]
        for name in (*folders, *names):
            path = Path(at, name)
            found[path.relative_to(folder).as_posix()] = path.read_bytes() if path.is_file() else None
    return found
