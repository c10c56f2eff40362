"""Update the output of commands in README.md and docs/, after their markers.

In README.md a marker names a command below, run on the bundled sample. In docs/ `file NAME` precedes the text of a
file, and `run` precedes a command on the files so far: refsync, `cat FILE` or `grep TEXT FILE`. `--check` writes
nothing and fails if some output is out of date.
"""

import argparse
import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages


ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = [page for page in sorted((ROOT / "docs").glob("*.md")) if "<!-- run -->" in page.read_text(encoding="utf-8")]
MARKED = re.compile(r"<!-- (?:file (?P<file>\S+)|run) -->\n```\w+\n(?P<text>.*?)\n```\n", re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]*\]\(([\w-]+\.svg)\)")
COMMANDS = {
    "demo": [
        "run",
        "harbour_reading_list.txt",
        "trending_page.txt",
        "coauthor.bib",
        "database_export.csv",
        "-o",
        "library.bib",
    ],
    "explain": ["explain", "coauthor.bib", "--pair", "okafor2025tide", "lindstrom2024tide"],
    "check": ["check", "coauthor.bib"],
}

PAPER: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "Learning of kelp forests by their growth",
    "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}],
    "DOI": "10.1000/kelp.1",
}
PDF: dict[str, Any] = {
    "itemType": "attachment",
    "linkMode": "imported_file",
    "contentType": "application/pdf",
    "md5": "1" * 32,
}
GROUP = [
    {"key": "KELPAAAA", "dateAdded": "2020-01-01T00:00:00Z", "citationKey": "roe2020", "volume": "7", **PAPER},
    {"key": "KELPBBBB", "dateAdded": "2021-01-01T00:00:00Z", "citationKey": "roe-again", "volume": "VII", **PAPER}
    | {"abstractNote": "We learn kelp.", "tags": [{"tag": "oceans"}]},
    {"key": "FILEAAAA", "parentItem": "KELPAAAA", "title": "Roe 2020.pdf", **PDF},
    {"key": "FILEBBBB", "parentItem": "KELPBBBB", "title": "kelp.pdf", **PDF},
    {"key": "NTEAAAAA", "parentItem": "KELPBBBB", "itemType": "note", "note": "<p>Read again!</p>"},
]


def output(arguments: list[str], folder: str, notes: bool = False) -> str:
    """The output of a command in a folder, with or without notes; the name of a run, its time, is replaced."""
    from refsync.cli import main

    printed, dropped = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    errors = contextlib.redirect_stderr(printed if notes else dropped)
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed), errors:
        main(arguments)
    text = printed.buffer.getvalue().decode()
    text = re.sub(r"\b20\d{6}-\d{6}(-\d+)?\b", "20260101-120000", text).replace(f"{os.path.realpath(folder)}/", "")
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def updated_readme(text: str) -> str:
    """The README with the current output after its markers."""
    with tempfile.TemporaryDirectory() as folder:
        output(["demo", "-o", folder], folder)
        for name, arguments in COMMANDS.items():
            block = f"```console\n$ refsync {' '.join(arguments)}\n{output(arguments, folder)}\n```"
            pattern = rf"(?<=<!-- {name} -->\n)```console\n.*?\n```"
            text = re.sub(pattern, block.replace("\\", r"\\"), text, flags=re.DOTALL)
    return text


@contextlib.contextmanager
def zotero() -> Iterator[None]:
    """A Zotero server for the commands: an empty library of a user, and a library of a group with duplicates."""
    from tests.zotero_server import zotero_server

    with zotero_server(users={12345: "ada"}, groups={678: "Lab"}) as server:
        server.add("groups/678", *GROUP)
        with patch.dict(os.environ, {"ZOTERO_ENDPOINT": server.url, "ZOTERO_API_KEY": server.key}):
            yield


@contextlib.contextmanager
def services() -> Iterator[None]:
    """Servers of Crossref, OpenAlex and arXiv for the commands, with some invented papers."""
    from tests.services_server import Paper, services_server

    kelp = Paper(
        title="Kelp forests grow in the noise of tides",
        people=["Roe, Ann", "Doe, Jane"],
        year=2020,
        doi="10.1000/kelp.1",
        journal="Journal of Kelp",
        volume="7",
        number="2",
        pages="101-119",
    )
    whales = Paper(
        title="Learning to hear whales across harbours",
        people=["Poe, Ed"],
        year=2022,
        doi="10.1000/whales.3",
        arxiv="2101.00001",
        journal="Annals of Whales",
        volume="3",
        pages="5-6",
    )
    shells = Paper(
        title="Sorting shells by their colours",
        people=["Lee, Kim"],
        year=2021,
        doi="10.1000/shells",
        book="Proceedings of Shells",
    )
    with services_server([kelp, whales, shells]) as server:
        addresses = {f"REFSYNC_{name.upper()}_URL": server.url(name) for name in ("crossref", "openalex", "arxiv")}
        with patch.dict(os.environ, {**addresses, "REFSYNC_CONTACT": "me@example.org"}):
            yield


def printed_by(words: list[str], folder: str) -> str:
    """What a command on a page prints: refsync's, `cat FILE`, or `grep TEXT FILE`."""
    if words[0] == "refsync":
        return output(words[1:], folder, notes=True)
    lines = Path(folder, words[-1]).read_text(encoding="utf-8").rstrip("\n").split("\n")
    if words[0] == "grep":
        return "\n".join(line for line in lines if words[1] in line)
    assert words[0] == "cat", f"{words[0]} cannot be run for a page"
    return "\n".join(lines)


def updated_page(text: str, pictures: Path | None = None) -> str:
    """A page with the current output of its commands; the drawings that they write and it shows go to `pictures`."""
    server = services() if "refsync enrich" in text else zotero() if "zotero:" in text else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder, server:

        def updated_block(match: re.Match[str]) -> str:
            if match["file"]:
                Path(folder, match["file"]).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, match["file"]).write_text(match["text"] + "\n", encoding="utf-8")
                return match[0]
            command = match["text"].split("\n")[0]
            printed = printed_by(shlex.split(command.removeprefix("$ ")), folder)
            return f"<!-- run -->\n```console\n{command}\n{printed}\n```\n"

        updated = MARKED.sub(updated_block, text)
        for name in PICTURE.findall(text):
            if pictures and (written := Path(folder, name)).is_file():
                shutil.copy(written, pictures)
        return updated


def updated_text(page: Path, pictures: Path | None = None) -> str:
    """The text of a page or of the README with the output of its commands run again."""
    text = page.read_text(encoding="utf-8")
    return updated_readme(text) if page == README else updated_page(text, pictures)


def main() -> int:
    """Update or check the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names of pages; without them, all pages")
    options = parser.parse_args()
    stale = 0
    for page in (README, *DOCS):
        if options.pages and page.name not in options.pages:
            continue
        before = page.read_text(encoding="utf-8")
        after = updated_text(page, None if options.check else page.parent)
        stale |= before != after
        if not options.check:
            page.write_text(after, encoding="utf-8")
    return int(stale and options.check)


if __name__ == "__main__":
    sys.exit(main())
