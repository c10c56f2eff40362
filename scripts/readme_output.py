"""Put what the commands really print into README.md and docs/, behind their markers.

In README.md a marker names a command below, run on the bundled sample. In docs/ `file NAME` stands before the text of a
file and `run` before a command on the files so far. `--check` only says whether the output is there.
"""

import argparse
import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages


ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = [page for page in sorted((ROOT / "docs").glob("*.md")) if "<!-- run -->" in page.read_text(encoding="utf-8")]
MARKED = re.compile(r"<!-- (?:file (?P<file>\S+)|run) -->\n```\w+\n(?P<text>.*?)\n```\n", re.DOTALL)
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

PAPER = {
    "itemType": "journalArticle",
    "title": "Learning of kelp forests by their growth",
    "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}],
    "DOI": "10.1000/kelp.1",
}
FILE = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf", "md5": "1" * 32}
GROUP = [
    {"key": "KELPAAAA", "dateAdded": "2020-01-01T00:00:00Z", "citationKey": "roe2020", "volume": "7", **PAPER},
    {"key": "KELPBBBB", "dateAdded": "2021-01-01T00:00:00Z", "citationKey": "roe-again", "volume": "VII", **PAPER}
    | {"abstractNote": "We learn kelp.", "tags": [{"tag": "oceans"}]},
    {"key": "FILEAAAA", "parentItem": "KELPAAAA", "title": "Roe 2020.pdf", **FILE},
    {"key": "FILEBBBB", "parentItem": "KELPBBBB", "title": "kelp.pdf", **FILE},
    {"key": "NTEAAAAA", "parentItem": "KELPBBBB", "itemType": "note", "note": "<p>Read again!</p>"},
]


def output(arguments: list[str], folder: str, notes: bool = False) -> str:
    """What a command prints in a folder, with notes or without; a run's name, which is the time, made the same."""
    from refsync.cli import main

    printed, dropped = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    errors = contextlib.redirect_stderr(printed if notes else dropped)
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed), errors:
        main(arguments)
    text = printed.buffer.getvalue().decode()  # type: ignore[attr-defined]
    text = re.sub(r"(?<=runs/|.run )\d[\d-]+", "20260101-120000", text)
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def renewed(text: str) -> str:
    """The README with the blocks behind its markers made anew."""
    with tempfile.TemporaryDirectory() as folder:
        output(["demo", "-o", folder], folder)
        for name, arguments in COMMANDS.items():
            block = f"```console\n$ refsync {' '.join(arguments)}\n{output(arguments, folder)}\n```"
            text = re.sub(
                rf"(?<=<!-- {name} -->\n)```console\n.*?\n```", lambda _, block=block: block, text, flags=re.DOTALL
            )
    return text


@contextlib.contextmanager
def zotero() -> Iterator[None]:
    """A Zotero server that the commands find: a user's library, which is empty, and a group's, with a duplicate."""
    from tests.zotero_server import zotero_server

    with zotero_server(users={12345: "ada"}, groups={678: "Lab"}) as server:
        server.add("groups/678", *GROUP)
        os.environ |= {"ZOTERO_ENDPOINT": server.url, "ZOTERO_API_KEY": server.key}
        yield


@contextlib.contextmanager
def services() -> Iterator[None]:
    """Crossref, OpenAlex and arXiv as the commands find them: with some invented papers."""
    from tests.services_server import Paper, services_server

    kelp = Paper("Kelp forests grow in the noise of tides", ["Roe, Ann", "Doe, Jane"], 2020, "10.1000/kelp.1")
    kelp.journal, kelp.volume, kelp.number, kelp.pages = "Journal of Kelp", "7", "2", "101-119"
    whales = Paper("Learning to hear whales across harbours", ["Poe, Ed"], 2022, "10.1000/whales.3", "2101.00001")
    whales.journal, whales.volume, whales.pages = "Annals of Whales", "3", "5-6"
    shells = Paper("Sorting shells by their colours", ["Lee, Kim"], 2021, "10.1000/shells")
    shells.book = "Proceedings of Shells"
    with services_server([kelp, whales, shells]) as server:
        addresses = {f"REFSYNC_{name.upper()}_URL": server.url(name) for name in ("crossref", "openalex", "arxiv")}
        os.environ |= {**addresses, "REFSYNC_CONTACT": "me@example.org"}
        yield


def renewed_page(text: str) -> str:
    """A page with the output of its commands made anew."""
    serving = services() if "refsync enrich" in text else zotero() if "zotero:" in text else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder, serving:

        def block(found: re.Match[str]) -> str:
            if found["file"]:
                Path(folder, found["file"]).write_text(found["text"] + "\n", encoding="utf-8")
                return found[0]
            command = found["text"].split("\n")[0]
            printed = output(shlex.split(command.removeprefix("$ refsync ")), folder, notes=True)
            return f"<!-- run -->\n```console\n{command}\n{printed}\n```\n"

        return MARKED.sub(block, text)


def main() -> int:
    """Renew or check the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names of pages; all without")
    given = parser.parse_args()
    check = given.check
    stale = 0
    for page in (README, *DOCS):
        if given.pages and page.name not in given.pages:
            continue
        before = page.read_text(encoding="utf-8")
        after = renewed(before) if page == README else renewed_page(before)
        stale |= before != after
        if not check:
            page.write_text(after, encoding="utf-8")
    return int(stale and check)


if __name__ == "__main__":
    sys.exit(main())
