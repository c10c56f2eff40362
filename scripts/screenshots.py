"""Make the pictures in docs/: the review page and the report of an invented library, in a real browser.

    python scripts/screenshots.py [NAME...]

Needs chromium and `pip install -e '.[test]'`. Each picture is made by the command that it shows.
"""

import fcntl
import io
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DATA = ROOT.parent / "shared" / "data"
MAX_BYTES = 250_000
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

COAST = r"""
@article{ebert2019lichens, title = {Lichens on the Harbour Walls of {\O}stervik: a Field Study}, year = 2019,
  author = {Ebert, Ida and M{\"u}ller, J{\"o}rg and Petri, Jonas}, journal = {Annals of Coastal Botany}, volume = 12,
  number = 3, pages = {211--229}, keywords = {lichens, harbours}, abstract = {We counted lichens on two hundred walls
  in ten harbours over nine years. Walls of slate held twice as many species as walls of brick, and walls that face
  north three times as many as those that face south. Where ferries moor, lichens that bear salt were replaced by
  those that bear soot. We discuss what this says of the age of a wall.}}
@article{quay2017tides, title = {Reading Tide Tables from Old Harbour Logbooks}, author = {Quay, Ann and Lind, Per},
  journal = {Tidal Letters}, volume = 4, pages = {12--19}, year = 2017, doi = {10.5555/tidal.4.12}}
@article{lind2020otters, title = {Otters of the Northern Fjords}, author = {Lind, Per}, journal = {Fauna of the Shore},
  volume = 8, year = 2020}
@misc{tarn2021kelp, title = {Kelp Grows towards Lighthouses}, author = {Tarn, Ole and Birk, Eva}, year = 2021,
  eprint = {2101.00001}, archiveprefix = {arXiv}}
@article{moss2015foghorns, title = {What Seals Make of Foghorns}, author = {Moss, Nora}, journal = {Coastal Sound},
  volume = 2, pages = {1--8}, year = 2015}
@article{sund2022gait, title = {Learning to Walk on Seaweed}, author = {Sund, Kari and Vale, Tor}, year = 2022,
  journal = {Notes of the Tidal Laboratory}, abstract = {A walking robot learns its gait on wet seaweed from the sound
  of its own steps. A small network predicts from two seconds of sound whether the next step will slip.}}
@article{rask2021census, title = {Counting Puffins from the Ferry}, author = {Rask, Mia}, year = 2021,
  journal = {Notes of the Tidal Laboratory}, abstract = {We estimate how many puffins live on an island from
  photographs that passengers take, by a hierarchical model of who looks where and for how long.}}
"""

EXPORT = """\
Title,Authors,Year,Source title,Volume,Issue,Page start,Page end,DOI,Abstract,Author Keywords
Lichens on the harbor walls of Østervik,"Ebert, I.; Müller, J.",2021,Ann. Coast. Bot.,,,,,10.5555/acb.12.211,\
"We counted lichens on two hundred walls in ten harbors over nine years. Walls of slate held twice as many species as \
walls of brick, and walls that face north three times as many as those that face south. Where ferries moor, lichens \
that bear salt were replaced by those that bear soot.",lichens; slate; walls
Reading tide tables from old parish logbooks,"Quay, A.; Lind, P.",2017,Tidal Letters,4,,,,,,
Reading tide tables from old harbour logbooks,"Quay, A.; Lind, P.",2018,Tidal Letters,5,,,,,,
Otters of the southern fjords,"Lind, P.",2020,Fauna of the Shore,8,,,,,,
Kelp grows towards lighthouses,"Tarn, O.; Birk, E.",2022,Journal of Bent Growth,1,,5,17,10.5555/jbg.1.5,,
What seals make of foghorns,"Frost, K.",2015,Coastal Sound,2,,,,,,
"""


EDITORIALS = "".join(
    f"@article{{issue{number}, title = {{Editorial}}, author = {{Ebert, Ida}},"
    f" journal = {{Annals of Coastal Botany}}, year = {year}}}\n"
    for number, year in enumerate((2019, 2019, 2019, 2020, 2020, 2021, 2021, 2021, 2021), 1)
)


@contextmanager
def reviewing(folder: Path, *arguments: str, environment: Mapping[str, str] = ENVIRONMENT) -> Iterator[str]:
    """Run `refsync review` on an invented library; the value is the address that it prints."""
    inputs = arguments if arguments and not arguments[0].startswith("-") else ("coast.bib", "export.csv", *arguments)
    command = [sys.executable, "-m", "refsync", "review", *inputs, "--no-browser", "-q"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout
        try:
            yield next(line for line in running.stdout if line.startswith("http")).strip()
        finally:
            running.send_signal(signal.SIGINT)


def save_picture(page: Page, name: str, *, whole: bool = True) -> None:
    """Save the visible part of a page, or the whole page in a window of its height (for elements fixed at its end)."""
    page.mouse.move(0, 0)
    if whole:
        size = page.viewport_size or {"width": 1280}
        page.set_viewport_size({"width": size["width"], "height": 700})
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
    page.wait_for_timeout(200)  # transitions
    path = DOCS / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    size_in_bytes = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size_in_bytes // 1000} kB")
    if size_in_bytes > MAX_BYTES:
        sys.exit(f"{path} is too large")


def window(browser: Browser, width: int, scheme: str = "light", height: int = 0) -> Page:
    """A page in a new window."""
    viewport = {"width": width, "height": height or (720 if width > 500 else 860)}
    page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(10_000)
    return page


def go_to(page: Page, title: str) -> None:
    """Open the question or paper with this title, from the list of the queue."""
    page.keyboard.press("o")
    page.get_by_role("dialog").get_by_role("link", name=title).first.click()
    page.get_by_role("dialog").wait_for(state="hidden")


def review(browser: Browser, folder: Path) -> None:
    """The review page: a pair, a cluster of three, areas, questions alike; on a desktop and a phone, light and dark."""
    for width, scheme, suffix in ((1280, "light", ""), (400, "light", "-400"), (1280, "dark", "-dark")):
        with reviewing(folder) as address:
            page = window(browser, width, scheme)
            page.goto(address)
            go_to(page, "Lichens")
            save_picture(page, f"review-pair{suffix}")
            if scheme == "light":
                go_to(page, "Tide Tables")
                save_picture(page, f"review-cluster{suffix}")
            page.context.close()
        if scheme == "dark":
            continue
        with reviewing(folder, "--areas") as address:
            page = window(browser, width)
            page.goto(address)
            page.keyboard.press("a")
            page.locator("[data-paper]").wait_for()
            go_to(page, "Puffins")
            save_picture(page, f"review-areas{suffix}")
            page.context.close()
    with reviewing(folder, "editorials.bib") as address:
        page = window(browser, 1280)
        page.goto(address)
        page.keyboard.press("t")
        page.locator(".preview").wait_for()
        save_picture(page, "review-alike")
        page.context.close()


def report(browser: Browser, _: Path) -> None:
    """The report on the sample that `refsync demo -o FOLDER` leaves."""
    with tempfile.TemporaryDirectory() as folder:
        for source in (ROOT / "refsync" / "sample").glob("*.*"):
            if source.suffix != ".py":
                shutil.copy(source, folder)
        files = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")
        command = [sys.executable, "-m", "refsync", "report", "-q", *files, "-o", "report.html"]
        subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True)
        for width, scheme, suffix in ((1280, "light", ""), (400, "dark", "-400")):
            page = window(browser, width, scheme, 1500)
            page.goto(Path(folder, "report.html").as_uri())
            save_picture(page, f"report{suffix}", whole=False)
        page = window(browser, 1280, height=1000)
        page.goto(Path(folder, "report.html").as_uri())
        page.locator("details").first.evaluate("one => { one.open = true }")
        page.evaluate("document.querySelector('#pairs').scrollIntoView()")
        save_picture(page, "report-pairs", whole=False)


def terminal_output(command: list[str], keys: str, folder: Path, columns: int) -> str:
    """The screen of a command in a terminal of `columns` columns after these keys, with colours."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**ENVIRONMENT, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave) as running:
        os.close(slave)
        output = b""
        for key in [*keys, ""]:
            while select.select([master], [], [], 3 if output else 60)[0]:  # from the first output to the last
                output += os.read(master, 65536)
            screen = output
            output = b""
            if key:
                os.write(master, key.encode())
        running.send_signal(signal.SIGINT)
        while select.select([master], [], [], 1)[0]:
            try:
                if not os.read(master, 65536):
                    break
            except OSError:  # the process has ended
                break
    os.close(master)
    return screen.decode()


def terminal(browser: Browser, folder: Path) -> None:
    """The review in the terminal, at a pair."""
    command = [sys.executable, "-m", "refsync", "review", "coast.bib", "export.csv", "--tty", "-q"]
    screen = terminal_output(command, "s", folder, 100).rpartition("\x1b[2J")[2].replace("\r", "")
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(Text.from_ansi(screen))
    page = window(browser, 900, height=200)
    pre = console.export_html(inline_styles=True, theme=MONOKAI, code_format="<pre>{code}</pre>")
    style = "body { margin: 0; background: #0c0c0c; color: #d9d9d9 } pre { margin: 1rem; font: 14px/1.35 monospace }"
    page.set_content(f"<style>{style}</style>{pre}")
    save_picture(page, "review-terminal")


def data(browser: Browser, _: Path) -> None:
    """Parts of the report on five saved pages, and on a labelled set of three databases."""
    with tempfile.TemporaryDirectory() as folder:
        for number, page_ in enumerate(sorted((DATA / "pages").glob("*.txt")), 1):
            shutil.copy(page_, Path(folder, f"page-{number}.txt"))
        shutil.copy(DATA / "dedup" / "diabetes_asysd" / "records.csv", Path(folder, "three-databases.csv"))
        for name, pattern, parts in (  # sections without texts of papers
            ("report-pages", "page-*.txt", ("overlap", "spread")),
            ("report-databases", "three-databases.csv", ("pairs",)),
        ):
            files = sorted(path.name for path in Path(folder).glob(pattern))
            command = [sys.executable, "-m", "refsync", "report", "-q", *files, "-o", "report.html"]
            subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True)
            page = window(browser, 1280)
            page.goto(Path(folder, "report.html").as_uri())
            kept = ", ".join(f":has(#{part})" for part in parts)
            page.locator(f"header, .get, section:not({kept})").evaluate_all("all => all.forEach(one => one.remove())")
            save_picture(page, name)


def zotero(browser: Browser, _: Path) -> None:
    """The review of two items of a Zotero library that may be one paper."""
    from tests.zotero_server import zotero_server

    author = {"creatorType": "author", "firstName": "Ida", "lastName": "Ebert"}
    lichens = {"itemType": "journalArticle", "creators": [author], "publicationTitle": "Annals of Coastal Botany"}
    items = [
        {"title": "Lichens on the harbour walls of Østervik: a field study", "date": "2019", "volume": "12"},
        {"title": "Lichens on the harbor walls of Østervik", "date": "2021", "pages": "211-229"},
    ]
    with tempfile.TemporaryDirectory() as folder, zotero_server(users={12345: "ada"}) as server:
        server.add("users/12345", *(lichens | item for item in items))
        environment = {**ENVIRONMENT, "ZOTERO_ENDPOINT": server.url, "ZOTERO_API_KEY": server.key}
        with reviewing(Path(folder), "zotero:user/12345", environment=environment) as address:
            page = window(browser, 1280)
            page.goto(address)
            page.locator("main").wait_for()
            save_picture(page, "review-zotero")
            page.context.close()


def notebook(browser: Browser, _: Path) -> None:
    """What a plan, a pair and figures show in a notebook, light and dark."""
    import refsync

    sample = ROOT / "refsync" / "sample"
    names = [str(sample / name) for name in ("coauthor.bib", "database_export.csv")]
    records = [replace(item, source=Path(item.source).name) for item in refsync.read_sources(names).records]
    found = refsync.find_duplicates(records, refsync.Config())
    plan = refsync.make_plan(records, found, model=refsync.load_model(), config=refsync.Config())
    pair = found.clusters[0].members
    explanation = refsync.explain_pair(records[pair[0]], records[pair[1]], refsync.Config())
    figures = refsync.library_figures(plan, refsync.Config())
    shown = "".join(item._repr_html_() for item in (plan, explanation, figures)).replace(
        "<details>", "<details open>", 1
    )
    cell = "flex:1;padding:12px;font:13px system-ui,sans-serif;overflow:hidden"
    page = window(browser, 1500)
    page.set_content(
        "<!doctype html><body style='margin:0;display:flex'>"
        f"<div style='{cell};background:#fff;color:#000'>{shown}</div>"
        f"<div style='{cell};background:#111;color:#ddd'>{shown}</div></body>"
    )
    save_picture(page, "notebook")


PICTURES = {
    "notebook": notebook,
    "review": review,
    "zotero": zotero,
    "terminal": terminal,
    "report": report,
    "data": data,
}


def main(names: list[str]) -> None:
    path = os.environ.get("REFSYNC_CHROMIUM") or shutil.which("chromium")
    if not path or not set(names) <= set(PICTURES):
        sys.exit(f"needs chromium, and names of these: {', '.join(PICTURES)}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        Path(folder, "coast.bib").write_text(COAST, encoding="utf-8")
        Path(folder, "export.csv").write_text(EXPORT, encoding="utf-8")
        Path(folder, "editorials.bib").write_text(EDITORIALS, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [], headless=True
        )
        for name in names or [name for name in PICTURES if name != "data" or DATA.is_dir()]:
            PICTURES[name](browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
