"""Other deduplicators on a labelled set: the clusters that each finds, in one format.

    python benchmarks/peers.py {bib-dedupe,splink,srdedupe,zotero,jabref,asreview,dedupendnote} SET_FOLDER

Prints `{"clusters": [[id, ...]], "asked": [[id, id]], "seconds": s, "peak_mb": m}` as its last line; for a tool that
scores pairs also `"at": {threshold: clusters}`. It imports nothing from refsync, so that it runs in its own
environment (`pip install "refsync[peers]"`, or the pins of that extra).

- bib-dedupe: prep, block, match, cluster, with its defaults.
- srdedupe: its pipeline with its defaults, over RIS. The package does not contain the model that it needs: name the
  file `models/fs_v1.json` of its repository in `SRDEDUPE_MODEL`.
- splink: unsupervised, the best of some ten configurations that we tried. It compares titles by letters and by shared
  words, author lists by shared family names; titles, authors, venues, pages and DOIs are weighted by term frequency;
  the probability that two random records match is estimated from three nearly certain rules, `u` by random sampling,
  `m` by expectation maximisation; pairs at 0.99 or above are closed to connected components, and so are those
  at some other thresholds, of which accuracy.py shows the best for all sets and the best for each.
- the others are rules that we reimplemented (peer_rules.py).
"""

import argparse
import contextlib
import csv
import json
import os
import re
import resource
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.peer_rules import Pairs, Row, asreview, bare_doi, dedupendnote, jabref, names, zotero

_MERGE_FROM = 0.99  # probability from which pairs of Splink are merged
_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)

_TRAINING_RULES = (("doi",), ("title", "first_author"), ("volume", "page", "year"))
_TRAINING_RULES_WITHOUT_DOI = (("title", "first_author"), ("first_author", "year"))
"""The blocking rules of the pairs on which Splink estimates `m`."""

Ids = list[list[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """Clusters, pairs that a person is asked about, and the clusters at other thresholds."""

    clusters: Ids
    asked: Ids
    at: dict[str, Ids] = field(default_factory=dict)


def read_rows(folder: Path) -> list[Row]:
    csv.field_size_limit(sys.maxsize)
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bib_dedupe(rows: list[Row]) -> Found:
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, cluster, match, prep

    wanted = "title author year journal booktitle volume number pages doi isbn abstract".split()
    frame = pd.DataFrame(
        [{"ID": row["id"], "ENTRYTYPE": row["entrytype"], **{name: row[name] for name in wanted}} for row in rows]
    )
    matched = match(block(prep(frame, cpu=2), cpu=2), cpu=2)
    maybe = matched[matched["duplicate_label"] == "maybe"] if "duplicate_label" in matched else matched[:0]
    return Found([list(ids) for ids in cluster(matched)], maybe[["ID_1", "ID_2"]].to_numpy().tolist())


def splink(rows: list[Row]) -> Found:
    import pandas as pd
    import splink.comparison_level_library as level
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def words(value: str) -> list[str]:
        return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", value).casefold())

    def letters(value: str) -> str | None:
        return "".join(words(value)) or None

    def first(pattern: str, value: str) -> str | None:
        found = re.search(pattern, value)
        return found[0] if found else None

    def prepare(row: Row) -> dict[str, Any]:
        title = letters(row["title"])
        families = [name for family, _ in names(row["author"]) if (name := letters(family))]
        return {
            "unique_id": row["id"],
            "title": title,
            "title_words": sorted(set(words(row["title"]))) or None,
            "title_start": title[:20] if title else None,
            "authors": "".join(families) or None,
            "families": families or None,
            "first_author": families[0] if families else None,
            "year": first(r"\d{4}", row["year"]),
            "venue": letters(row["journal"] or row["booktitle"]),
            "volume": letters(row["volume"]),
            "number": letters(row["number"]),
            "page": first(r"\d+", row["pages"]),
            "doi": letters(bare_doi(row)),
            "abstract": (letters(row["abstract"]) or "")[:200] or None,
        }

    frame = pd.DataFrame(map(prepare, rows))
    filled = {name for name in frame if frame[name].notna().any()}

    def rules(*keys: tuple[str, ...]) -> list[Any]:
        return [block_on(*key) for key in keys if filled.issuperset(key)]

    def shared(name: str, share: float, of: str) -> Any:
        """Common words, as a share of the longer or the shorter list."""
        return level.CustomLevel(
            f"len(list_intersect({name}_l, {name}_r)) >= {share} * {of}(len({name}_l), len({name}_r))"
        )

    def levels(name: str, *between: Any) -> Any:
        known = [level.NullLevel(name), level.ExactMatchLevel(name, term_frequency_adjustments=True)]
        return cl.CustomComparison(comparison_levels=[*known, *between, level.ElseLevel()], output_column_name=name)

    union = "(len(title_words_l) + len(title_words_r) - len(list_intersect(title_words_l, title_words_r)))"
    jaccard = "len(list_intersect(title_words_l, title_words_r)) >= {} * " + union
    comparisons = {
        "title": levels(
            "title",
            level.JaroWinklerLevel("title", 0.98),
            level.CustomLevel(jaccard.format(0.75)),
            level.CustomLevel(jaccard.format(0.5)),
        ),
        "authors": levels(
            "authors",
            shared("families", 0.75, "greatest"),
            shared("families", 0.75, "least"),
            level.JaroWinklerLevel("authors", 0.9),
            level.CustomLevel("len(list_intersect(families_l, families_r)) > 0"),
        ),
        "venue": levels("venue", level.JaroWinklerLevel("venue", 0.95), level.JaroWinklerLevel("venue", 0.8)),
        "abstract": cl.JaroWinklerAtThresholds("abstract", [0.95, 0.8]),
        "year": cl.CustomComparison(
            comparison_levels=[
                level.NullLevel("year"),
                level.ExactMatchLevel("year"),
                level.CustomLevel("abs(cast(year_l as int) - cast(year_r as int)) <= 1"),
                level.ElseLevel(),
            ],
            output_column_name="year",
        ),
        "volume": cl.ExactMatch("volume"),
        "number": cl.ExactMatch("number"),
        "page": levels("page"),
        "doi": levels("doi"),
    }
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison for name, comparison in comparisons.items() if name in filled],
        blocking_rules_to_generate_predictions=rules(
            ("title",), ("title_start",), ("doi",), ("abstract",), ("volume", "page"),
            ("first_author", "year", "page"), ("authors", "year"),
        ),
        max_iterations=50,
    )  # fmt: skip
    database = DuckDBAPI()
    linker = Linker(database.register(frame), settings, log_level="ERROR")
    sure = rules(("title", "year", "first_author"), ("doi", "title"), ("title", "volume", "page"))
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in rules(*(_TRAINING_RULES if "doi" in filled else _TRAINING_RULES_WITHOUT_DOI)):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    ids = ["unique_id_l", "unique_id_r"]

    def joined(least: float) -> Ids:
        pairs = found[found["match_probability"] >= least][ids]
        return connected_components(map(tuple, pairs.to_numpy().tolist()))

    asked = found[found["match_probability"] < _MERGE_FROM][ids].to_numpy().tolist()
    return Found(joined(_MERGE_FROM), asked, {str(least): joined(least) for least in _THRESHOLDS})


def srdedupe(rows: list[Row]) -> Found:
    from srdedupe.engine import PipelineConfig, run_pipeline

    model = Path(os.environ.get("SRDEDUPE_MODEL", ""))
    if not model.is_file():
        sys.exit("srdedupe needs its model: name models/fs_v1.json of its repository in SRDEDUPE_MODEL")
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "records.ris"), Path(folder, "out")
        source.write_text("".join(map(_ris, rows)), encoding="utf-8")
        done = run_pipeline(source, PipelineConfig(fs_model_path=model, output_dir=out))
        if not done.success:
            sys.exit(f"srdedupe: {done.error_message}")

        def lines(name: str) -> list[dict[str, Any]]:
            return [json.loads(line) for line in (out / name).read_text(encoding="utf-8").splitlines()]

        read = lines("stage1/canonical_records.jsonl")
        ids = {entry["rid"]: rows[entry["meta"]["source_record_index"]]["id"] for entry in read}
        found = [entry for entry in lines("stage5/clusters.jsonl") if entry["status"] == "AUTO"]
        asked = [entry for entry in lines("stage4/pair_decisions.jsonl") if entry["decision"] == "REVIEW"]
    return Found(
        [[ids[rid] for rid in entry["rids"]] for entry in found if len(entry["rids"]) > 1],
        [[ids[entry["rid_a"]], ids[entry["rid_b"]]] for entry in asked],
    )


def _ris(row: Row) -> str:
    first, _, last = row["pages"].partition("-")
    tags = [
        ("TY", "CONF" if row["entrytype"] == "inproceedings" else "JOUR"),
        ("ID", row["id"]),  # otherwise it treats identical records as one
        ("TI", row["title"]),
        *(("AU", ", ".join(filter(None, name))) for name in names(row["author"])),
        ("PY", row["year"]),
        ("JO", row["journal"] or row["booktitle"]),
        ("VL", row["volume"]),
        ("IS", row["number"]),
        ("SP", first),
        ("EP", last.lstrip("-")),
        ("DO", row["doi"]),
        ("AB", row["abstract"]),
    ]
    lines = "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in tags if value)
    return f"{lines}ER  - \n\n"


def connected_components(pairs: Any) -> Ids:
    """The connected components."""
    parent: dict[str, str] = {}

    def find(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for a, b in pairs:
        parent[find(a)] = find(b)
    groups: dict[str, list[str]] = defaultdict(list)
    for node in parent:
        groups[find(node)].append(node)
    return list(groups.values())


def closed_rule(rule: Callable[[list[Row]], Pairs]) -> Callable[[list[Row]], Found]:
    """A deduplicator that joins the pairs of a rule, closed transitively, and asks about none."""
    return lambda rows: Found(connected_components(rule(rows)), [])


TOOLS: dict[str, Callable[[list[Row]], Found]] = {
    "bib-dedupe": bib_dedupe,
    "splink": splink,
    "srdedupe": srdedupe,
    "zotero": closed_rule(zotero),
    "jabref": closed_rule(jabref),
    "asreview": closed_rule(asreview),
    "dedupendnote": closed_rule(dedupendnote),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    rows = read_rows(args.folder)
    start = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        found = TOOLS[args.tool](rows)
    seconds = time.perf_counter() - start
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    print(json.dumps({**asdict(found), "seconds": round(seconds, 2), "peak_mb": peak}))


if __name__ == "__main__":
    main()
