"""How fast the language server answers: `python benchmarks/language_server.py`.

It drives `refsync lsp` over its standard input and output with a generated library, and prints the median and the
slowest of repeated requests in milliseconds: from the keystroke until the diagnostics have arrived. A check of the
whole library follows each pause in typing; `--while-checking` types while such a check runs.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lsprotocol import types

from tests.lsp.editor import Editor, started

WORDS = """moss lichen peat alpine sparse graph neural kernel tidal estuary monsoon glacier enzyme protein lattice
quantum rail traffic auction wheat soil carbon policy survey robust adaptive spectral bayesian causal network motif
coral reef""".split()
NAMES = "Alder Birch Cedar Dahl Eriksen Falk Gruber Holm Ivanova Jansen Koch Lund Moreau Nakata Okafor Petrov".split()


def library(entries: int, seed: int = 5) -> str:
    """A library of invented entries; each sixtieth is there twice."""
    chosen = random.Random(seed)
    made: list[str] = []
    for number in range(entries):
        words = [chosen.choice(WORDS) for _ in range(48)]
        authors = " and ".join(f"{chosen.choice(NAMES)}, {chr(65 + chosen.randrange(26))}." for _ in range(3))
        first = chosen.randrange(900)
        made.append(
            f"@article{{key{number},\n  title = {{{' '.join(words[:8]).capitalize()}}},\n  author = {{{authors}}},\n"
            f"  year = {{{1980 + chosen.randrange(45)}}},\n  journal = {{Journal of {words[8]} Studies}},\n"
            f"  volume = {{{chosen.randrange(90)}}},\n  pages = {{{first}--{first + 9}}},\n"
            f"  doi = {{10.5555/x{number}}},\n  abstract = {{{' '.join(words[8:])}}}\n}}\n\n"
        )
        if number % 60 == 59:
            made.append(made[-1].replace(f"key{number},", f"dup{number},"))
    return "".join(made)


async def keystroke(editor: Editor, at: int, new: str) -> float:
    """Milliseconds from a keystroke until the diagnostics of the new text have arrived."""
    uri = editor.uri("refs.bib")
    before = editor.diagnostics.get(uri)
    start = time.perf_counter()
    editor.replace("refs.bib", at, at, new)
    await editor.until(lambda: editor.diagnostics.get(uri) is not before)
    return (time.perf_counter() - start) * 1000


def processor_time(editor: Editor) -> float:
    """Milliseconds of processor time that the server has used (Linux)."""
    server = editor.client._server  # the client does not expose the process that it started
    assert server is not None
    used = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) * 1000 / os.sysconf("SC_CLK_TCK")


async def measure(entries: int, repeats: int) -> None:
    """Print the table."""
    rows: list[tuple[str, list[float]]] = []
    processor = 0.0

    async def timed(name: str, request: object, count: int = 1) -> None:
        taken = []
        for _ in range(count):
            start = time.perf_counter()
            await request()  # type: ignore[operator]
            taken.append((time.perf_counter() - start) * 1000)
        rows.append((name, taken))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        text = library(entries)
        (path / "refs.bib").write_text(text, encoding="utf-8")
        (path / "paper.tex").write_text(r"\cite{key7} \bibliography{refs}", encoding="utf-8")
        async with started(path) as editor:
            start = time.perf_counter()
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            rows.append(("opened, all duplicates found", [(time.perf_counter() - start) * 1000]))
            middle = text.index(f"key{entries // 2},")
            inside = text.index("abstract = {", middle) + len("abstract = {")
            for name, new in (("a letter", "x"), ("a new line", "\n"), ("an opening brace", "{"), ("its closing", "}")):
                taken, used = [], processor_time(editor)
                for _ in range(repeats):
                    taken.append(await keystroke(editor, inside, new))
                    if new == "{":
                        await keystroke(editor, inside + 1, "}")
                    await asyncio.sleep(0.02)
                rows.append((f"keystroke: {name}", taken))
                if new == "x":
                    processor = (processor_time(editor) - used) / repeats
            await asyncio.sleep(1.5)  # the check of the whole library is under way
            rows.append(
                ("keystroke: a letter, while a check runs", [await keystroke(editor, inside, "y") for _ in range(3)])
            )
            start = time.perf_counter()
            await editor.checked("refs.bib")
            rows.append(("duplicates after the last keystroke", [(time.perf_counter() - start) * 1000]))
            await timed("outline, first", lambda: editor.symbols("refs.bib"))
            await timed("outline, again", lambda: editor.symbols("refs.bib"), 3)
            await timed("hover, first (loads the area model)", lambda: editor.hover("refs.bib", "dup59"))
            await timed("hover, again", lambda: editor.hover("refs.bib", "dup59"), 3)
            await timed("code actions at a duplicate", lambda: editor.actions("refs.bib", "dup59"), 3)
            merge = next(a for t, a in (await editor.actions("refs.bib", "dup59")).items() if t.startswith("Merge"))
            await timed("the edit of a merge", lambda: editor.client.code_action_resolve_async(merge))
            params = types.RenameParams(editor.identifier("refs.bib"), editor.place("refs.bib", "key7,"), "key7new")
            await timed("rename", lambda: editor.client.text_document_rename_async(params))
    print(f"{entries:,} entries, {len(text) / 1e6:.1f} MB; {processor:.0f} ms of processor time for a letter\n")
    print("| what | median, ms | slowest, ms |\n|---|---:|---:|")
    for name, taken in rows:
        print(f"| {name} | {statistics.median(taken):,.0f} | {max(taken):,.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=6000)
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    asyncio.run(measure(options.entries, options.repeats))
