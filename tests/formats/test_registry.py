"""Another installed package can add a format."""

import os
import subprocess
import sys
from pathlib import Path

MODULE = """
from refsync.formats.registry import Format
from refsync.records import Record, Snapshot

def read(data, source):
    titles = data.decode().splitlines()[1:]
    return Snapshot(source, "shells", tuple(
        Record(source, n, f"shell{n}", fields={"title": title}, line=n + 1) for n, title in enumerate(titles, 1)))

def write(records):
    return "".join(["SHELLS\\n", *(record.get("title") + "\\n" for record in records)]).encode()

FORMAT = Format("shells", (".shells",), lambda head: 0.9 if head.startswith(b"SHELLS") else 0.0, read, write)
"""


def test_a_format_of_another_package(tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "refsync_shells-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "refsync_shells.py").write_text(MODULE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: refsync-shells\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[refsync.formats]\nshells = refsync_shells:FORMAT\n", encoding="utf-8")
    (tmp_path / "beach.txt").write_text("SHELLS\nKelp in Noise\nQuiet Kelp\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *sys.path])}

    def refsync(*arguments: str) -> str:
        program = f"import sys\nfrom refsync.cli import main\nsys.exit(main({[*arguments]!r}))"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        )
        return done.stdout

    assert "title = {Quiet Kelp}" in refsync("convert", "beach.txt")
    refsync("convert", "beach.txt", "-o", "beach.shells")
    assert (tmp_path / "beach.shells").read_text(encoding="utf-8") == "SHELLS\nKelp in Noise\nQuiet Kelp\n"
