"""Invented libraries with everything that linking has to decide: copies, versions, questions, generic titles."""

from __future__ import annotations

import random

from refsync.records import Record

WORDS = "moss kelp tide wall patience stone harbour winter algae drift lichen shore granite ebb current reef".split()
NAMES = "Doe Roe Poe Coe Loe Moe Noe Toe".split()


def record(index: int, source: str = "a.csv", **fields: str) -> Record:
    return Record(source, index, f"k{index}", type=fields.pop("entrytype", "article"), fields=fields)


def papers(count: int, seed: int = 3) -> list[Record]:
    """Records of which some are copies, damaged copies, preprints, or other papers of the same title."""
    rng = random.Random(seed)
    found: list[Record] = []
    while len(found) < count:
        title = " ".join(rng.sample(WORDS, 6)).capitalize()
        paper = {
            "title": title,
            "author": " and ".join(f"{name}, {rng.choice('ABC')}." for name in rng.sample(NAMES, 3)),
            "year": str(rng.randint(2030, 2039)),
            "journal": f"Journal of {rng.choice(WORDS)}",
            "volume": str(rng.randint(1, 9)),
            "pages": f"{rng.randint(1, 300)}--{rng.randint(301, 400)}",
            "doi": f"10.1234/{len(found)}",
        }
        variants = [paper]
        for chance in rng.choices(["copy", "cut", "preprint", "other", "none"], k=2):
            if chance == "copy":
                variants.append(dict(paper))
            elif chance == "cut":
                variants.append({name: paper[name] for name in ("title", "author", "year")})
            elif chance == "preprint":
                own = {name: paper[name] for name in ("title", "author", "year")}
                variants.append({**own, "eprint": f"2301.{len(found):05d}", "archiveprefix": "arXiv"})
            elif chance == "other":
                variants.append({**paper, "doi": f"10.1234/x{len(found)}", "pages": "7--9", "volume": "99"})
        found += [record(len(found) + i, **fields) for i, fields in enumerate(variants, 1)]
    return found[:count]


def crowded(count: int) -> list[Record]:
    """One generic title and one DOI on many records: above every limit of a block."""
    return [
        record(
            i,
            title="Editorial" if i % 2 else f"Tides of {WORDS[i % 16]} and {WORDS[i * 7 % 16]} in {i}",
            author=f"{NAMES[i % 8]}, A.",
            year=str(2000 + i % 30),
            journal="Journal of Tides",
            pages=f"{i}--{i + 2}" if i % 3 else "",
            doi="10.1234/volume" if i % 5 == 0 else "",
            abstract="The society announces its meeting by the sea, with walks along the shore and talks. " * 2,
        )
        for i in range(1, count + 1)
    ]
