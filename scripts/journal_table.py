"""Make the table of journals: `python scripts/journal_table.py --data ../shared/data/fields/journals.csv.gz`.

Registers of journals give each a field; where two registers have the same journal, they show how often a register's
field is another register's too. So each journal's votes become a likelihood ratio of every field.
"""

import argparse
import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import model_file
from refsync.classify.fields import DOMAINS, FIELDS
from refsync.classify.journals import Journals, issn_keys, name_keys, number_of, write

# Journals of all sciences: their name does not show what they publish.
_MULTIDISCIPLINARY = """
    plos one; nature; science; scientific reports; nature communications; science advances; heliyon; peerj; iscience;
    proceedings of the national academy of sciences of the united states of america; proc natl acad sci u s a;
    proceedings of the national academy of sciences; royal society open science; f1000research; sage open; arxiv;
    annals of the new york academy of sciences; research square; biorxiv; ssrn electronic journal; current science;
    comptes rendus
"""
MULTIDISCIPLINARY = {" ".join(name.split()) for name in _MULTIDISCIPLINARY.split(";")}
AGREEMENT = 40.0  # pseudo-counts of the prior in the table of agreement
LIMIT = 8.0  # of a log likelihood ratio
INDEPENDENCE = 0.7  # how much of a register's vote counts beside another's: they know each other


def agreement(votes: Mapping[str, Mapping[str, Counter[str]]], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """(F, F): the probability of a journal's field by one register (column), given that by another (row)."""
    counts = np.zeros((len(FIELDS), len(FIELDS)))
    for by_register in votes.values():
        for one, other in permutations(by_register.values(), 2):
            for a, b in ((a, b) for a in one for b in other):
                counts[FIELDS.index(a), FIELDS.index(b)] += 1 / (len(one) * len(other))
    # Fields of a domain are confused more often than others.
    same = np.array([[DOMAINS[a] == DOMAINS[b] for b in FIELDS] for a in FIELDS])
    base = prior * np.where(same, 3.0, 1.0)
    base /= base.sum(axis=1, keepdims=True)
    base = 0.75 * np.eye(len(FIELDS)) + 0.25 * base
    counts += AGREEMENT * base
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def _shares(fields: Counter[str]) -> tuple[tuple[str, float], ...]:
    """The shares of fields in a register's votes, in tenths."""
    shares = ((field, round(count / fields.total(), 1)) for field, count in fields.items())
    return tuple(sorted((field, share) for field, share in shares if share))


_HEADINGS = {
    "Chemistry": """
        Chemistry; Chemistry, Physical; Chemistry, Organic; Chemistry, Inorganic; Crystallography; Colloids
    """,
    "Computer Science": """
        Artificial Intelligence; Pattern Recognition, Automated; Neural Networks, Computer; Computers; Software;
        Algorithms;
        Electronic Data Processing; Image Processing, Computer-Assisted; Computing Methodologies; Computer Graphics;
        Computer Communication Networks; Computer Systems; Information Systems; User-Computer Interface; Informatics;
        Information Storage and Retrieval; Image Enhancement; Signal Processing, Computer-Assisted; Information Theory;
        Image Interpretation, Computer-Assisted
    """,
    "Engineering": "Engineering; Electronics; Robotics; Automation; Cybernetics",
    "Environmental Science": "Ecology; Environment; Environmental Monitoring",
    "Materials Science": "Nanotechnology; Materials Science; Materials Testing; Manufactured Materials; Polymers",
    "Mathematics": "Mathematics; Statistics as Topic; Models, Statistical; Data Interpretation, Statistical",
    "Physics and Astronomy": """
        Physics; Physical Phenomena; Nonlinear Dynamics; Optics and Photonics; Nuclear Physics; Acoustics; Light;
        Astronomical Phenomena
    """,
}
FIELDS_OF_HEADINGS = {" ".join(one.split()): field for field, of in _HEADINGS.items() for one in of.split(";")}
"""Subject headings (MeSH) that name another science than the medical subject under which MEDLINE has a journal."""
_MEDICAL = re.compile("medic|médec|health|clinic|bio|pharm|hospital|nurs|care|patient|surg|disease", re.IGNORECASE)


def fields_of(row: Mapping[str, str]) -> list[str]:
    """The fields that a register gives a journal.

    MEDLINE has journals of physics and computing under subjects of medicine (`Physical review letters`: Medicine).
    Where most of a journal's subject headings name another science, and its title nothing of medicine or biology, it is
    of that science.
    """
    if _MEDICAL.search(row["title"]):
        return [row["field"]]
    headings = [heading.split("/")[0].strip().rstrip(".") for heading in (row.get("mesh") or "").split(";")]
    named = [FIELDS_OF_HEADINGS.get(heading) for heading in headings if heading]
    others = [field for field in named if field]
    return list(dict.fromkeys(others)) if 2 * len(others) > len(named) else [row["field"]]


def share_votes(votes: Mapping[str, dict[str, Counter[str]]], names: Mapping[str, set[str]]) -> None:
    """Give a name or abbreviation of one journal the votes of all registers that have this journal under any name."""
    for key, journals in names.items():
        if len(journals) > 1:
            continue
        for issn in issn_keys(next(iter(journals))):
            for register, fields in votes[issn].items():
                votes[key].setdefault(register, fields)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make the table of journals.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fields/journals.csv.gz"))
    parser.add_argument("--model", type=Path, default=Path("refsync/classify/fields-2026.npz"))
    parser.add_argument("--out", type=Path, default=Path("refsync/classify/journals-2026.npz"))
    options = parser.parse_args(arguments)
    prior = np.array(model_file.read(options.model).notes["prior"])
    prior = np.maximum(prior / prior.sum(), 0.004)
    votes: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    names: dict[str, set[str]] = defaultdict(set)
    with gzip.open(options.data, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            register = row["source"].removesuffix("-multi")
            keys = [*name_keys(row["title"]), *name_keys(row["abbreviation"]), *issn_keys(row["issn"])]
            for key in dict.fromkeys(keys):
                votes[key][register].update(fields_of(row))
                names[key].add(row["issn"] or row["title"])
    share_votes(votes, names)
    by_issn = {key: value for key, value in votes.items() if key[:4].isdigit() and len(key) == 8}
    table = agreement(by_issn, prior)
    multi = {key for name in MULTIDISCIPLINARY for key in name_keys(name)}
    rows: dict[tuple[tuple[tuple[str, float], ...], ...], int] = {}
    numbers: dict[int, int] = {}
    for key, registers in votes.items():
        vague = len(names[key]) > 6  # many journals have this name, or begin with it
        voted = () if key in multi or vague else tuple(sorted(map(_shares, registers.values())))
        numbers[number_of(key)] = rows.setdefault(voted, len(rows))
    log_odds = np.zeros((len(rows), len(FIELDS)))
    for voted, row in rows.items():
        for shares in voted:
            likely = sum(value * table[FIELDS.index(field)] for field, value in shares) / sum(v for _, v in shares)
            log_odds[row] += np.log(likely / prior) * (INDEPENDENCE if len(voted) > 1 else 1)
    log_odds = np.clip(log_odds, -LIMIT, LIMIT)
    order = sorted(numbers)
    data = write(
        Journals(
            np.array(order, np.uint64), np.array([numbers[n] for n in order], np.uint16), log_odds.astype(np.float16)
        )
    )
    options.out.write_bytes(data)
    print(f"{len(order)} names, {len(rows)} different votes, {len(data) / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
