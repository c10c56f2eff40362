"""Records that share an identifier although their titles have nothing in common: one of them has a wrong number."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from refsync.dedup.inheritance import with_inherited
from refsync.dedup.profile import Profile, profile
from refsync.dedup.results import Deduplication
from refsync.records import Problem, Record
from refsync.text.identifiers import doi, isbns, pmid

_UNRELATED = 0.6  # of letters, and of words
_SOME = 8  # records of one identifier that are compared with each other
_WHOLE = frozenset({"book", "volume"})


def unrelated_titles(records: Sequence[Record], found: Deduplication) -> tuple[Problem, ...]:
    """One note for each DOI, PMID or ISBN of records with unrelated titles.

    Pairs that `found` merges, links or asks about are reported there. Chapters and the volumes of a series share an
    ISBN, so an ISBN counts only where both records are books; translations and renamed papers are reported too, for
    only a person can tell them from a wrong number.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        for name, key in _keys(record):
            holders[f"{name} {key}"].append(i)
    shared = {identifier: own for identifier, own in holders.items() if len(own) > 1}
    if not shared:
        return ()
    settled = _settled(found)
    inherited = with_inherited(records)
    profiles: dict[int, Profile] = {}

    def profile_of(i: int) -> Profile:
        if i not in profiles:
            profiles[i] = profile(inherited[i])
        return profiles[i]

    problems = []
    for identifier, own in sorted(shared.items(), key=lambda item: item[1]):
        for a, b in combinations(own[:_SOME], 2):
            apart = settled.get(a, {a}).isdisjoint(settled.get(b, {b}))
            if apart and _unrelated(profile_of(a), profile_of(b), identifier):
                problems.append(_problem(records, identifier, a, b, len(own)))
                break
    return tuple(problems)


def _keys(record: Record) -> list[tuple[str, str]]:
    """The identifiers of a record: only records that share one are looked at further."""
    fields = record.fields
    keys = [("DOI", doi(fields["doi"]))] if "doi" in fields else []
    if "pmid" in fields:
        keys.append(("PMID", pmid(fields["pmid"], bare=True)))
    if "isbn" in fields:
        keys += [("ISBN", isbn) for isbn in isbns(fields["isbn"])]
    return [(name, value) for name, value in keys if value]


def _settled(found: Deduplication) -> dict[int, set[int]]:
    """The links and clusters that each record is in, by number."""
    groups = [cluster.members for cluster in found.clusters]
    groups += [link.members for link in (*found.versions, *found.review)]
    settled: dict[int, set[int]] = defaultdict(set)
    for number, members in enumerate(groups):
        for i in members:
            settled[i].add(-1 - number)
    return settled


def _unrelated(a: Profile, b: Profile, identifier: str) -> bool:
    if not (a.title and b.title) or (identifier.startswith("ISBN") and not {a.form, b.form} <= _WHOLE):
        return False
    if Indel.normalized_similarity(a.title_key, b.title_key) >= _UNRELATED:
        return False
    return fuzz.token_set_ratio(a.title, b.title) < 100 * _UNRELATED + 15


def _problem(records: Sequence[Record], identifier: str, a: int, b: int, count: int) -> Problem:
    first, second = records[a], records[b]
    more = f" (of {count} records)" if count > 2 else ""
    message = (
        f"{_name(second)} has the {identifier} of {_name(first)}{more}, but another title: one of the two is wrong, or "
        "the title is translated"
    )
    return Problem(second.source, message, second.line, kind="note")


def _name(record: Record) -> str:
    return repr(record.id) if record.id else f"record #{record.index}"
