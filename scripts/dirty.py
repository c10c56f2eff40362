"""Dirty copies of a clean set: what a search engine read from citations, and whole citations cut into fields.

The kinds of dirt are those of published sets (values in the wrong field, cut lists, venues in many forms, lost years);
their rates are guesses, no rate is fitted to a set.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from refsync.records import Record
from refsync.text.names import parse_name, split_names
from scripts.noise import misspelt
from scripts.train_pairs import Labelled

_FORMS = {
    "SIGMOD Record": ["ACM SIGMOD Record", "SIGMOD Rec", "Sigmod Record (ACM Special Interest Group on Management of"],
    "VLDB J.": ["The VLDB Journal", "VLDB Journal: Very Large Data Bases", "VLDB JOURNAL"],
    "ACM Trans. Database Syst.": ["ACM Transactions on Database Systems", "TODS", "ACM Trans Database Syst (TODS)"],
    "VLDB": ["Very Large Data Bases", "Proc. of VLDB,", "PROCEEDINGS OF THE INTERNATIONAL CONFERENCE ON VERY LARGE"],
    "SIGMOD Conference": [
        "SIGMOD",
        "Proceedings of the ACM SIGMOD International Conference on",
        "Proc. ACM SIGMOD Conf.,",
    ],
}
"""The venues of the clean set, and how other sources write them."""


def _names(value: str, rng: Random, *, family_first: bool) -> list[str]:
    names = []
    for text in split_names(value)[0]:
        name = parse_name(text)
        initials = "".join(word[0] for word in name.given.replace("-", " ").split() if word)
        family = f"{name.prefix} {name.family}".strip()
        names.append(f"{family}, {'. '.join(initials)}." if family_first else f"{initials} {family}")
    if len(names) > 3 and rng.random() < 0.3:
        names = names[: rng.randint(1, 3)]
    return names


def _venue(record: Record) -> str:
    return record.fields.get("journal") or record.fields.get("booktitle", "")


def searched(record: Record, rng: Random) -> Record:
    """A record as a search engine has it: no type, initials, often without year or venue, words around the title."""
    fields = {"title": record.fields["title"]}
    if rng.random() < 0.15:
        fields["title"] = misspelt(fields["title"], rng)
    if rng.random() < 0.5:
        fields["title"] = fields["title"].lower()
    names = _names(record.fields.get("author", ""), rng, family_first=False)
    if names:
        fields["author"] = " and ".join(names)
    venue, year = _venue(record), record.fields.get("year", "")
    if venue and rng.random() < 0.65:
        fields["journal"] = rng.choice(_FORMS.get(venue, [venue])) if rng.random() < 0.8 else venue
    if year and rng.random() < 0.6:
        fields["year"] = year if rng.random() < 0.95 else str(int(year) + rng.choice((-1, 1)))
    dirt = rng.random()
    if dirt < 0.04 and names:
        fields["title"] = f"{names[-1].split()[-1]}. {fields['title']}"
    elif dirt < 0.08 and year:
        fields["title"] += f", {venue.split()[0]} '{year[2:]}"
    elif dirt < 0.1:
        fields["title"] += f" ({rng.randint(1, 4)}): {rng.randint(10, 99)}-{rng.randint(100, 130)}"
    elif dirt < 0.13 and "journal" in fields:
        fields["author"] = fields.pop("journal")
    return replace(record, source="searched", type="article" if "journal" in fields else "misc", fields=fields)


def moved(record: Record, rng: Random) -> Record:
    """A record of which half the values are behind the title."""
    fields = {"title": record.fields["title"]}
    values = {
        "author": record.fields.get("author", ""),
        "journal": _venue(record),
        "year": record.fields.get("year", ""),
    }
    for name, value in values.items():
        if value and rng.random() < 0.5:
            fields[name] = value
        else:
            fields["title"] += f" {value.replace(' and ', ' , ')}"
    return replace(record, source="moved", type="misc", fields={n: v.strip() for n, v in fields.items() if v.strip()})


def cited(record: Record, rng: Random) -> Record:
    """A citation cut into fields by hand: one type, commas between names, venues as each paper writes them."""
    title = record.fields["title"]
    if rng.random() < 0.08:
        title = misspelt(title, rng)
    fields = {"title": f"{title}{rng.choice(['.', ',', ''])}"}
    names = _names(record.fields.get("author", ""), rng, family_first=rng.random() < 0.6)
    if names:
        fields["author"] = rng.choice([" and ", ", "]).join(names)
    venue, year = _venue(record), record.fields.get("year", "")
    if venue and rng.random() < 0.9:
        form = rng.choice(_FORMS.get(venue, [venue]))
        fields["booktitle"] = f"In {form} {year if rng.random() < 0.3 else ''}".strip()
    if year and rng.random() < 0.75:
        fields["year"] = year if rng.random() < 0.97 else str(int(year) + rng.choice((-1, 1)))
    if rng.random() < 0.15:
        fields["pages"] = f"pp. {rng.randint(10, 400)}"
    return replace(record, source="cited", type="misc", fields=fields)


def dirty_sets(clean: Labelled, prefix: str, seed: int) -> list[Labelled]:
    """Sets made of the records of a clean one whose ids begin with the prefix, which are all different papers."""
    papers = [record for record in clean.records if record.id.startswith(prefix)]
    return [
        _set(f"{clean.name}, {name}", papers, copy, counts, Random(f"{seed}{name}"), clean_too=clean_too)
        for name, copy, counts, clean_too in (
            ("searched", searched, (0, 1, 1, 2, 4), True),
            ("moved", moved, (0, 1, 1), True),
            ("citations", cited, (2, 4, 8), False),
        )
    ]


def _set(
    name: str,
    papers: list[Record],
    copy: Callable[[Record, Random], Record],
    counts: tuple[int, ...],
    rng: Random,
    *,
    clean_too: bool,
) -> Labelled:
    records: list[Record] = []
    clusters: list[list[int]] = []
    for paper in papers if clean_too else papers[::8]:
        own = [paper] * clean_too + [copy(paper, rng) for _ in range(rng.choice(counts))]
        clusters.append(list(range(len(records), len(records) + len(own))))
        records += [replace(r, index=len(records) + i + 1, id=f"{r.id}.{i}") for i, r in enumerate(own)]
    found = [cluster for cluster in clusters if len(cluster) > 1]
    return Labelled(name, records, found)
