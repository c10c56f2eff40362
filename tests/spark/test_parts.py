"""`--engine spark -o DIR`: read and written by the workers, all accounted for."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

from pyarrow import parquet

from refsync.cli import main
from refsync.decisions.answer_files import AnswerFiles
from refsync.decisions.lines import format_decision
from refsync.dedup.profile import fingerprint
from refsync.dedup.settings import DedupSettings
from refsync.formats.json import jsonl
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.sources import read_sources
from tests.spark.libraries import papers

SPARK = ("--engine", "spark", "--master", "local[2]")


def rows(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.iterdir()) for row in parquet.read_table(path).to_pylist()]


@pytest.fixture
def inputs(spark: Any, tmp_path: Path) -> list[str]:
    """Two files, in one of which a line is no record."""
    spark.conf.set("spark.sql.shuffle.partitions", 3)
    records = papers(40)
    (tmp_path / "a.jsonl").write_bytes(jsonl.write(records[:25]) + b'{"id": "cut\n')
    (tmp_path / "b.jsonl").write_bytes(jsonl.write(records[25:]))
    return [str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")]


def test_dedupe(inputs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = read_sources(inputs).records
    free = find_duplicates(records, DedupSettings())
    names = [{fingerprint(records[i]) for i in one.members} for one in free.clusters]
    apart = next(sorted(own) for own in names if len(own) > 1)
    (tmp_path / "refsync-decisions.jsonl").write_text(format_decision("not-duplicate", *apart[:2], by="Ann") + "\n")
    local = find_duplicates(records, DedupSettings(), AnswerFiles(beside=inputs).about_pairs(records)[0])
    assert local != free
    out = tmp_path / "out"
    arguments = ["dedupe", *inputs, "-o", str(out), "--quiet", "--format", "json", *SPARK]
    assert main(arguments) == 2, "a line was lost"
    printed = capsys.readouterr()
    assert "a.jsonl:26: this line is not a JSON record" in printed.err
    counts = json.loads(printed.out)
    assert counts["records"] == 40 == counts["papers"] + counts["duplicates"]
    assert (counts["problems"], counts["output"]) == (1, str(out))
    assert (out / "_SUCCESS").exists()
    assert counts["duplicates"] == sum(len(one.members) - 1 for one in local.clusters)
    assert (counts["versions"], counts["review"]) == (len(local.versions), len(local.review))
    written = rows(out / "papers")
    assert len({row["id"].casefold() for row in written}) == len(written) == counts["papers"]
    assert len({tuple(row) for row in written}) == 1, "every part has the same columns"
    ledger = rows(out / "ledger")
    assert Counter(row["became"] for row in ledger) == {
        "kept": counts["papers"], "merged": counts["duplicates"], "reported": 2
    }  # fmt: skip
    reported = sorted(row["message"] for row in ledger if row["became"] == "reported")
    assert "blocking keys are on more records" in reported[0]
    places = {(row["source"], row["index"]) for row in ledger if row["became"] != "reported"}
    assert len(places) == 40
    assert {row["key"] for row in ledger if row["became"] == "kept"} == {row["id"] for row in written}
    assert len(rows(out / "links")) == counts["versions"] + counts["review"]
    before = sorted(path.stat().st_mtime_ns for path in out.rglob("*"))
    assert main(arguments) == 2
    assert "not empty" in capsys.readouterr().err
    assert sorted(path.stat().st_mtime_ns for path in out.rglob("*")) == before


def test_run_with_a_library(inputs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """BibTeX parts, with areas."""
    records = read_sources(inputs).records
    known = tmp_path / "known.bib"
    one = records[-1]
    known.write_text(f"@article{{mine, title={{{one.get('title')}}}, author={{{one.get('author')}}}, year={{2031}}}}")
    out = tmp_path / "out"
    arguments = ["run", inputs[1], "--against", str(known), "-o", str(out), "--parts", "bib", *SPARK]
    assert main(arguments) == 0
    counts = json.loads((out / "counts.json").read_text())
    assert counts["records"] == 15 == counts["papers"] + counts["duplicates"] + counts["present"]
    assert counts["present"] > 0
    written = read_sources([*map(str, (out / "papers").iterdir())]).records
    assert len(written) == counts["papers"]
    assert "mine" not in {record.id for record in written}
    assert all(record.get("refsync-source") for record in written)
    assert "papers written to" in capsys.readouterr().out


def test_tag(inputs: list[str], tmp_path: Path) -> None:
    """Nothing is merged."""
    out = tmp_path / "out"
    assert main(["tag", inputs[1], "-o", str(out), "--parts", "jsonl", "--quiet", *SPARK]) == 0
    written = [record for path in (out / "papers").iterdir() for record in jsonl.read(path.read_bytes(), "").records]
    assert len(written) == 15
    assert not (out / "links").exists()


def test_keys_that_were_made_by_an_earlier_run(inputs: list[str], tmp_path: Path) -> None:
    """A key with a hash behind it may be there already: each paper still has one of its own."""
    one = tmp_path / "one.bib"
    one.write_text("".join(f"@misc{{moss, title={{{title}}}}}\n" for title in ("Moss", "Kelp", "Tides", "Moss")))

    def tagged(*names: str) -> list[Record]:
        out = tmp_path / f"out{len(names)}"
        assert main(["tag", *names, "-o", str(out), "--parts", "bib", "--quiet", *SPARK]) == 0
        return [*read_sources([*map(str, sorted((out / "papers").iterdir()))]).records]

    first = tagged(str(one))
    assert len({record.id.casefold() for record in first}) == 4
    again = tmp_path / "again.bib"
    again.write_text("".join(f"@misc{{{record.id.upper()}, title={{{record.get('title')}}}}}\n" for record in first))
    both = tagged(str(one), str(again))
    assert len({record.id.casefold() for record in both}) == 8


def test_a_comment_that_says_do_not_merge(spark: Any, tmp_path: Path) -> None:
    entry = "@article{%s, title={Tides and kelp on the old wall}, author={Doe, Ann}, year={2031}, doi={10.1/x}}\n"
    path = tmp_path / "a.bib"
    path.write_text(entry % "one" + "% refsync: ignore[RS101]\n" + entry % "two" + '@preamble{"\\def\\x{}"}\n')
    assert main(["dedupe", str(path), "-o", str(tmp_path / "out"), "--parts", "bib", "--quiet", *SPARK]) == 0
    assert json.loads((tmp_path / "out" / "counts.json").read_text())["papers"] == 2
    assert all("@preamble" in part.read_text() for part in (tmp_path / "out" / "papers").iterdir())


@pytest.mark.parametrize(
    ("further", "message"),
    [(["--sort", "key"], "--sort does not go with"), (["--removed", "x.csv"], "--removed does not go with")],
)
def test_options_of_one_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], further: list[str], message: str
) -> None:
    (tmp_path / "a.bib").write_text("@misc{moss, title={Moss}}")
    assert main(["dedupe", str(tmp_path / "a.bib"), "-o", str(tmp_path / "out"), *further, *SPARK]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--parts", "bib"], ["--parts", "bib", "--engine", "spark"]])
def test_parts_without_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    (tmp_path / "a.bib").write_text("@misc{moss, title={Moss}}")
    assert main(["dedupe", str(tmp_path / "a.bib"), *arguments]) == 2
    assert "--parts" in capsys.readouterr().err
