"""The first sync of an invented library with the .bib files that three exporters write for it.

    python benchmarks/zotero_exports.py [--records 1000]

For each exporter: how many pairs are found, how many questions are asked, and in how many items Extra changes. All of
the last two should be none. The exporters are those of `tests/zotero/exporters.py`.
"""

import argparse
import contextlib
import io
import json
import os
import random
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.zotero import LIBRARY, PARTS, PATH
from refsync.cli import main as refsync
from tests.zotero.exporters import EXPORTERS, exported
from tests.zotero_server import zotero_server

DATES = ("2019-03-04", "March 2018", "2017", "Summer 2011", "05/06/2019", "2015-10", "12 June 2014", "1999-2001")
FAMILIES = ("van der Berg", "Roe", "O'Neil", "Müller-Lüdenscheid", "de la Cruz")
ENDS = ("", " in Norway", "? A study of <i>Kelp</i>", ": 50% of it")


def library(records: int) -> list[dict[str, Any]]:
    """Articles with what exporters write differently."""
    rng = random.Random(3)

    def words(count: int) -> str:
        return " ".join("".join(rng.choices(PARTS, k=rng.randint(2, 4))) for _ in range(count))

    def person() -> dict[str, str]:
        first = rng.choice(("Ann", "J. K.", "José", "Li"))
        return {"creatorType": "author", "firstName": first, "lastName": rng.choice(FAMILIES) + words(1)}

    return [
        {
            "itemType": "journalArticle",
            "title": words(7).capitalize() + rng.choice(ENDS),
            "creators": [person() for _ in range(3)],
            "publicationTitle": f"Journal of {words(2)}",
            "journalAbbreviation": f"J. {words(1)}",
            "date": rng.choice(DATES),
            "volume": str(number % 60),
            "issue": rng.choice(("3", "1-2", "S1")),
            "pages": rng.choice((f"{number}-{number + 9}", "e123", "S12–S15", "")),
            "DOI": f"10.1000/{number}",
            "language": rng.choice(("en", "en-US", "de", "")),
            "tags": [{"tag": words(1)}, {"tag": "A, b"}],
            "abstractNote": f"{words(20)}\n\n{words(10)}",
            "extra": rng.choice(
                ("", f"PMID: {number}\nread it", f"arXiv:2101.{number:05} [cs]", "Original Date: 1850")
            ),
            **({"citationKey": f"key{number}"} if number % 5 == 0 else {}),
        }
        for number in range(records)
    ]


def first_sync(items: list[dict[str, Any]], exporter: str) -> dict[str, int]:
    """The figures of one exporter."""
    with tempfile.TemporaryDirectory() as folder, zotero_server() as server, contextlib.chdir(folder):
        os.environ.update(ZOTERO_ENDPOINT=server.url, ZOTERO_API_KEY=server.key)
        server.add(PATH, *deepcopy(items))
        Path("refs.bib").write_text(exported(items, exporter), encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            refsync(["sync", "refs.bib", LIBRARY, "--format", "json", "-q"])
        report = json.loads(printed.getvalue())
        stored = [thing.data.get("extra", "") for thing in server.library(PATH).items.values()]
    changed = sum(item["extra"] != extra for item, extra in zip(items, stored, strict=False))
    return {"pairs": report["pairs"], "questions": len(report["review"]), "extra_changed": changed}


def main() -> int:
    """Measure all exporters."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--records", type=int, default=1000)
    items = library(parser.parse_args().records)
    print(f"{'':15} {'pairs':>7} {'questions':>10} {'extra changed':>14}")
    asked = 0
    for exporter in EXPORTERS:
        figures = first_sync(items, exporter)
        asked += figures["questions"]
        print(f"{exporter:15} {figures['pairs']:7,} {figures['questions']:10,} {figures['extra_changed']:14,}")
    return int(asked > 0)


if __name__ == "__main__":
    sys.exit(main())
