"""Corrupted copies of records, for training: misspelt and truncated titles, short author lists, abbreviated venues.

The labelled sets are cleaner than real libraries. Each field is corrupted independently, at rates that are guesses
about exports, scrapers and typing; no rate is fitted to a set.
"""

from dataclasses import replace
from random import Random

from refsync.records import Record
from refsync.text.names import parse_name, split_names

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corrupted_copies(records: list[Record], seed: int, *, share: float = 0.5) -> list[Record]:
    """The records, a random share of them corrupted; the seed determines the result."""
    rng = Random(seed)
    return [_corrupt(record, rng) if rng.random() < share else record for record in records]


def _corrupt(record: Record, rng: Random) -> Record:
    fields = dict(record.fields)
    if rng.random() < 0.4:
        fields["title"] = misspelt(fields.get("title", ""), rng)
    if rng.random() < 0.15:
        fields["title"] = _truncate(fields.get("title", ""), rng)
    if rng.random() < 0.6:
        fields["author"] = _short_names(fields.get("author", ""), rng)
    for name in ("journal", "booktitle"):
        if name in fields and rng.random() < 0.5:
            fields[name] = _short_venue(fields[name], rng)
    year = fields.get("year", "")
    if rng.random() < 0.25:
        fields["year"] = ""
    elif year.isdigit() and rng.random() < 0.06:
        fields["year"] = str(int(year) + rng.choice((-1, 1)))
    for name in ("doi", "pages", "volume", "number", "abstract"):
        if rng.random() < 0.5:
            fields[name] = ""
    return replace(record, fields={name: value for name, value in fields.items() if value})


def misspelt(title: str, rng: Random) -> str:
    """The title with about one letter in thirty left out, doubled, swapped with the next or replaced."""
    for _ in range(1 + int(rng.random() * len(title) / 30)):
        if len(title) < 10:
            break
        index = rng.randrange(1, len(title) - 1)
        letter, following = title[index], title[index + 1]
        replacement = rng.choice(("", letter * 2, following + letter, rng.choice(_LETTERS)))
        swapped = len(replacement) == 2 and replacement[0] == following
        title = title[:index] + replacement + title[index + (2 if swapped else 1) :]
    return title


def _truncate(title: str, rng: Random) -> str:
    words = title.split()
    return " ".join(words[: max(4, rng.randint(len(words) // 2, len(words)))])


def _short_names(value: str, rng: Random) -> str:
    """The author list with initials for given names; some lists keep only the first authors."""
    names = []
    for text in split_names(value)[0]:
        name = parse_name(text)
        family = f"{name.prefix} {name.family}".strip()
        initials = " ".join(f"{word[0]}." for word in name.given.split() if word)
        names.append(f"{family}, {initials}" if initials else family)
    if len(names) > 2 and rng.random() < 0.25:
        names = names[: rng.randint(1, 3)]
    return " and ".join(names)


def _short_venue(value: str, rng: Random) -> str:
    """An empty venue, truncated words, the first words, or initials."""
    words = value.split()
    kind = rng.randrange(4)
    if kind == 0 or not words:
        return ""
    if kind == 1:
        return " ".join(f"{word[:4]}." if len(word) > 5 else word for word in words)
    if kind == 2:
        return " ".join(words[: max(1, 2 * len(words) // 3)])
    return "".join(word[0] for word in words if word[0].isupper()) or value
