"""Rules of the user's own about which records are merged: `merge-only` and `never` under `[dedup]`."""

from refsync.dedup.pair_facts import PairFacts
from refsync.dedup.profile import Profile
from refsync.dedup.settings import DedupSettings
from refsync.records import Record


def is_excluded(record: Record, settings: DedupSettings) -> bool:
    """Whether records of this type are never merged."""
    names = {record.type.lower(), record.get("entrysubtype").strip().lower()}
    return not names.isdisjoint(name.lower() for name in settings.never)


def satisfies_rules(a: Profile, b: Profile, facts: PairFacts, settings: DedupSettings) -> bool:
    """Whether a pair has what a merge needs by the rules; without rules every pair has it."""
    equal = {
        "doi": bool(a.doi) and a.doi == b.doi,
        "title-author-year": bool(a.title) and facts.title_equal and facts.author >= 0.99 and facts.year_gap == 0,
    }
    return not settings.merge_only or any(equal[rule] for rule in settings.merge_only)
