"""A merged entry gives no finding of `check` and no warning of BibTeX that none of its records gave."""

import random
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from refsync.check.entries import BibFile
from refsync.check.findings import Finding
from refsync.check.rule_selection import selected_codes
from refsync.check.run_rules import run_rules
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.format import read
from tests.planning.test_merge_in_place import POOL, TYPES, merged_both_ways

PAIRS = 300


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    """Files of two entries, each with the file after merging them."""
    chance = random.Random(7)

    def entry(key: str) -> str:
        names = chance.sample(sorted({*POOL} - {"title"}), chance.randint(4, 16))
        fields = [f"  {name} = {{{chance.choice(POOL[name])}}}" for name in ["title", *names]]
        return f"@{chance.choice(TYPES)}{{{key},\n" + ",\n".join(fields) + "\n}\n"

    texts = [f"{entry(f'one{i}')}\n{entry(f'two{i}')}" for i in range(PAIRS)]
    return [(text, merged_both_ways(text, MergeSettings())[3]) for text in texts]


def test_check_reports_nothing_new(pairs: list[tuple[str, str]]) -> None:
    codes = selected_codes(["ALL"], [], ["RS1"])
    for before, after in pairs:
        found, left = ({item.code for item in findings(text, codes)} for text in (before, after))
        assert left <= found, after


def findings(text: str, codes: frozenset[str]) -> list[Finding]:
    return run_rules([BibFile(read(text.encode(), "refs.bib"), text)], codes, Deduplication())


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bibtex_warns_of_nothing_new(pairs: list[tuple[str, str]], tmp_path: Path) -> None:
    before = warnings_of_bibtex("\n".join(before for before, _ in pairs), tmp_path)
    after = warnings_of_bibtex("\n".join(after for _, after in pairs), tmp_path)
    assert before
    for key, warnings in after.items():
        number = key.removeprefix("one").removeprefix("two")
        assert warnings <= before[f"one{number}"] | before[f"two{number}"], key


def warnings_of_bibtex(text: str, folder: Path) -> dict[str, set[str]]:
    """What BibTeX warns about, by the entry's key."""
    (folder / "o.bib").write_text(text, encoding="utf-8")
    (folder / "o.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{o}\n", encoding="utf-8")
    run = subprocess.run(["bibtex", "-min-crossrefs=99", "o"], cwd=folder, capture_output=True, check=False)
    if b"I couldn't open style file" in run.stdout:
        pytest.skip("plain.bst is not installed")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for warning in re.findall("(?m)^Warning--(.*)", run.stdout.decode(errors="replace")):
        key = re.search(r"(?:in|for|entry) \"?((?:one|two)\d+)", warning) or re.search(r"((?:one|two)\d+)", warning)
        found[key[1] if key else ""].add(re.sub(r"(?:one|two)\d+", "KEY", warning))
    return found
